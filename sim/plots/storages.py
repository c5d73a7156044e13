"""Water in store: month by month around the branch with what was observed, and over the year."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.outcomes.water import STORAGES
from sim.plots import style
from sim.plots.data import View
from sim.plots.rivers import (
    EDGES,
    Seen,
    by_calendar_month,
    dot,
    fan_key,
    fan_months,
    has_rivers,
    observed,
    river_facts,
    span_text,
)

_MONTHS = "JFMAMJJASOND"
_SINCE = 2005.0  # earlier years hold no observed storage
_AHEAD = 6.0  # years beyond the branch that can be told apart month by month
#: Observed storages up to then are put into the reconstruction, as `sim/processes/rivers/past.py` says.
GIVEN_UNTIL = 2020 + 8 / 12
_PREDICTED = 2026.0  # figures from then on were forecasts when the table was made


def draw(view: View) -> Figure | None:
    """A row for each reservoir; None for a run without water."""
    if not has_rivers(view) or any(view.monthly(f"storage.{name}") is None for name in STORAGES):
        return None
    figure = style.sheet(
        5.25,
        "Water stored in three reservoirs",
        "Cubic kilometres at the end of each month, dead storage included.  Dotted: full and dead storage.",
        view.source,
    )
    first, last = _window(view)
    marks = []
    for row, name in enumerate(STORAGES):
        top = 0.92 + 1.45 * row
        left = style.place(figure, 0.5, top, 4.35, 1.1)
        fan_months(left, view, f"storage.{name}")
        marks += _observed(left, view, name, first, last)
        left.set_title(river_facts().nodes[name].title)
        left.set_ylabel("km³")
        style.year_axis(left, first, last, 11)
        style.branch_line(left, view.branch)
        right = style.place(figure, 5.2, top, 1.85, 1.1)
        _year(right, view, name)
        right.set_title(f"over the year, {span_text(view)}")
        for axes in (left, right):
            _limits(axes, name)
    more = [(dot(), "observed")] if "compared" in marks else []
    more += [(dot(False), "observed and given to the run")] if "given" in marks else []
    more += [(dot(False, marker="D"), "forecast of the ministry")] if "forecast" in marks else []
    fan_key(figure, view, 0.47)
    if more:
        style.key(figure, 0.62, *zip(*more))
    return figure


def _window(view: View) -> tuple[float, float]:
    """Years shown month by month: from the first observation on to some years after the branch or the last one."""
    since = max(view.start, _SINCE)
    until = min(view.end, max(view.branch + _AHEAD, _PREDICTED + 1))
    return (since, until) if until - since > 1 else (view.start, view.end)


def _observed(axes: Axes, view: View, name: str, first: float, last: float) -> list[str]:
    """Observed storages as dots; what kinds of them there are."""
    kinds = []
    if not observed(f"{name}_storage"):
        axes.text(
            0.01,
            0.06,
            "no observed storage of this reservoir alone",
            transform=axes.transAxes,
            size=style.SMALL,
            color=style.GREY,
        )
    for seen in observed(f"{name}_storage"):
        if not first <= seen.since <= last:
            continue
        kind = _kind(seen, view)
        mark = dot(kind == "compared", marker="D" if kind == "forecast" else "o")
        mark.set_data([0.5 * (seen.since + seen.until)], [seen.value])
        mark.set(zorder=5, gid=f"observed {name} {seen.date}")
        axes.add_line(mark)
        kinds.append(kind)
    return kinds


def _kind(seen: Seen, view: View) -> str:
    if seen.since >= _PREDICTED:
        return "forecast"
    given = seen.until < GIVEN_UNTIL and seen.since < view.branch and len(seen.date) == len("2020-08-12")
    return "given" if given else "compared"


def _year(axes: Axes, view: View, name: str) -> None:
    """Bands over histories of each calendar month; December is repeated before January to close the year."""
    found = by_calendar_month(view, f"storage.{name}")
    place = np.arange(13)
    cycle = {key: np.concatenate([values[-1:], values]) for key, values in found.items()}
    for band, (low, high) in EDGES.items():
        axes.fill_between(place, cycle[low], cycle[high], color=style.BANDS[band], linewidth=0)
    axes.plot(place, cycle["q50"], color=style.MEDIAN, linewidth=1.0)
    axes.set_xlim(0, 12)
    axes.set_xticks(np.arange(12) + 0.5, _MONTHS)
    axes.tick_params(axis="x", length=0)


def _limits(axes: Axes, name: str) -> None:
    full, dead = (river_facts().number(name, quantity) for quantity in ("full", "dead"))
    for level in (full, dead):
        axes.axhline(level, color=style.GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    axes.set_ylim(0, full * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
