"""Summaries of outcomes over members, each with how sure the number of members makes it.

Wilson (1927) interval for probabilities; order statistics for the interval of a median (Conover 1999).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.words import in_letters, sentence

#: Standard normal quantile of a two-sided 95 % interval.
Z95 = 1.959963984540054
#: Fewest members of which a middle 80 % leaves anyone out; of fewer it is the smallest and the largest value.
FEWEST_FOR_BANDS = 10
#: Quantiles of the 50, 80 and 95 % bands.
BANDS = {50: (0.25, 0.75), 80: (0.10, 0.90), 95: (0.025, 0.975)}


@dataclass(frozen=True)
class Probability:
    """A share of members and how sure it is: 95 % Wilson interval and Monte-Carlo standard error."""

    value: float
    low: float
    high: float
    standard_error: float
    members: int

    def __str__(self) -> str:
        return f"{percent(self.value, self.members)} ({100 * self.low:.0f}-{100 * self.high:.0f} %)"


@dataclass(frozen=True)
class Summary:
    """Distribution of one outcome over the members that have it.

    ``bands`` maps 50, 80 and 95 to (low, high); ``median_low`` and ``median_high`` are a 95 % interval of the median
    itself, which more members would narrow, while the bands would not.
    """

    median: float
    mean: float
    bands: dict[int, tuple[float, float]]
    median_low: float
    median_high: float
    members: int


def percent(value: float, members: int) -> str:
    """A share as a percentage that never rounds a possible event to certainty or to impossibility."""
    text = f"{100 * value:.0f} %"
    if members and 0 < value and text == "0 %":
        return "<1 %"
    if members and value < 1 and text == "100 %":
        return ">99 %"
    return text


def probability(happened: int, members: int) -> Probability:
    """Probability from a count of members; NaN where there are no members."""
    if not members:
        return Probability(math.nan, math.nan, math.nan, math.nan, 0)
    share = happened / members
    squeeze = 1 + Z95**2 / members
    centre = (share + Z95**2 / (2 * members)) / squeeze
    half = Z95 / squeeze * math.sqrt(share * (1 - share) / members + Z95**2 / (4 * members**2))
    low = 0.0 if happened == 0 else max(0.0, centre - half)
    high = 1.0 if happened == members else min(1.0, centre + half)
    return Probability(share, low, high, math.sqrt(share * (1 - share) / members), members)


def probability_by(months, year: float) -> Probability:
    """Probability that a dated outcome (year fractions, NaN: never) has come by the end of the calendar year."""
    months = np.asarray(months, dtype=np.float64)
    return probability(int((months < year + 1).sum()), months.size)


def summarise(values) -> Summary:
    """Median, mean and bands of the finite values; NaN throughout where there are none."""
    values = np.asarray(values, dtype=np.float64)
    values = np.sort(values[np.isfinite(values)])
    if not values.size:
        nothing = math.nan
        return Summary(nothing, nothing, {band: (nothing, nothing) for band in BANDS}, nothing, nothing, 0)
    # edges are values that occur, so that bands of counts are counts
    edges = iter(np.quantile(values, [edge for band in BANDS.values() for edge in band], method="inverted_cdf"))
    bands = {band: (float(next(edges)), float(next(edges))) for band in BANDS}
    median = (values[(values.size - 1) // 2] + values[values.size // 2]) / 2
    half = Z95 * math.sqrt(values.size) / 2
    low = max(0, math.floor(values.size / 2 - half))
    high = min(values.size - 1, math.ceil(values.size / 2 + half))
    return Summary(float(median), float(values.mean()), bands, float(values[low]), float(values[high]), values.size)


def few(members: int) -> str:
    """What a reader of so few members should know about ranges over them, in words; empty where there are enough."""
    if members == 1:
        return "One history: its own values, no interval."
    if members < FEWEST_FOR_BANDS:
        return f"{sentence(in_letters(members))} histories: a range goes from their smallest to their largest value."
    return ""


def spread(values) -> dict[str, Any]:
    """Mean, median and middle 80 % of finite values, as plain values."""
    found = summarise(values)
    return {"mean": found.mean, "median": found.median, "band_80": found.bands[80]}
