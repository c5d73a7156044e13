"""The plot of a box: histories over its two strongest conditions, and the box drawn in."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.plots import colours, style
from sim.studies.discovery import Box, Inputs, Limit

_WANTED, _OTHER = colours.RUNS[1], "#b8c4d0"


def draw_box(inputs: Inputs, wanted: np.ndarray, box: Box, where: str, path: Path) -> Path:
    """Scatter of the histories in the first two conditions of a box; one condition is drawn against rank."""
    with style.styled():
        sheet = style.Sheet(
            3.5,
            style.lines(f"Where it happens: {where}", 90, 1),
            f"In the box it happens in {box.density:.0%} of the histories, in all in {box.base:.0%}; of those held out "
            f"{box.held_out:.0%} of the box.",
            "A dot a history, in the two conditions that confine the box most.",
            "casim discover",
            keys=0,
        )
        axes = sheet.place(0.75, 0.12, style.WIDTH - 1.0, 3.0)
        limits = list(box.limits[:2])
        x, first = _axis(inputs, limits[0]) if limits else (np.arange(wanted.size), None)
        y, second = _axis(inputs, limits[1]) if len(limits) > 1 else (np.argsort(np.argsort(x, kind="stable")), None)
        for shown, colour, size, name in ((~wanted, _OTHER, 4, "not"), (wanted, _WANTED, 7, "it happens")):
            axes.scatter(x[shown], y[shown], s=size, color=colour, lw=0, label=name)
        _frame(axes, x, y, first, second)
        axes.legend(loc="upper right", ncols=2, bbox_to_anchor=(1.0, 1.09))
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.figure.savefig(path, dpi=150)
    return path


def _axis(inputs: Inputs, limit: Limit) -> tuple[np.ndarray, Limit]:
    return inputs.values[:, inputs.names.index(limit.name)], limit


def _frame(axes: Axes, x: np.ndarray, y: np.ndarray, first: Limit | None, second: Limit | None) -> None:
    sides = []
    for values, limit in ((x, first), (y, second)):
        low, high = float(values.min()), float(values.max())
        sides.append((max(limit.lower, low), min(limit.upper, high)) if limit else (low, high))
    (left, right), (bottom, top) = sides
    axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False, ec=colours.INK, lw=1.2))
    axes.set_xlabel(first.name if first else "history")
    axes.set_ylabel(second.name if second else "rank")
