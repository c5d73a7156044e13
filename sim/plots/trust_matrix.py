"""Who trusts whom, at chosen years, on one scale of colour."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.view import View
from sim.plots import colours, style
from sim.words import named

_YEARS = (1995, 2005, 2016, 2030, 2040)
_SIDE, _STEP = 1.8, 2.17


def chosen_years(first: int, last: int, branch: float) -> list[int]:
    """Round years of the span, and the last whole year before the branch in place of any within a year of it."""
    before = int(np.floor(branch + 1e-9)) - 1
    years = {year for year in _YEARS if first <= year <= last}
    if first <= before <= last:
        years = {year for year in years if abs(year - before) > 1} | {before}
    return sorted(years or {last})


def draw(view: View) -> Figure | None:
    """A small matrix a year; None for a run of fewer than two states."""
    states = view.catalogue.states
    if len(states) < 2:
        return None
    years = chosen_years(view.catalogue.years[0], view.catalogue.years[-1], view.branch)
    trust = view.median_trust(years)
    columns = min(3, len(years))
    rows = -(-len(years) // columns)
    sheet = style.Sheet(
        0.2 + _STEP * rows,
        "Who trusts whom",
        _reading(view, trust[-1], years[-1]),
        "Trust of the state in the row in the one in the column, in hundredths (50: indifference); median of the "
        "histories at the end of the year.",
        view.source,
        keys=0,
    )
    for number, year in enumerate(years):
        row, column = divmod(number, columns)
        axes = sheet.place(0.42 + 2.12 * column, 0.2 + _STEP * row, _SIDE, _SIDE)
        mesh = _matrix(axes, trust[number], states)
        axes.set_title(f"{year}, {'record' if year + 1 <= view.branch + 1e-9 else 'simulated'}")
    bar = sheet.place(style.WIDTH - 0.42, 0.25, 0.1, _SIDE - 0.05)
    sheet.figure.colorbar(mesh, cax=bar)
    bar.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    style.bare(bar)
    bar.set_title("trust", size=style.SMALL, pad=6)
    return sheet.figure


def _reading(view: View, trust: np.ndarray, year: int) -> str:
    states = view.catalogue.states
    (high_row, high_column), (low_row, low_column) = (
        np.unravel_index(pick(trust), trust.shape) for pick in (np.nanargmax, np.nanargmin)
    )
    high, low = f"{100 * np.nanmax(trust):.0f}", f"{100 * np.nanmin(trust):.0f}"
    return (
        f"At the end of {year} {named(states[high_row])} trusts {named(states[high_column])} most ({high}); "
        f"{named(states[low_row])} trusts {named(states[low_column])} least ({low})."
    )


def _matrix(axes: Axes, trust: np.ndarray, states: tuple[str, ...]):
    count, cmap = len(states), style.scale(colours.TRUST)
    mesh = axes.pcolormesh(np.ma.masked_invalid(trust), cmap=cmap, vmin=0, vmax=1, edgecolors="white", linewidth=0.8)
    axes.set_xlim(0, count)
    axes.set_ylim(count, 0)
    axes.set_xticks(np.arange(count) + 0.5, states)
    axes.set_yticks(np.arange(count) + 0.5, states)
    style.bare(axes)
    for (row, column), value in np.ndenumerate(trust):
        if np.isfinite(value):
            ink = "white" if abs(value - 0.5) > 0.3 else colours.INK
            style.beside(axes, f"{100 * value:.0f}", column + 0.5, row + 0.5, ha="center", color=ink)
    return mesh
