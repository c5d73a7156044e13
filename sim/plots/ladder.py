"""Where each pair of states stands on the bilateral ladder, year by year, with the documented steps on top."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.view import View, month_name
from sim.plots import colours, style
from sim.plots.axes import ribbons
from sim.words import named

_MARKS = ("o", "^", "s", "D", "v")
_ROW, _LEFT, _RIGHT = 0.26, 1.32, 1.0


def draw(view: View) -> Figure | None:
    """Stripes of shares: how many histories stand on each rung; None for a run without dyads."""
    dyads, rungs = view.catalogue.dyads, view.catalogue.rungs
    if not dyads or not rungs:
        return None
    shares = np.stack([_shares(view, dyad) for dyad in dyads])
    tall = _ROW * len(dyads)
    sheet = style.Sheet(
        tall + 0.32,
        "Where each pair of states stands on the treaty ladder",
        _reading(view, shares),
        "Colours in a row: share of the histories that stand on each rung at the end of the year, from the lowest rung "
        "at the bottom of the row to the highest at its top.",
        view.source,
    )
    axes = sheet.place(_LEFT, 0.12, style.WIDTH - _LEFT - _RIGHT, tall)
    edges = np.array([view.start, *(view.years + 1.0)])
    split = int(np.searchsorted(edges, view.branch))
    if view.start < view.branch < view.end and edges[split] > view.branch:  # until then the year is the record's
        edges, shares = np.insert(edges, split, view.branch), np.insert(shares, split - 1, _recorded(view), axis=2)
    below = np.cumsum(np.pad(shares, ((0, 0), (1, 0), (0, 0))), axis=1)
    heights = np.repeat(np.arange(len(dyads))[:, None, None] + 0.95 - 0.9 * below, 2, axis=2)
    for rung in range(len(rungs) + 1):
        sides = np.repeat(edges, 2)[1:-1]
        ribbons(axes, sides, heights[:, rung], heights[:, rung + 1], color=colours.RUNGS[min(rung, 3)])
    axes.set_ylim(len(dyads), 0)
    axes.set_yticks(np.arange(len(dyads)) + 0.5, [named(dyad) for dyad in dyads])
    style.span(axes, view, 12)
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    _steps(axes, view)
    right = style.WIDTH - _RIGHT + 0.08
    for row, share in enumerate(shares):
        top = int(share[:, -1].argmax())
        said = f"{('none', *rungs)[top]} {style.percent(float(share[top, -1]))}"
        sheet.say(said, right, 0.12 + _ROW * (row + 0.5), va="center", size=style.SMALL)
    sheet.say(f"likeliest {view.years[-1]}, %", right, 0.1, va="bottom", color=colours.GREY)
    keys = {"none": style.patch(colours.RUNGS[0], ec=colours.FAINT)}
    keys |= {rung: style.patch(colours.rung(number)) for number, rung in enumerate(rungs)}
    keys |= {f"documented {rung}": _mark(number) for number, rung in enumerate(rungs)}
    if any(step.assumed for step in view.steps):
        keys["date assumed"] = _mark(0, True)
    sheet.key(keys)
    if view.start < view.branch < view.end:
        where = {"transform": axes.get_xaxis_transform(), "ha": "right", "va": "bottom"}
        style.beside(axes, f"simulated from {month_name(view.branch)}", view.branch, 1, 0, 2, **where)
    return sheet.figure


def _shares(view: View, dyad: str) -> np.ndarray:
    """Share of the histories on each rung at the end of each year, (rungs + 1, years)."""
    values = np.rint(view.yearly(f"rung.{dyad}")).astype(int)
    return np.stack([(values == rung).mean(axis=0) for rung in range(len(view.catalogue.rungs) + 1)])


def _recorded(view: View) -> np.ndarray:
    """(dyad, rung) 1 at the rung that the record has reached by the branch."""
    dyads, rungs = view.catalogue.dyads, view.catalogue.rungs
    found = np.zeros((len(dyads), len(rungs) + 1))
    for row, dyad in enumerate(dyads):
        taken = [rungs.index(step.rung) + 1 for step in view.steps if step.dyad == dyad and step.year < view.branch]
        found[row, max(taken, default=0)] = 1.0
    return found


def _reading(view: View, shares: np.ndarray) -> str:
    before = max(view.catalogue.branch // 12 - 1 - view.catalogue.years[0], 0)
    steps = np.arange(shares.shape[1])
    moved = np.einsum("dry,r->dy", shares, steps)
    most = int((moved[:, -1] - moved[:, before]).argmax())
    top = view.catalogue.rungs[-1]
    return (
        f"Expected number of {top}s: {shares[:, -1, before].sum():.1f} at the end of {view.years[before]}, "
        f"{shares[:, -1, -1].sum():.1f} at the end of {view.years[-1]}; most moves: "
        f"{named(view.catalogue.dyads[most])}."
    )


def _mark(number: int, assumed: bool = False):
    return style.mark(_MARKS[number % len(_MARKS)], 4.0, colours.FAINT if assumed else None, colours.RECORD)


def _steps(axes: Axes, view: View) -> None:
    """Documented steps; higher rungs sit higher in the row, so that a double step shows both."""
    dyads, rungs = view.catalogue.dyads, view.catalogue.rungs
    for step in view.steps:
        if view.start <= step.year < view.end:
            number = rungs.index(step.rung)
            row = dyads.index(step.dyad) + 0.5 - 0.27 * (number - (len(rungs) - 1) / 2)
            style.put(axes, _mark(number, step.assumed), step.year, row, f"documented {step.dyad} {step.rung}")
