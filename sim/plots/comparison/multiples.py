"""Small multiples: one outcome under many scenarios, on one scale, each beside the run they are compared with."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.comparison import Comparison
from sim.comparison.compare import series_of
from sim.comparison.format import mean_difference
from sim.comparison.grid import point_of
from sim.outcomes.metric import title_of, unit_of
from sim.plots import style
from sim.plots.comparison.common import capital, lines, source

_COLUMNS, _MOST = 4, 24
_HIGH, _GAP = 1.05, 0.55
_BANDS = ((0.05, 0.95, 80), (0.25, 0.75, 50))


def chosen_series(comparisons: Sequence[Comparison]) -> str | None:
    """The first series the user asked for, else the integration index, else the series that moved most anywhere."""
    first = comparisons[0]
    known = [name for name in first.timed() if name in first.pairing.series]
    if first.patterns:
        return known[0] if known else None
    if "index" in known:
        return "index"
    moved = [effect for comparison in comparisons for effect in comparison.moved]
    moved.sort(key=lambda effect: -effect.size)
    return next((series_of(effect.outcome) for effect in moved if series_of(effect.outcome) in known), None)


def draw(comparisons: Sequence[Comparison], series: str | None = None) -> Figure | None:
    """A panel a scenario; None for a single one, for more than two dozen, or where no series is known."""
    series = series or chosen_series(comparisons)
    if series is None or not 1 < len(comparisons) <= _MOST:
        return None
    columns = min(_COLUMNS, len(comparisons))
    rows = -(-len(comparisons) // columns)
    against = comparisons[0].against.name
    title = f"{capital(title_of(series))} under {len(comparisons)} scenarios"
    figure = style.sheet(
        0.9 + rows * (_HIGH + _GAP) + 0.05,
        title,
        f"End of each year.  Figures: difference from {against} in the last one, ± 95 % interval.{_keys(comparisons)}",
        source(comparisons),
    )
    wide = (style.WIDTH - 0.55) / columns
    panels = []
    for number, comparison in enumerate(comparisons):
        row, column = divmod(number, columns)
        axes = style.place(figure, 0.5 + wide * column, 0.9 + row * (_HIGH + _GAP), wide - 0.22, _HIGH)
        _panel(axes, comparison, series)
        axes.set_ylabel(unit_of(series) if column == 0 else "")
        axes.tick_params(labelleft=column == 0)
        panels.append(axes)
    low = min(axes.get_ylim()[0] for axes in panels)
    high = max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(low, high)
    handles = [
        Line2D([], [], color=style.MEDIAN, linewidth=1.1),
        *(Patch(color=style.BANDS[band], linewidth=0) for band in (50, 80)),
        Line2D([], [], color=style.RECORD, linewidth=1.0, linestyle=(0, (4, 1.5))),
    ]
    style.key(figure, 0.5, handles, ["median", "50 %", "90 % of histories", f"median of {against}"])
    return figure


def _keys(comparisons: Sequence[Comparison]) -> str:
    """Which keys of a design the panels are named after."""
    keys = [".".join(key.split(".")[-2:]) for key in point_of(comparisons[0])]
    return f"  Panels: {' · '.join(keys)}." if keys else ""


def _panel(axes: Axes, comparison: Comparison, series: str) -> None:
    ours, theirs = comparison.pairing.yearly(series)
    branch = comparison.run.catalogue.branch / 12
    years = comparison.pairing.years + 1.0
    shown = years >= branch - 1
    years, ours, theirs = years[shown], ours[:, shown], theirs[:, shown]
    for low, high, band in _BANDS:
        edges = np.quantile(ours, (low, high), axis=0)
        axes.fill_between(years, *edges, color=style.BANDS[band], linewidth=0)
    axes.plot(years, np.median(ours, axis=0), color=style.MEDIAN, linewidth=1.1)
    axes.plot(years, np.median(theirs, axis=0), color=style.RECORD, linewidth=1.0, linestyle=(0, (4, 1.5)))
    last = f"{series}_{comparison.pairing.years[-1]}"
    effect = next((each for each in comparison.effects if each.outcome == last), None)
    said = f"\n{mean_difference(effect)}" if effect is not None else ""
    point = [f"{value:g}" if isinstance(value, float) else str(value) for value in point_of(comparison).values()]
    axes.set_title(lines(" · ".join(point) or comparison.run.name, 30, 1) + said)
    style.year_axis(axes, years[0], years[-1], 3)
    style.branch_line(axes, branch)
