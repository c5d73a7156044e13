"""Heat map of a design of two keys: how far an outcome moves at each pair of values."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.comparison import Comparison
from sim.comparison.format import decimals_for, number
from sim.comparison.grid import Grid, grid_of, most_moved
from sim.outcomes.metric import title_of, unit_of
from sim.plots import style
from sim.plots.comparison.common import ABOVE, BELOW, MIDDLE, capital, source

_MOST_PANELS, _MOST_WRITTEN = 4, 9


def draw(comparisons: Sequence[Comparison], outcomes: Sequence[str] | None = None) -> Figure | None:
    """A panel an outcome; None where the runs are not points of a design in which two keys vary."""
    grid = grid_of(comparisons)
    if grid is None:
        return None
    outcomes = list(outcomes or most_moved(comparisons, _MOST_PANELS))
    if not outcomes:
        return None
    columns = min(2, len(outcomes))
    rows, wide = -(-len(outcomes) // columns), 2.45 if columns == 2 else 5.4
    high = float(np.clip(0.3 * len(grid.rows), 1.1, 2.4))
    title = f"What {grid.name} changes, by {_short(grid.row_key)} and {_short(grid.column_key)}"
    figure = style.sheet(
        0.85 + rows * (high + 0.66) + 0.05,
        title,
        f"Mean difference from {comparisons[0].against.name}, member by member.",
        source(comparisons),
    )
    for place, outcome in enumerate(outcomes):
        row, column = divmod(place, columns)
        axes = style.place(figure, 0.62 + 3.55 * column, 0.85 + row * (high + 0.66), wide, high)
        bar = style.place(figure, 0.62 + 3.55 * column + wide + 0.08, 0.85 + row * (high + 0.66), 0.09, high)
        _panel(axes, bar, grid, outcome)
    style.key(figure, 0.48, [_circle()], ["direction cannot be told yet"])
    return figure


def _circle() -> Line2D:
    return Line2D(
        [], [], linestyle="", marker="o", markersize=3.2, color=style.GREY, markerfacecolor="none", markeredgewidth=0.7
    )


def _short(key: str) -> str:
    """A key without the name of its list, which the reader of a plot can do without."""
    return key.removeprefix("events.").removeprefix("instruments.").removeprefix("states.")


def _said(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}" if is_number else json.dumps(value).strip('"')


def _panel(axes: Axes, bar: Axes, grid: Grid, outcome: str) -> None:
    values, told, event, half = grid.values(outcome)
    scale = 100.0 if event else 1.0
    reach = float(np.nanmax(np.abs(values))) * scale or 1.0
    colours = LinearSegmentedColormap.from_list("difference", (BELOW, MIDDLE, ABOVE))
    edges = np.arange(len(grid.columns) + 1), np.arange(len(grid.rows) + 1)
    mesh = axes.pcolormesh(
        *edges, scale * values, cmap=colours, norm=TwoSlopeNorm(0, -reach, reach), edgecolors="white", linewidth=0.8
    )
    written = max(len(grid.rows), len(grid.columns)) <= _MOST_WRITTEN
    decimals = min(decimals_for(scale * half), 1 if event else 6)
    for row, column in np.argwhere(np.isfinite(values)):
        centre = (column + 0.5, row + 0.5)
        if written:
            dark = abs(scale * values[row, column]) > 0.62 * reach
            axes.annotate(
                number(scale * values[row, column], decimals),
                centre,
                ha="center",
                va="center",
                size=style.SMALL,
                color="white" if dark else style.INK,
            )
        if not told[row, column]:
            mark = _circle()
            mark.set_color("white" if written and dark else style.INK)
            mark.set_data([column + 0.88 if written else centre[0]], [row + 0.8 if written else centre[1]])
            axes.add_line(mark)
    axes.set_xticks(np.arange(len(grid.columns)) + 0.5, [_said(value) for value in grid.columns])
    axes.set_yticks(np.arange(len(grid.rows)) + 0.5, [_said(value) for value in grid.rows])
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlabel(_short(grid.column_key))
    axes.set_ylabel(_short(grid.row_key))
    unit = "percentage points" if event else unit_of(outcome)
    axes.set_title(f"{capital(title_of(outcome))} ({unit})" if unit else capital(title_of(outcome)))
    bar.figure.colorbar(mesh, cax=bar)
    bar.tick_params(length=0)
    bar.spines[:].set_visible(False)
