"""How an effect grows and fades: the paired difference at the end of each year."""

from collections.abc import Iterator

import numpy as np

from sim.comparison.pairing import Pairing
from sim.outcomes import Z95, is_dated
from sim.outcomes.paired import INTERVALS, share_interval

#: Columns of a row of the effect over time, beside the outcome and the year.
COLUMNS = ("ours", "theirs", "value", "low", "high", "median", "low50", "high50", "low90", "high90", "higher", "lower")


def of_numbers(ours: np.ndarray, theirs: np.ndarray) -> dict[str, np.ndarray]:
    """COLUMNS of a series, (years,) each, from its values (m, years) in two runs."""
    apart = ours - theirs
    value, members = apart.mean(axis=0), apart.shape[0]
    spread = apart.std(axis=0, ddof=1) if members > 1 else np.full(apart.shape[1], np.nan)
    half = Z95 * spread / np.sqrt(members)
    edges = [edge for share in INTERVALS.values() for edge in share]
    low50, high50, low90, high90 = np.quantile(apart, edges, axis=0, method="inverted_cdf")
    found = (
        ours.mean(axis=0),
        theirs.mean(axis=0),
        value,
        value - half,
        value + half,
        np.median(apart, axis=0),
        low50,
        high50,
        low90,
        high90,
        (apart > 0).mean(axis=0),
        (apart < 0).mean(axis=0),
    )
    return dict(zip(COLUMNS, found))


def of_dates(ours: np.ndarray, theirs: np.ndarray, years: np.ndarray) -> dict[str, np.ndarray]:
    """COLUMNS of an event, (years,) each: shares of members in which it has come by the end of each year.

    ``ours`` and ``theirs`` are year fractions, (m,), NaN for never; the median and its intervals do not apply.
    """
    here, there = (dates[:, None] < years + 1 for dates in (ours, theirs))
    members = ours.size
    higher, lower = (here & ~there).sum(axis=0), (there & ~here).sum(axis=0)
    low, high = share_interval(higher, lower, members)
    nothing = np.full(years.size, np.nan)
    found = (
        here.mean(axis=0),
        there.mean(axis=0),
        (higher - lower) / members,
        low,
        high,
        *[nothing] * 5,
        higher / members,
        lower / members,
    )
    return dict(zip(COLUMNS, found))


def over_time(pairing: Pairing, names: list[str]) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """(name, COLUMNS) of each yearly series and dated outcome among ``names``, one after the other."""
    dated = [name for name in names if is_dated(name)]
    for name in names:
        if name in pairing.series:
            yield name, of_numbers(*pairing.yearly(name))
    for name, ours, theirs in pairing.columns(dated):
        yield name, of_dates(ours, theirs, pairing.years)
