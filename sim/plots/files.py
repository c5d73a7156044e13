"""Figures as files: formats, sizes, equal bytes for equal figures."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from sim.plots.canvas import Canvas
from sim.runs.files import replaced

FORMATS = ("png", "svg", "pdf")
USUAL = ("svg", "png")
_DPI = 200
_SLIDE = 1920, 1080  # pixels
_WITHOUT_DATES = {"CreationDate": None, "ModDate": None}


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str] = USUAL, size: str = "paper") -> list[Path]:
    """Write a figure in some of FORMATS; equal figures give equal bytes.

    ``paper`` is as wide as both columns of a journal page; ``slide`` is the same on a white page of 16 to 9.
    """
    options = _on_a_slide(figure) if size == "slide" else {"dpi": _DPI}
    paths = {ending: folder / f"{name}.{ending}" for ending in formats}
    with ExitStack() as stack:
        unfinished = {ending: stack.enter_context(replaced(path)) for ending, path in paths.items()}
        if "pdf" in unfinished:
            figure.savefig(unfinished["pdf"], format="pdf", metadata=_WITHOUT_DATES, **options)
        if unfinished.keys() & {"svg", "png"}:
            Canvas(figure)
            figure.savefig(unfinished.get("svg", os.devnull), format="svg", png=unfinished.get("png"), **options)
    return list(paths.values())


def _on_a_slide(figure: Figure) -> dict:
    """Options that put a figure in the middle of a page of 16 to 9."""
    wide, high = figure.get_size_inches()
    width, height = (wide, wide * 9 / 16) if wide / high > 16 / 9 else (high * 16 / 9, high)
    left, bottom = (wide - width) / 2, (high - height) / 2
    page = Rectangle((left, bottom), width, height, transform=figure.dpi_scale_trans, color="white", zorder=-10)
    page.set_clip_on(False)
    figure.add_artist(page)
    return {"bbox_inches": Bbox.from_bounds(left, bottom, width, height), "dpi": _SLIDE[0] / width}
