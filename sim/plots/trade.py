"""Trade: the pair with the goal and the region against data, shares, partners, and who gains."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from sim.outcomes.trade import (
    GOAL_YEARS,
    NO_GAIN,
    documented_panel,
    documented_trade,
    goal_chances,
    has_trade,
    partners,
)
from sim.outcomes.view import EDGES, View, quantiles
from sim.plots import colours, style
from sim.plots.axes import boxes
from sim.words import in_letters, listed, named, signed

_OUTSIDE = "all others"
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


def draw_levels(view: View) -> Figure | None:
    """Trade of the pair with the goal, and intra-regional trade; None for a run without trade."""
    if not has_trade(view):
        return None
    panel, region = documented_panel(view), view.catalogue.region
    axis, core, goal, many = region.axis, region.core, region.goal, in_letters(len(region.core))
    shown = [
        (f"trade.{axis}", named(axis), (axis,)),
        ("trade_regional", f"The {many} with each other", [n for n in panel.names if set(n.split("-")) <= set(core)]),
    ]
    note = (
        f"Both ways, billion dollars of the year, logarithmic scale.  The {many}: {listed([named(s) for s in core])}."
        f"  {_prices(view)}{_over_gdp(view)}  Data: docs/trade.md."
    )
    title = f"Trade of {named(axis)} and of the {many} with each other"
    sheet, axes_of = style.panels(2, 2, 1.65, (title, _goal(view), note, view.source), gap=0.35)
    for axes, (name, title, pairs) in zip(axes_of, shown):
        _fan(axes, view, view.yearly(name))
        years, usd = documented_trade(panel, pairs)
        inside = (years > view.start) & (years < view.end)
        axes.plot(years[inside], usd[inside], linestyle="", marker="o", markersize=2.4, color=colours.RECORD, zorder=5)
        log_ticks(axes)
        axes.set_title(title)
        axes.tick_params(labelleft=True)
    axes_of[0].set_ylabel("billion dollars of the year")
    axes_of[0].axhline(goal, color=colours.INK, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=3)
    style.beside(axes_of[0], f"{goal:.0f} billion", view.start + 0.5, goal, 0, 5)
    sheet.key({**style.fan_names(view), "documented": style.mark("o", 2.4)})
    return sheet.figure


def _prices(view: View) -> str:
    """What the other unit of money is worth in the last year."""
    year, level = view.years[-1], float(np.median(view.yearly("deflator")[:, -1]))
    return f"A dollar of 2021 is {level:.2f} dollars of {year} in the median history."


def _over_gdp(view: View) -> str:
    """Trade with the other states over GDP in the last year, from the least to the most open state."""
    year, states = view.years[-1], view.catalogue.states
    found = np.stack([view.yearly(f"trade_gdp.{state}")[:, -1] for state in states], axis=1)
    if not np.isfinite(found).all():
        return ""
    middle, high = 100 * np.median(found, axis=0), 100 * np.quantile(found, 0.9, axis=0)
    low, most = int(middle.argmin()), int(middle.argmax())
    above = f", above {high[low]:.0f} and {high[most]:.0f} % in a tenth of the histories" if view.n_members > 1 else ""
    return (
        f"  Trade with the others over GDP in {year}: {middle[low]:.0f} % ({named(states[low])}) to "
        f"{middle[most]:.0f} % ({named(states[most])}){above}."
    )


def draw_shares(view: View) -> Figure | None:
    """Share of each state's trade that is with the other five; None for a run without trade."""
    if not has_trade(view):
        return None
    found = {state: view.yearly(f"trade_share.{state}") for state in view.catalogue.states}
    if not all(np.isfinite(values).all(axis=0).any() for values in found.values()):
        return None  # trade with the rest of the world is on record from 2000 on, too late for this branch
    medians = {state: float(np.median(values[:, -1])) for state, values in found.items()}
    most = max(medians, key=medians.get)
    sheet, panels = style.panels(
        len(found),
        3,
        1.2,
        (
            "How much of each state's trade is with the other five",
            f"In {view.years[-1]} {named(most)} trades most within the six: {100 * medians[most]:.0f} % of its trade "
            "in the median history.",
            "Share of the trade in goods.  It also rises when trade with the rest of the world falls.",
            view.source,
        ),
    )
    known = [values[:, np.isfinite(values).all(axis=0)] for values in found.values()]
    top = np.ceil(20 * max(float(np.quantile(values, 0.975, axis=0).max()) for values in known)) / 20
    for axes, (state, values) in zip(panels, found.items()):
        _fan(axes, view, values)
        axes.set_ylim(0, top)
        style.percent_axis(axes.yaxis)
        axes.set_title(named(state))
    for axes in panels[::3]:
        axes.set_ylabel("share of trade")
    sheet.key(style.fan_names(view))
    return sheet.figure


