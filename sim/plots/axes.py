"""Axes on which one tick stands for all, and shapes that are one artist each.

matplotlib makes five artists of each tick, most of which are never seen: a third of all that a figure holds.  Here the
mark of the one tick is drawn at all places at once, and its label again for each; minor ticks are made where a scale
has them.  There are no lines of a grid.
"""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Tick, XAxis, YAxis
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import Formatter, NullLocator
from matplotlib.transforms import Bbox

_A_HAIR = 1e-10  # of the axis, by which a tick may lie beyond its end


class _OneTick:
    """What both axes do otherwise than matplotlib's."""

    minorTicks: tuple[Tick, ...] = ()

    def get_major_ticks(self, numticks: int | None = None) -> list[Tick]:
        """The one tick."""
        return self.majorTicks[:1]

    def get_minor_ticks(self, numticks: int | None = None) -> tuple[Tick, ...]:
        """None are kept."""
        return ()

    def set_clip_path(self, *_) -> None:
        """Only lines of a grid would be clipped."""

    def draw(self, renderer) -> None:
        """Marks, their labels, and the label of the axis."""
        if not self.get_visible():
            return
        renderer.open_group("axis", gid=self.get_gid())
        for tick, shown in self._ticks():
            for mark in (tick.tick1line, tick.tick2line):
                self._move_mark(mark, [place for place, _ in shown])
                mark.draw(renderer)
            for label in (tick.label1, tick.label2):
                for each in self._each(label, shown):
                    each.draw(renderer)
        offset = self.major.formatter.get_offset()
        if self.label.get_text() or offset:
            self.offsetText.set_text(offset)
            self._update_label_position(renderer)
            self._update_offset_text_position(*self._get_tick_boxes_siblings(renderer))
            self.label.draw(renderer)
            self.offsetText.draw(renderer)
        renderer.close_group("axis")
        self.stale = False

    def _ticks(self) -> Iterator[tuple[Tick, list[tuple[float, str]]]]:
        """The tick, with the places and labels that lie on the axis; the same of minor ticks."""
        yield self.majorTicks[0], self._shown(self.get_majorticklocs(), self.major.formatter)
        if not isinstance(self.minor.locator, NullLocator):
            yield self._get_tick(major=False), self._shown(self.get_minorticklocs(), self.minor.formatter)

    def _update_ticks(self) -> list[Tick]:
        """What spines ask, to know how far marks reach beyond them."""
        return [tick for tick, shown in self._ticks() if shown]

    def _shown(self, places: np.ndarray, formatter: Formatter) -> list[tuple[float, str]]:
        labels = formatter.format_ticks(places)
        scaled, ends = (self.get_transform().transform(each) for each in (places, self.get_view_interval()))
        room = _A_HAIR * np.ptp(ends)
        inside = (scaled >= ends.min() - room) & (scaled <= ends.max() + room)
        return [(place, label) for place, label, shown in zip(places, labels, inside) if shown]

    def _each(self, label: Text, shown: list[tuple[float, str]]) -> Iterator[Text]:
        """The label at each place in turn, if it is seen."""
        for place, text in shown if label.get_visible() else ():
            self._move_label(label, place)
            label.set_text(text)
            yield label

    def _get_tick_boxes_siblings(self, renderer) -> tuple[list[Bbox], list[Bbox]]:
        """Boxes of the labels, beyond which the label of the axis stands."""
        first, second = [], []
        for tick, shown in self._ticks():
            first += [each.get_window_extent(renderer) for each in self._each(tick.label1, shown)]
            second += [each.get_window_extent(renderer) for each in self._each(tick.label2, shown)]
        return first, second


class _Across(_OneTick, XAxis):
    def _move_label(self, label: Text, place: float) -> None:
        label.set_x(place)

    def _move_mark(self, mark: Line2D, places: list[float]) -> None:
        mark.set_data(places, mark.get_ydata(orig=True))


class _Up(_OneTick, YAxis):
    def _move_label(self, label: Text, place: float) -> None:
        label.set_y(place)

    def _move_mark(self, mark: Line2D, places: list[float]) -> None:
        mark.set_data(mark.get_xdata(orig=True), places)


class Panel(Axes):
    """Axes of a plot."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _Across(self, clear=False), _Up(self, clear=False)
        for axis, sides in ((self.xaxis, ("bottom", "top")), (self.yaxis, ("left", "right"))):
            for side in sides:
                self.spines[side].register_axis(axis)

    def grid(self, *_, **__) -> None:
        """There is none."""


def ribbon(axes: Axes, x: np.ndarray, low: np.ndarray, high: np.ndarray, **look) -> None:
    """Fill what lies between two lines."""
    ribbons(axes, x, low[None], high[None], **look)


def ribbons(axes: Axes, x: np.ndarray, low: np.ndarray, high: np.ndarray, **look) -> None:
    """Fill what lies between each line of ``low`` and that of ``high``, (line, x), in one colour."""
    around = np.stack(
        [np.broadcast_to(np.append(x, x[::-1]), (len(low), 2 * x.size)), np.hstack([low, high[:, ::-1]])], 2
    )
    axes.add_collection(PolyCollection(around, linewidth=0, **look), autolim=False)
    axes.update_datalim(around.reshape(-1, 2))


def boxes(axes: Axes, left: np.ndarray, right: np.ndarray, low: np.ndarray, high: np.ndarray, colour: str) -> None:
    """Fill boxes of one colour."""
    left, right, low, high = np.broadcast_arrays(left, right, low, high)
    corners = np.stack([np.stack([left, right, right, left], 1), np.stack([low, low, high, high], 1)], 2)
    axes.add_artist(PathPatch(Path.make_compound_path_from_polys(corners), facecolor=colour, linewidth=0))
    axes.update_datalim(corners.reshape(-1, 2))
