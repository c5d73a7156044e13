"""Who trades with whom, before and after, and who gains from what changed."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure

from sim.plots import style
from sim.plots.data import View
from sim.plots.trade import EDGES, has_trade

_OUTSIDE = "all others"
# white to the blue of medians; black print stays readable up to the middle, white from there on
_COLOURS = LinearSegmentedColormap.from_list("trade", ["#ffffff", "#9dc3e1", "#12355b"])


def draw_partners(view: View) -> Figure | None:
    """Trade of every two states, and of each with all others, in two years; None for a run without trade."""
    years = view.catalogue.years
    if not has_trade(view) or len(years) < 2:
        return None
    before = min(max(view.catalogue.branch // 12 - 1, years[0]), years[-2])
    figure = style.sheet(
        3.95,
        f"Who trades with whom, {before} and {years[-1]}",
        "Median of the histories, both ways, billion USD in prices of 2021; the darker, the more.  Empty: no figure.",
        view.source,
    )
    tables = [_table(view, year) for year in (before, years[-1])]
    top = max(np.nanmax(table[:, :-1]) for table in tables)
    for column, (year, table) in enumerate(zip((before, years[-1]), tables)):
        axes = style.place(figure, 0.5 + 3.45 * column, 0.95, 3.15, 2.6)
        _matrix(axes, view.catalogue.states, table, top)
        axes.set_title(str(year), pad=14)
    return figure


def _table(view: View, year: int) -> np.ndarray:
    """(state, state and all others), median trade of a year, billion 2021 USD; nan where unknown."""
    states, at = view.catalogue.states, view.catalogue.years.index(year)
    prices = view.yearly("deflator")[:, at]
    found = np.full((len(states), len(states) + 1), np.nan)
    for dyad in view.catalogue.dyads:
        a, b = (states.index(name) for name in dyad.split("-"))
        found[a, b] = found[b, a] = np.median(view.yearly(f"trade.{dyad}")[:, at] / prices)
    for k, state in enumerate(states):
        share = np.median(view.yearly(f"trade_share.{state}")[:, at])
        found[k, -1] = np.nansum(found[k, :-1]) * (1 / share - 1) if share > 0 else np.nan
    return found


def _matrix(axes: Axes, states: tuple[str, ...], table: np.ndarray, top: float) -> None:
    """Cells with their figures; the last column stands apart, since it is of another size."""
    norm = LogNorm(0.01, max(top, 0.02))
    wide = len(states)
    for (row, column), value in np.ndenumerate(table):
        left = column + (0.35 if column == wide else 0.0)
        if not np.isfinite(value):
            continue
        shade = min(max(float(norm(max(value, 0.0101))), 0.0), 1.0)
        face = "#ffffff" if column == wide else _COLOURS(shade)
        axes.add_patch(_cell(left, row, face))
        ink = "white" if column != wide and shade > 0.62 else style.INK
        axes.text(left + 0.5, row + 0.5, _figure(value), ha="center", va="center", size=style.LABEL, color=ink)
    axes.set_xlim(0, wide + 1.35)
    axes.set_ylim(wide, 0)
    axes.set_xticks([*(k + 0.5 for k in range(wide)), wide + 0.85], [*states, _OUTSIDE])
    axes.set_yticks([k + 0.5 for k in range(wide)], states)
    axes.tick_params(length=0, labelsize=style.LABEL, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[["left", "bottom"]].set_visible(False)


def _figure(value: float) -> str:
    """Two digits, and nothing that was there rounded to nothing."""
    if value < 0.005:
        return "<0.01"
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.995 else f"{value:.2f}"


def _cell(left: float, top: float, face):
    from matplotlib.patches import Rectangle

    return Rectangle((left, top), 1.0, 1.0, facecolor=face, edgecolor=style.FAINT, linewidth=0.6)


def draw_gains(view: View) -> Figure | None:
    """Gains per state in the last year with their equity; None where nothing changed what trade costs."""
    if not has_trade(view):
        return None
    states, year = view.catalogue.states, view.catalogue.years[-1]
    gains = np.stack([view.yearly(f"gain.{state}")[:, -1] for state in states], axis=1) * 100
    if not np.any(np.abs(gains) > 1e-6):
        return None
    figure = style.sheet(
        2.9,
        f"What changed trade costs are worth to each state, {year}",
        f"Per cent of income against {year} with the borders, tariffs and routes of the branch.\n"
        "Elasticity 5, GDP as the basis; elasticity 7 on gross output is about 0.4 of it, 4 is 1.25.",
        view.source,
    )
    axes = style.place(figure, 0.5, 1.0, 4.6, 1.35)
    for band, edges in EDGES.items():
        low, high = np.quantile(gains, edges, axis=0)
        axes.bar(range(len(states)), high - low, 0.62, low, color=style.BANDS[band], linewidth=0)
    axes.hlines(
        np.median(gains, axis=0),
        np.arange(len(states)) - 0.31,
        np.arange(len(states)) + 0.31,
        color=style.MEDIAN,
        linewidth=1.4,
    )
    axes.plot(range(len(states)), gains.mean(axis=0), linestyle="", marker="D", markersize=3.2, color=style.INK)
    axes.axhline(0, color=style.GREY, linewidth=0.6)
    axes.use_sticky_edges = False
    axes.margins(y=0.08)
    axes.set_xticks(range(len(states)), states)
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("gain, % of income")
    _equity(figure, view, gains.mean(axis=0), year)
    return figure


def _equity(figure: Figure, view: View, mean: np.ndarray, year: int) -> None:
    """How evenly the gains fall, in words beside the bars."""
    uneven = view.members[f"gain_gini_{year}"]
    some = np.isfinite(uneven)
    states = view.catalogue.states
    order = np.argsort(mean)
    lines = [
        "Bands: 50, 80, 95 % of histories",
        "Line: median.  Diamond: mean",
        "",
        f"Gains most: {states[order[-1]]}, {round(mean[order[-1]], 2) + 0.0:.2f} %",
        f"Gains least: {states[order[0]]}, {round(mean[order[0]], 2) + 0.0:.2f} %",
    ]
    if some.any():
        lines += [
            f"Gini of the six: {np.median(uneven[some]):.2f}",
            f"(median of {100 * some.mean():.0f} % of histories,",
            "where gains exceed losses)",
        ]
    wide, high = figure.get_size_inches()
    figure.text(5.35 / wide, 1 - 1.1 / high, "\n".join(lines), size=style.LABEL, va="top", linespacing=1.5)
