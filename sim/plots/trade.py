"""Trade over time: the pair with the goal and the region against data, and how regional each state's trade is."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.facts import load_trade_facts
from sim.facts.trade_panel import TradePanel, trade_panel
from sim.facts.trade_rows import READINGS
from sim.outcomes import probability, probability_by
from sim.outcomes.trade import AXIS, GOAL, GOAL_YEARS
from sim.plots import style
from sim.plots.data import View, month_name

_FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
EDGES = {95: (0.025, 0.975), 80: (0.1, 0.9), 50: (0.25, 0.75)}


def has_trade(view: View) -> bool:
    """Whether the run holds trade."""
    return f"goal_month.{AXIS}" in view.members


def panel_of(view: View) -> TradePanel:
    """Documented trade under the reading that the run uses."""
    parameters: Mapping = view.run.manifest.get("resolved", {}).get("parameters", {})
    return trade_panel(load_trade_facts(view.facts.record), str(parameters.get("trade.reading", READINGS[0])))


def draw_levels(view: View) -> Figure | None:
    """Trade of the pair with the goal, and intra-regional trade; None for a run without trade."""
    if not has_trade(view):
        return None
    figure = style.sheet(
        3.45,
        f"Trade of {AXIS} and of the five with each other",
        "Both ways, billion current USD a year, on a logarithmic scale.\n" + _chances(view),
        view.source + ". Data: docs/trade.md.",
    )
    panel = panel_of(view)
    shown = [
        (f"trade.{AXIS}", AXIS, (AXIS,)),
        (
            "trade_regional",
            "Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan, Uzbekistan",
            tuple(n for n in panel.names if set(n.split("-")) <= set(_FIVE)),
        ),
    ]
    for column, (name, title, pairs) in enumerate(shown):
        axes = style.place(figure, 0.5 + 3.45 * column, 1.22, 3.05, 1.65)
        fan(axes, view, view.yearly(name))
        years, usd = _documented(panel, pairs)
        axes.plot(years, usd, linestyle="", marker="o", markersize=2.4, color=style.RECORD, zorder=5)
        axes.set_yscale("log")
        _plain_ticks(axes)
        axes.set_title(title)
        axes.set_xlabel("year")
        axes.set_ylabel("billion current USD" if column == 0 else "")
        if column == 0:
            axes.axhline(GOAL, color=style.INK, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=3)
            axes.annotate(
                f"{GOAL:.0f} billion",
                (view.start + 0.5, GOAL),
                xytext=(0, 2),
                size=style.SMALL,
                textcoords="offset points",
            )
        style.year_axis(axes, view.start, view.end, 6)
        style.branch_line(axes, view.branch)
    _key(figure, view, 0.95, data=True)
    return figure


def draw_shares(view: View) -> Figure | None:
    """Share of each state's trade that is with the other five; None for a run without trade."""
    if not has_trade(view):
        return None
    found = {state: view.yearly(f"trade_share.{state}") for state in view.catalogue.states}
    if not all(np.isfinite(values).all(axis=0).any() for values in found.values()):
        return None  # trade with the rest of the world is on record from 2000 on, too late for this branch
    figure = style.sheet(
        4.4,
        "How much of each state's trade is with the other five",
        "Share of the trade in goods.  It also rises when trade with the rest of the world falls.",
        view.source,
    )
    top = max(
        float(np.quantile(values[:, np.isfinite(values).all(axis=0)], 0.975, axis=0).max()) for values in found.values()
    )
    for number, (state, values) in enumerate(found.items()):
        row, column = divmod(number, 3)
        axes = style.place(figure, 0.55 + 2.25 * column, 0.92 + 1.65 * row, 1.95, 1.2)
        fan(axes, view, values)
        axes.set_ylim(0, np.ceil(top * 20) / 20)
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        axes.set_title(state)
        axes.set_xlabel("year" if row == 1 else "")
        axes.set_ylabel("share of trade" if column == 0 else "")
        style.year_axis(axes, view.start, view.end, 5)
        style.branch_line(axes, view.branch)
    _key(figure, view, 0.5)
    return figure


def fan(axes: Axes, view: View, values: np.ndarray) -> None:
    """Bands and median over members of a yearly series, (m, years); grey while the record is replayed."""
    years = np.asarray(view.catalogue.years, float) + 0.5
    known = np.isfinite(values).all(axis=0)
    split = view.catalogue.branch // 12
    replayed = known & (years < split)
    # the simulated bands open at the last documented year
    simulated = known & (years > split - 1)
    for chosen, colours in ((replayed, style.REPLAYED), (simulated, style.BANDS)):
        if chosen.sum() < 2:
            continue
        for band, edges in EDGES.items():
            low, high = np.quantile(values[:, chosen], edges, axis=0)
            axes.fill_between(years[chosen], low, high, color=colours[band], linewidth=0)
    axes.plot(years[known], np.median(values[:, known], axis=0), color=style.MEDIAN, linewidth=1.0)


def _documented(panel: TradePanel, pairs: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Middle of the year and trade in billion current USD, summed over the pairs that have a figure that year."""
    rows = [panel.pair(name) for name in pairs]
    usd = np.nansum(panel.trade_usd[rows], axis=0) * panel.deflator / 1e9
    some = np.isfinite(panel.trade_usd[rows]).any(axis=0)
    return panel.years[some] + 0.5, usd[some]


def _chances(view: View) -> str:
    """The chance of the goal in words."""
    parts = []
    for year in GOAL_YEARS:
        column = f"trade.{AXIS}_{year}"
        if column in view.members and year >= view.branch:
            there = probability(int((view.members[column] >= GOAL).sum()), view.n_members)
            come = probability_by(view.members[f"goal_month.{AXIS}"], year)
            parts.append(f"by {year} in {100 * come.value:.0f} % of histories ({100 * there.value:.0f} % in the year)")
    return f"{AXIS} comes to {GOAL:.0f} billion {', '.join(parts)}." if parts else ""


def _plain_ticks(axes: Axes) -> None:
    low, high = axes.get_ylim()
    ticks = [tick for tick in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if low <= tick <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def _key(figure: Figure, view: View, top: float, data: bool = False) -> None:
    handles = [Line2D([], [], color=style.MEDIAN, linewidth=1.0)]
    handles += [Patch(color=style.BANDS[band], linewidth=0) for band in (50, 80, 95)]
    labels = ["median", "50 %", "80 %", "95 % of histories"]
    if data:
        handles.append(Line2D([], [], linestyle="", marker="o", markersize=2.4, color=style.RECORD))
        labels.append("documented")
    if view.start < view.branch < view.end:
        handles.append(Line2D([], [], color=style.INK, linewidth=0.7, linestyle=(0, (4, 2))))
        labels.append(f"simulated from {month_name(view.branch)}")
    style.key(figure, top, handles, labels)
