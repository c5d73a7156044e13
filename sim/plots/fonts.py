"""Texts shaped once for all their uses: how large they are, which glyphs they are made of, and their outline.

Sizes and places are in units of which EM make the size of a font.  Fonts are as matplotlib finds them; nothing is
hinted, so that a text has one shape at every size.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

EM = TextToPath.FONT_SCALE
_TEXTS_AT_MOST = 20_000
_LINES = ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"), ("hhea", "ascent", "descent", "lineGap")

_reader = TextToPath()
_shaped: dict[tuple, "Shaped"] = {}
_lines: dict[tuple, tuple[float, float, float] | None] = {}
#: Vertices and codes of each glyph by its name.
OUTLINES: dict[str, tuple[np.ndarray, np.ndarray]] = {}


class Shaped(NamedTuple):
    """A text: its box, each glyph with its place, and all outlines as one path."""

    width: float
    height: float
    descent: float
    glyphs: tuple[tuple[str, float, float], ...]
    path: Path


def shaped(text: str, font: FontProperties) -> Shaped:
    """The shape of one line of text."""
    key = text, *_looks(font)
    if key not in _shaped:
        if len(_shaped) >= _TEXTS_AT_MOST:
            _shaped.clear()
        _shaped[key] = _shape(text, font)
    return _shaped[key]


def _shape(text: str, font: FontProperties) -> Shaped:
    large = font.copy()
    large.set_size(EM)
    box = _reader.get_text_width_height_descent(text, large, ismath=False)
    glyphs, *_ = _reader.get_glyphs_with_font(_reader._get_font(font), text, OUTLINES)
    placed = tuple((name, x, y) for name, x, y, _ in glyphs)
    vertices, codes = [np.empty((0, 2))], [np.empty(0, Path.code_type)]
    for name, x, y in placed:
        outline, kinds = OUTLINES[name]
        if len(outline):
            vertices.append(np.add(outline, (x, y)))
            codes.append(kinds)
    path = Path(np.concatenate(vertices), np.concatenate(codes), readonly=True)
    return Shaped(*box, placed, path)


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
