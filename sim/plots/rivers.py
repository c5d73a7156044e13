"""What the plots of rivers and borders share: bands over members, the key below the title, and what is observed."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.facts import Rivers, load_rivers
from sim.plots import style
from sim.plots.data import View, month_name

EDGES = {95: ("q2.5", "q97.5"), 80: ("q10", "q90"), 50: ("q25", "q75")}
SHARES = {95: (0.025, 0.975), 80: (0.1, 0.9), 50: (0.25, 0.75)}
_DAYS = 30.4


@dataclass(frozen=True)
class Seen:
    """An observed figure of a day, month, year or stretch: year fractions of its beginning and end, and its value.

    Beginning and end are one where a day is meant.
    """

    date: str
    since: float
    until: float
    value: float
    note: str


@lru_cache(maxsize=1)
def river_facts() -> Rivers:
    """The tables of rivers that ship."""
    return load_rivers()


def has_rivers(view: View) -> bool:
    """Whether the run holds water."""
    return view.monthly("deficit.UZB") is not None


def observed(series: str) -> list[Seen]:
    """Observed figures of a series, in the order of the table."""
    return [
        Seen(row.date, *_span(row.date), row.value, row.note)
        for row in river_facts().observations
        if row.series == series
    ]


def _span(date: str) -> tuple[float, float]:
    """Year fractions of ``2020``, ``2020-10``, ``2020-10-20``, ``2022-2024``, ``2023-01..2025-09``, ``2024-01..06``."""
    if ".." in date:
        first, last = date.split("..")
        return _span(first)[0], _span(last if len(last) > 2 else f"{first[:4]}-{last}")[1]
    parts = date.split("-")
    year = float(parts[0])
    if len(parts) == 2 and len(parts[1]) == 4:
        return year, float(parts[1]) + 1
    if len(parts) == 1:
        return year, year + 1
    month = year + (int(parts[1]) - 1) / 12
    if len(parts) == 2:
        return month, month + 1 / 12
    day = month + min(int(parts[2]), _DAYS) / _DAYS / 12
    return day, day


def fan_months(axes: Axes, view: View, series: str, shift: float = 1 / 12) -> None:
    """Bands and median of a monthly series in its own unit; grey while it is reconstructed.

    ``shift`` moves a month to its end (1/12), where a storage is read, or to its middle.
    """
    found = view.monthly(series)
    years = found["year"] + shift
    before = found["year"] < view.branch - 1e-9
    after = found["year"] > view.branch - 1 / 12 - 1e-9  # the bands open at the last month of the reconstruction
    for band, (low, high) in EDGES.items():
        axes.fill_between(years[after], found[low][after], found[high][after], color=style.BANDS[band], linewidth=0)
    axes.plot(years[before], found["q50"][before], color=style.GREY, linewidth=0.9)
    axes.plot(years[after], found["q50"][after], color=style.MEDIAN, linewidth=0.9)


def fan_years(axes: Axes, view: View, values: np.ndarray) -> None:
    """Bands and median over members of a yearly series, (m, years); grey while it is reconstructed."""
    years = np.asarray(view.catalogue.years, float) + 0.5
    split = view.catalogue.branch // 12
    before, after = years < split, years > split - 1
    for band, shares in SHARES.items():
        low, high = np.quantile(values[:, after], shares, axis=0)
        axes.fill_between(years[after], low, high, color=style.BANDS[band], linewidth=0)
    middle = np.median(values, axis=0)
    axes.plot(years[before], middle[before], color=style.GREY, linewidth=0.9)
    axes.plot(years[after], middle[after], color=style.MEDIAN, linewidth=1.0)


def fan_key(figure: Figure, view: View, top: float, more: tuple[tuple[object, str], ...] = ()) -> None:
    """One line that names bands, median, reconstruction, branch and what is given in ``more``."""
    handles = [Line2D([], [], color=style.MEDIAN, linewidth=1.0)]
    handles += [Patch(color=style.BANDS[band], linewidth=0) for band in (50, 80, 95)]
    labels = ["median", "50 %", "80 %", "95 % of histories"]
    if view.start < view.branch < view.end:
        handles += [
            Line2D([], [], color=style.GREY, linewidth=0.9),
            Line2D([], [], color=style.INK, linewidth=0.7, linestyle=(0, (4, 2))),
        ]
        labels += ["reconstructed", f"simulated from {month_name(view.branch)}"]
    for handle, label in more:
        handles.append(handle)
        labels.append(label)
    style.key(figure, top, handles, labels)


def dot(filled: bool = True, size: float = 3.0, marker: str = "o") -> Line2D:
    """The mark of an observed figure; hollow where the run itself was given it, or it is a forecast."""
    return Line2D(
        [],
        [],
        linestyle="",
        marker=marker,
        markersize=size,
        color=style.RECORD,
        markeredgewidth=0.7,
        markerfacecolor=style.RECORD if filled else "white",
    )


def last_years(view: View, most: int = 10) -> tuple[int, int]:
    """First and last of the last whole years of the run, at most ten."""
    last = view.catalogue.end // 12 - int(view.catalogue.end % 12 != 11)
    last = max(last, view.catalogue.years[0])
    return max(last - most + 1, view.catalogue.years[0]), last


def by_calendar_month(view: View, series: str) -> dict[str, np.ndarray]:
    """Mean and quantiles of a monthly series by calendar month, (12,) each, averaged over the last ten years."""
    first, last = last_years(view)
    found = view.monthly(series)
    months = np.rint(found["year"] * 12).astype(int)
    chosen = (months >= first * 12) & (months < last * 12 + 12)
    return {
        name: np.array([np.mean(values[chosen & (months % 12 == month)]) for month in range(12)])
        for name, values in found.items()
        if name != "year"
    }


def ten_years(view: View, column: str) -> np.ndarray:
    """Mean over the last ten years of a yearly series, (m,)."""
    first, last = last_years(view)
    place = [view.catalogue.years.index(year) for year in range(first, last + 1)]
    return view.yearly(column)[:, place].mean(axis=1, dtype=np.float64)


def span_text(view: View) -> str:
    """The last ten years in words: ``2031–2040``."""
    first, last = last_years(view)
    return f"{first}\u2013{last}" if first < last else str(last)
