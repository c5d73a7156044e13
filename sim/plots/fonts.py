"""Renderers that measure and lay a text out once for all its uses, and set a font's size once a text.

From 3.11 on matplotlib shapes a text anew for each of its uses and sets the font's size for every glyph, upon which
FreeType prepares its hints again: a fifth of drawing.  What is drawn is the same, dot for dot.  Older versions ask
their fonts for other things, which are handed on.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import TextToPath

_TEXTS_AT_MOST = 20_000
_laid_out: dict[tuple, tuple] = {}
_measured: dict[tuple, tuple] = {}
#: Whether fonts lay texts out themselves.
_SHAPES = hasattr(FT2Font, "_layout")


class _Item(NamedTuple):
    """A glyph of a text that is laid out, in the fields that matplotlib reads."""

    ft_object: "_Face"
    glyph_index: int
    x: float
    y: float


class _Face:
    """A font as the glyphs of one text see it: sized for the first of them, an outline read only where it is wanted."""

    def __init__(self, font: FT2Font, prepare: Callable[[], FT2Font]) -> None:
        self._font, self._prepare = font, prepare
        self._size = self._glyph = None
        self.postscript_name = font.postscript_name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._font, name)

    def set_size(self, *size: float) -> None:
        """Set the size, unless it is that already."""
        if size != self._size:
            self._font.set_size(*size)
            self._size = size

    def load_glyph(self, *which: Any, **how: Any) -> None:
        """Take note which glyph is meant."""
        self._glyph = which, how

    def get_path(self) -> tuple:
        """The outline of the glyph."""
        which, how = self._glyph
        self._prepare()
        self._font.load_glyph(*which, **how)
        return self._font.get_path()


class _Font:
    """A font as a renderer asks for it, made ready by ``prepare`` only for a text that is new to it."""

    def __init__(self, prop: FontProperties, size: tuple, prepare: Callable[[], FT2Font]) -> None:
        looks = *prop.get_family(), prop.get_style(), prop.get_variant(), prop.get_weight(), prop.get_stretch()
        self._key = (threading.get_ident(), looks, size)  # the fonts of a thread are for it alone
        self._prepare = prepare
        self._room: tuple = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._prepare(), name)

    def _layout(self, text: str, *flags: Any, **how: Any) -> list[_Item]:
        key = *self._key, text, flags, *how.items()
        if key not in _laid_out:
            items = self._prepare()._layout(text, *flags, **how)
            _keep(_laid_out, key, tuple((item.ft_object, item.glyph_index, item.x, item.y) for item in items))
        fonts = {id(font): font for font, *_ in _laid_out[key]}
        faces = {number: _Face(font, self._prepare) for number, font in fonts.items()}
        return [_Item(faces[id(font)], *where) for font, *where in _laid_out[key]]

    def set_text(self, text: str, angle: float = 0.0, **how: Any) -> None:
        """Measure a text."""
        key = *self._key, text, angle, *how.items()
        if key not in _measured:
            font = self._prepare()
            font.set_text(text, angle, **how)
            _keep(_measured, key, (font.get_width_height(), font.get_descent()))
        self._room = _measured[key]

    def get_width_height(self) -> tuple[float, float]:
        """Of the text, in 64ths of a dot."""
        return self._room[0]

    def get_descent(self) -> float:
        """Of the text, in 64ths of a dot."""
        return self._room[1]


def _keep(texts: dict[tuple, tuple], key: tuple, found: tuple) -> None:
    if len(texts) >= _TEXTS_AT_MOST:
        texts.clear()
    texts[key] = found


class Outlines(TextToPath):
    """Gives texts as outlines."""

    def _get_font(self, prop: FontProperties) -> Any:
        prepare = super()._get_font
        return _Font(prop, (self.FONT_SCALE, self.DPI), lambda: prepare(prop)) if _SHAPES else prepare(prop)


class Dots(RendererAgg):
    """Draws dots."""

    def _prepare_font(self, prop: FontProperties) -> Any:
        prepare = super()._prepare_font
        return _Font(prop, (prop.get_size(), self.dpi), lambda: prepare(prop)) if _SHAPES else prepare(prop)
