"""Who trusts whom, at chosen years, on one scale of colour."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from sim.plots import style
from sim.plots.data import View

_YEARS = (1995, 2005, 2016, 2030, 2040)
_SCALE = LinearSegmentedColormap.from_list("trust", ("#8c3b00", "#e08a3c", "#f7f3ee", "#6ba6d2", "#0b3d78"))


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
    figure = style.sheet(
        0.45 + 2.17 * rows + 0.3,
        "Who trusts whom",
        "Trust of the state in the row in the one in the column, in hundredths (50: indifference); "
        "median of histories at the year's end.",
        view.source,
    )
    for number, year in enumerate(years):
        row, column = divmod(number, columns)
        axes = style.place(figure, 0.42 + 2.12 * column, 0.68 + 2.17 * row, 1.8, 1.8)
        mesh = _matrix(axes, trust[number], states)
        state = "record" if year + 1 <= view.branch + 1e-9 else "simulated"
        axes.set_title(f"{year}, {state}")
    bar = style.place(figure, style.WIDTH - 0.42, 0.74, 0.1, 1.74)
    figure.colorbar(mesh, cax=bar)
    bar.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    bar.tick_params(length=0)
    bar.spines["outline"].set_visible(False)
    bar.set_title("trust", size=style.SMALL, pad=6)
    return figure


def _matrix(axes: Axes, trust: np.ndarray, states: tuple[str, ...]):
    count = len(states)
    mesh = axes.pcolormesh(np.ma.masked_invalid(trust), cmap=_SCALE, vmin=0, vmax=1, edgecolors="white", linewidth=0.8)
    axes.set_xlim(0, count)
    axes.set_ylim(count, 0)
    axes.set_xticks(np.arange(count) + 0.5, states)
    axes.set_yticks(np.arange(count) + 0.5, states)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    for i in range(count):
        for j in range(count):
            if np.isfinite(trust[i, j]):
                strong = abs(trust[i, j] - 0.5) > 0.3
                axes.text(
                    j + 0.5,
                    i + 0.5,
                    f"{100 * trust[i, j]:.0f}",
                    ha="center",
                    va="center",
                    size=style.SMALL,
                    color="white" if strong else style.INK,
                )
    return mesh
