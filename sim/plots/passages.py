"""When each pair first takes each step, simulated against documented, for a run that leaves the record."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.against_record import Passage, passages
from sim.outcomes.view import View, month_name
from sim.plots import colours, style
from sim.words import named

_ROW = 0.2  # inches
_THICK = {95: 1.2, 80: 3.2, 50: 5.6}  # points
_AFTER = "#f4f4f4"


def draw(view: View) -> Figure | None:
    """A panel a rung; None for a run that was not simulated over documented years."""
    found = passages(view)
    if not any(each.record is not None for each in found):
        return None
    rungs = [rung for rung in view.catalogue.rungs if any(each.rung == rung for each in found)]
    dyads = [dyad for dyad in view.catalogue.dyads if any(each.dyad == dyad for each in found)]
    tall = _ROW * len(dyads)
    sheet = style.Sheet(
        tall + 0.55,
        "When each pair takes each step: simulated and documented",
        _reading(found),
        "Date of the first treaty of each rung.  A documented date outside the pale line counts against the model.",
        view.source,
    )
    width = (style.WIDTH - 1.35) / len(rungs)
    for column, rung in enumerate(rungs):
        axes = sheet.place(1.32 + width * column, 0.2, width - 0.38, tall)
        rows = {each.dyad: each for each in found if each.rung == rung}
        _panel(axes, view, dyads, rows)
        axes.set_title(rung)
        axes.tick_params(axis="y", length=0, labelleft=column == 0)
        _aside(axes, "never", 1, axes.transAxes, 3, "bottom")
    sheet.key(_names(view, found))
    return sheet.figure


def _reading(found: list[Passage]) -> str:
    dated = [each for each in found if each.record is not None]
    low, high = np.array([each.quantiles[[1, 5]] for each in dated]).T
    record = np.array([each.record for each in dated])
    if found[0].dates.size == 1:
        same = sum(abs(each.dates[0] - each.record) < 1 / 24 for each in dated)
        return f"{same} of {len(dated)} documented dates are those of the one history, to the month."
    inside = int(((record >= low - 1e-9) & (record <= high + 1e-9)).sum())
    wide = np.median([np.inf if np.isinf(end) else end - start for start, end in zip(low, high)])
    width = f"{wide:.0f} years wide at the median" if np.isfinite(wide) else "mostly without an end"
    return f"{inside} of {len(dated)} documented dates lie inside the 80 % intervals, which are {width}."


def _panel(axes: Axes, view: View, dyads: list[str], rows: dict[str, Passage]) -> None:
    axes.set_ylim(len(dyads) - 0.5, -0.5)
    axes.set_yticks(range(len(dyads)), [named(dyad) for dyad in dyads])
    style.year_axis(axes, view.branch, view.end, 3)
    axes.spines["left"].set_visible(False)
    axes.axvspan(view.record_end, view.end, color=_AFTER, linewidth=0, zorder=0)
    for row, dyad in enumerate(dyads):
        axes.axhline(row, color=colours.FAINT, linewidth=0.4, zorder=0.5)
        if dyad in rows:
            _interval(axes, row, rows[dyad], view)


def _interval(axes: Axes, row: int, passage: Passage, view: View) -> None:
    ends = np.minimum(passage.quantiles, view.end)
    for (band, thick), (low, high) in zip(_THICK.items(), ((0, 6), (1, 5), (2, 4))):
        axes.plot(ends[[low, high]], [row, row], color=colours.BANDS[band], linewidth=thick, zorder=2)
    if np.isfinite(passage.quantiles[3]):
        axes.plot([ends[3]] * 2, [row - 0.28, row + 0.28], color=colours.MEDIAN, linewidth=1.1, zorder=3)
    if passage.record is not None:
        name = f"documented {passage.dyad} {passage.rung}"
        style.put(axes, _diamond(passage.assumed), passage.record, row, name)
    _aside(axes, f"{style.percent(float(np.isinf(passage.dates).mean()))} %", row, axes.get_yaxis_transform())


def _aside(axes: Axes, text: str, y: float, place, up: float = 0, down: str = "center") -> None:
    style.beside(axes, text, 1, y, 15, up, transform=place, ha="center", va=down, color=colours.GREY)


def _diamond(assumed: bool):
    return style.mark("D", 3.8, None if assumed else colours.RECORD)


def _names(view: View, found: list[Passage]) -> dict:
    one = view.n_members == 1
    keys = {"the one history" if one else "median": style.mark("|", 6, colours.MEDIAN, colours.MEDIAN)}
    if not one:
        keys |= {f"{band} %": style.line(colours.BANDS[band], _THICK[band]) for band in (50, 80)}
        keys["95 % of histories"] = style.line(colours.BANDS[95], _THICK[95])
    keys["documented"] = _diamond(False)
    if any(each.assumed for each in found):
        keys["documented, date assumed"] = _diamond(True)
    if view.end > view.record_end:
        keys[f"after the record (from {month_name(view.record_end)})"] = style.line("#e4e4e4", 5.6)
    return keys
