"""Difference fans: how the effect of a scenario grows and fades, year by year."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.comparison import Comparison
from sim.comparison.compare import is_detail, series_of
from sim.comparison.over_time import over_time
from sim.outcomes.metric import is_dated, title_of, unit_of
from sim.plots import style
from sim.plots.comparison.common import capital, limits, lines, source

_SERIES, _EVENTS, _COLUMNS = 6, 3, 3
_HIGH, _GAP = 1.2, 0.5


def chosen_panels(comparison: Comparison) -> list[str]:
    """The series and the events that moved most, series first, each once."""
    timed = set(comparison.timed())
    series, events = [], []
    for effect in comparison.moved:
        name = series_of(effect.outcome)
        if name in timed and (comparison.patterns or not is_detail(name)):
            (events if is_dated(name) else series).append(name)
    return [*list(dict.fromkeys(series))[:_SERIES], *list(dict.fromkeys(events))[:_EVENTS]]


def draw(comparison: Comparison) -> Figure | None:
    """A panel a series or event; None where nothing that is known over time moved."""
    panels = list(_panels(comparison))
    if not panels:
        return None
    rows = -(-len(panels) // _COLUMNS)
    figure = style.sheet(
        0.8 + rows * (_HIGH + _GAP) + 0.05,
        f"What {comparison.run.name} changes over time",
        f"Difference from {comparison.against.name} at the end of each year, member by member.",
        source([comparison]),
    )
    for number, (name, found) in enumerate(panels):
        row, column = divmod(number, _COLUMNS)
        axes = style.place(figure, 0.5 + 2.3 * column, 0.8 + row * (_HIGH + _GAP), 1.87, _HIGH)
        _fan(axes, comparison, name, found)
    handles = [
        Line2D([], [], color=style.MEDIAN, linewidth=1.1),
        Patch(color="#8a8a8a", linewidth=0, alpha=0.55),
        *(Patch(color=style.BANDS[band], linewidth=0) for band in (50, 80)),
    ]
    labels = ["mean difference", "its 95 % interval", "50 %", "90 % of the members' differences"]
    style.key(figure, 0.5, handles, labels)
    return figure


def _panels(comparison: Comparison) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    names = chosen_panels(comparison)
    found = dict(over_time(comparison.pairing, names))
    return ((name, found[name]) for name in names)


def _fan(axes: Axes, comparison: Comparison, name: str, found: dict[str, np.ndarray]) -> None:
    branch = comparison.run.catalogue.branch / 12
    years = comparison.pairing.years + 1.0  # values are those of the last day
    shown = years >= branch - 1
    years, event = years[shown], is_dated(name)
    scale = 100.0 if event else 1.0
    values = {column: scale * each[shown] for column, each in found.items()}
    untouched = values["higher"] + values["lower"] == 0  # before the scenario sets in, there is nothing to be unsure of
    for edge in ("low", "high"):
        values[edge] = np.where(untouched, values["value"], values[edge])
    if not event:
        for share, band in ((90, 80), (50, 50)):
            edges = values[f"low{share}"], values[f"high{share}"]
            axes.fill_between(years, *edges, color=style.BANDS[band], linewidth=0)
    axes.fill_between(years, values["low"], values["high"], color="#8a8a8a", alpha=0.55, linewidth=0, zorder=2.5)
    axes.plot(years, values["value"], color=style.MEDIAN, linewidth=1.1, zorder=3)
    axes.axhline(0, color=style.INK, linewidth=0.6, zorder=2)
    edges = [values[column] for column in ("low", "high") if event] or [values["low90"], values["high90"]]
    axes.set_ylim(*limits([*edges, values["value"]]))
    unit = "percentage points" if event else unit_of(name)
    title = title_of(name)
    axes.set_title(capital(lines(f"{title} ({unit})" if unit and unit not in title else title, 40)))
    style.year_axis(axes, years[0], years[-1], 4)
    style.branch_line(axes, branch)
