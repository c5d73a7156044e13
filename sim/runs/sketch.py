"""Monthly values of any number of members in bounded memory.

For each month of a series, how many members fall into each bin of one fixed width, and their exact sum in fixed point.
Both are sums of integers, so neither the order nor the grouping of members changes a bit.  Quantiles read from the bins
are off by at most half a bin; the mean is exact to 2**-23 of a bin.
"""

from collections.abc import Sequence

import numpy as np

#: Quantiles kept in the monthly table and their column names.
QUANTILES = {"q2.5": 0.025, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q97.5": 0.975}

_FARTHEST_BIN = 16_000
_FINENESS = 1 << 22  # with 16,000 bins a side, sums of 2**24 members stay below 2**62


class SeriesSketch:
    """Distribution of one series in each month.

    Parameters
    ----------
    months : number of months
    resolution : width of a bin in the unit of the series; values beyond 16,000 bins from zero are drawn in to there
    """

    def __init__(self, months: int, resolution: float = 0.001) -> None:
        self.resolution = resolution
        self.lowest = 0
        self.counts = np.zeros((months, 1), dtype=np.int64)
        self.sums = np.zeros(months, dtype=np.int64)
        self.numbers = np.zeros(months, dtype=np.int64)

    def add(self, values: np.ndarray) -> None:
        """Add members, (m, months); a value that is not a number is left out of its month."""
        months = self.sums.size
        scaled = np.clip(np.asarray(values, dtype=np.float64) / self.resolution, -_FARTHEST_BIN, _FARTHEST_BIN)
        known = ~np.isnan(scaled)
        if not known.any():
            return
        bins = np.rint(np.where(known, scaled, scaled[known][0])).astype(np.int64)
        self._widen(int(bins.min()), int(bins.max()))
        width = self.counts.shape[1]
        flat = (np.arange(months) * width + (bins - self.lowest))[known]
        self.counts += np.bincount(flat, minlength=months * width).reshape(months, width)
        self.sums += np.rint(np.where(known, scaled, 0.0) * _FINENESS).astype(np.int64).sum(axis=0)
        self.numbers += known.sum(axis=0)

    def _widen(self, low: int, high: int) -> None:
        """Make room for bins low..high."""
        empty = not self.numbers.any()
        first = low if empty else min(low, self.lowest)
        last = high if empty else max(high, self.lowest + self.counts.shape[1] - 1)
        if first == self.lowest and last - first + 1 == self.counts.shape[1]:
            return
        wider = np.zeros((self.sums.size, last - first + 1), dtype=np.int64)
        if not empty:
            start = self.lowest - first
            wider[:, start : start + self.counts.shape[1]] = self.counts
        self.lowest, self.counts = first, wider

    def merge(self, other: "SeriesSketch") -> None:
        """Add what another sketch of the same months and resolution holds; ValueError if they differ."""
        if other.sums.size != self.sums.size or other.resolution != self.resolution:
            raise ValueError("sketches of different months or resolution cannot be merged")
        if not other.numbers.any():
            return
        self._widen(other.lowest, other.lowest + other.counts.shape[1] - 1)
        start = other.lowest - self.lowest
        self.counts[:, start : start + other.counts.shape[1]] += other.counts
        self.sums += other.sums
        self.numbers += other.numbers

    def mean(self) -> np.ndarray:
        """Mean of each month, (months,); NaN where no member has a value."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.sums / self.numbers / _FINENESS * self.resolution

    def quantile(self, share: float) -> np.ndarray:
        """Quantile of each month, (months,), linear between order statistics; NaN where no member has a value."""
        return self.quantiles([share])[0]

    def quantiles(self, shares: Sequence[float]) -> list[np.ndarray]:
        """Quantiles of each month, (months,) each, as :meth:`quantile`."""
        months, width = self.counts.shape
        # cumulative counts of all months in one ascending line, so that one search finds a rank in every month
        shift = np.arange(months) * (int(self.numbers.max(initial=0)) + 1)
        line = (np.cumsum(self.counts, axis=1) + shift[:, None]).ravel()
        begin, found = np.arange(months) * width, []
        for share in shares:
            rank = share * np.maximum(self.numbers - 1, 0)
            below = np.floor(rank).astype(np.int64)
            above = np.clip(below + 1, None, np.maximum(self.numbers - 1, 0))
            low, high = (np.searchsorted(line, each + shift, side="right") - begin for each in (below, above))
            value = (low + (rank - below) * (high - low) + self.lowest) * self.resolution
            found.append(np.where(self.numbers > 0, value, np.nan))
        return found

    def as_sparse(self) -> dict[str, np.ndarray]:
        """Filled bins month after month: offsets (months + 1), bins, counts; and sums and numbers (months,)."""
        month, place = np.nonzero(self.counts)
        offsets = np.searchsorted(month, np.arange(self.sums.size + 1))
        return {
            "offsets": offsets,
            "bins": place + self.lowest,
            "counts": self.counts[month, place],
            "sums": self.sums,
            "numbers": self.numbers,
        }

    @classmethod
    def from_sparse(cls, sparse: dict[str, np.ndarray], resolution: float) -> "SeriesSketch":
        """The sketch that :meth:`as_sparse` describes."""
        sketch = cls(sparse["sums"].size, resolution)
        bins = np.asarray(sparse["bins"], dtype=np.int64)
        if bins.size:
            sketch._widen(int(bins.min()), int(bins.max()))
            month = np.repeat(np.arange(sketch.sums.size), np.diff(sparse["offsets"]))
            sketch.counts[month, bins - sketch.lowest] = sparse["counts"]
        sketch.sums = np.array(sparse["sums"], dtype=np.int64)
        sketch.numbers = np.array(sparse["numbers"], dtype=np.int64)
        return sketch
