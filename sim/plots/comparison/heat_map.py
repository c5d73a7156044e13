"""Heat map of a design of two keys: how far an outcome moves at each pair of values."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from sim.comparison import Comparison
from sim.comparison.format import decimals_for, number
from sim.comparison.grid import Grid, grid_of, most_moved, point_of
from sim.comparison.labels import key_in_words, said, source
from sim.outcomes import difference_unit
from sim.plots import colours, style
from sim.words import named, sentence

_MOST_PANELS, _MOST_WRITTEN = 4, 9


def draw(comparisons: Sequence[Comparison], outcomes: Sequence[str] | None = None) -> Figure | None:
    """A panel an outcome; None where the runs are not points of a design in which two keys vary."""
    grid = grid_of(comparisons)
    outcomes = list(outcomes or most_moved(comparisons, _MOST_PANELS)) if grid is not None else []
    if not outcomes:
        return None
    columns = min(2, len(outcomes))
    rows, wide = -(-len(outcomes) // columns), 2.3 if columns == 2 else 5.3
    high = float(np.clip(0.3 * len(grid.rows), 1.1, 2.4))
    keys = [key_in_words(key) for key in (grid.row_key, grid.column_key)]
    against = comparisons[0].against.manifest["title"] or comparisons[0].against.name
    sheet = style.Sheet(
        rows * (high + 0.78),
        f"What “{_design(comparisons[0]) or grid.name}” changes",
        _reading(grid, outcomes[0], keys),
        f"Mean difference from “{against}”, member by member.  Blue: more, orange: less, in every panel.",
        source(comparisons),
    )
    for place, outcome in enumerate(outcomes):
        row, column = divmod(place, columns)
        left, top = 0.75 + 3.5 * column, 0.32 + row * (high + 0.78)
        _panel(sheet.place(left, top, wide, high), sheet.place(left + wide + 0.08, top, 0.09, high), grid, outcome)
    for axes in sheet.figure.axes[::2]:
        axes.set_xlabel(style.lines(keys[1], style.letters(wide, style.SMALL), 2))
        axes.set_ylabel(style.lines(keys[0], style.letters(high, style.SMALL), 3))
    sheet.key({"direction cannot be told yet": _circle(colours.GREY)})
    return sheet.figure


def _design(comparison: Comparison) -> str:
    """Title of the design: that of one of its runs without the point that is written behind it."""
    return comparison.run.manifest["title"].split(f" ({next(iter(point_of(comparison)))}")[0]


def _reading(grid: Grid, outcome: str, keys: list[str]) -> str:
    values, _, event, half = grid.values(outcome)
    row, column = np.unravel_index(np.nanargmax(np.abs(values)), values.shape)
    scale, unit = difference_unit(outcome)
    much = number(scale * values[row, column], min(decimals_for(scale * half), 1 if event else 6))
    return (
        f"{sentence(named(grid.title(outcome)))} moves most ({much}{f' {unit}' if scale == 100 else ''}) where "
        f"“{keys[0]}” is {said(grid.rows[row])} and “{keys[1]}” is {said(grid.columns[column])}."
    )


def _circle(colour: str):
    found = style.mark("o", 3.2, None, colour)
    found.set_markerfacecolor("none")
    return found


def _panel(axes: Axes, bar: Axes, grid: Grid, outcome: str) -> None:
    values, told, event, half = grid.values(outcome)
    scale, unit = difference_unit(outcome)
    reach = float(np.nanmax(np.abs(values))) * scale or 1.0
    edges = np.arange(len(grid.columns) + 1), np.arange(len(grid.rows) + 1)
    look = {"cmap": style.scale(colours.CHANGE), "norm": TwoSlopeNorm(0, -reach, reach), "edgecolors": "white"}
    mesh = axes.pcolormesh(*edges, scale * values, linewidth=0.8, **look)
    written = max(len(grid.rows), len(grid.columns)) <= _MOST_WRITTEN
    decimals = min(decimals_for(scale * half), 1 if event else 6)
    for row, column in np.argwhere(np.isfinite(values)):
        value = scale * values[row, column]
        ink = "white" if written and abs(value) > 0.62 * reach else colours.INK
        if written:
            style.beside(axes, number(value, decimals), column + 0.5, row + 0.5, ha="center", color=ink)
        if not told[row, column]:
            style.put(axes, _circle(ink), column + (0.88 if written else 0.5), row + (0.8 if written else 0.5))
    axes.set_xticks(np.arange(len(grid.columns)) + 0.5, [said(value) for value in grid.columns])
    axes.set_yticks(np.arange(len(grid.rows)) + 0.5, [said(value) for value in grid.rows])
    style.bare(axes)
    title = sentence(named(grid.title(outcome)))
    axes.set_title(style.lines(f"{title} ({unit})" if unit else title, 46))
    bar.figure.colorbar(mesh, cax=bar)
    style.bare(bar)
