"""Deficits of the states, water in store, and what reaches the ends of the rivers, beside what was observed."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.outcomes import record
from sim.outcomes.record import Observation
from sim.outcomes.view import View, quantiles
from sim.outcomes.water import dry_years
from sim.plots import colours, style
from sim.words import MONTHS, in_letters, listed, named

RECONSTRUCTED = "reconstructed"
#: One scale of colour for what users lack, in every run.
LACKING = Normalize(0, 0.3, clip=True)
_DARK = 0.5  # share of the scale from which on figures are white
_WHOLE_YEAR = 0.99
_NAMES = 0.3  # inches beside the last panel

_SINCE = 2005.0  # earlier years hold no observed storage
_AHEAD = 6.0  # years beyond the branch that can be told apart month by month
#: Observed storages up to then are put into the reconstruction, as `sim/processes/rivers/past.py` says.
GIVEN_UNTIL = 2020 + 8 / 12
_OBSERVED = 2026.0  # to where storages of the record are observed


def has_rivers(view: View) -> bool:
    """Whether the run holds water."""
    users = view.catalogue.region.users
    return bool(users) and view.monthly(f"deficit.{users[-1]}") is not None


def draw_deficits(view: View) -> Figure | None:
    """Panels by state and a table of states and months; None for a run without water."""
    users = view.catalogue.region.users
    columns = [f"deficit_year.{state}" for state in users]
    if not has_rivers(view) or not view.yearly_names.issuperset(columns):
        return None
    dry = {state: dry_years(view, state) for state in users}
    most = max(dry, key=lambda state: dry[state][1])
    sheet, panels = style.panels(
        6,
        3,
        1.05,
        (
            "Irrigation deficits of the states on both rivers",
            f"In the driest of ten years {named(most)} lacks {100 * dry[most][1]:.0f} % of its irrigation demand, in a "
            f"median year {100 * dry[most][0]:.0f} %; no other state on the rivers lacks more.",
            "Unmet share of what users would take from the rivers in a year if there were enough."
            + _why_it_rises(view),
            view.source,
        ),
        below_all=1.45,
        gap=0.35,
    )
    values = [view.yearly(column) for column in columns]
    after = view.simulated_part > 0
    top = max(float(np.quantile(each[:, after], 0.975, axis=0).max()) for each in values)
    for axes, state, each in zip(panels, users, values):
        _fan(axes, view, each)
        axes.set_ylim(0, max(np.ceil(top * 20) / 20, 0.1))
        style.percent_axis(axes.yaxis)
        axes.set_title(named(state))
    for axes in (panels[0], panels[3]):
        axes.set_ylabel("deficit of the year")
    _dry(panels[5], dry)
    _months(sheet.place(0.85, 3.25, style.WIDTH - 0.97, 1.0), view)
    sheet.key(style.fan_names(view, RECONSTRUCTED))
    return sheet.figure


def _why_it_rises(view: View) -> str:
    """What the run expects of the years to come that takes water, if anything."""
    given = view.run.manifest.get("resolved", {}).get("parameters", {})
    if given.get("water.expected", "all") == "none":
        return ""
    return (
        "  After June 2025 the canal, dams and demand that were announced by then are expected, and a warmer climate."
    )


def _fan(axes: Axes, view: View, values: np.ndarray) -> None:
    style.fan_over_time(axes, view, view.year_middles, quantiles(values))
    style.span(axes, view, 5)


def _dry(axes: Axes, dry: dict[str, tuple[float, float]]) -> None:
    """How a median year compares with the driest in ten, as a small dumbbell a state."""
    for row, (middle, worst) in enumerate(dry.values()):
        axes.plot([middle, worst], [row, row], color=colours.FAINT, linewidth=1.2, zorder=1)
        for value, face in ((middle, colours.MEDIAN), (worst, None)):
            style.put(axes, style.mark("o", 3.2, face, colours.MEDIAN), value, row)
    axes.set_yticks(range(len(dry)), [named(state) for state in dry])
    left, bottom, width, height = axes.get_position().bounds  # room for the names
    axes.set_position((left + _NAMES / style.WIDTH, bottom, width - _NAMES / style.WIDTH, height))
    axes.set_ylim(len(dry) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, labelleft=True)
    axes.set_xlim(-0.002, 1.12 * max(worst for _, worst in dry.values()) + 0.01)
    style.percent_axis(axes.xaxis)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title("Median year (●), driest in ten (○)")


def _months(axes: Axes, view: View) -> None:
    """Mean deficit of every state and calendar month over the window, on one scale for all runs."""
    users = view.catalogue.region.users
    table, scale = (
        np.stack([view.by_calendar_month(f"deficit.{s}")["mean"] for s in users]),
        style.scale(colours.LACKING),
    )
    axes.pcolormesh(table, cmap=scale, norm=LACKING, edgecolors="white", linewidth=0.8)
    for (row, column), value in np.ndenumerate(table):
        ink = "white" if LACKING(value) > _DARK else colours.INK
        text = style.percent(value) if value >= 0.0005 else "0"
        axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=style.LABEL, color=ink)
    axes.set_ylim(len(users), 0)
    axes.set_xticks(np.arange(12) + 0.5, [month[:3] for month in MONTHS])
    axes.set_yticks(np.arange(len(users)) + 0.5, [named(state) for state in users])
    style.bare(axes)
    axes.set_title(
        f"By month, mean of {view.window_name} and all histories: per cent of the month's demand that is not met"
    )


def draw_storages(view: View) -> Figure | None:
    """A row for each reservoir; None for a run without water."""
    storages = view.catalogue.region.storages
    if not storages or not has_rivers(view) or any(view.monthly(f"storage.{name}") is None for name in storages):
        return None
    sheet = style.Sheet(
        1.4 * len(storages),
        f"Water stored in {in_letters(len(storages))} reservoirs",
        _lowest(view, storages[0]),
        "Cubic kilometres at the end of each month, dead storage included.  Dotted: full and dead storage.  "
        f"At the right: over the year, mean of {view.window_name}.",
        view.source,
        keys=2,
    )
    first, last = _near(view)
    kinds: set[str] = set()
    for row, name in enumerate(storages):
        left, right = sheet.place(0.5, 0.2 + 1.4 * row, 4.35, 1.0), sheet.place(5.2, 0.2 + 1.4 * row, 1.85, 1.0)
        found = view.monthly(f"storage.{name}")
        style.fan_over_time(left, view, found.pop("year") + 1 / 12, found)
        style.year_axis(left, first, last, 11)
        style.branch_line(left, view.branch)
        kinds |= _observed(left, view, name, first, last)
        left.set_title(view.rivers.nodes[name].title)
        left.set_ylabel("km³")
        _year(right, view, name)
        right.set_title(f"{view.rivers.nodes[name].title}, by month")
        for axes in (left, right):
            _levels(axes, view, name)
    sheet.key(style.fan_names(view, RECONSTRUCTED))
    marks = {
        "observed": style.mark(),
        "observed and given to the run": style.mark(face=None),
    }
    if kinds:
        sheet.key({name: each for name, each in marks.items() if name in kinds}, 1)
    return sheet.figure


def _lowest(view: View, name: str) -> str:
    """How far a reservoir is drawn down in the lowest month of an average year of the window, in words."""
    found, dead = view.by_calendar_month(f"storage.{name}"), view.rivers.number(name, "dead")
    at = int(found["q50"].argmin())
    low, middle, high = (found[column][at] for column in ("q10", "q50", "q90"))
    spread = f"middle 80 % of the histories: {low:.1f} to {high:.1f}; " if view.n_members > 1 else ""
    return (
        f"{view.rivers.nodes[name].title} holds {middle:.1f} km³ at the end of {MONTHS[at]}, its lowest month, in "
        f"{view.window_name} ({spread}dead storage {dead:.1f})."
    )


def _near(view: View) -> tuple[float, float]:
    """Years shown month by month: from the first observation on to some years after the branch or the last one."""
    since = max(view.start, _SINCE)
    until = min(view.end, max(view.branch + _AHEAD, _OBSERVED + 1))
    return (since, until) if until - since > 1 else (view.start, view.end)


def _observed(axes: Axes, view: View, name: str, first: float, last: float) -> set[str]:
    """Mark observed storages; which kinds of them there are."""
    found = record.observations(view.rivers, f"{name}_storage")
    if not found:
        axes.text(0.01, 0.06, "not observed for this reservoir alone", transform=axes.transAxes, size=style.SMALL)
    kinds = set()
    for seen in found:
        if first <= seen.since <= last:
            kind = _kind(seen, view)
            sign = style.mark(face=colours.RECORD if kind == "observed" else None)
            style.put(axes, sign, 0.5 * (seen.since + seen.until), seen.value, f"observed {name} {seen.date}")
            kinds.add(kind)
    return kinds


def _kind(seen: Observation, view: View) -> str:
    given = seen.until < GIVEN_UNTIL and seen.since < view.branch and len(seen.date) == len("2020-08-12")
    return "observed and given to the run" if given else "observed"


def _year(axes: Axes, view: View, name: str) -> None:
    """Bands over histories of each calendar month; December is repeated before January to close the year."""
    found = view.by_calendar_month(f"storage.{name}")
    style.fan(axes, np.arange(13), {key: np.concatenate([values[-1:], values]) for key, values in found.items()})
    axes.set_xlim(0, 12)
    axes.set_xticks(np.arange(12) + 0.5, [month[0] for month in MONTHS])
    axes.tick_params(axis="x", length=0)


def _levels(axes: Axes, view: View, name: str) -> None:
    full, dead = (view.rivers.number(name, quantity) for quantity in ("full", "dead"))
    for level in (full, dead):
        axes.axhline(level, color=colours.GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    axes.set_ylim(0, full * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))


def draw_seas(view: View) -> Figure | None:
    """Two panels; None for a run without water."""
    ends = [row for row in view.rivers.watched if row.series == "inflow"]
    columns = [f"flow.{row.node}" for row in ends]
    if not ends or not has_rivers(view) or not view.yearly_names.issuperset(columns):
        return None
    values = [view.yearly(column) for column in columns]
    before = max(view.catalogue.branch // 12 - 1 - view.years[0], 0)
    titles = [row.title or view.rivers.nodes[row.node].title for row in ends]
    said = [
        f"{float(view.window_mean(column).mean()):.1f} km³ a year reach the {title} "
        f"({np.median(each[:, before]):.1f} in {view.years[before]})"
        for column, title, each in zip(columns, titles, values)
    ]
    sheet, panels = style.panels(
        len(ends),
        2,
        1.5,
        (
            "Water that reaches the ends of the rivers",
            f"Mean of {view.window_name}: {listed(said)}.",
            "Cubic kilometres a year.  Observed sums of several years are shown as their mean over the stretch; "
            "drainage that does not come down the river is missing from the model.",
            view.source,
        ),
        keys=2,
        gap=0.35,
    )
    for axes, row, title, each in zip(panels, ends, titles, values):
        _fan(axes, view, each)
        heights = [
            _seen(axes, view, name, seen)
            for name in row.observed.split(";")
            for seen in record.observations(view.rivers, name)
        ]
        axes.set_ylim(0, 1.05 * max(float(np.quantile(each, 0.975, axis=0).max()), *heights))
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_title(title)
        axes.tick_params(labelleft=True)
    panels[0].set_ylabel("km³ a year")
    sheet.key(style.fan_names(view, RECONSTRUCTED))
    marks = {"observed year": style.mark(), "observed mean of a stretch": style.line(colours.RECORD, 1.4)}
    sheet.key({**marks, "highest year of a stretch": style.mark("v", 3.6, None)}, 1)
    return sheet.figure


def _seen(axes: Axes, view: View, name: str, seen: Observation) -> float:
    """Draw an observed figure inside the span of the run; its height, 0 if it is not drawn."""
    length = seen.until - seen.since
    if seen.since < view.start or seen.until > view.end or length < _WHOLE_YEAR:
        return 0.0
    gid = f"observed {name} {seen.date}"
    if name.endswith("_sum"):
        value = seen.value / length
        axes.plot([seen.since, seen.until], [value, value], color=colours.RECORD, linewidth=1.4, zorder=5, gid=gid)
        return value
    sign = style.mark("v", 3.6, None) if name.endswith("_max") else style.mark()
    style.put(axes, sign, 0.5 * (seen.since + seen.until), seen.value, gid)
    return seen.value
