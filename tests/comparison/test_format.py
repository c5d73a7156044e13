"""Differences in few characters, on differences worked by hand."""

import numpy as np
import pytest

from sim.comparison.effect import Effect
from sim.comparison.format import mean_difference, members_own, signs, told
from sim.outcomes.paired import compare_outcome


def effect(outcome: str, ours, theirs, dated: bool = False) -> Effect:
    return Effect(outcome, outcome, compare_outcome(np.array(ours, float), np.array(theirs, float), dated))


def test_shares_are_said_in_percentage_points():
    moved = effect("deficit_mean.KAZ", [0.1, 0.2, 0.3, 0.4], [0.0, 0.1, 0.1, 0.2])
    assert mean_difference(moved).startswith("+15.0 ±")
    assert mean_difference(moved).endswith(" %")
    assert members_own(moved).startswith("15 % [")


def test_levels_keep_their_unit():
    moved = effect("trust_mean_2040", [0.5, 0.6, 0.7, 0.6], [0.4, 0.5, 0.5, 0.5])
    assert mean_difference(moved).startswith("+0.125 ±")
    assert "%" not in mean_difference(moved)


def test_an_interval_far_narrower_than_the_difference_is_not_nothing():
    base = np.linspace(0.0, 0.1, 50)
    moved = effect("gain.KAZ_2040", base + 0.00594 + 1e-9 * np.arange(50), base)
    assert mean_difference(moved) == "+0.594 ±<0.001 %"


def test_what_is_too_small_to_show_is_nought_and_no_sign():
    base = np.linspace(0.0, 0.1, 50)
    moved = effect("gain.KAZ_2040", base - 1e-9 * np.arange(50), base)
    assert mean_difference(moved) == "0 ±<0.001 %"


@pytest.mark.parametrize(("higher", "said"), [(1, "0 >99 <1"), (0, "0 100 0")])
def test_one_member_in_two_hundred_is_not_none(higher, said):
    ours = np.zeros(200)
    ours[:higher] = 1.0
    assert signs(effect("clashes.KGZ-TJK", ours, np.zeros(200))) == said


def test_members_that_all_but_agree_differ_by_nought():
    base = np.linspace(0.0, 0.1, 50)
    assert members_own(effect("gain.KAZ_2040", base + 1e-11, base)) == "0 % [0, 0]"


@pytest.mark.parametrize(("shift", "is_said"), [([1.0, -1.1] * 25, True), ([1.0, 1.1] * 25, False)])
def test_a_sentence_says_where_the_direction_is_not_certain(shift, is_said):
    base = np.linspace(0.0, 0.1, 50)
    assert told(effect("trust_mean_2040", base + shift, base)).endswith(", direction not yet certain") == is_said
