"""A canvas that draws a figure once for both formats: what is written as outlines is drawn as dots at the same time.

Laying a figure out and walking through its artists takes longer than writing either format.  Places and widths of texts
are those of the outlines, so that the PNG shows what the SVG shows.
"""

from collections.abc import Sequence
from os import PathLike
from typing import Any

import matplotlib as mpl
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.transforms import Affine2D, TransformedBbox, TransformedPath
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.plots.fonts import Dots, Outlines

_COMPRESSION = 3  # of zlib
_A_HAIR = 1e-6  # of a dot


class _Both(RendererSVG):
    """Writes SVG, and hands on what is drawn, scaled from points to dots."""

    def __init__(self, size: Sequence[float], file: Any, dpi: float, dots: bool) -> None:
        width, height = size
        super().__init__(72 * width, 72 * height, file, image_dpi=dpi, metadata={"Date": None})
        self._text2path = Outlines()
        self._by = dpi / 72
        self._scale = Affine2D().scale(self._by)
        self._alone = not dots  # whether outlines are all that is drawn
        self.dots = Dots(int(width * dpi + _A_HAIR), int(height * dpi + _A_HAIR), dpi)

    def _too(self, call: str, gc: GraphicsContextBase, *arguments: Any, **more: Any) -> None:
        """Draw it with dots too."""
        if self._alone:
            return
        clipped = self.dots.new_gc()
        clipped.copy_properties(gc)
        if gc.get_clip_rectangle() is not None:
            clipped.set_clip_rectangle(TransformedBbox(gc.get_clip_rectangle(), self._scale))
        path, place = gc.get_clip_path()
        if path is not None:
            clipped.set_clip_path(TransformedPath(path, place + self._scale))
        getattr(self.dots, call)(clipped, *arguments, **more)

    def _outlines(self, call: str, *arguments: Any, **more: Any) -> None:
        """Do a call that is made of others for the outlines alone."""
        before, self._alone = self._alone, True
        getattr(super(), call)(*arguments, **more)
        self._alone = before

    def draw_path(self, gc, path, transform, rgbFace=None) -> None:
        """A path."""
        super().draw_path(gc, path, transform, rgbFace)
        self._too("draw_path", gc, path, transform + self._scale, rgbFace)

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None) -> None:
        """A mark at each vertex of a path."""
        super().draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)
        self._too("draw_markers", gc, marker_path, marker_trans + self._scale, path, trans + self._scale, rgbFace)

    def draw_path_collection(self, gc, master, paths, transforms, offsets, moved, *looks, **more) -> None:
        """Many paths of one kind."""
        self._outlines("draw_path_collection", gc, master, paths, transforms, offsets, moved, *looks, **more)
        scaled = master + self._scale, paths, transforms, offsets, moved + self._scale
        self._too("draw_path_collection", gc, *scaled, *looks, **more)

    def draw_quad_mesh(self, gc, master, width, height, coordinates, offsets, moved, *looks) -> None:
        """Cells of a table."""
        self._outlines("draw_quad_mesh", gc, master, width, height, coordinates, offsets, moved, *looks)
        scaled = master + self._scale, width, height, coordinates, offsets, moved + self._scale
        self._too("draw_quad_mesh", gc, *scaled, *looks)

    def draw_image(self, gc, x, y, im, transform=None) -> None:
        """An image, which has as many dots as the picture."""
        super().draw_image(gc, x, y, im, transform)
        self._too("draw_image", gc, round(x * self._by), round(y * self._by), im)

    def draw_text(self, gc, x, y, *text, **more) -> None:
        """A text, whose place is counted from above."""
        super().draw_text(gc, x, y, *text, **more)
        down = self.dots.height - (self.height - y) * self._by
        self._too("draw_text", gc, x * self._by, down, *text, **more)


class Canvas(FigureCanvasSVG):
    """Writes a figure as SVG, and as PNG beside it."""

    def print_svg(
        self, filename: str | PathLike, *, png: Any = None, bbox_inches_restore: Any = None, **_: Any
    ) -> None:
        """Write SVG, and PNG where a path for it is given."""
        dpi, self.figure.dpi = self.figure.dpi, 72
        size = self.figure.get_size_inches()
        with open(filename, "w", encoding="utf-8") as file:
            both = _Both(size, file, dpi, png is not None)
            mixed = MixedModeRenderer(self.figure, *size, dpi, both, bbox_inches_restore=bbox_inches_restore)
            self.figure.draw(mixed)
            mixed.finalize()
        if png is not None:
            _write_dots(both.dots, png)


def _write_dots(dots: Dots, path: str | PathLike) -> None:
    made_with = PngInfo()
    made_with.add_text("Software", f"Matplotlib version{mpl.__version__}, https://matplotlib.org/")
    picture = Image.frombuffer("RGBA", (dots.width, dots.height), dots.buffer_rgba(), "raw", "RGBA", 0, 1)
    options = {"dpi": (dots.dpi, dots.dpi), "pnginfo": made_with, "compress_level": _COMPRESSION}
    picture.convert("RGB").save(path, "png", **options)
