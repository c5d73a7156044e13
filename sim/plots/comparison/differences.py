"""Difference fans: how the effect of a scenario grows and fades, year by year."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison import Comparison
from sim.comparison.compare import is_detail, series_behind
from sim.comparison.format import told
from sim.comparison.labels import label_of, source
from sim.comparison.over_time import over_time
from sim.outcomes import difference_unit, is_dated
from sim.outcomes.metric import chapter_of
from sim.plots import colours, style
from sim.words import named, sentence

_SERIES, _EVENTS, _COLUMNS, _OF_ONE = 6, 3, 3, 3
_NOTHING = 1e-4  # of the level of a series: less is not worth a panel
_SURE = "#8a8a8a"


def chosen_panels(comparison: Comparison) -> list[str]:
    """The series and the events that moved most, series first, each once, and some of one chapter at most."""
    timed = set(comparison.timed())
    series, events = [], []
    for effect in comparison.moved:
        name = series_behind(effect.outcome)
        if name in timed and (comparison.patterns or not is_detail(effect.outcome)):
            (events if is_dated(name) else series).append(name)
    found: list[str] = []
    for name in dict.fromkeys(series):
        if sum(chapter_of(name) == chapter_of(other) for other in found) < _OF_ONE:
            found.append(name)
    return [*found[: 2 * _SERIES], *list(dict.fromkeys(events))[:_EVENTS]]


def draw(comparison: Comparison) -> Figure | None:
    """A panel a series or event; None where nothing that is known over time moved."""
    names = chosen_panels(comparison)
    found = dict(over_time(comparison.pairing, names))
    events = [name for name in names if is_dated(name)]
    names = [*[name for name in names if name not in events and _is_worth(found[name])][:_SERIES], *events]
    if not names:
        return None
    branch = comparison.run.catalogue.branch / 12
    one = comparison.members == 1
    sure = (
        "One pair of members: no interval of numbers"
        if one
        else "Grey: 95 % interval of the mean that so many members leave"
    )
    heads = (
        f"What “{label_of(comparison)}” changes over time",
        _reading(comparison, names),
        f"Difference from “{comparison.against.manifest['title'] or comparison.against.name}” at the end of each year, "
        f"member by member.  {sure}.  With %: percentage points.",
        source([comparison]),
    )
    sheet, panels = style.panels(len(names), _COLUMNS, 1.2, heads, left=0.62, gap=0.62, above=0.4)
    for axes, name in zip(panels, names):
        _fan(axes, comparison, name, found[name])
        axes.tick_params(labelleft=True)
    interval = {"its 95 % interval": style.patch(_SURE, alpha=0.55)}
    several = {
        **interval,
        "50 %": style.patch(colours.BANDS[50]),
        "90 % of the members' differences": style.patch(colours.BANDS[80]),
    }
    sheet.key(
        {
            "difference" if one else "mean difference": style.line(),
            **((interval if events else {}) if one else several),
            **style.branch_names_of(comparison.run.catalogue),
            **style.change_name(comparison.parted, branch - 1, comparison.pairing.years[-1] + 1.0),
        }
    )
    return sheet.figure


def _is_worth(found: dict[str, np.ndarray]) -> bool:
    level = np.abs(np.stack([found["ours"], found["theirs"]]))
    apart = np.abs(np.stack([found["low90"], found["high90"], found["value"]]))
    if np.isnan(apart).all():
        return False
    return bool(np.nanmax(apart) > _NOTHING * np.nanmax(level))


def _reading(comparison: Comparison, names: list[str]) -> str:
    """What moved most of what the panels show."""
    moved = [
        each for each in comparison.moved if series_behind(each.outcome) in names and np.isfinite(each.paired.size)
    ]
    if not moved:
        return ""
    most = max(moved, key=lambda effect: effect.size)
    return f"Moves most of what is shown: {named(most.title)} ({told(most)})."


def _fan(axes: Axes, comparison: Comparison, name: str, found: dict[str, np.ndarray]) -> None:
    branch = comparison.run.catalogue.branch / 12
    years = comparison.pairing.years + 1.0  # values are those of the last day
    shown = years >= branch - 1
    years, event = years[shown], is_dated(name)
    scale, unit = difference_unit(name)
    values = {column: scale * each[shown] for column, each in found.items()}
    untouched = values["higher"] + values["lower"] == 0  # before the scenario sets in, there is nothing to be unsure of
    for edge in ("low", "high"):
        values[edge] = np.where(untouched, values["value"], values[edge])
    for share, band in () if event else ((90, 80), (50, 50)):
        low, high = values[f"low{share}"], values[f"high{share}"]
        axes.fill_between(years, low, high, color=colours.BANDS[band], linewidth=0)
    axes.fill_between(years, values["low"], values["high"], color=_SURE, alpha=0.55, linewidth=0, zorder=2.5)
    axes.plot(years, values["value"], color=colours.MEDIAN, linewidth=1.1, zorder=3)
    axes.axhline(0, color=colours.INK, linewidth=0.6, zorder=2)
    edges = ("low", "high", "value") if event else ("low", "high", "value", "low90", "high90")
    axes.set_ylim(*style.limits([values[column] for column in edges]))
    title = sentence(named(comparison.title(name)))
    axes.set_title(style.lines(title, 34, 3))
    axes.set_ylabel("" if unit in title else unit)
    style.year_axis(axes, years[0], years[-1], 4)
    style.branch_line(axes, branch)
    style.change_line(axes, comparison.parted)
