"""One look for all plots: a sheet with title, reading line, note, key and source; marks, fans, scales of years.

Sizes are in inches and points.  Documented is vermilion, what a scenario states black, what is simulated blue; bands
hold the middle 50, 80 and 95 % of the histories unless a plot says otherwise.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from textwrap import shorten, wrap

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from sim.outcomes import Catalogue
from sim.outcomes.view import EDGES, View, month_name
from sim.plots.axes import Panel, ribbon
from sim.plots.colours import BANDS, GREY, INK, MEDIAN, RECORD, REPLAYED
from sim.words import NBSP

WIDTH = 7.2  # both columns of a journal page
TITLE, READING, NOTE, PANEL, LABEL, SMALL = 9.5, 7.5, 6.5, 7.0, 6.5, 6.0
DASHED = (0, (4, 2))
DOTTED = (0, (1, 1.5))
_MARGIN = 0.08
_LETTER = 0.559 / 72  # inches that a letter takes per point of its size, about

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
    "axes.titley": 1.0,  # no search for a place above the ticks, at each drawing
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
    "text.parse_math": False,
    "text.hinting": "none",  # letters as wide in dots as in outlines
    "axes.formatter.limits": (-6, 7),
    "axes.formatter.useoffset": False,
}


def styled() -> AbstractContextManager:
    """Context in which figures are drawn and saved, whatever the user's own settings are."""
    # to touch the backend would load pyplot and with it a window system
    plain = {name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"}
    return mpl.rc_context({**plain, **_RC})


def letters(width: float, size: float) -> int:
    """Letters of a size, in points, that fit into a width, in inches."""
    return int(width / (_LETTER * size))


class Sheet:
    """A figure of WIDTH with its title, what to see in it, how to read it, keys, a body of panels, and its source.

    Parameters
    ----------
    body : height of the panels, inches; :meth:`place` counts from its upper left corner
    reading : what to see in the figure, one sentence
    note : units and what marks and bands are
    keys : lines of :meth:`key` to leave room for
    """

    def __init__(self, body: float, title: str, reading: str, note: str, source: str, keys: int = 1) -> None:
        room = WIDTH - 2 * _MARGIN
        heads = [
            (TITLE, INK, "bold", title, 0.19),
            (READING, INK, "normal", reading, 0.13),
            (NOTE, GREY, "normal", note, 0.115),
        ]
        foot = wrap(source, letters(room, SMALL - 0.5))
        lines = [wrap(unbroken(text), letters(room, size)) for size, _, _, text, _ in heads]
        top = _MARGIN + sum(step * len(said) for said, (*_, step) in zip(lines, heads))
        self.top = top + 0.03 + 0.15 * keys
        self.height = self.top + body + 0.12 + 0.09 * len(foot)
        self.figure = Figure(figsize=(WIDTH, self.height))
        FigureCanvasAgg(self.figure)
        self._keys = top + 0.05
        at = _MARGIN
        for said, (size, colour, weight, _, step) in zip(lines, heads):
            for line in said:
                self.write(line, _MARGIN, at, size=size, color=colour, weight=weight, va="top")
                at += step
        self.figure.text(
            _MARGIN / WIDTH, 0.05 / self.height, "\n".join(foot), size=SMALL - 0.5, color=GREY, va="bottom"
        )

    def write(self, text: str, left: float, top: float, **options) -> None:
        """A text at a place counted from the upper left corner of the figure."""
        self.figure.text(left / WIDTH, 1 - top / self.height, text, **options)

    def say(self, text: str, left: float, top: float, **options) -> None:
        """A text at a place counted from the upper left corner of the body."""
        self.write(text, left, self.top + top, **{"size": SMALL, "va": "top", **options})

    def place(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place counted from the upper left corner of the body."""
        high = self.height
        bounds = left / WIDTH, 1 - (self.top + top + height) / high, width / WIDTH, height / high
        return self.figure.add_axes(Panel(self.figure, bounds))

    def key(self, named: Mapping[str, object], line: int = 0) -> None:
        """One line that names marks."""
        top = 1 - (self._keys + 0.15 * line) / self.height
        self.figure.legend(
            list(named.values()), list(named), loc="upper left", bbox_to_anchor=(_MARGIN / WIDTH, top), ncols=len(named)
        )


def panels(
    count: int, columns: int, high: float, heads: tuple[str, str, str, str], **options
) -> tuple[Sheet, list[Axes]]:
    """A sheet of equal panels in rows, each ``high`` inches.

    ``heads`` are title, reading, note and source; options are ``left`` and ``gap`` between columns, ``above`` and
    ``below`` each panel, ``below_all`` beyond that, and ``keys`` as in :class:`Sheet`.
    """
    left, gap, above, below, beyond, keys = (
        options.get(name, usual)
        for name, usual in zip(
            ("left", "gap", "above", "below", "below_all", "keys"), (0.5, 0.2, 0.17, 0.3, 0.0, 1), strict=True
        )
    )
    rows = -(-count // columns)
    sheet = Sheet(rows * (above + high + below) + beyond, *heads, keys)
    wide = (WIDTH - left - 0.12 - gap * (columns - 1)) / columns
    places = [divmod(number, columns) for number in range(count)]
    axes = [
        sheet.place(left + (wide + gap) * column, above + (above + high + below) * row, wide, high)
        for row, column in places
    ]
    for (_, column), each in zip(places, axes):
        each.tick_params(labelleft=column == 0)
    return sheet, axes


def mark(shape: str = "o", size: float = 3.0, face: str | None = RECORD, edge: str = RECORD, **options) -> Line2D:
    """A mark, for a key or to be put on axes by :func:`put`; white inside where ``face`` is None."""
    edges = {"markeredgewidth": 0.7, "markeredgecolor": edge, "markerfacecolor": face or "white"}
    return Line2D([], [], linestyle="", marker=shape, markersize=size, color=edge, **edges, **options)


def put(axes: Axes, sign: Line2D, x: float, y: float, name: str = "") -> None:
    """Put a mark on axes, above all else; ``name`` is its id in SVG."""
    sign.set_data([x], [y])
    sign.set(zorder=5, clip_on=False, gid=name or None)
    axes.add_line(sign)


def line(colour: str = MEDIAN, width: float = 1.0, style="-", **options) -> Line2D:
    """A line for a key."""
    return Line2D([], [], color=colour, linewidth=width, linestyle=style, **options)


def patch(colour: str, **options) -> Patch:
    """A patch for a key."""
    return Patch(color=colour, linewidth=0, **options)


def scale(colours: Sequence[str]) -> LinearSegmentedColormap:
    """A continuous scale through some colours."""
    return LinearSegmentedColormap.from_list("scale", colours)


def beside(axes: Axes, text: str, x: float, y: float, right: float = 0, up: float = 0, **options) -> None:
    """A small text beside a place, moved by points; the place is one of the data unless ``transform`` is given."""
    moved = ScaledTranslation(right / 72, up / 72, axes.figure.dpi_scale_trans)
    place = options.pop("transform", axes.transData)
    axes.text(x, y, text, **{"size": SMALL, "va": "center", "transform": place + moved, **options})


def fan(axes: Axes, x: np.ndarray, found: Mapping[str, np.ndarray], grey: bool = False, width: float = 1.0) -> None:
    """Bands and median of QUANTILES (:mod:`sim.outcomes.view`) by column; grey where the record is replayed."""
    if x.size < 2:
        return
    for band, (low, high) in EDGES.items():
        if (found[high] > found[low]).any():
            colour = (REPLAYED if grey else BANDS)[band]
            ribbon(axes, x, found[low], found[high], color=colour)
    axes.plot(x, found["q50"], color=GREY if grey else MEDIAN, linewidth=width)


def fan_over_time(axes: Axes, view: View, x: np.ndarray, found: Mapping[str, np.ndarray]) -> None:
    """A fan whose part before the branch is grey; the blue bands open where simulation begins, not before it."""
    known, simulated = np.isfinite(found["q50"]), x >= view.branch - 1e-9
    before, after = np.flatnonzero(known & ~simulated), np.flatnonzero(known & simulated)
    for grey, chosen in ((True, before), (False, after)):
        fan(axes, x[chosen], {name: values[chosen] for name, values in found.items()}, grey)
    join = [*before[-1:], *after[:1]]
    axes.plot(x[join], found["q50"][join], color=GREY, linewidth=1.0)


def fan_names(view: View, replayed: str = "record replayed", bands: Sequence[int] = (50, 80, 95)) -> dict[str, object]:
    """What a key says of a fan over time."""
    return fan_bands(view, bands) | branch_names(view, replayed)


def fan_bands(view: View, bands: Sequence[int] = (50, 80, 95)) -> dict[str, object]:
    """What a key says of the median and the bands; one history has neither."""
    if view.n_members == 1:
        return {"the one history": line()}
    named: dict[str, object] = {"median": line()}
    named |= {f"{band} %": patch(BANDS[band]) for band in bands[:-1]}
    return named | {f"{bands[-1]} % of histories": patch(BANDS[bands[-1]])}


def branch_names(view: View, replayed: str = "") -> dict[str, object]:
    """What a key says of the line where simulation begins, and of what is grey before it."""
    named = branch_names_of(view.catalogue)
    return {**({replayed: line(GREY)} if replayed and named else {}), **named}


def branch_names_of(catalogue: Catalogue) -> dict[str, object]:
    """What a key says of the line where simulation begins, if that lies inside the span."""
    if not catalogue.start < catalogue.branch <= catalogue.end:
        return {}
    return {f"simulated from {month_name(catalogue.branch / 12)}": line(INK, 0.7, DASHED)}


def year_axis(axes: Axes, first: float, last: float, most: int = 5) -> None:
    """Whole years as ticks, at most about ``most`` of them."""
    axes.set_xlim(first, last)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if (last - first) / step <= most)
    ticks = np.arange(np.ceil(first / step - 1e-9) * step, last + 1e-9, step)
    axes.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])


def span(axes: Axes, view: View, most: int = 5) -> None:
    """The years of a run, and a dashed line where simulation begins."""
    year_axis(axes, view.start, view.end, most)
    branch_line(axes, view.branch)


def branch_line(axes: Axes, branch: float) -> None:
    """A dashed line where simulation begins, if that lies inside the axes."""
    low, high = axes.get_xlim()
    if low < branch < high:
        axes.axvline(branch, color=INK, linewidth=0.7, linestyle=DASHED, zorder=4)


def change_line(axes: Axes, change: float | None) -> None:
    """A dotted line at a scenario's first own event, if that lies inside the axes."""
    low, high = axes.get_xlim()
    if change is not None and low < change < high:
        axes.axvline(change, color=MEDIAN, linewidth=0.9, linestyle=DOTTED, zorder=4)


def change_name(change: float | None, first: float, last: float) -> dict[str, object]:
    """What a key says of that line, if it lies between these years."""
    if change is None or not first < change < last:
        return {}
    return {f"first event of its own, {month_name(change)}": line(MEDIAN, 0.9, DOTTED)}


def bare(axes: Axes) -> None:
    """No ticks and no lines around: for tables and maps."""
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def percent_axis(axis) -> None:
    """Shares as percentages."""
    axis.set_major_formatter(lambda value, _: f"{round(100 * value, 6):g} %")


def percent(share: float) -> str:
    """A share as a whole percentage that never rounds a possible event to certainty or impossibility."""
    text = f"{100 * share:.0f}"
    return "<1" if text == "0" and share > 0 else ">99" if text == "100" and share < 1 else text


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


def unbroken(text: str) -> str:
    """A text whose figures no line break parts from their per cent."""
    return text.replace(" %", f"{NBSP}%")


def lines(text: str, width: int, most: int = 2) -> str:
    """A text over at most some lines."""
    found = wrap(unbroken(text), width)
    if len(found) > most:
        found = [*found[: most - 1], shorten(" ".join(found[most - 1 :]), width, placeholder=" …")]
    return "\n".join(found)


def limits(values: Sequence[np.ndarray], floor: float = 1e-9) -> tuple[float, float]:
    """Limits of an axis that hold all finite values and zero, with a little room."""
    every = np.concatenate([np.ravel(each) for each in values] + [np.zeros(1)])
    every = every[np.isfinite(every)]
    low, high = float(every.min()), float(every.max())
    room = max(high - low, floor) * 0.06
    return low - room, high + room
