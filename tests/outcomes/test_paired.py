"""Paired differences against numbers worked by hand, and what must hold for any."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.outcomes.paired import chance, compare_outcome, difference, share_interval

NEVER = math.nan


def test_a_difference_worked_by_hand():
    # differences 1, 0, 2, -1, 3: mean 1, sum of squares about it 0+1+1+4+4 = 10, variance 10/4 = 2.5
    ours, theirs = [3, 2, 5, 1, 6], [2, 2, 3, 2, 3]
    found = difference(ours, theirs)
    assert (found.members, found.value, found.median) == (5, 1.0, 1.0)
    assert found.ours == pytest.approx(3.4) and found.theirs == pytest.approx(2.4)
    assert found.spread == pytest.approx(math.sqrt(2.5))
    half = 1.959963984540054 * math.sqrt(2.5 / 5)
    assert (found.low, found.high) == (pytest.approx(1 - half), pytest.approx(1 + half))
    assert (found.higher, found.same, found.lower, found.moved) == (0.6, 0.2, 0.2, 4)
    assert found.intervals == {50: (0.0, 2.0), 90: (-1.0, 3.0)}


def test_what_pairing_bought_worked_by_hand():
    # ours 3 2 5 1 6: squares about 3.4 are .16 1.96 2.56 5.76 6.76 = 17.2, variance 4.3
    # theirs 2 2 3 2 3: squares about 2.4 are .16 .16 .36 .16 .36 = 1.2, variance .3
    # products about the means: .16 + .56 + .96 + .96 + 1.56 = 4.2, covariance 1.05
    found = difference([3, 2, 5, 1, 6], [2, 2, 3, 2, 3])
    assert found.gain == pytest.approx((4.3 + 0.3) / 2.5)
    assert found.correlation == pytest.approx(1.05 / math.sqrt(4.3 * 0.3))
    assert found.size == pytest.approx(1 / math.sqrt((4.3 + 0.3) / 2))


def test_a_constant_shift_is_exact():
    found = difference([0.1 + 0.7] * 8, [0.1] * 8)
    assert found.spread == 0 and found.direction == 1 and found.size == math.inf and math.isnan(found.gain)
    shifted = difference(np.arange(8) + 2.0, np.arange(8))
    assert shifted.gain == math.inf and shifted.correlation == pytest.approx(1) and shifted.direction == 1


def test_nothing_moved():
    found = difference([1, 2, 3], [1, 2, 3])
    assert (found.value, found.same, found.moved, found.size, found.direction) == (0, 1, 0, 0, 0)
    assert found.more_to_tell == math.inf and found.gain == math.inf


def test_one_pair_says_nothing_about_spread():
    found = difference([2.0], [1.0])
    assert found.value == 1 and math.isnan(found.spread) and math.isnan(found.low) and found.direction == 0


@pytest.mark.parametrize("rows", [([1.0], [1.0, 2.0]), ([], []), ([NEVER], [1.0])])
def test_rows_that_are_no_pairs(rows):
    with pytest.raises(ValueError, match="equally long"):
        difference(*rows)


def test_direction_needs_six_pairs_that_differ():
    # all in one direction: five are one chance in sixteen, six one in 32
    assert difference([1] * 5 + [0] * 20, [0] * 25).direction == 0
    assert difference([1] * 6 + [0] * 20, [0] * 26).direction == 1
    assert difference([0] * 6 + [1] * 20, [1] * 26).direction == -1


def test_members_to_tell_worked_by_hand():
    # differences 3 and -1 alternating, ten times each: mean 1, variance 20 * 4 / 19
    found = difference([3, -1] * 10, [0] * 20)
    assert found.direction == 1 and found.more_to_tell == 0  # 1 against 1.96 * sqrt(4.21 / 20) = 0.90
    # 2 and -1.9: mean 0.05, each 1.95 from it, variance 20 * 3.8025 / 19 = 4.0026
    found = difference([2, -1.9] * 10, [0] * 20)
    needed = (1.959963984540054 + 0.8416212335729143) ** 2 * 4.0026315789 / 0.0025
    assert found.direction == 0 and found.more_to_tell == math.ceil(needed) - 20
    # the half-width is 1.96 * 2.0006 / sqrt(n): 0.1 takes 1538 members in all
    assert found.more_for(0.1) == 1538 - 20 and found.more_for(10) == 0


def test_members_to_tell_rare_differences():
    # two of a hundred differ, both by one: six that differ take three times as many members at least
    found = difference([1, 1] + [0] * 98, [0] * 100)
    by_spread = (1.959963984540054 + 0.8416212335729143) ** 2 * found.spread**2 / 0.02**2
    assert found.more_to_tell == max(300, math.ceil(by_spread)) - 100


def test_a_chance_worked_by_hand():
    # both: 2 (a year later, three years earlier); only here 3, only there 1, neither 4
    ours = [2031.0, 2027.0, 2030, 2030, 2030, NEVER, NEVER, NEVER, NEVER, NEVER]
    theirs = [2030.0, 2030.0, NEVER, NEVER, NEVER, 2035, NEVER, NEVER, NEVER, NEVER]
    found = chance(ours, theirs)
    assert (found.both, found.only_ours, found.only_theirs) == (2, 3, 1)
    assert found.value == pytest.approx(0.2) and found.ours == 0.5 and found.theirs == pytest.approx(0.3)
    assert (found.higher, found.same, found.lower, found.moved) == (0.3, 0.6, 0.1, 4)
    # Bonett and Price: 4/12 and 2/12, difference 2/12, variance (6/12 - 4/144) / 12
    half = 1.959963984540054 * math.sqrt((0.5 - 4 / 144) / 12)
    assert (found.low, found.high) == (pytest.approx(1 / 6 - half), pytest.approx(1 / 6 + half))
    assert found.when.value == -1 and found.when.members == 2 and found.when.intervals[90] == (-3, 1)
    # indicators: variances .25 * 10/9 and .21 * 10/9; that of the difference (.4 - .04) * 10/9
    assert found.gain == pytest.approx(0.46 / 0.36)


def test_an_event_that_never_happens_twice():
    found = chance([2030.0, NEVER], [NEVER, 2030.0])
    assert found.when is None and found.value == 0 and found.both == 0
    nothing = chance([NEVER] * 3, [NEVER] * 3)
    assert nothing.value == 0 and nothing.low < 0 < nothing.high and math.isnan(nothing.gain)


def test_numbers_are_compared_where_both_are_known():
    found = compare_outcome([1, NEVER, 5], [1, 2, 3])
    assert found.members == 2 and found.value == 1 and hasattr(found, "intervals")
    assert compare_outcome([NEVER, 1], [1, NEVER]) is None
    assert hasattr(compare_outcome([2030.5], [2031], dated=True), "both")


numbers = st.lists(st.tuples(*[st.floats(-1e3, 1e3, allow_subnormal=False)] * 2), min_size=2, max_size=40)
dates = st.one_of(st.just(NEVER), st.integers(24300, 24491).map(lambda month: month / 12))
pairs_of_dates = st.lists(st.tuples(dates, dates), min_size=1, max_size=40)


@given(numbers)
def test_turning_a_comparison_round_turns_every_sign(pairs):
    ours, theirs = np.array(pairs).T
    one, other = difference(ours, theirs), difference(theirs, ours)
    assert one.value == -other.value and one.median == -other.median and one.same == other.same
    assert one.higher == other.lower and one.direction == -other.direction
    assert one.low == pytest.approx(-other.high, nan_ok=True) and one.more_to_tell == other.more_to_tell


@given(numbers)
def test_shares_and_intervals_hang_together(pairs):
    found = difference(*np.array(pairs).T)
    assert found.higher + found.same + found.lower == pytest.approx(1)
    (low90, high90), (low50, high50) = found.intervals[90], found.intervals[50]
    assert low90 <= low50 <= found.median <= high50 <= high90
    assert found.low <= found.value <= found.high and (math.isnan(found.gain) or found.gain >= 0.5 - 1e-9)


@given(pairs_of_dates)
def test_chances_hang_together(pairs):
    ours, theirs = np.array(pairs).T
    found = chance(ours, theirs)
    assert found.both + found.only_ours + found.only_theirs <= found.members
    assert found.value == pytest.approx((found.only_ours - found.only_theirs) / found.members)
    assert -1 <= found.low <= found.high <= 1 and found.low <= found.value * found.members / (found.members + 2)
    turned = chance(theirs, ours)
    assert turned.value == -found.value and turned.low == pytest.approx(-found.high)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_more_members_of_the_same_kind_narrow_the_interval(here, there, neither):
    assume(here + there + neither > 0)
    members = here + there + neither
    low, high = share_interval(here, there, members)
    low_of_four, high_of_four = share_interval(4 * here, 4 * there, 4 * members)
    assert high_of_four - low_of_four < high - low


def test_the_interval_of_a_mean_covers_as_often_as_it_says():
    # 2,000 small experiments with a known difference of 0.3 between correlated outcomes
    random = np.random.default_rng(7)
    shared = random.normal(size=(2000, 60))
    ours, theirs = shared + random.normal(0.3, 0.5, shared.shape), shared
    found = [difference(one, other) for one, other in zip(ours, theirs)]
    inside = np.mean([each.low <= 0.3 <= each.high for each in found])
    assert 0.93 < inside < 0.965
    assert np.mean([each.gain for each in found]) > 5
