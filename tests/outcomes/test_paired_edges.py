"""Paired differences where a line is drawn: what counts as known, as a direction, as enough."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.outcomes import paired
from sim.outcomes.paired import chance, compare_outcome, difference, share_interval
from sim.outcomes.summary import Z95

NEVER = math.nan
#: Normal quantile of four times out of five.
Z80 = 0.8416212335729143


@pytest.mark.parametrize(
    ("ours", "theirs"), [([1.0, NEVER], [1.0, 2.0]), ([1.0, 2.0], [NEVER, 2.0]), ([1.0], [1.0, 2.0]), ([], [])]
)
def test_one_hole_is_enough_to_refuse_numbers(ours, theirs):
    with pytest.raises(ValueError, match="paired numbers"):
        difference(ours, theirs)


@pytest.mark.parametrize(("ours", "theirs"), [([], []), ([2030.0], [2030.0, 2031.0])])
def test_dates_come_in_pairs(ours, theirs):
    with pytest.raises(ValueError, match="paired dates"):
        chance(ours, theirs)


def test_intervals_of_the_members_own_differences():
    """Of 1 to 100: 25 and 75, 5 and 95, differences that occur."""
    found = difference(np.arange(1.0, 101.0), np.zeros(100))
    assert found.intervals == {50: (25.0, 75.0), 90: (5.0, 95.0)} and found.median == 50.5


def told(low, high, moved=100):
    plain = difference([1.0] * 100, [0.0] * 100)
    return replace(plain, low=low, high=high, higher=moved / 100, lower=0.0).direction


def test_a_direction_is_an_interval_on_one_side_of_zero():
    assert [told(0.1, 0.2), told(-0.2, -0.1), told(-0.1, 0.1)] == [1, -1, 0]
    assert [told(0.0, 0.2), told(-0.2, 0.0)] == [0, 0]  # zero is on neither side
    assert [told(0.1, 0.2, moved) for moved in (paired.FEWEST_MOVED - 1, paired.FEWEST_MOVED)] == [0, 1]


def test_members_that_would_tell():
    """Of 100 half are 2 and half are -1.9 away: mean 0.05, variance 3.8025 * 100 / 99."""
    found = difference([2, -1.9] * 50, [0] * 100)
    spread = 3.8025 * 100 / 99
    assert found.more_to_tell == math.ceil((Z95 + Z80) ** 2 * spread / 0.05**2) - 100
    cancel = difference([1, -1] * 50, [0] * 100)
    assert cancel.direction == 0 and cancel.more_to_tell == math.inf
    known = difference([1.0, 2.0] * 50, [0] * 100)
    assert known.direction == 1 and known.more_to_tell == 0


def test_one_member_more_at_least():
    """Told by spread already, and short of a count: six of ten differ, and nothing more is asked than one."""
    found = replace(difference([1.0] * 6 + [0.0] * 4, [0.0] * 10), low=-1.0, spread=0.1)
    # spread: (1.96 + 0.84)² * 0.01 / 0.36 = 0.2; count: 6 * 10 / 6 = 10
    assert found.direction == 0 and found.more_to_tell == 1
    rare = replace(found, higher=0.2)
    assert rare.more_to_tell == 6 * 10 / 2 - 10


def test_members_for_a_half_width():
    """A spread of 1: 1.96² / 0.1² = 384.1."""
    found = replace(difference([1.0, 2.0] * 50, [0.0] * 100), spread=1.0)
    assert found.more_for(0.1) == 385 - 100 and found.more_for(0.2) == 0 and found.more_for(1e9) == 0


def test_what_is_rounding_is_no_variance():
    assert paired._variance(np.array([1.0, 1.0 + 1e-13])) == 0.0
    assert paired._variance(np.array([1.0, 1.0 + 1e-11])) > 0.0
    assert paired._variance(np.array([-1e9, -1e9, -1e9 + 1e-4])) == 0.0  # against the largest
    assert paired._variance(np.array([0.0, 2.0])) == 2.0 and math.isnan(paired._variance(np.array([3.0])))


def test_ratios_of_nothing():
    assert [paired._ratio(above, 0.0) for above in (3.0, -3.0)] == [math.inf, -math.inf]
    assert paired._ratio(3.0, 2.0) == 1.5
    assert math.isnan(paired._ratio(0.0, 0.0)) and paired._ratio(0.0, 2.0) == 0.0
    assert math.isnan(paired._ratio(NEVER, 0.0)) and math.isnan(paired._ratio(1.0, NEVER))


def test_where_one_run_does_not_vary_nothing_correlates():
    found = difference([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])
    assert math.isnan(found.correlation) and found.gain == 1.0 and found.size == pytest.approx(-1 / math.sqrt(0.5))
    turned = difference([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    assert math.isnan(turned.correlation) and turned.size == pytest.approx(1 / math.sqrt(0.5))
    assert difference([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]).correlation == pytest.approx(-1)
    assert difference([1.0, 3.0], [3.0, 1.0]).size == 0.0


def test_intervals_of_shares_stay_shares():
    """Ten of ten differ one way: (11 - 1) / 12 with variance (1 - 100 / 144) / 12, which would pass one."""
    half = Z95 * math.sqrt((1 - 100 / 144) / 12)
    low, high = share_interval(10, 0, 10)
    assert low == pytest.approx(10 / 12 - half) and high == 1.0 < 10 / 12 + half
    low, high = share_interval(0, 10, 10)
    assert low == -1.0 and high == pytest.approx(half - 10 / 12)
    lows, highs = share_interval(np.array([10, 0]), np.array([0, 10]), 10)
    assert lows == pytest.approx([10 / 12 - half, -1.0]) and highs == pytest.approx([1.0, half - 10 / 12])


def test_dates_that_come_twice_are_compared_themselves():
    found = chance([2030.0, 2031.0, NEVER, NEVER], [2029.5, NEVER, NEVER, 2030.0])
    assert (found.both, found.only_ours, found.only_theirs, found.value) == (1, 1, 1, 0.0)
    assert found.when.value == 0.5 and found.when.members == 1
    assert chance([2030.0, NEVER], [NEVER, NEVER]).when is None


def test_numbers_are_compared_where_both_are_there():
    found = compare_outcome([NEVER, 1.0, 2.0], [1.0, NEVER, 5.0])
    assert found.members == 1 and found.value == -3.0
    assert compare_outcome([NEVER], [1.0]) is None is compare_outcome([1.0], [NEVER])
    assert compare_outcome([NEVER], [1.0], dated=True).only_theirs == 1
