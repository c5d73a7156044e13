"""A canvas that draws a figure once for both formats: what is written as outlines is drawn as dots at the same time.

Laying a figure out and walking through its artists takes longer than writing either format.  Texts are the same
outlines in both, so that the PNG shows what the SVG shows; to fill a text as one path takes a fifth of the time that
its letters would.
"""

from collections.abc import Sequence
from functools import lru_cache
from os import PathLike
from typing import Any

import matplotlib as mpl
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.backends.backend_svg import _short_float_fmt as _number
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, TransformedPath
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.plots.fonts import EM, GLYPHS, line_metrics, shaped

_COMPRESSION = 3  # of zlib
_A_HAIR = 1e-6  # of a dot
_outlines: dict[str, str] = {}


class _Both(RendererSVG):
    """Writes SVG, and hands on what is drawn, scaled from points to dots."""

    def __init__(self, size: Sequence[float], file: Any, dpi: float, dots: bool) -> None:
        width, height = size
        super().__init__(72 * width, 72 * height, file, image_dpi=dpi, metadata={"Date": None})
        self._file, self._defined = file, set()
        self._by = dpi / 72
        self._scale = Affine2D().scale(self._by)
        self._alone = not dots  # whether outlines are all that is drawn
        self.dots = RendererAgg(int(width * dpi + _A_HAIR), int(height * dpi + _A_HAIR), dpi)

    def _too(self, call: str, gc: GraphicsContextBase, *arguments: Any, **more: Any) -> None:
        """Draw it with dots too."""
        if self._alone:
            return
        clipped = self.dots.new_gc()
        clipped.copy_properties(gc)
        if gc.get_clip_rectangle() is not None:
            clipped.set_clip_rectangle(Bbox(gc.get_clip_rectangle().get_points() * self._by))
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

    def _draw_text_as_path(self, gc, x, y, s, prop, angle, *_) -> None:
        """A line of text, whose place is counted from above."""
        text, size = shaped(s, prop), prop.get_size_in_points() / EM
        colour, alpha = to_hex(gc.get_rgb()), gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        look = f"fill: {colour}" if alpha == 1 else f"fill: {colour}; opacity: {_number(alpha)}"
        turned, scale = f" rotate({_number(-angle)})" if angle else "", _number(size)
        place = f"translate({_number(x)} {_number(y)}){turned} scale({scale} -{scale})"
        self.writer.comment(s)  # after which no tag is open, so that more can be written straight to the file
        self._file.write(f'<g style="{look}" transform="{place}">\n')
        new = dict.fromkeys(name for name, _, _ in text.glyphs if name not in self._defined)
        if new:
            self._defined.update(new)
            self._file.write(f"<defs>\n{''.join(map(self._outline, new))}</defs>\n")
        self._file.write(f"{_uses(text.glyphs)}</g>\n")
        if not self._alone:
            place = Affine2D().scale(size * self._by).rotate_deg(angle)
            place.translate(x * self._by, (self.height - y) * self._by)
            filled = self.new_gc()
            filled.copy_properties(gc)
            filled.set_linewidth(0)
            filled.set_snap(False)
            self._too("draw_path", filled, Path(text.vertices, text.codes), place, gc.get_rgb())

    def _outline(self, name: str) -> str:
        """A glyph as SVG, in whole numbers: fonts count in 64ths."""
        if name not in _outlines:
            path = self._convert_path(Path(GLYPHS[name].vertices * 64, GLYPHS[name].codes), simplify=False)
            _outlines[name] = f'<path id="{name}" d="{path}" transform="scale({_number(1 / 64)})"/>\n'
        return _outlines[name]

    def get_text_width_height_descent(self, s, prop, ismath) -> tuple[float, float, float]:
        """The box of a line of text."""
        text, size = shaped(s, prop), prop.get_size_in_points() / EM
        return text.width * size, (text.high - text.low) * size, -text.low * size

    def _get_font_height_metrics(self, prop) -> tuple[float | None, float | None, float | None]:
        """Of a line, which matplotlib would read from the font at each use of a text."""
        size, found = prop.get_size_in_points(), line_metrics(prop)
        return tuple(size * each for each in found) if found else (None, None, None)


@lru_cache(20_000)
def _uses(glyphs: tuple[tuple[str, float, float], ...]) -> str:
    """The glyphs of a text, each at its place, as SVG."""
    places = [f' transform="translate({_number(x)} {_number(y)})"' if x or y else "" for _, x, y in glyphs]
    return "".join(f'<use xlink:href="#{name}"{place}/>\n' for (name, *_), place in zip(glyphs, places))


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
            dotted = any(each.get_rasterized() for axes in self.figure.axes for each in axes.collections)
            drawer = (
                MixedModeRenderer(self.figure, *size, dpi, both, bbox_inches_restore=bbox_inches_restore)
                if dotted
                else both
            )
            self.figure.draw(drawer)
            drawer.finalize()
        if png is not None:
            _write_dots(both.dots, png)


def _write_dots(dots: RendererAgg, path: str | PathLike) -> None:
    made_with = PngInfo()
    made_with.add_text("Software", f"Matplotlib version{mpl.__version__}, https://matplotlib.org/")
    picture = Image.frombuffer("RGBA", (dots.width, dots.height), dots.buffer_rgba(), "raw", "RGBA", 0, 1)
    options = {"dpi": (dots.dpi, dots.dpi), "pnginfo": made_with, "compress_level": _COMPRESSION}
    picture.convert("RGB").save(path, "png", **options)
