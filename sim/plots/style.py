"""One look for all plots: sizes in inches and points, colours that survive colour blindness and grey print, helpers.

Qualitative colours after Okabe and Ito (2008), *Color Universal Design*; the ladder's colours fall in lightness with
the rung, so that they can be told apart without hue.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from textwrap import wrap

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

WIDTH = 7.2  # inches: both columns of a journal page
INK, GREY, FAINT = "#1a1a1a", "#595959", "#d4d4d4"
RECORD = "#d55e00"  # whatever is documented
RUNGS = ("#f1f1f1", "#dfa832", "#2f8f9d", "#1f2f6b")  # relations, friendship, partnership, alliance
BANDS = {95: "#d3e3f1", 80: "#9dc3e1", 50: "#5599c8"}
REPLAYED = {95: "#e6e6e6", 80: "#cfcfcf", 50: "#b0b0b0"}
MEDIAN = "#12355b"
STATES = ("#cc79a7", "#0072b2", "#d55e00", "#009e73", "#8a6d00", "#56b4e9")
TITLE, SUBTITLE, PANEL, LABEL, SMALL = 9.5, 7.5, 7.0, 6.5, 6.0

_RC = {
    "font.family": "DejaVu Sans",
    "font.size": LABEL,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "axes.labelsize": LABEL,
    "axes.labelcolor": INK,
    "axes.titlesize": PANEL,
    "axes.titlelocation": "left",
    "axes.titlepad": 3.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 2.0,
    "ytick.major.size": 2.0,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.pad": 2.0,
    "ytick.major.pad": 2.0,
    "lines.linewidth": 1.2,
    "lines.solid_capstyle": "butt",
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "legend.handlelength": 1.4,
    "legend.columnspacing": 1.2,
    "legend.handletextpad": 0.5,
    "legend.borderpad": 0.0,
    "legend.borderaxespad": 0.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "casim",
}


def styled() -> AbstractContextManager:
    """Context in which figures are drawn and saved, whatever the user's own settings are."""
    # to touch the backend would load pyplot and with it a window system
    plain = {name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"}
    return mpl.rc_context({**plain, **_RC})


def sheet(height: float, title: str, subtitle: str, source: str) -> Figure:
    """A figure of WIDTH by ``height`` inches with its title, a line on how to read it, and the source at the foot."""
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    figure.text(0.08 / WIDTH, 1 - 0.08 / height, title, size=TITLE, weight="bold", va="top")
    figure.text(0.08 / WIDTH, 1 - 0.27 / height, subtitle, size=SUBTITLE, color=GREY, va="top")
    figure.text(
        0.08 / WIDTH,
        0.06 / height,
        "\n".join(wrap(source, 165)),
        size=SMALL - 0.5,
        color=GREY,
        va="bottom",
        linespacing=1.2,
    )
    return figure


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place given in inches from the upper left corner of the figure."""
    wide, high = figure.get_size_inches()
    return figure.add_axes((left / wide, 1 - (top + height) / high, width / wide, height / high))


def key(figure: Figure, top: float, handles: Sequence, labels: Sequence[str]) -> None:
    """One line that names the marks, ``top`` inches from the upper edge."""
    high = figure.get_size_inches()[1]
    figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.08 / WIDTH, 1 - top / high), ncols=len(labels))


def year_axis(axes: Axes, first: float, last: float, most: int = 5) -> None:
    """Whole years as ticks, at most about ``most`` of them."""
    axes.set_xlim(first, last)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if (last - first) / step <= most)
    ticks = np.arange(np.ceil(first / step - 1e-9) * step, last + 1e-9, step)
    axes.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])


def branch_line(axes: Axes, branch: float) -> None:
    """A dashed line where simulation begins, if that lies inside the axes."""
    low, high = axes.get_xlim()
    if low < branch < high:
        axes.axvline(branch, color=INK, linewidth=0.7, linestyle=(0, (4, 2)), zorder=4)


def rung_colour(number: int) -> str:
    """Colour of a rung counted from 0."""
    return RUNGS[min(number + 1, len(RUNGS) - 1)]


def spread(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels, nearest to their values in least squares, ``gap`` apart and inside low..high.

    The gap shrinks where there is no room for it.  Pool adjacent violators (Barlow et al. 1972) on the values less the
    room that the labels below them take.
    """
    order = np.argsort(values, kind="stable")
    gap = min(gap, (high - low) / max(len(order) - 1, 1))
    pools: list[list[float]] = []  # total and number of each pool
    for position, number in enumerate(order):
        pools.append([float(values[number]) - gap * position, 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, size = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += size
    level = np.repeat([total / size for total, size in pools], [int(size) for _, size in pools])
    found = np.empty(len(order))
    found[order] = np.clip(level, low, high - gap * (len(order) - 1)) + gap * np.arange(len(order))
    return found.tolist()
