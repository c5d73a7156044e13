"""What reaches the Northern Aral Sea and the delta of the Amu Darya each year, beside what was observed."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.plots import style
from sim.plots.data import View
from sim.plots.rivers import Seen, dot, fan_key, fan_years, has_rivers, observed

_PANELS = (
    (
        "flow.north_aral",
        "Northern Aral Sea (Syr Darya)",
        ("northern_aral_inflow", "northern_aral_inflow_sum", "northern_aral_inflow_max"),
    ),
    ("flow.large_aral", "Delta and Large Aral (Amu Darya)", ("amudarya_delta_supply", "amudarya_delta_supply_max")),
)
_WHOLE_YEAR = 0.99


def draw(view: View) -> Figure | None:
    """Two panels; None for a run without water."""
    held = view.yearly_names if has_rivers(view) else frozenset()
    if not held.issuperset(column for column, _, _ in _PANELS):
        return None
    figure = style.sheet(
        3.2,
        "Water that reaches the two ends of the Aral Sea",
        "Cubic kilometres a year.  Observed sums of several years are shown as their mean over the "
        "stretch; drainage that does not come\ndown the river is missing from the model.",
        view.source,
    )
    for column, (series, title, names) in enumerate(_PANELS):
        axes = style.place(figure, 0.5 + 3.45 * column, 1.15, 3.05, 1.5)
        values = view.yearly(series)
        fan_years(axes, view, values)
        top = float(np.quantile(values, 0.975, axis=0).max())
        for name in names:
            for seen in observed(name):
                top = max(top, _mark(axes, view, name, seen))
        axes.set_ylim(0, 1.05 * top)
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_title(title)
        axes.set_xlabel("year")
        axes.set_ylabel("km³ a year" if column == 0 else "")
        style.year_axis(axes, view.start, view.end, 6)
        style.branch_line(axes, view.branch)
    fan_key(figure, view, 0.68)
    stretch = Line2D([], [], color=style.RECORD, linewidth=1.4)
    style.key(
        figure,
        0.83,
        (dot(), stretch, dot(False, 3.6, "v")),
        ("observed year", "observed mean of a stretch", "highest year of a stretch"),
    )
    return figure


def _mark(axes: Axes, view: View, name: str, seen: Seen) -> float:
    """Draw an observed figure inside the span of the run; its height, 0 if it is not drawn."""
    length = seen.until - seen.since
    if seen.since < view.start or seen.until > view.end or length < _WHOLE_YEAR:
        return 0.0
    gid = f"observed {name} {seen.date}"
    value = seen.value / length if name.endswith("_sum") else seen.value
    if name.endswith("_sum"):
        axes.plot([seen.since, seen.until], [value, value], color=style.RECORD, linewidth=1.4, zorder=5, gid=gid)
        return value
    mark = dot(False, 3.6, "v") if name.endswith("_max") else dot()
    mark.set_data([0.5 * (seen.since + seen.until)], [value])
    mark.set(zorder=5, gid=gid)
    axes.add_line(mark)
    return value
