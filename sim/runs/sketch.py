"""Monthly values of any number of members in bounded memory.

For each month of a series, how many members fall into each bin of one fixed width, and their exact sum in fixed point.
Both are sums of integers, so neither the order nor the grouping of members changes a bit.  Quantiles read from the bins
are off by at most half a bin; the mean is exact to 2**-23 of a bin.

Every month of a series has room for the bins between its own lowest and highest value, and no more: the past, which
most members share, takes a bin or two, and the whole a few megabytes.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from sim.engine.compiled import compiled
from sim.runs import arrow

#: Quantiles kept in the monthly table and their column names.
QUANTILES = {"q2.5": 0.025, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q97.5": 0.975}

FARTHEST_BIN = 16_000
_AT_ONCE = 512  # members whose bins are counted together
_FINENESS = 1 << 22  # with 16,000 bins a side, sums of 2**24 members stay below 2**62
_NO_VALUE = 32_767


class Sketch:
    """Distribution of several series in each month.

    Parameters
    ----------
    resolutions : series -> width of a bin in its unit; values beyond 16,000 bins from zero are drawn in to there
    months : number of months
    """

    def __init__(self, resolutions: Mapping[str, float], months: int) -> None:
        shape = len(resolutions), months
        self.resolutions = dict(resolutions)
        self.low = np.full(shape, FARTHEST_BIN + 1, np.int32)  # lowest and highest bin in use
        self.high = np.full(shape, -FARTHEST_BIN - 1, np.int32)
        self.sums = np.zeros(shape, np.int64)
        self.numbers = np.zeros(shape, np.int64)
        self._first = np.zeros(shape, np.int32)  # bin of the first place of each month
        self._room = np.zeros(shape, np.int64)  # how many places it has
        self._start = np.zeros(shape, np.int64)  # of its first place in counts
        self._used = 0  # places given away, those that a month has left included
        self._counts = np.zeros(0, np.int32)
        self._waiting: list[np.ndarray] = []  # bins of members, (series, m, months), that are not counted yet

    @property
    def months(self) -> int:
        """Number of months."""
        return self.low.shape[1]

    def add(self, values: Mapping[str, np.ndarray]) -> None:
        """Add members: every series, (m, months); a value that is not a number is left out of its month."""
        m = len(next(iter(values.values())))
        bins, first_sum = np.empty((len(self.resolutions), m, self.months), np.int16), np.zeros(self.months, np.int64)
        for s, (name, width) in enumerate(self.resolutions.items()):
            series = np.asarray(values[name], np.float64)
            _place(series, width, bins[s], self.low[s], self.high[s], self.sums[s], self.numbers[s], first_sum)
        self._waiting.append(bins)
        self._settle_many()

    def _settle_many(self) -> None:
        if sum(each.shape[1] for each in self._waiting) >= _AT_ONCE:
            self._settle()

    def _settle(self) -> None:
        """Count what is waiting: of many members together, so that months seldom outgrow their room."""
        self._make_room()
        for bins in self._waiting:
            _count(bins, self._first, self._start, self._counts)
        self._waiting.clear()

    def merge(self, other: "Sketch") -> None:
        """Add what another sketch of the same series and months holds; ValueError if they differ."""
        if other.resolutions != self.resolutions or other.months != self.months:
            raise ValueError("sketches of different series, months or resolution cannot be merged")
        np.minimum(self.low, other.low, out=self.low)
        np.maximum(self.high, other.high, out=self.high)
        self.sums += other.sums
        self.numbers += other.numbers
        if other._used:
            self._make_room()
            first, room, start = other._in_use()
            _add(np.flatnonzero(room), first, room, start, other._counts, self._first, self._start, self._counts)
        else:  # it has counted nothing yet
            self._waiting += other._waiting
        self._settle_many()

    def _in_use(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(series, months) lowest bin in use, how many there are up to the highest, and the place of the first."""
        self._settle()
        room = np.maximum(self.high.astype(np.int64) - self.low + 1, 0)
        first = np.where(room > 0, self.low, 0).astype(np.int32)
        return first, room, self._start + (first - self._first)

    def _make_room(self) -> None:
        """See to it that every month has places from its lowest to its highest bin."""
        missing = (self.low < self._first) | (self.high >= self._first + self._room)
        missing &= self.low <= self.high
        cells = np.flatnonzero(missing)
        if not len(cells):
            return
        low, high = self.low[missing], self.high[missing]
        spare = np.where(self._room[missing] > 0, (high - low) // 4, 0)  # what has grown once will grow again
        self._move(cells, np.maximum(low - spare, -FARTHEST_BIN), high + spare)

    def _move(self, cells: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Give months places of their own at the end, from a lowest to a highest bin that hold all that they had."""
        old = self._first.copy(), self._room.copy(), self._start.copy()
        room = (high + 1 - low).astype(np.int64)
        ends = self._used + np.cumsum(room)
        self._first.flat[cells], self._room.flat[cells], self._start.flat[cells] = low, room, ends - room
        self._used = int(ends[-1])
        if self._used > len(self._counts):
            # what has grown once will again; the room takes memory only where it is written to
            grows = len(self._counts) > 0
            counts = np.zeros((3 if grows else 1) * self._used, np.int32)
            counts[: len(self._counts)] = self._counts
            self._counts = counts
        _add(cells, *old, self._counts, self._first, self._start, self._counts)

    def mean(self) -> np.ndarray:
        """Mean of each month, (series, months); NaN where no member has a value."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.sums / self.numbers / _FINENESS * self._widths()

    def quantiles(self, shares: Sequence[float]) -> np.ndarray:
        """Quantiles, (share, series, months), linear between order statistics; NaN where no member has a value.

        ``shares`` ascend.
        """
        self._settle()
        found = np.full((len(shares), *self.low.shape), np.nan)
        # positions are counted from the lowest bin of the series
        lowest = self.low.min(axis=1, initial=FARTHEST_BIN + 1)
        arguments = self._first, self._start, self._counts, self.numbers, lowest, self._widths()[:, 0]
        _read_quantiles(np.asarray(shares, np.float64), *arguments, found)
        return found

    def _widths(self) -> np.ndarray:
        return np.array(list(self.resolutions.values()))[:, None]

    def as_table(self) -> pa.Table:
        """A row per series and month; series and resolutions are in its metadata."""
        first, room, start = self._in_use()
        offset = np.concatenate([[0], np.cumsum(room)])
        packed = np.zeros(offset[-1], np.int32)
        places = offset[:-1].reshape(room.shape)
        _add(np.flatnonzero(room), first, room, start, self._counts, first, places, packed)
        counts = pa.LargeListArray.from_arrays(arrow.to_arrow(offset), arrow.to_arrow(packed))
        columns = {"first": first.ravel(), "sum": self.sums.ravel(), "number": self.numbers.ravel()}
        table = arrow.table({**columns, "counts": counts})
        return table.replace_schema_metadata({"resolutions": json.dumps(self.resolutions)})

    @classmethod
    def from_table(cls, table: pa.Table) -> "Sketch":
        """The sketch that :meth:`as_table` wrote."""
        resolutions = json.loads(table.schema.metadata[b"resolutions"])
        sketch = cls(resolutions, table.num_rows // len(resolutions))
        shape = sketch.low.shape
        first, sums, numbers = (
            arrow.to_numpy(table.column(name)).reshape(shape).copy() for name in ("first", "sum", "number")
        )
        lists = table.column("counts").combine_chunks()
        lists = lists.chunk(0) if isinstance(lists, pa.ChunkedArray) else lists
        offset = arrow.to_numpy(lists.offsets)
        width = np.diff(offset).reshape(shape)
        sketch.low = np.where(width > 0, first, sketch.low).astype(np.int32)
        sketch.high = np.where(width > 0, first + width - 1, sketch.high).astype(np.int32)
        sketch._first, sketch._room, sketch._start = first, width, (offset[:-1] - offset[0]).reshape(shape)
        sketch._counts = arrow.to_numpy(lists.flatten()).copy()
        sketch._used = len(sketch._counts)
        sketch.sums, sketch.numbers = sums, numbers
        return sketch


@compiled(allocates=True)
def _place(values, width, bins, low, high, sums, numbers, first_sum):
    """Bins of values (m, months) into `bins`; the month's range, sum and number of values follow.

    `first_sum` (months,) is working space.
    """
    months = values.shape[1]
    for i in range(values.shape[0]):
        for j in range(months):
            value = values[i, j]
            if i > 0 and value == values[0, j]:  # the past is alike in all members
                bins[i, j] = bins[0, j]
                sums[j] += first_sum[j]
                numbers[j] += 1
                continue
            if np.isnan(value):
                bins[i, j] = _NO_VALUE
                continue
            scaled = min(max(value / width, -FARTHEST_BIN), FARTHEST_BIN)
            number = np.int32(np.rint(scaled))
            exact = np.int64(np.rint(scaled * _FINENESS))
            bins[i, j] = number
            if i == 0:
                first_sum[j] = exact
            sums[j] += exact
            numbers[j] += 1
            low[j] = min(low[j], number)
            high[j] = max(high[j], number)


@compiled(allocates=True)
def _count(bins, first, start, counts):
    """Count the bins (series, m, months)."""
    months = bins.shape[2]
    for s in range(bins.shape[0]):
        for i in range(bins.shape[1]):
            for j in range(months):
                if bins[s, i, j] != _NO_VALUE:
                    counts[start[s, j] + bins[s, i, j] - first[s, j]] += 1


@compiled
def _add(cells, first, room, start, counts, new_first, new_start, new_counts):
    """Add the counts of some months, numbered through all series, to another layout, which has room for them."""
    months = first.shape[1]
    for cell in cells:
        s, j = cell // months, cell % months
        old, new = start[s, j], new_start[s, j] + first[s, j] - new_first[s, j]
        for k in range(room[s, j]):
            new_counts[new + k] += counts[old + k]


@compiled(allocates=True)
def _read_quantiles(shares, first, start_of, counts, numbers, lowest, widths, found):
    """Quantiles of every month; `lowest` (series,) is where positions are counted from."""
    months = first.shape[1]
    for s in range(first.shape[0]):
        for j in range(months):
            number = numbers[s, j]
            if number == 0:
                continue
            start = first[s, j] - lowest[s]
            place, below_place = start_of[s, j], 0
            for q in range(shares.shape[0]):
                rank = shares[q] * (number - 1)
                below = np.int64(np.floor(rank))
                above = min(below + 1, number - 1)
                while below_place + counts[place] <= below:
                    below_place += counts[place]
                    place += 1
                k, reached = place, below_place
                while reached + counts[k] <= above:
                    reached += counts[k]
                    k += 1
                low = start + place - start_of[s, j]
                high = start + k - start_of[s, j]
                found[q, s, j] = (low + (rank - below) * (high - low) + lowest[s]) * widths[s]
