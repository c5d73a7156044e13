"""Small multiples: one outcome under many scenarios, on one scale, each beside the run they are compared with."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison import Comparison
from sim.comparison.compare import series_behind
from sim.comparison.format import mean_difference
from sim.comparison.labels import labels, source
from sim.outcomes import title_of, unit_of
from sim.plots import colours, style
from sim.words import named, sentence

_COLUMNS, _MOST = 4, 24
_BANDS = ((0.05, 0.95, 80), (0.25, 0.75, 50))


def chosen_series(comparisons: Sequence[Comparison]) -> str | None:
    """Of the series the user asked for the one that moved most anywhere; else the integration index, else of all."""
    first = comparisons[0]
    known = [name for name in first.timed() if name in first.pairing.series]
    if "index" in known and not first.patterns:
        return "index"
    moved = [effect for comparison in comparisons for effect in comparison.moved]
    moved.sort(key=lambda effect: -effect.size)
    most = next((name for effect in moved if (name := series_behind(effect.outcome)) in known), None)
    return most or (known[0] if first.patterns and known else None)


def draw(comparisons: Sequence[Comparison], series: str | None = None) -> Figure | None:
    """A panel a scenario; None for a single one, for more than two dozen, or where no series is known."""
    series = series or chosen_series(comparisons)
    if series is None or not 1 < len(comparisons) <= _MOST:
        return None
    against = comparisons[0].against.manifest["title"] or comparisons[0].against.name
    titles = [style.lines(label, 28, 3) for label in labels(comparisons)]
    heads = (
        f"{sentence(named(title_of(series)))} under {len(comparisons)} scenarios",
        _reading(comparisons, series),
        f"End of each year; figures: {_figures(comparisons, against)}.",
        source(comparisons),
    )
    above = 0.28 + 0.11 * max(title.count("\n") for title in titles)
    columns = min(_COLUMNS, len(comparisons))
    sheet, panels = style.panels(len(comparisons), columns, 1.05, heads, gap=0.3, above=above)
    for number, (axes, comparison, title) in enumerate(zip(panels, comparisons, titles)):
        _panel(axes, comparison, series, title)
        axes.set_ylabel(unit_of(series) if number % columns == 0 else "")
        if unit_of(series).startswith("share"):
            style.percent_axis(axes.yaxis)
    low, high = (pick(axes.get_ylim()[k] for axes in panels) for k, pick in ((0, min), (1, max)))
    for axes in panels:
        axes.set_ylim(low, high)
    parted = any(comparison.parted is not None for comparison in comparisons)
    bands = {"50 %": style.patch(colours.BANDS[50]), "90 % of histories": style.patch(colours.BANDS[80])}
    one = max(comparison.members for comparison in comparisons) == 1
    sheet.key(
        {
            **({"the one history": style.line()} if one else {"median": style.line(), **bands}),
            f"{'that' if one else 'median'} of “{against}”": style.line(colours.INK, 1.0, (0, (4, 1.5))),
        }
        | ({"first event of its own": style.line(colours.MEDIAN, 0.9, style.DOTTED)} if parted else {})
    )
    return sheet.figure


def _figures(comparisons: Sequence[Comparison], against: str) -> str:
    if max(comparison.members for comparison in comparisons) == 1:
        return f"difference from “{against}” in the last one; one pair of members has no interval"
    return f"mean difference from “{against}” in the last one, ± its 95 % interval"


def _last(comparison: Comparison, series: str):
    last = f"{series}_{comparison.pairing.years[-1]}"
    return next((each for each in comparison.effects if each.outcome == last), None)


def _reading(comparisons: Sequence[Comparison], series: str) -> str:
    found = [
        (effect, label) for each, label in zip(comparisons, labels(comparisons)) if (effect := _last(each, series))
    ]
    if not found:
        return ""
    effect, label = max(found, key=lambda pair: abs(pair[0].paired.value))
    return f"Furthest away at the end of {comparisons[0].pairing.years[-1]}: {label} ({mean_difference(effect)})."


def _panel(axes: Axes, comparison: Comparison, series: str, title: str) -> None:
    ours, theirs = comparison.pairing.yearly(series)
    branch = comparison.run.catalogue.branch / 12
    years = comparison.pairing.years + 1.0
    shown = years >= branch - 1
    years, ours, theirs = years[shown], ours[:, shown], theirs[:, shown]
    for low, high, band in _BANDS:
        axes.fill_between(years, *np.quantile(ours, (low, high), axis=0), color=colours.BANDS[band], linewidth=0)
    axes.plot(years, np.median(ours, axis=0), color=colours.MEDIAN, linewidth=1.1)
    axes.plot(years, np.median(theirs, axis=0), color=colours.INK, linewidth=1.0, linestyle=(0, (4, 1.5)))
    effect = _last(comparison, series)
    axes.set_title(title + (f"\n{mean_difference(effect)}" if effect is not None else ""))
    style.year_axis(axes, years[0], years[-1], 3)
    style.branch_line(axes, branch)
    style.change_line(axes, comparison.parted)
