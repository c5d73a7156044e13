"""One look for all plots: sizes in inches and points, colours that survive colour blindness and grey print, helpers.

Qualitative colours after Okabe and Ito (2008), *Color Universal Design*; the ladder's colours fall in lightness with the
rung, so that they can be told apart without hue.
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
    "font.family": "DejaVu Sans", "font.size": LABEL, "text.color": INK, "axes.edgecolor": GREY, "axes.linewidth": 0.6,
    "axes.labelsize": LABEL, "axes.labelcolor": INK, "axes.titlesize": PANEL, "axes.titlelocation": "left",
    "axes.titlepad": 3.0, "axes.spines.top": False, "axes.spines.right": False, "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL, "xtick.color": GREY, "ytick.color": GREY, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "xtick.major.size": 2.0, "ytick.major.size": 2.0, "xtick.major.width": 0.6, "ytick.major.width": 0.6,
    "xtick.major.pad": 2.0, "ytick.major.pad": 2.0, "lines.linewidth": 1.2, "legend.frameon": False,
    "legend.fontsize": SMALL, "legend.handlelength": 1.4, "legend.columnspacing": 1.2, "legend.handletextpad": 0.5,
    "legend.borderpad": 0.0, "legend.borderaxespad": 0.0, "figure.facecolor": "white", "savefig.facecolor": "white",
    "svg.fonttype": "path", "svg.hashsalt": "casim", "path.simplify": True, "hatch.linewidth": 0.5,
}  # fmt: skip


def styled() -> AbstractContextManager:
    """Context in which figures are drawn and saved."""
    return mpl.rc_context({**mpl.rcParamsDefault, **_RC})


def sheet(height: float, title: str, subtitle: str, source: str) -> Figure:
    """A figure of WIDTH by ``height`` inches with its title, a line on how to read it, and the source at the foot."""
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    figure.text(0.08 / WIDTH, 1 - 0.08 / height, title, size=TITLE, weight="bold", va="top")
    figure.text(0.08 / WIDTH, 1 - 0.27 / height, "\n".join(wrap(subtitle, 132)), size=SUBTITLE, color=GREY, va="top",
                linespacing=1.25)  # fmt: skip
    figure.text(0.08 / WIDTH, 0.06 / height, "\n".join(wrap(source, 165)), size=SMALL - 0.5, color=GREY, va="bottom",
                linespacing=1.2)  # fmt: skip
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


def branch_line(axes: Axes, branch: float, label: str | None = None) -> None:
    """A dashed line where simulation begins, if that lies inside the axes."""
    low, high = axes.get_xlim()
    if low < branch < high:
        axes.axvline(branch, color=INK, linewidth=0.7, linestyle=(0, (4, 2)), zorder=4)
        if label:
            axes.annotate(label, (branch, 1), xycoords=("data", "axes fraction"), xytext=(2, -2), size=SMALL,
                          textcoords="offset points", va="top", ha="left")


def spread(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels near their values, at least ``gap`` apart and inside low..high as far as they fit."""
    order = np.argsort(values, kind="stable")
    gap = min(gap, (high - low) / max(len(order) - 1, 1))
    placed = np.clip(np.asarray(values, dtype=float)[order], low, high)
    for _ in range(200):
        moved = False
        for k in range(len(placed) - 1):
            short = gap - (placed[k + 1] - placed[k])
            if short > 1e-6:
                placed[k] -= short / 2
                placed[k + 1] += short / 2
                moved = True
        if len(placed):
            placed += max(low - placed[0], 0.0)
            placed -= max(placed[-1] - high, 0.0)
        if not moved:
            break
    found = np.empty(len(order))
    found[order] = placed
    return found.tolist()
