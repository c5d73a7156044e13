"""Fan charts: how far histories spread over time, for trust and for the integration index with its parts."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes import SUB_INDICES
from sim.outcomes.view import View
from sim.plots import colours, style

_TITLES = {
    "trust_mean": "Mean trust over all pairs",
    "trust_minimum": "Lowest trust of one state in another",
    "index": "Integration index",
    "index_treaties": "Treaties: depth signed",
    "index_trust": "Trust: mean over pairs",
    "index_institutions": "Institutions: Z",
    "index_borders": "Borders: settled × open",
    "index_process": "Regional process: R",
}
_BORDER_EVENTS = {"closure", "opening", "clash", "settlement"}


def draw_trust(view: View) -> Figure | None:
    """Mean and lowest trust; None where the run holds neither."""
    held = [name for name in ("trust_mean", "trust_minimum") if view.monthly(name) is not None]
    if not held:
        return None
    note = "Belief that the other keeps its word, as a probability; dotted: 0.5, indifference."
    sheet, panels = style.panels(2, 2, 1.5, ("Trust between the states", _change(view, held[0]), note, view.source))
    for axes, name in zip(panels, held):
        _fan(axes, view, name)
        axes.axhline(0.5, color=colours.GREY, linewidth=0.6, linestyle=":", zorder=0)
    panels[0].set_ylabel("trust (probability)")
    sheet.key(style.fan_names(view))
    return sheet.figure


def draw_index(view: View) -> Figure | None:
    """The integration index and its five sub-indices; None where the run does not hold them all."""
    names = ["index", *SUB_INDICES]
    if any(view.monthly(name) is None for name in names):
        return None
    title, note = (
        "Integration index and the five parts it is the mean of",
        "All from 0 to 1.  The equal weights are a convention: equal values of the index may have unlike parts.",
    )
    sheet, panels = style.panels(6, 3, 1.3, (title, _change(view, "index"), note, view.source))
    for number, (axes, name) in enumerate(zip(panels, names)):
        _fan(axes, view, name)
        axes.set_ylabel("index (0 to 1)" if number % 3 == 0 else "")
        if name == "index_borders" and not _BORDER_EVENTS & view.simulated_kinds:
            axes.text(0.03, 0.95, "as documented,\nnot simulated", transform=axes.transAxes, va="top", size=style.SMALL)
    panels[0].set_title(_TITLES["index"], weight="bold")
    sheet.key(style.fan_names(view))
    return sheet.figure


def _change(view: View, series: str) -> str:
    """From what to what a series moves between the branch and the end."""
    found = view.monthly(series)
    at = max(int(np.searchsorted(found["year"], view.branch - 1e-9)) - 1, 0)
    what = _TITLES[series][0] + _TITLES[series][1:].lower()
    change = found["q50"][-1] - found["q50"][at]
    went = (
        "stays at about"
        if abs(change) < 0.005
        else f"{'rises' if change > 0 else 'falls'} from {found['q50'][at]:.2f} to"
    )
    spread = f" (median; middle 80 % {found['q10'][-1]:.2f} to {found['q90'][-1]:.2f})" if view.n_members > 1 else ""
    return f"{what} {went} {found['q50'][-1]:.2f} from the branch to the end of {view.years[-1]}{spread}."


def _fan(axes: Axes, view: View, series: str) -> None:
    found = view.monthly(series)
    style.fan_over_time(axes, view, found.pop("year") + 1 / 12, found)
    axes.set_ylim(0, 1)
    axes.set_yticks(np.linspace(0, 1, 5), ["0", "0.25", "0.5", "0.75", "1"])
    axes.set_title(_TITLES[series])
    style.span(axes, view, 6)
