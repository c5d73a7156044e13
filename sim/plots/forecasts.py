"""Pictures of forecasts from documented origins: what came, over the bands of what the engine held possible."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots import style
from sim.plots.write import save
from sim.runs.errors import explained

_EDGES = {95: (0.025, 0.975), 80: (0.1, 0.9), 50: (0.25, 0.75)}
_THICK = {95: 1.4, 80: 4.0, 50: 7.5}  # points
_COLUMNS, _ROW, _TOP = 5, 1.18, 0.86  # panels in a row, inches
_CLASHES_FROM = 2011


def write_forecast_plots(found: Any, folder: Path) -> list[Path]:
    """Ladder, trade and clashes, of a `sim.hindcast.forecasts.Forecasts`; a picture without a case is not drawn."""
    pictures = {"forecast-ladder": draw_ladder, "forecast-trade": draw_trade, "forecast-clashes": draw_clashes}
    written = []
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        for name, draw in pictures.items():
            figure = draw(found)
            if figure is not None:
                written += save(figure, folder, name)
    return written


def draw_ladder(found: Any) -> Figure:
    """A panel an origin: rungs held by all dyads together, members' bands and the record."""
    record, last = found.record, found.record.record_end // 12 - 1
    inside = [
        _inside(fan.rungs[:, fan.years <= last][:, -1], record.rungs[record.years == last][0]) for fan in found.fans
    ]
    figure, panels = _grid(
        found,
        found.fans,
        "Rungs of all fifteen pairs together, forecast and documented",
        "Each panel is fitted to the record before its first year and simulated from there; nothing later is known.\n"
        f"The record of the end of {last} lies inside the 80 % band from {sum(inside)} of {len(inside)} origins.",
    )
    low, top = _ends([fan.rungs[:, fan.years <= last] for fan in found.fans])
    for column, (axes, fan) in enumerate(zip(panels, found.fans)):
        shown, known = fan.years <= last, (record.years >= fan.origin - 1) & (record.years <= last)
        _bands(axes, fan.years[shown] + 1.0, fan.rungs[:, shown])
        axes.plot(record.years[known] + 1.0, record.rungs[known], color=style.RECORD, linewidth=1.1, zorder=5)
        axes.set_ylim(low - 1, max(top, record.rungs[record.years == last][0]) + 1)
        axes.tick_params(labelleft=column % _COLUMNS == 0)
        _years(axes, min(each.origin for each in found.fans), last + 1)
        axes.set_title(f"from January {fan.origin}")
    _label(panels, "rungs held")
    return figure


def draw_trade(found: Any) -> Figure | None:
    """A panel an origin: trade of Kazakhstan and Uzbekistan, members' bands and the record; None without figures."""
    record = found.record
    last = int(record.years[np.isfinite(record.trade)].max())
    fans = [fan for fan in found.fans if fan.origin <= last]
    if not fans:
        return None
    figure, panels = _grid(
        found,
        fans,
        "Trade of Kazakhstan and Uzbekistan, forecast and documented",
        "Both ways, billion constant 2021 USD a year, on a logarithmic scale.  Each fan opens at the last figure known "
        "at its origin.",
    )
    low, top = _ends([fan.trade[:, fan.years <= last] for fan in fans])
    for column, (axes, fan) in enumerate(zip(panels, fans)):
        shown, known = fan.years <= last, (record.years >= fan.origin - 1) & np.isfinite(record.trade)
        _bands(axes, fan.years[shown] + 0.5, fan.trade[:, shown])
        axes.plot(record.years[known] + 0.5, record.trade[known], color=style.RECORD, linewidth=1.1, zorder=5)
        axes.set_yscale("log")
        axes.set_ylim(0.8 * low, 1.1 * max(top, np.nanmax(record.trade)))
        ticks = [tick for tick in (0.5, 1, 2, 5, 10, 20, 50) if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]]
        axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
        axes.tick_params(labelleft=column % _COLUMNS == 0)
        _years(axes, min(each.origin for each in fans) - 1, last + 1)
        axes.set_title(f"from January {fan.origin}")
    _label(panels, "billion USD")
    return figure


