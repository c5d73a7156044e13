"""Water disputes: by pair, by intensity and over time, beside the recorded ones."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.facts.river_rows import seen_share
from sim.outcomes import record
from sim.outcomes.view import View
from sim.outcomes.water import LEVELS, simulated_years
from sim.plots import colours, style
from sim.plots.axes import boxes
from sim.words import named

_WORDS = {
    1: "mild words",
    2: "strong words",
    3: "diplomatic, economic acts",
    4: "political, military threats",
    5: "small military acts",
}
_LEAST = 0.05  # disputes per ten years: pairs below it are summed up in words


def draw(view: View) -> Figure | None:
    """Bars with intervals and a line of years; None for a run without disputes among its outcomes."""
    pairs = view.catalogue.region.disputes
    columns = [*(f"disputes.{pair}" for pair in pairs), *(f"disputes_grave.{level}" for level in LEVELS)]
    if not pairs or not all(column in view.members for column in columns):
        return None
    facts, years = [row for row in view.rivers.disputes if row.is_dispute], view.record_end - record.FIRST_YEAR
    likely = {row.id: 1.0 / seen_share(view.rivers.reporting, row.date.year) for row in facts}
    known = {pair: sum(likely[row.id] for row in facts if f"{row.downstream}-{row.upstream}" == pair) for pair in pairs}
    means = {pair: 10 * float(view.members[f"disputes.{pair}"].mean()) for pair in pairs}
    shown = sorted((p for p in pairs if means[p] >= _LEAST or known[p]), key=lambda pair: -means[pair])
    rest = sum(means[pair] for pair in pairs if pair not in shown)
    said = f"The other {len(pairs) - len(shown)} pairs: {rest:.2f} together.  " if len(shown) < len(pairs) else ""
    sheet = style.Sheet(
        2.9,
        "Water disputes of states downstream with those upstream",
        _reading(view, shown[0] if shown else pairs[0]),
        f"Bars: disputes per ten years, reported or not, mean of the histories.  {said}{len(facts)} disputes are on "
        f"record in {years:.0f} years; recorded rates allow for what its reporting misses, as judged by hand: "
        f"{sum(likely.values()):.0f} in all.",
        view.source,
    )
    left = sheet.place(1.85, 0.17, 1.85, 2.45)
    _bars(
        left,
        view,
        [f"disputes.{pair}" for pair in shown],
        [_pair(pair) for pair in shown],
        [10 * known[pair] / years for pair in shown],
    )
    left.set_title("By pair: downstream with upstream", x=-0.9)
    upper = sheet.place(5.5, 0.17, 1.55, 0.95)
    _bars(
        upper,
        view,
        [f"disputes_grave.{level}" for level in LEVELS],
        [_WORDS[level] for level in LEVELS],
        [10 * sum(likely[row.id] for row in facts if round(row.intensity) == -level) / years for level in LEVELS],
    )
    upper.set_title("By intensity (basins-at-risk scale, −1 to −5)", x=-0.95)
    _over_years(sheet.place(4.1, 1.65, 2.95, 0.97), view)
    bars = style.patch(colours.BANDS[50])
    several = {"mean of histories": bars, "middle 80 % of histories": style.line(colours.MEDIAN, 0.9)}
    sheet.key(
        {
            **(several if view.n_members > 1 else {"the one history": bars}),
            "recorded rate, unreported allowed for": style.mark(),
            "recorded dispute": style.mark("v", 4),
            **style.branch_names(view),
        }
    )
    return sheet.figure


def _pair(pair: str) -> str:
    return " with ".join(named(state) for state in pair.split("-"))


def _reading(view: View, most: str) -> str:
    counts = np.rint(view.members["disputes_all"] * simulated_years(view.catalogue))
    low, high = np.quantile(counts, (0.1, 0.9), method="inverted_cdf")
    middle = f" (middle 80 %: {low:.0f} to {high:.0f})" if view.n_members > 1 else ""
    return (
        f"In {simulated_years(view.catalogue):.1f} simulated years a history has {counts.mean():.1f} disputes{middle}, "
        f"most of {_pair(most)}."
    )


def _bars(axes: Axes, view: View, columns: list[str], names: list[str], recorded: list[float]) -> None:
    """Means as bars with their figures, the middle 80 % of histories as lines, recorded rates as marks."""
    places = np.arange(len(columns))
    values = 10 * np.stack([view.members[column] for column in columns])
    low, high = np.quantile(values, (0.1, 0.9), axis=1)
    mean = values.mean(axis=1)
    boxes(axes, 0, mean, places - 0.31, places + 0.31, colours.BANDS[50])
    axes.hlines(places, low, high, color=colours.MEDIAN, linewidth=0.9, zorder=3)
    for place, rate, column in zip(places, recorded, columns):
        if rate > 0:
            style.put(axes, style.mark(), rate, place, f"recorded {column}")
    axes.set_ylim(len(columns) - 0.5, -0.5)
    axes.set_yticks(places, [f"{name}  {rate:.2f}" for name, rate in zip(names, mean)])
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 1.06 * max(float(high.max()), float(mean.max()), *recorded, 0.1))
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel("disputes per ten years")


def _over_years(axes: Axes, view: View) -> None:
    """Mean number of every simulated year, and the dates of recorded disputes."""
    rate = view.rate_by_year(view.simulated("dispute"))
    middle, width = view.bars_of_years(view.years)
    boxes(axes, middle - width / 2, middle + width / 2, 0, rate, colours.BANDS[50])
    top = 1.25 * max(float(rate.max(initial=0)), 0.05)
    for row in view.rivers.disputes:
        when = record.as_year(row.date)
        if row.is_dispute and view.start <= when < view.end:
            style.put(axes, style.mark("v", 4), when, 0.94 * top, f"recorded {row.id}")
    axes.set_ylim(0, top)
    axes.set_title("All pairs, year by year")
    axes.set_ylabel("a year")
    style.span(axes, view, 6)
