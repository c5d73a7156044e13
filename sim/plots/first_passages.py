"""When each pair first takes each step, simulated against documented, for a run that leaves the record."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots import style
from sim.plots.against_record import Passage, passages
from sim.plots.data import View, month_name

_ROW = 0.2  # inches
_THICK = {95: 1.2, 80: 3.2, 50: 5.6}  # points


def draw(view: View) -> Figure | None:
    """A panel a rung; None for a run that was not simulated over documented years."""
    found = passages(view)
    if not any(each.record is not None for each in found):
        return None
    rungs = [rung for rung in view.catalogue.rungs if any(each.rung == rung for each in found)]
    dyads = [dyad for dyad in view.catalogue.dyads if any(each.dyad == dyad for each in found)]
    tall = _ROW * len(dyads)
    figure = style.sheet(
        0.86 + tall + 0.5, "When each pair takes each step: simulated and documented", _said(found), view.source
    )
    width = (style.WIDTH - 0.75) / len(rungs)
    for column, rung in enumerate(rungs):
        axes = style.place(figure, 0.72 + width * column, 0.86, width - 0.42, tall)
        rows = {each.dyad: each for each in found if each.rung == rung}
        _panel(axes, view, dyads, rows)
        axes.set_title(rung)
        axes.tick_params(axis="y", length=0, labelleft=column == 0)
        axes.annotate(
            "% never",
            (1, 1),
            xycoords="axes fraction",
            xytext=(15, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=style.SMALL,
            color=style.GREY,
        )
    _key(figure, view, found)
    return figure


def _said(found: list[Passage]) -> str:
    dated = [each for each in found if each.record is not None]
    low, high = np.array([each.quantiles[[1, 5]] for each in dated]).T
    record = np.array([each.record for each in dated])
    inside = int(((record >= low - 1e-9) & (record <= high + 1e-9)).sum())
    wide = np.median([np.inf if np.isinf(end) else end - start for start, end in zip(low, high)])
    width = f"{wide:.0f} years wide at the median" if np.isfinite(wide) else "mostly without an end"
    return f"{inside} of {len(dated)} documented dates lie inside the 80 % intervals, which are {width}."


def _panel(axes: Axes, view: View, dyads: list[str], rows: dict[str, Passage]) -> None:
    axes.set_ylim(len(dyads) - 0.5, -0.5)
    axes.set_yticks(range(len(dyads)), dyads)
    style.year_axis(axes, view.branch, view.end, 3)
    axes.set_xlabel("year")
    axes.spines["left"].set_visible(False)
    axes.axvspan(view.record_end, view.end, color="#f4f4f4", linewidth=0, zorder=0)
    for row, dyad in enumerate(dyads):
        axes.axhline(row, color=style.FAINT, linewidth=0.4, zorder=0.5)
        if dyad in rows:
            _interval(axes, row, rows[dyad], view)


def _interval(axes: Axes, row: int, passage: Passage, view: View) -> None:
    ends = np.minimum(passage.quantiles, view.end)
    for (band, thick), (low, high) in zip(_THICK.items(), ((0, 6), (1, 5), (2, 4))):
        axes.plot(ends[[low, high]], [row, row], color=style.BANDS[band], linewidth=thick, zorder=2)
    if np.isfinite(passage.quantiles[3]):
        axes.plot([ends[3]] * 2, [row - 0.28, row + 0.28], color=style.MEDIAN, linewidth=1.1, zorder=3)
    if passage.record is not None:
        mark = _diamond(passage.assumed)
        mark.set_data([passage.record], [row])
        mark.set(zorder=5, clip_on=False, gid=f"documented {passage.dyad} {passage.rung}")
        axes.add_line(mark)
    never = 100 * float(np.isinf(passage.dates).mean())
    text = "0" if never == 0 else "<1" if never < 0.5 else f"{never:.0f}"
    axes.annotate(
        text,
        (1, row),
        xycoords=("axes fraction", "data"),
        xytext=(15, 0),
        textcoords="offset points",
        ha="center",
        va="center",
        size=style.SMALL,
        color=style.GREY,
    )


def _diamond(assumed: bool) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="",
        marker="D",
        markersize=3.8,
        color=style.RECORD,
        markeredgewidth=0.8,
        markerfacecolor="white" if assumed else style.RECORD,
    )


def _key(figure: Figure, view: View, found: list[Passage]) -> None:
    handles = [Line2D([], [], color=style.MEDIAN, linestyle="", marker="|", markersize=6)]
    handles += [Line2D([], [], color=style.BANDS[band], linewidth=_THICK[band]) for band in (50, 80, 95)]
    handles.append(_diamond(False))
    labels = ["median", "50 %", "80 %", "95 % of histories", "documented"]
    if any(each.assumed for each in found):
        handles.append(_diamond(True))
        labels.append("documented, date assumed")
    if view.end > view.record_end:
        handles.append(Line2D([], [], color="#e4e4e4", linewidth=5.6))
        labels.append(f"after the record (from {month_name(view.record_end)})")
    style.key(figure, 0.47, handles, labels)