def draw_clashes(found: Any) -> Figure | None:
    """Clashes in the region in the twelve months after each January; None where none of them is on record."""
    record = found.record
    fans = [fan for fan in found.fans if fan.origin >= _CLASHES_FROM and fan.origin * 12 + 12 <= record.record_end]
    if not fans:
        return None
    figure = style.sheet(
        2.75,
        "Clashes of the next twelve months, forecast each January and documented",
        _clash_words(found, fans),
        _source(found),
    )
    axes = style.place(figure, 0.5, 0.8, style.WIDTH - 0.65, 1.45)
    for fan in fans:
        for band, edges in _EDGES.items():
            low, high = np.quantile(fan.clashes, edges, method="inverted_cdf")
            axes.plot([fan.origin] * 2, [low, high], color=style.BANDS[band], linewidth=_THICK[band], zorder=2)
        middle = np.quantile(fan.clashes, 0.5, method="inverted_cdf")
        axes.plot([fan.origin - 0.22, fan.origin + 0.22], [middle] * 2, color=style.MEDIAN, linewidth=1.1, zorder=3)
        axes.plot(
            fan.origin,
            record.clashes[record.years == fan.origin],
            "D",
            color=style.RECORD,
            markersize=3.8,
            zorder=5,
            clip_on=False,
        )
    axes.set_xlim(fans[0].origin - 0.6, fans[-1].origin + 0.6)
    axes.set_xticks([fan.origin for fan in fans], [str(fan.origin) for fan in fans])
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=-0.15)
    axes.set_ylabel("clashes")
    axes.set_xlabel("year")
    _key(figure, 0.5, Line2D([], [], color=style.RECORD, linestyle="", marker="D", markersize=3.8))
    return figure


def _clash_words(found: Any, fans: list) -> str:
    years = np.isin(found.record.years, [fan.origin for fan in fans])
    expected = sum(float(fan.clashes.mean()) for fan in fans)
    return (
        f"All border sections together.  {expected:.0f} were expected over these years and "
        f"{int(found.record.clashes[years].sum())} came"
        + ("." if found.clashes_fitted else "; but the rates were set with them in view.")
    )


def _inside(members: np.ndarray, came: float) -> bool:
    low, high = np.quantile(members, _EDGES[80])
    return bool(low <= came <= high)


def _grid(found: Any, fans: list, title: str, subtitle: str) -> tuple[Figure, list[Axes]]:
    rows = -(-len(fans) // _COLUMNS)
    top = _TOP + 0.12 * subtitle.count("\n")
    figure = style.sheet(top + _ROW * rows + 0.02, title, subtitle, _source(found))
    width = (style.WIDTH - 0.42) / _COLUMNS
    panels = [
        style.place(figure, 0.42 + width * (k % _COLUMNS), top + _ROW * (k // _COLUMNS), width - 0.12, _ROW - 0.4)
        for k in range(len(fans))
    ]
    _key(figure, top - 0.38, Line2D([], [], color=style.RECORD, linewidth=1.1))
    return figure, panels


def _bands(axes: Axes, at: np.ndarray, values: np.ndarray) -> None:
    for band, edges in _EDGES.items():
        axes.fill_between(at, *np.quantile(values, edges, axis=0), color=style.BANDS[band], linewidth=0)
    axes.plot(at, np.median(values, axis=0), color=style.MEDIAN, linewidth=0.9)


def _ends(values: list[np.ndarray]) -> tuple[float, float]:
    """Lowest and highest edge of the 95 % bands of some panels."""
    edges = [np.quantile(each, _EDGES[95], axis=0) for each in values]
    return min(each[0].min() for each in edges), max(each[1].max() for each in edges)


def _years(axes: Axes, first: int, last: int) -> None:
    """Whole years as ticks, none where the next panel begins."""
    style.year_axis(axes, first, last, 3)
    ticks = [tick for tick in axes.get_xticks() if tick < last - 0.5]
    axes.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])


def _label(panels: list[Axes], text: str) -> None:
    for axes in panels[::_COLUMNS]:
        axes.set_ylabel(text)


def _key(figure: Figure, top: float, record: Line2D) -> None:
    handles = [Line2D([], [], color=style.MEDIAN, linewidth=1.0)]
    handles += [Patch(color=style.BANDS[band], linewidth=0) for band in (50, 80, 95)]
    style.key(figure, top, [*handles, record], ["median", "50 %", "80 %", "95 % of members", "documented"])


def _source(found: Any) -> str:
    return f"{found.members} members from each origin.  What a forecast knows, and how these scored: docs/forecasts.md."
