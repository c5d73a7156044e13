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
        self._offset = np.zeros(shape[0] * months + 1, np.int64)  # of its first place in counts
        self._counts = np.zeros(0, np.int32)

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
        self._make_room()
        _count(bins, self._first, self._offset, self._counts)

    def merge(self, other: "Sketch") -> None:
        """Add what another sketch of the same series and months holds; ValueError if they differ."""
        if other.resolutions != self.resolutions or other.months != self.months:
            raise ValueError("sketches of different series, months or resolution cannot be merged")
        np.minimum(self.low, other.low, out=self.low)
        np.maximum(self.high, other.high, out=self.high)
        self._make_room()
        _copy(other._first, other._offset, other._counts, self._first, self._offset, self._counts)
        self.sums += other.sums
        self.numbers += other.numbers

    def _make_room(self) -> None:
        """See to it that every month has places from its lowest to its highest bin."""
        there = np.diff(self._offset).reshape(self.low.shape)
        missing = (self.low < self._first) | (self.high >= self._first + there) | (there == 0)
        missing &= self.low <= self.high
        if not missing.any():
            return
        spare = np.where(there > 0, (self.high - self.low) // 4, 0)  # what has grown once will grow again
        first = np.where(missing, np.maximum(self.low - spare, -FARTHEST_BIN), self._first).astype(np.int32)
        room = np.where(missing, self.high + spare + 1 - first, there)
        self._lay_out(first, room)

    def _lay_out(self, first: np.ndarray, room: np.ndarray) -> None:
        offset = np.concatenate([[0], np.cumsum(room, dtype=np.int64)])
        counts = np.zeros(offset[-1], np.int32)
        _copy(self._first, self._offset, self._counts, first, offset, counts)
        self._first, self._offset, self._counts = first, offset, counts

    def mean(self) -> np.ndarray:
        """Mean of each month, (series, months); NaN where no member has a value."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.sums / self.numbers / _FINENESS * self._widths()

    def quantiles(self, shares: Sequence[float]) -> np.ndarray:
        """Quantiles, (share, series, months), linear between order statistics; NaN where no member has a value.

        ``shares`` ascend.
        """
        found = np.full((len(shares), *self.low.shape), np.nan)
        # positions are counted from the lowest bin of the series
        lowest = self.low.min(axis=1, initial=FARTHEST_BIN + 1)
        arguments = self._first, self._offset, self._counts, self.numbers, lowest, self._widths()[:, 0]
        _read_quantiles(np.asarray(shares, np.float64), *arguments, found)
        return found

    def _widths(self) -> np.ndarray:
        return np.array(list(self.resolutions.values()))[:, None]

    def as_table(self) -> pa.Table:
        """A row per series and month; series and resolutions are in its metadata."""
        empty = self.low > self.high
        self._lay_out(np.where(empty, 0, self.low).astype(np.int32), np.where(empty, 0, self.high - self.low + 1))
        counts = pa.LargeListArray.from_arrays(arrow.to_arrow(self._offset), arrow.to_arrow(self._counts))
        columns = {"first": self._first.ravel(), "sum": self.sums.ravel(), "number": self.numbers.ravel()}
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
        sketch._first, sketch._offset = first, offset - offset[0]
        sketch._counts = arrow.to_numpy(lists.flatten()).copy()
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
def _count(bins, first, offset, counts):
    """Count the bins (series, m, months)."""
    months = bins.shape[2]
    for s in range(bins.shape[0]):
        for i in range(bins.shape[1]):
            for j in range(months):
                if bins[s, i, j] != _NO_VALUE:
                    counts[offset[s * months + j] + bins[s, i, j] - first[s, j]] += 1


@compiled(allocates=True)
def _copy(first, offset, counts, new_first, new_offset, new_counts):
    """Add counts to those of another layout; what finds no place there is empty."""
    months = first.shape[1]
    for s in range(first.shape[0]):
        for j in range(months):
            cell = s * months + j
            shift = new_offset[cell] + first[s, j] - new_first[s, j] - offset[cell]
            for k in range(offset[cell], offset[cell + 1]):
                if counts[k] > 0:
                    new_counts[k + shift] += counts[k]


@compiled(allocates=True)
def _read_quantiles(shares, first, offset, counts, numbers, lowest, widths, found):
    """Quantiles of every month; `lowest` (series,) is where positions are counted from."""
    months = first.shape[1]
    for s in range(first.shape[0]):
        for j in range(months):
            number = numbers[s, j]
            if number == 0:
                continue
            cell = s * months + j
            start = first[s, j] - lowest[s]
            place, below_place = offset[cell], 0
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
                low = start + place - offset[cell]
                high = start + k - offset[cell]
                found[q, s, j] = (low + (rank - below) * (high - low) + lowest[s]) * widths[s]