def _fan(axes: Axes, view: View, values: np.ndarray) -> None:
    known = np.isfinite(values).all(axis=0)
    style.fan_over_time(axes, view, view.year_middles[known], quantiles(values[:, known]))
    style.span(axes, view, 6)


def log_ticks(axes: Axes) -> None:
    """A logarithmic scale whose ticks are plain numbers."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def _goal(view: View) -> str:
    """The chance of the goal in words."""
    parts, region = [], view.catalogue.region
    for year in GOAL_YEARS:
        if f"trade.{region.axis}_{year}" in view.members and year >= view.branch:
            found = goal_chances(view, year)
            parts.append(
                f"by the end of {year} in {style.percent(found['by'].value)} % of the histories (and stands there in "
                f"that year in {style.percent(found['in'].value)} %)"
            )
    return f"{named(region.axis)} reaches {region.goal:.0f} billion {listed(parts)}." if parts else ""


def draw_partners(view: View) -> Figure | None:
    """Trade of every two states, and of each with all others, in two years; None for a run without trade."""
    if not has_trade(view) or view.years.size < 2:
        return None
    recorded = documented_trade(documented_panel(view), (view.catalogue.region.axis,))[0]
    latest = min(view.catalogue.branch // 12 - 1, int(recorded[-1]) if recorded.size else view.years[-2])
    years = (int(np.clip(latest, view.years[0], view.years[-2])), int(view.years[-1]))
    tables, states = [partners(view, year) for year in years], view.catalogue.states
    row, column = np.unravel_index(np.nanargmax(tables[1][:, :-1]), (len(states), len(states)))
    sizes = " and ".join(f"{_figure(table[row, column])} billion in {year}" for table, year in zip(tables, years))
    sheet = style.Sheet(
        2.95,
        f"Who trades with whom, {years[0]} and {years[1]}",
        f"Most trade: {named(states[row])} with {named(states[column])}, {sizes}.",
        f"Median of the histories, both ways, billion dollars in prices of 2021.  {_prices(view)}  "
        "The darker, the more, on one scale for all runs.  Empty: no figure.",
        view.source,
        keys=0,
    )
    for column, (year, table) in enumerate(zip(years, tables)):
        axes = sheet.place(0.5 + 3.45 * column, 0.32, 3.15, 2.6)
        _matrix(axes, states, table)
        axes.set_title(f"{year}, {'record' if year < view.catalogue.branch // 12 else 'simulated'}", pad=14)
    return sheet.figure


def _matrix(axes: Axes, states: tuple[str, ...], table: np.ndarray) -> None:
    """Cells with their figures on one scale for all runs; the last column stands apart: it is of another size."""
    norm, scale, wide = LogNorm(0.01, 50, clip=True), style.scale(colours.TRADE), len(states)
    cells, shades = [], []
    for (row, column), value in np.ndenumerate(table):
        if np.isfinite(value):
            left, shade = column + 0.35 * (column == wide), 0.0 if column == wide else float(norm(value))
            cells.append([(left, row), (left + 1, row), (left + 1, row + 1), (left, row + 1)])
            shades.append(shade)
            ink = "white" if shade > 0.62 else colours.INK
            axes.text(left + 0.5, row + 0.5, _figure(value), ha="center", va="center", size=style.LABEL, color=ink)
    look = {"facecolors": scale(shades), "edgecolors": colours.FAINT, "linewidths": 0.6}
    axes.add_collection(PolyCollection(cells, **look), autolim=False)
    axes.set_xlim(0, wide + 1.35)
    axes.set_ylim(wide, 0)
    axes.set_xticks([*(k + 0.5 for k in range(wide)), wide + 0.85], [*states, _OUTSIDE])
    axes.set_yticks([k + 0.5 for k in range(wide)], states)
    axes.tick_params(labelsize=style.LABEL, labeltop=True, labelbottom=False)
    style.bare(axes)


def _figure(value: float) -> str:
    """Two digits, and nothing that was there rounded to nothing."""
    if value < 0.005:
        return "<0.01"
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.995 else f"{value:.2f}"


def draw_gains(view: View) -> Figure | None:
    """Gains per state in the last year with their equity; None where nobody gains or loses enough to say."""
    if not has_trade(view):
        return None
    states, year = view.catalogue.states, view.years[-1]
    gains = np.stack([view.yearly(f"integration_gain.{state}")[:, -1] for state in states], axis=1)
    if np.abs(np.quantile(gains, (0.025, 0.975), axis=0)).max() < NO_GAIN:
        return None
    found, middle, mean = quantiles(100 * gains), 100 * np.median(gains, axis=0), 100 * gains.mean(axis=0)
    best, worst = int(mean.argmax()), int(mean.argmin())
    largest = "Largest gain" if view.n_members == 1 else "Largest mean gain"
    sheet = style.Sheet(
        1.75,
        f"What integration is worth to each state, {year}",
        f"{largest}: {named(states[best])} ({signed(mean[best])} % of income); smallest: "
        f"{named(states[worst])} ({signed(mean[worst])} %).{_equity(view, year)}",
        f"Per cent of income against {year} without agreements, routes or opened borders among the six.  "
        "Elasticity 5 on GDP; elasticity 7 on gross output gives about 0.4 of it, elasticity 4 on GDP 1.25.",
        view.source,
    )
    axes, places = sheet.place(0.5, 0.1, style.WIDTH - 0.7, 1.35), np.arange(len(states))
    for band, (low, high) in EDGES.items():
        boxes(axes, places - 0.25, places + 0.25, found[low], found[high], colours.BANDS[band])
    axes.hlines(middle, places - 0.25, places + 0.25, color=colours.MEDIAN, linewidth=1.4)
    axes.plot(places, mean, linestyle="", marker="D", markersize=3.2, color=colours.INK)
    axes.axhline(0, color=colours.GREY, linewidth=0.6)
    axes.use_sticky_edges = False
    axes.margins(y=0.08)
    axes.set_xticks(places, [named(state) for state in states])
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("gain, % of income")
    mean = {"mean": style.mark("D", 3.2, colours.INK, colours.INK)} if view.n_members > 1 else {}
    sheet.key({**style.fan_bands(view), **mean})
    return sheet.figure


def _equity(view: View, year: int) -> str:
    """How evenly the gains fall, where any state gains or loses."""
    uneven = view.members[f"gain_gini_{year}"]
    known = uneven[np.isfinite(uneven)]
    if not known.size:
        return ""
    shared = [(state, 1e3 * float(np.mean(view.members[f"shapley.{state}_{year}"]))) for state in view.catalogue.states]
    fair = ", ".join(f"{named(state)} {round(worth)}" for state, worth in shared)
    return f"  Gini: {np.median(known):.2f}.  Shapley values, million dollars of 2019 a year: {fair}."
