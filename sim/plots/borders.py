"""The land borders section by section: how much is settled or reopened, and how often people fight over the rest."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes import record
from sim.outcomes.borders import (
    Section,
    clash_counts,
    clashes,
    counting_span,
    documented_clashes,
    sections,
    settlement,
)
from sim.outcomes.view import View
from sim.plots import colours, style
from sim.plots.axes import boxes
from sim.words import listed, named

_COLUMNS, _BELOW = 4, -0.16
_EDGES = {80: (0.1, 0.9), 50: (0.25, 0.75)}
_THICK = {80: 3.2, 50: 5.6}  # points
#: Marks of events of the record and of the scenario, by kind.
_SETTLES, _REOPENS, _CLASH = ("o", 3.0), ("X", 4.2), ("v", 3.4)


def draw(view: View) -> Figure | None:
    """Two small panels a section; None for a run whose states share no border, or none that ever was in question."""
    found = sections(view)
    if not found or view.monthly("borders_settled") is None:
        return None
    rows = -(-(len(found) + 1) // _COLUMNS)
    settled = [settlement(view, each) for each in found]
    rates = [view.rate_by_year(clashes(view, each)) for each in found]
    if view.monthly("borders_settled")["mean"].min() >= 0.9999 and not any(rate.any() for rate in rates):
        return None  # settled throughout, and nobody ever clashed
    top = max(0.05, 1.15 * max(float(rate.max(initial=0)) for rate in rates))
    sheet = style.Sheet(
        1.8 * rows,
        "Borders section by section: settled share, and clashes",
        _reading(view, found, settled),
        "Above: settled share of the line, mean of the histories; the bar below it spans the years in which it is "
        "settled as a whole for good.  Below: clashes a year, mean of the histories; in the last panel those of a "
        "history, middle 80 %.",
        view.source,
        keys=2,
    )
    for number, (section, line, rate) in enumerate(zip(found, settled, rates)):
        row, column = divmod(number, _COLUMNS)
        left, down = 0.55 + 1.7 * column, 0.2 + 1.8 * row
        upper, lower = sheet.place(left, down, 1.4, 0.85), sheet.place(left, down + 0.95, 1.4, 0.42)
        _settled(upper, view, *line, section)
        _fights(lower, view, rate, section, top)
        upper.set_title(named(section.name), weight="bold")
        for axes in (upper, lower):
            axes.tick_params(labelleft=column == 0)
        if column == 0:
            upper.set_ylabel("settled")
            lower.set_ylabel("clashes")
    row, column = divmod(len(found), _COLUMNS)
    _counts(sheet.place(0.55 + 1.7 * column, 0.2 + 1.8 * row, 1.4, 1.37), view, found)
    _keys(sheet, view)
    return sheet.figure


def _reading(view: View, found: list[Section], settled: list[tuple[np.ndarray, np.ndarray]]) -> str:
    unsettled = {each.name: float(np.isinf(since).mean()) for each, (_, since) in zip(found, settled)}
    left = [f"{named(name)} ({style.percent(share)} % of the histories)" for name, share in unsettled.items() if share]
    fights = {each.name: float(view.counts(clashes(view, each)).mean()) for each in found}
    most = max(fights, key=fights.get)
    still = f"not settled as a whole: {listed(left)}" if left else "all borders are settled"
    said = f"At the end of {view.years[-1]} {still}."
    whose = "the one" if view.n_members == 1 else "a mean"
    return f"{said}  Most clashes: {named(most)}, {fights[most]:.1f} in {whose} history." if fights[most] else said


def _given(view: View, kind: str, section: Section) -> list[tuple[float, float, bool, str]]:
    """(year, value, whether documented, id of its mark) of the events of one kind in record and scenario."""
    known = [
        (record.as_year(each.date), each.value, True, f"documented {kind} {section.name} {each.date}")
        for each in record.of_pair(view.facts, kind, section.name)
    ]
    stated = section.events.select((section.events.kind == view.catalogue.kind(kind)) & (section.events.member == -2))
    supposed = [
        (month / 12, float(value), False, f"scenario {kind} {section.name} {month // 12}-{month % 12 + 1:02d}")
        for month, value in zip(stated.month, stated.value)
    ]
    return [each for each in (*known, *supposed) if view.start <= each[0] < view.end]


def _sign(shape: tuple[str, float], documented: bool, filled: bool = True):
    colour = colours.RECORD if documented else colours.SUPPOSED
    return style.mark(*shape, colour if filled else None, colour)


def _settled(axes: Axes, view: View, mean: np.ndarray, since: np.ndarray, section: Section) -> None:
    if (since[np.isfinite(since)] >= view.branch).any():
        for band, edges in _EDGES.items():
            low, high = np.minimum(np.quantile(since, edges, method="inverted_cdf"), view.end)
            axes.plot([low, high], [_BELOW] * 2, color=colours.BANDS[band], linewidth=_THICK[band], zorder=2)
    months = np.arange(view.catalogue.start, view.catalogue.end + 2) / 12
    steps = {"drawstyle": "steps-post", "solid_joinstyle": "miter"}
    axes.plot(months, np.append(mean, mean[-1]), color=colours.MEDIAN, linewidth=1.0, **steps)
    for kind, shape in (("settlement", _SETTLES), ("border-reopened", _REOPENS)):
        for when, value, documented, name in _given(view, kind, section):
            height = 1 - value if kind == "border-reopened" else value
            style.put(axes, _sign(shape, documented), when, height, name)
    axes.set_ylim(_BELOW - 0.08, 1.05)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    style.span(axes, view, 3)
    axes.tick_params(labelbottom=False)


def _fights(axes: Axes, view: View, rate: np.ndarray, section: Section, top: float) -> None:
    some = rate > 0
    middle, width = view.bars_of_years(view.years[some])
    boxes(axes, middle - width / 2, middle + width / 2, 0, rate[some], colours.BANDS[50])
    for when, deadly, documented, name in _given(view, "clash", section):
        style.put(axes, _sign(_CLASH, documented, bool(deadly)), when, 0.88 * top, name)
    axes.set_ylim(0, top)
    axes.locator_params(axis="y", nbins=3)
    style.span(axes, view, 3)


def _counts(axes: Axes, view: View, found: list[Section]) -> None:
    """In the last place: how many clashes there were in a history, beside the record where it reaches."""
    first, last = counting_span(view)
    for row, section in enumerate(found):
        counts = clash_counts(view, section)
        low, high = np.quantile(counts, (0.1, 0.9))
        axes.plot([low, high], [row, row], color=colours.BANDS[80], linewidth=3.4)
        style.beside(axes, named(section.name), 0, row - 0.45, transform=axes.get_yaxis_transform())
        style.put(axes, style.mark("|", 6, colours.MEDIAN, colours.MEDIAN), counts.mean(), row)
        known = documented_clashes(view, section)
        if known is not None:
            style.put(axes, style.mark(), known, row, f"documented clashes {section.name}")
    axes.set_yticks([])
    axes.set_ylim(len(found) - 0.6, -0.8)
    axes.set_xlim(left=-0.3)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=4, integer=True)
    axes.set_title(f"Clashes, {int(first)}\u2013{int(last - 1 / 12)}", weight="bold")


def _keys(sheet: style.Sheet, view: View) -> None:
    several = {
        "mean": style.line(),
        "50 %": style.line(colours.BANDS[50], _THICK[50]),
        "80 % of histories": style.line(colours.BANDS[80], _THICK[80]),
    }
    sheet.key(
        {
            **(several if view.n_members > 1 else {"the one history": style.line()}),
            "clashes a year": style.patch(colours.BANDS[50]),
            **style.branch_names(view),
        }
    )
    marks = {
        "documented settlement": _sign(_SETTLES, True),
        "clash with deaths or arms": _sign(_CLASH, True),
        "clash without": _sign(_CLASH, True, False),
    }
    kinds = {event["kind"] for event in view.supposed}
    if "settlement" in kinds:
        marks["settlement of the scenario"] = _sign(_SETTLES, False)
    if "border-reopened" in kinds:
        marks["reopened by the scenario"] = _sign(_REOPENS, False)
    if "clash" in kinds:
        marks["clash of the scenario"] = _sign(_CLASH, False)
    sheet.key(marks, 1)
