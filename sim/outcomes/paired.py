"""Paired differences: one outcome of the same members under two scenarios.

Members of two runs share their random numbers, so what is compared is each member with itself. Numbers: the mean
difference with its standard error. Events that may never happen: the difference of two paired shares with the interval
of Bonett and Price (2012), which rests, like McNemar (1947), on the members whose answer differs; and the difference in
dates among members in which the event happens both times.
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.outcomes.summary import Z95

_Z80 = 0.8416212335729143
#: Fewest pairs that differ before a direction is named: five heads in a row happen to one fair coin in sixteen.
FEWEST_MOVED = 6
#: Quantiles of the 50 and 90 % intervals of the members' own differences.
INTERVALS = {50: (0.25, 0.75), 90: (0.05, 0.95)}
#: Beyond this ratio a variance is rounding.
_ROUNDING = 1e-24


@dataclass(frozen=True)
class Paired:
    """What both kinds of difference have in common.

    Attributes
    ----------
    members : pairs compared
    ours, theirs : means of the two runs over these pairs (shares of members, for events)
    value : ours minus theirs
    low, high : 95 % interval of ``value``: how sure the number of members makes it
    spread : standard deviation of the members' own differences; NaN for a single pair, as are low and high of numbers
    higher, same, lower : share of members in which ours is above, equal to, below theirs
    correlation : of ours with theirs over members; NaN where one of them does not vary
    gain : variance of an unpaired difference over that of the paired one: so many times fewer members are needed;
        infinite where every member differs by the same amount, NaN where neither run varies
    deviation : standard deviation of the outcome itself, the two runs taken together
    size : ``value`` in such deviations; infinite where the outcome does not vary
    """

    members: int
    ours: float
    theirs: float
    value: float
    low: float
    high: float
    spread: float
    higher: float
    same: float
    lower: float
    correlation: float
    gain: float
    deviation: float
    size: float

    @property
    def moved(self) -> int:
        """Pairs that differ."""
        return round((self.higher + self.lower) * self.members)

    @property
    def direction(self) -> int:
        """1 or -1 where the sign of ``value`` can be told from these members, else 0."""
        if self.moved < FEWEST_MOVED:
            return 0
        return int(self.low > 0) - int(self.high < 0)

    @property
    def more_to_tell(self) -> float:
        """Further members with which a difference of this size would be told four times out of five.

        0 where the direction is known already, infinite where no pair differs or the differences cancel, NaN for a
        single pair, which says nothing of the spread.
        """
        if self.direction:
            return 0
        if not self.moved or self.value == 0:
            return math.inf
        if math.isnan(self.spread):
            return math.nan
        by_spread = (Z95 + _Z80) ** 2 * (self.spread / self.value) ** 2
        by_count = FEWEST_MOVED * self.members / self.moved
        return max(1, math.ceil(max(by_spread, by_count)) - self.members)

    def more_for(self, half_width: float) -> float:
        """Further members until the 95 % interval of ``value`` has this half-width; NaN for a single pair."""
        if math.isnan(self.spread):
            return math.nan
        return max(0, math.ceil((Z95 * self.spread / half_width) ** 2) - self.members)


@dataclass(frozen=True)
class Difference(Paired):
    """Difference of a number; ``median`` and ``intervals`` (50 and 90 %) are those of the members' own differences."""

    median: float
    intervals: dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Chance(Paired):
    """Difference in the probability of an event that may never happen.

    ``both`` members see it in both runs, ``only_ours`` and ``only_theirs`` in one. ``when`` is the difference of its
    dates in years among the former, None if there are none: a statement about members in which it happens anyway.
    """

    both: int
    only_ours: int
    only_theirs: int
    when: Difference | None


def _variance(values: np.ndarray) -> float:
    if values.size < 2:
        return math.nan
    found, largest = float(values.var(ddof=1)), float(np.abs(values).max())
    return found if found > _ROUNDING * largest * largest else 0.0


def _ratio(above: float, below: float) -> float:
    """A ratio in which something over nothing is infinite and nothing over nothing, or unknown, is NaN."""
    if math.isnan(above) or math.isnan(below):
        return math.nan
    if below > 0:
        return above / below
    return math.copysign(math.inf, above) if above else math.nan


