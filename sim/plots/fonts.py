"""Texts shaped once for all their uses: how large they are, which glyphs they are made of, and their outline.

Sizes and places are in units of which EM make the size of a font.  Nothing is hinted, so that a text has one shape at
every size.  To load a glyph is what takes time, and fonts do so again for every text that they lay out, measure and
draw; here each word is laid out once, and each glyph read once.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib import _text_helpers, ft2font
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

EM = TextToPath.FONT_SCALE
_AT_MOST = 20_000  # texts, and words
_LINES = ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"), ("hhea", "ascent", "descent", "lineGap")
_LAYS_OUT = hasattr(FT2Font, "_layout")  # from matplotlib 3.11 on
_NO_HINTING = ft2font.LoadFlags.NO_HINTING if hasattr(ft2font, "LoadFlags") else ft2font.LOAD_NO_HINTING


class Glyph(NamedTuple):
    """How far a glyph moves on, how far it reaches below and above the base line, and its outline."""

    advance: float
    low: float
    high: float
    vertices: np.ndarray
    codes: np.ndarray


class Shape(NamedTuple):
    """A word or a line of text: its size as that of a glyph, the name and place of each glyph, and all outlines."""

    width: float
    low: float
    high: float
    glyphs: tuple[tuple[str, float, float], ...]
    vertices: np.ndarray
    codes: np.ndarray


#: Glyphs by their names.
GLYPHS: dict[str, Glyph] = {}
_reader = TextToPath()
_texts: dict[tuple, Shape] = {}
_words: dict[tuple, Shape] = {}
_lines: dict[tuple, tuple[float, float, float] | None] = {}


def shaped(text: str, font: FontProperties) -> Shape:
    """The shape of one line of text, put together from its words, which come again and again."""
    looks = _looks(font)

    def word(part: str) -> Shape:
        return _known(_words, (part, *looks), lambda: _shape(part, _reader._get_font(font)))

    return _known(_texts, (text, *looks), lambda: _side_by_side([word(part) for part in re.split("( )", text) if part]))


def _known(shapes: dict[tuple, Shape], key: tuple, shape: Callable[[], Shape]) -> Shape:
    if key not in shapes:
        if len(shapes) >= _AT_MOST:
            shapes.clear()
        shapes[key] = shape()
    return shapes[key]


def _shape(word: str, font: FT2Font) -> Shape:
    if _LAYS_OUT:
        placed = [(each.ft_object, each.glyph_index, each.x, each.y) for each in font._layout(word, _NO_HINTING)]
    else:
        placed = [(each.ft_object, each.glyph_idx, each.x, 0.0) for each in _text_helpers.layout(word, font)]
    places = tuple((_name(part, index), x, y) for part, index, x, y in placed)
    glyphs = [GLYPHS[name] for name, _, _ in places]
    return Shape(
        places[-1][1] + glyphs[-1].advance,
        min(glyph.low + y for glyph, (_, _, y) in zip(glyphs, places)),
        max(glyph.high + y for glyph, (_, _, y) in zip(glyphs, places)),
        places,
        np.concatenate([np.add(glyph.vertices, (x, y)) for glyph, (_, x, y) in zip(glyphs, places)]),
        np.concatenate([glyph.codes for glyph in glyphs]),
    )


def _name(font: FT2Font, index: int) -> str:
    """The name of a glyph, which is read unless it is known."""
    name = f"{font.postscript_name}-{index:x}"
    if name not in GLYPHS:
        found = font.load_glyph(index, flags=_NO_HINTING)
        vertices, codes = font.get_path()
        _, low, _, high = found.bbox
        outline = np.reshape(vertices, (-1, 2)), np.asarray(codes, Path.code_type)
        advance = found.horiAdvance / 64 if _LAYS_OUT else found.linearHoriAdvance / 65536
        GLYPHS[name] = Glyph(advance, low / 64, high / 64, *outline)
    return name


def _side_by_side(words: list[Shape]) -> Shape:
    starts = np.cumsum([0.0, *(word.width for word in words)]).tolist()
    return Shape(
        starts[-1],
        min(word.low for word in words),
        max(word.high for word in words),
        tuple((name, start + x, y) for word, start in zip(words, starts) for name, x, y in word.glyphs),
        np.concatenate([np.add(word.vertices, (start, 0.0)) for word, start in zip(words, starts)]),
        np.concatenate([word.codes for word in words]),
    )


def line_metrics(font: FontProperties) -> tuple[float, float, float] | None:
    """Ascent, descent and gap of the lines of a font per unit of its size; None where it does not say."""
    key = _looks(font)
    if key not in _lines:
        _lines[key] = _read_lines(_reader._get_font(font))
    return _lines[key]


def _read_lines(font: FT2Font) -> tuple[float, float, float] | None:
    for name, ascent, descent, gap in _LINES:
        table = font.get_sfnt_table(name)
        if table is not None:
            unit = 1 / font.get_sfnt_table("head")["unitsPerEm"]
            return table[ascent] * unit, -table[descent] * unit, table[gap] * unit
    return None


def _looks(font: FontProperties) -> tuple:
    return *font.get_family(), font.get_style(), font.get_variant(), font.get_weight(), font.get_stretch()
