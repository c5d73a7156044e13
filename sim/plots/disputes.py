"""Water disputes a year: by pair, by intensity and over time, beside the recorded ones."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.outcomes.water import AFGHANISTAN, LEVELS, PAIRS, simulated_years
from sim.plots import style
from sim.plots.data import View, month_name
from sim.plots.events import Happenings, happenings
from sim.plots.observed import as_year
from sim.plots.rivers import dot, river_facts

_WORDS = {
    1: "mild words",
    2: "strong words",
    3: "diplomatic, economic acts",
    4: "political, military threats",
    5: "small military acts",
}
_FIRST_YEAR = 1992.0


def draw(view: View) -> Figure | None:
    """Bars with intervals and a line of years; None for a run without disputes among its outcomes."""
    columns = [*(f"disputes.{pair}" for pair in PAIRS), *(f"disputes_grave.{level}" for level in LEVELS)]
    if not all(column in view.members for column in columns):
        return None
    since = month_name(view.branch)
    figure = style.sheet(
        4.5,
        "Water disputes of states downstream with those upstream",
        f"Disputes a year since {since}, mean of {view.n_members:,} histories; recorded: number since "
        f"1992 over years ({_recorded_years(view):.1f}).",
        view.source,
    )
    left = style.place(figure, 0.85, 1.02, 2.75, 2.95)
    _bars(
        left,
        view,
        [f"disputes.{pair}" for pair in PAIRS],
        [pair.replace("-", " with ") for pair in PAIRS],
        _recorded_by_pair(view),
    )
    left.set_title("By pair")
    upper = style.place(figure, 5.1, 1.02, 1.95, 1.05)
    _bars(
        upper,
        view,
        [f"disputes_grave.{level}" for level in LEVELS],
        [f"\u2212{level} {_WORDS[level]}" for level in LEVELS],
        _recorded_by_level(view),
    )
    upper.set_title("By intensity (BAR scale)")
    _over_years(style.place(figure, 4.1, 2.68, 2.95, 1.29), view)
    _key(figure, simulated_years(view.catalogue))
    return figure


def _recorded_years(view: View) -> float:
    return view.record_end - _FIRST_YEAR


def _recorded_by_pair(view: View) -> list[float]:
    rows = river_facts().disputes
    return [sum(f"{row.downstream}-{row.upstream}" == pair for row in rows) / _recorded_years(view) for pair in PAIRS]


def _recorded_by_level(view: View) -> list[float]:
    rows = river_facts().disputes
    return [sum(round(row.intensity) == -level for row in rows) / _recorded_years(view) for level in LEVELS]


def _bars(axes: Axes, view: View, columns: list[str], names: list[str], recorded: list[float]) -> None:
    """Means as bars, the middle 80 % of histories as lines, recorded rates as marks where there are any."""
    places = np.arange(len(columns))
    values = np.stack([view.members[column] for column in columns])
    low, high = np.quantile(values, (0.1, 0.9), axis=1)
    axes.barh(places, values.mean(axis=1), 0.62, color=style.BANDS[50], linewidth=0)
    axes.hlines(places, low, high, color=style.MEDIAN, linewidth=0.9, zorder=3)
    for place, rate, column in zip(places, recorded, columns):
        if rate > 0:
            mark = dot()
            mark.set_data([rate], [place])
            mark.set(zorder=5, clip_on=False, gid=f"recorded {column}")
            axes.add_line(mark)
    axes.set_ylim(len(columns) - 0.5, -0.5)
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 1.06 * max(float(high.max()), float(values.mean(axis=1).max()), *recorded, 0.01))
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel("disputes a year")


def by_year(view: View, found: Happenings) -> np.ndarray:
    """Mean number over histories in each simulated year of the run, (years,)."""
    years = view.catalogue.years
    counts = np.bincount(found.simulated.year - years[0], minlength=len(years)).astype(float)
    return counts / max(view.n_members, 1)


def _over_years(axes: Axes, view: View) -> None:
    """Mean number of every simulated year, and the dates of recorded disputes."""
    years = np.asarray(view.catalogue.years, float)
    simulated = years + 1 > view.branch + 1e-9
    rate = by_year(view, happenings(view, "dispute"))
    part = np.clip(years + 1 - view.branch, 1 / 12, 1)  # of the first year only some months are simulated
    axes.bar(years[simulated] + 0.5, (rate / part)[simulated], 0.85, color=style.BANDS[50], linewidth=0)
    top = 1.25 * max(float((rate / part)[simulated].max(initial=0)), 0.05)
    for row in river_facts().disputes:
        when = as_year(row.date)
        if view.start <= when < view.end:
            mark = dot(size=4, marker="v")
            mark.set_data([when], [0.94 * top])
            mark.set(zorder=5, gid=f"recorded {row.id}")
            axes.add_line(mark)
    axes.set_ylim(0, top)
    axes.set_title("All pairs, year by year")
    axes.set_ylabel("disputes a year")
    style.year_axis(axes, view.start, view.end, 6)
    style.branch_line(axes, view.branch)


def _key(figure: Figure, years: float) -> None:
    handles = [
        Patch(color=style.BANDS[50], linewidth=0),
        Line2D([], [], color=style.MEDIAN, linewidth=0.9),
        dot(),
        dot(size=4, marker="v"),
    ]
    style.key(figure, 0.47, handles, ["mean of histories", "80 % of histories", "recorded rate", "recorded dispute"])
    figure.text(
        0.08 / style.WIDTH,
        1 - 0.63 / figure.get_size_inches()[1],
        f"One dispute in a history is {1 / years:.3f} a year. Few are on record: the level is known to a "
        f"factor of three at best, differences between runs far better.  {AFGHANISTAN}: Afghanistan.",
        size=style.SMALL,
        color=style.GREY,
        va="top",
    )