def _common(ours: np.ndarray, theirs: np.ndarray) -> dict[str, float]:
    """The fields of :class:`Paired` but the interval; arrays of one length without NaN."""
    apart = ours - theirs
    variances = [_variance(each) for each in (ours, theirs, apart)]
    value = float(apart.mean())
    correlation, deviation = math.nan, math.sqrt((variances[0] + variances[1]) / 2)
    if variances[0] > 0 and variances[1] > 0:
        correlation = float(np.corrcoef(ours, theirs)[0, 1])
    return {
        "members": int(apart.size),
        "ours": float(ours.mean()),
        "theirs": float(theirs.mean()),
        "value": value,
        "spread": math.sqrt(variances[2]),
        "higher": float((apart > 0).mean()),
        "same": float((apart == 0).mean()),
        "lower": float((apart < 0).mean()),
        "correlation": correlation,
        "gain": _ratio(variances[0] + variances[1], variances[2]),
        "deviation": deviation,
        "size": _ratio(value, deviation) if value else 0.0,
    }


def difference(ours, theirs) -> Difference:
    """Paired difference of two arrays of numbers, (m,) each, in the same order of members.

    Raises ValueError if they differ in length, are empty or hold NaN.
    """
    ours, theirs = (np.asarray(each, dtype=np.float64) for each in (ours, theirs))
    if ours.shape != theirs.shape or not ours.size or np.isnan(ours).any() or np.isnan(theirs).any():
        raise ValueError("paired numbers come in two equally long, filled rows")
    common = _common(ours, theirs)
    apart = np.sort(ours - theirs)
    half = Z95 * common["spread"] / math.sqrt(apart.size)
    # edges are differences that occur, so that differences of counts are counts
    intervals = {
        share: tuple(float(edge) for edge in np.quantile(apart, edges, method="inverted_cdf"))
        for share, edges in INTERVALS.items()
    }
    return Difference(
        **common,
        low=common["value"] - half,
        high=common["value"] + half,
        median=float(np.median(apart)),
        intervals=intervals,
    )


def share_interval(only_ours, only_theirs, members):
    """95 % interval (low, high) of the difference of two paired shares, after Bonett and Price (2012).

    One member that differs each way is added, so that the interval is never of width zero. Arguments are counts, or
    arrays of counts.
    """
    ours, theirs = (np.asarray(each, dtype=np.float64) + 1 for each in (only_ours, only_theirs))
    total = members + 2
    value = (ours - theirs) / total
    half = Z95 * np.sqrt(((ours + theirs) / total - value * value) / total)
    return np.maximum(value - half, -1.0), np.minimum(value + half, 1.0)


def chance(ours, theirs) -> Chance:
    """Paired difference of an event dated by year fractions, NaN where it never happens; (m,) each.

    Raises ValueError if the arrays differ in length or are empty.
    """
    ours, theirs = (np.asarray(each, dtype=np.float64) for each in (ours, theirs))
    if ours.shape != theirs.shape or not ours.size:
        raise ValueError("paired dates come in two equally long rows")
    here, there = ~np.isnan(ours), ~np.isnan(theirs)
    both = here & there
    only_ours, only_theirs = int((here & ~there).sum()), int((there & ~here).sum())
    low, high = (float(edge) for edge in share_interval(only_ours, only_theirs, ours.size))
    when = difference(ours[both], theirs[both]) if both.any() else None
    return Chance(
        **_common(here.astype(float), there.astype(float)),
        low=low,
        high=high,
        both=int(both.sum()),
        only_ours=only_ours,
        only_theirs=only_theirs,
        when=when,
    )


def compare_outcome(ours, theirs, dated: bool = False) -> Difference | Chance | None:
    """A chance for dated outcomes, else a difference over the pairs in which both have a value; None without any."""
    ours, theirs = (np.asarray(each, dtype=np.float64) for each in (ours, theirs))
    if dated:
        return chance(ours, theirs)
    known = ~(np.isnan(ours) | np.isnan(theirs))
    return difference(ours[known], theirs[known]) if known.any() else None
