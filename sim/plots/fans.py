"""Fan charts: how far histories spread over time, for trust and for the integration index with its parts."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.outcomes import SUB_INDICES, title_of
from sim.plots import style
from sim.plots.data import View, month_name

_TITLES = {
    "index": "Integration index",
    "index_treaties": "Treaties: depth signed",
    "index_trust": "Trust: mean over pairs",
    "index_institutions": "Institutions: Z",
    "index_borders": "Borders: settled × open",
    "index_process": "Regional process: R",
}
_BORDER_EVENTS = {"closure", "opening", "clash", "settlement"}
_EDGES = {95: ("q2.5", "q97.5"), 80: ("q10", "q90"), 50: ("q25", "q75")}


def draw_trust(view: View) -> Figure | None:
    """Mean and lowest trust; None where the run holds neither."""
    panels = [("trust_mean", "Mean trust over all pairs"), ("trust_minimum", "Lowest trust of one state in another")]
    held = [(name, title) for name, title in panels if view.monthly(name) is not None]
    if not held:
        return None
    figure = style.sheet(
        2.85,
        "Trust between the states",
        "Belief that the other keeps its word, as a probability; 0.5 is indifference.",
        view.source,
    )
    for column, (name, title) in enumerate(held):
        axes = style.place(figure, 0.52 + 3.38 * column, 0.82, 3.15, 1.5)
        _fan(axes, view, name)
        axes.axhline(0.5, color=style.GREY, linewidth=0.6, linestyle=":", zorder=0)
        axes.set_title(title)
        axes.set_xlabel("year")
        axes.set_ylabel("trust (probability)" if column == 0 else "")
        axes.tick_params(labelleft=column == 0)
        style.year_axis(axes, view.start, view.end, 6)
        style.branch_line(axes, view.branch)
    _fan_key(figure, view)
    return figure


def draw_index(view: View) -> Figure | None:
    """The integration index and its five sub-indices; None where the run does not hold them all."""
    names = ["index", *SUB_INDICES]
    if any(view.monthly(name) is None for name in names):
        return None
    figure = style.sheet(
        4.42,
        "Integration index and the five parts it is the mean of",
        "All on a scale from 0 to 1.  Equal values of the index may have unlike parts.",
        view.source,
    )
    for number, name in enumerate(names):
        row, column = divmod(number, 3)
        axes = style.place(figure, 0.52 + 2.22 * column, 0.82 + 1.72 * row, 2.05, 1.35)
        _fan(axes, view, name)
        axes.set_title(_TITLES.get(name, title_of(name)), weight="bold" if number == 0 else "normal")
        axes.set_xlabel("year" if row == 1 else "")
        axes.set_ylabel("index (0 to 1)" if column == 0 else "")
        axes.tick_params(labelleft=column == 0)
        if name == "index_borders" and not _BORDER_EVENTS & view.simulated_kinds:
            axes.text(
                0.03,
                0.97,
                "as documented,\nnot simulated",
                transform=axes.transAxes,
                ha="left",
                va="top",
                size=style.SMALL,
                color=style.GREY,
            )
        style.year_axis(axes, view.start, view.end, 5)
        style.branch_line(axes, view.branch)
    _fan_key(figure, view)
    return figure


def _fan(axes: Axes, view: View, series: str) -> None:
    """Bands and median of a series; grey while the record is replayed."""
    found = view.monthly(series)
    years = found["year"]
    replayed, simulated = years < view.branch - 1e-9, years > view.branch - 1 / 12 - 1e-9
    for chosen, colours in ((replayed, style.REPLAYED), (simulated, style.BANDS)):
        for band, (low, high) in _EDGES.items():
            if chosen.sum() > 1 and np.nanmax(found[high][chosen] - found[low][chosen]) > 0.002:
                axes.fill_between(
                    years[chosen], found[low][chosen], found[high][chosen], color=colours[band], linewidth=0
                )
    axes.plot(years[replayed], found["q50"][replayed], color=style.GREY, linewidth=1.0)
    axes.plot(years[simulated], found["q50"][simulated], color=style.MEDIAN, linewidth=1.0, clip_on=False)
    axes.set_ylim(0, 1)
    axes.set_yticks(np.linspace(0, 1, 5), ["0", "0.25", "0.5", "0.75", "1"])


def _fan_key(figure: Figure, view: View) -> None:
    handles = [Line2D([], [], color=style.MEDIAN, linewidth=1.0)]
    handles += [Patch(color=style.BANDS[band], linewidth=0) for band in (50, 80, 95)]
    labels = ["median", "50 %", "80 %", "95 % of histories"]
    if view.start < view.branch < view.end:
        handles += [
            Line2D([], [], color=style.GREY, linewidth=1.0),
            Line2D([], [], color=style.INK, linewidth=0.7, linestyle=(0, (4, 2))),
        ]
        labels += ["record replayed", f"simulated from {month_name(view.branch)}"]
    style.key(figure, 0.47, handles, labels)
