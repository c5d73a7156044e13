"""Irrigation deficits: of each state over the years, and by month of the year."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

from sim.outcomes.water import STATES
from sim.plots import style
from sim.plots.data import View
from sim.plots.rivers import by_calendar_month, fan_key, fan_years, has_rivers, span_text

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SCALE = LinearSegmentedColormap.from_list("deficit", ("#fbfaf7", "#f3d9a4", "#e09a3e", "#a8480f", "#5c1a00"))
_DARK = 0.5  # share of the scale from which on figures are white


def draw(view: View) -> Figure | None:
    """Panels by state and a table of states and months; None for a run without water."""
    columns = [f"deficit_year.{state}" for state in STATES]
    held = view.yearly_names if has_rivers(view) else frozenset()
    if not held.issuperset(columns):
        return None
    figure = style.sheet(
        5.2,
        "Irrigation deficits of the states on both rivers",
        "Unmet share of what users would take from the rivers in a year if there were enough.",
        view.source,
    )
    values = [view.yearly(column) for column in columns]
    after = np.array(view.catalogue.years) >= view.catalogue.branch // 12
    top = max(float(np.quantile(each[:, after], 0.975, axis=0).max()) for each in values)
    for number, (state, each) in enumerate(zip(STATES, values)):
        row, column = divmod(number, 3)
        axes = style.place(figure, 0.55 + 2.25 * column, 0.85 + 1.42 * row, 1.95, 1.05)
        fan_years(axes, view, each)
        axes.set_ylim(0, max(np.ceil(top * 20) / 20, 0.1))
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        axes.set_title(state)
        axes.set_ylabel("deficit of the year" if column == 0 else "")
        style.year_axis(axes, view.start, view.end, 5)
        style.branch_line(axes, view.branch)
    _worst(figure, view, values, after)
    _months(figure, view)
    fan_key(figure, view, 0.5)
    return figure


def _worst(figure: Figure, view: View, values: list[np.ndarray], after: np.ndarray) -> None:
    """How a median year compares with one in ten, as a small dumbbell a state in the sixth place."""
    axes = style.place(figure, 0.55 + 2.25 * 2, 0.85 + 1.42, 1.95, 1.05)
    for row, each in enumerate(values):
        middle, dry = np.quantile(each[:, after], (0.5, 0.9))
        axes.plot([middle, dry], [row, row], color=style.FAINT, linewidth=1.2, zorder=1)
        axes.plot(middle, row, marker="o", markersize=3.2, color=style.MEDIAN, linestyle="")
        axes.plot(dry, row, marker="o", markersize=3.2, markerfacecolor="white", color=style.MEDIAN, linestyle="")
    axes.set_yticks(range(len(STATES)), STATES)
    axes.set_ylim(len(STATES) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(left=-0.002)
    axes.margins(x=0.1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axes.locator_params(axis="x", nbins=5)
    axes.set_title("Median year (●), driest in ten (○)")


def _months(figure: Figure, view: View) -> None:
    """Mean deficit of every state and calendar month over the last ten years."""
    table = 100 * np.stack([by_calendar_month(view, f"deficit.{state}")["mean"] for state in STATES])
    axes = style.place(figure, 0.55, 3.72, 6.45, 1.05)
    norm = Normalize(0, max(float(table.max()), 10.0))
    axes.pcolormesh(table, cmap=SCALE, norm=norm, edgecolors="white", linewidth=0.8)
    for (row, column), value in np.ndenumerate(table):
        ink = "white" if norm(value) > _DARK else style.INK
        text = "<1" if 0.05 <= value < 0.5 else f"{value:.0f}"
        axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=style.LABEL, color=ink)
    axes.set_ylim(len(STATES), 0)
    axes.set_xticks(np.arange(12) + 0.5, _MONTHS)
    axes.set_yticks(np.arange(len(STATES)) + 0.5, STATES)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_title(
        f"By month of the year, mean of {span_text(view)} and of all histories, percent of what is wanted in the month"
    )
