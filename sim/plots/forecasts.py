"""Pictures of forecasts from documented origins: what came, over the bands of what the engine held possible."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.catalogue import shipped_region
from sim.outcomes.view import quantiles
from sim.plots import colours, style
from sim.plots.files import save
from sim.plots.trade import log_ticks
from sim.runs.errors import explained
from sim.words import listed, named

_EDGES = {95: (0.025, 0.975), 80: (0.1, 0.9), 50: (0.25, 0.75)}
_THICK = {95: 1.4, 80: 4.0, 50: 7.5}  # points
_COLUMNS, _HIGH = 5, 0.78
_CLASHES_FROM = 2011
_BANDS = {
    "median": style.line(),
    "50 %": style.patch(colours.BANDS[50]),
    "80 %": style.patch(colours.BANDS[80]),
    "95 % of members": style.patch(colours.BANDS[95]),
}


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
    came = record.rungs[record.years == last][0]
    inside = sum(_inside(fan.rungs[:, fan.years <= last][:, -1], came) for fan in found.fans)
    heads = (
        "Rungs of all fifteen pairs together, forecast and documented",
        f"The record of the end of {last} lies inside the 80 % band from {inside} of {len(found.fans)} origins.",
        "Each panel is fitted to the record before its first year and simulated from there; nothing later is known.",
        _source(found),
    )
    sheet, panels = _panels(found.fans, heads, "rungs held")
    low, top = _ends([fan.rungs[:, fan.years <= last] for fan in found.fans])
    for axes, fan in zip(panels, found.fans):
        shown, known = fan.years <= last, (record.years >= fan.origin - 1) & (record.years <= last)
        style.fan(axes, fan.years[shown] + 1.0, quantiles(fan.rungs[:, shown]))
        axes.plot(record.years[known] + 1.0, record.rungs[known], color=colours.RECORD, linewidth=1.1, zorder=5)
        axes.set_ylim(low - 1, max(top, came) + 1)
        _years(axes, min(each.origin for each in found.fans), last + 1)
    return sheet.figure


def draw_trade(found: Any) -> Figure | None:
    """A panel an origin: trade of the pair that is followed, members' bands and the record; None without figures."""
    record = found.record
    last = int(record.years[np.isfinite(record.trade)].max())
    fans = [fan for fan in found.fans if fan.origin <= last]
    if not fans:
        return None
    came = record.trade[record.years == last][0]
    inside = sum(_inside(fan.trade[:, fan.years == last][:, 0], came) for fan in fans)
    heads = (
        f"Trade of {listed(named(shipped_region().axis).split('–'))}, forecast and documented",
        f"The figure of {last} lies inside the 80 % band from {inside} of {len(fans)} origins.",
        "Both ways, billion constant 2021 USD a year, on a logarithmic scale.  Each fan opens at the last figure known "
        "at its origin.",
        _source(found),
    )
    sheet, panels = _panels(fans, heads, "billion USD")
    low, top = _ends([fan.trade[:, fan.years <= last] for fan in fans])
    for axes, fan in zip(panels, fans):
        shown, known = fan.years <= last, (record.years >= fan.origin - 1) & np.isfinite(record.trade)
        style.fan(axes, fan.years[shown] + 0.5, quantiles(fan.trade[:, shown]))
        axes.plot(record.years[known] + 0.5, record.trade[known], color=colours.RECORD, linewidth=1.1, zorder=5)
        axes.set_ylim(0.8 * low, 1.1 * max(top, np.nanmax(record.trade)))
        log_ticks(axes)
        _years(axes, min(each.origin for each in fans) - 1, last + 1)
    return sheet.figure


def draw_clashes(found: Any) -> Figure | None:
    """Clashes in the region in the twelve months after each January; None where none of them is on record."""
    record = found.record
    fans = [fan for fan in found.fans if fan.origin >= _CLASHES_FROM and fan.origin * 12 + 12 <= record.record_end]
    if not fans:
        return None
    years = np.isin(record.years, [fan.origin for fan in fans])
    expected = sum(float(fan.clashes.mean()) for fan in fans)
    fitted = "" if found.clashes_fitted else "  The rates were set with these years in view."
    sheet = style.Sheet(
        1.8,
        "Clashes of the next twelve months, forecast each January and documented",
        f"{expected:.0f} were expected over these years and {int(record.clashes[years].sum())} came.{fitted}",
        "All border sections together.",
        _source(found),
    )
    axes = sheet.place(0.5, 0.1, style.WIDTH - 0.65, 1.35)
    for fan in fans:
        for band, edges in _EDGES.items():
            low, high = np.quantile(fan.clashes, edges, method="inverted_cdf")
            axes.plot([fan.origin] * 2, [low, high], color=colours.BANDS[band], linewidth=_THICK[band], zorder=2)
        middle = np.quantile(fan.clashes, 0.5, method="inverted_cdf")
        axes.plot([fan.origin - 0.22, fan.origin + 0.22], [middle] * 2, color=colours.MEDIAN, linewidth=1.1, zorder=3)
        style.put(axes, style.mark("D", 3.8), fan.origin, float(record.clashes[record.years == fan.origin][0]))
    axes.set_xlim(fans[0].origin - 0.6, fans[-1].origin + 0.6)
    axes.set_xticks([fan.origin for fan in fans], [str(fan.origin) for fan in fans])
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=-0.15)
    axes.set_ylabel("clashes")
    sheet.key({**_BANDS, "documented": style.mark("D", 3.8)})
    return sheet.figure


def _inside(members: np.ndarray, came: float) -> bool:
    low, high = np.quantile(members, _EDGES[80])
    return bool(low <= came <= high)


def _panels(fans: list, heads: tuple[str, str, str, str], unit: str) -> tuple[style.Sheet, list[Axes]]:
    sheet, panels = style.panels(len(fans), _COLUMNS, _HIGH, heads, left=0.42, gap=0.12, below=0.25)
    sheet.key({**_BANDS, "documented": style.line(colours.RECORD, 1.1)})
    for number, (axes, fan) in enumerate(zip(panels, fans)):
        axes.set_title(f"from January {fan.origin}")
        axes.set_ylabel(unit if number % _COLUMNS == 0 else "")
    return sheet, panels


def _ends(values: list[np.ndarray]) -> tuple[float, float]:
    """Lowest and highest edge of the 95 % bands of some panels."""
    edges = [np.quantile(each, _EDGES[95], axis=0) for each in values]
    return min(each[0].min() for each in edges), max(each[1].max() for each in edges)


def _years(axes: Axes, first: int, last: int) -> None:
    """Whole years as ticks, none where the next panel begins."""
    style.year_axis(axes, first, last, 3)
    ticks = [tick for tick in axes.get_xticks() if tick < last - 0.5]
    axes.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])


def _source(found: Any) -> str:
    return f"{found.members} members from each origin.  What a forecast knows, and how these scored: docs/forecasts.md."
