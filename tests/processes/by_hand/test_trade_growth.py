"""Sizes and prices after the record, with random numbers set by hand."""

import math

import numpy as np
import pytest

from by_hand.three_traders import NAN, A, B, traders
from sim.processes.trade import growth


@pytest.fixture
def world():
    return traders()


def test_a_drift_has_a_common_and_an_own_part():
    """A correlation of 0.36 weighs the common normal with 0.6 and the own one with 0.8."""
    drift = np.empty(2)
    growth.drawn_drifts(np.array([0.02, 0.05]), np.array([0.01, 0.1]), 0.36, 2.0, np.array([1.0, -0.5]), drift)
    assert drift == pytest.approx([0.02 + 0.01 * (1.2 + 0.8), 0.05 + 0.1 * (1.2 - 0.4)])


def test_growth_has_a_common_and_an_own_part():
    size = np.array([1.0, 2.0])
    growth.grow(size, np.array([0.02, 0.05]), np.array([0.01, 0.1]), 0.36, 2.0, np.array([1.0, -0.5]))
    assert size == pytest.approx([1.02 + 0.02, 2.05 + 0.08])


def test_what_is_far_off_comes_closer():
    """0.6 of the distance stays, and 0.8 of a departure is added: 0.6² + 0.8² = 1 keeps the spread."""
    assert growth.next_drift(0.07, 0.02, 0.6, 0.01) == pytest.approx(0.02 + 0.03 + 0.008)
    assert growth.next_deflator(2.0, 0.03, 0.5, -0.2) == pytest.approx(2.0 * math.exp(0.03 - 0.1))


def test_what_a_scenario_holds_takes_the_place_of_the_drift(world):
    commerce, trade, _ = world
    commerce.drift[:] = [0.01, 0.02, 0.03, 0.04]
    trade.growth_set[2, B] = 0.0
    assert [growth.expected_growth(commerce, trade, 2, k) for k in range(4)] == [0.01, 0.0, 0.03, 0.04]
    assert growth.expected_growth(commerce, trade, 1, B) == 0.02


def sizes(world, draws, row, numbers=(), otherwise=0.0):
    commerce, trade, params = world
    given = draws(growth, dict(numbers), otherwise)
    growth.sizes_and_prices(commerce, trade, params, 7, row)
    return given.asked


def test_documented_sizes_and_prices(world, draws):
    """X has none after 2010: it goes on at its drift while others have figures."""
    commerce, trade, _ = world
    trade.log_volume[1] = [1.0, 2.0, 3.0, NAN]
    trade.last_sized[:] = [2, 1, 4, 0]
    trade.deflator[1] = 1.25
    commerce.log_volume[:], commerce.drift[:] = 9.0, 0.5
    assert sizes(world, draws, 1) == []
    assert commerce.log_volume.tolist() == [1.0, 2.0, 3.0, 9.5] and commerce.deflator == 1.25
    # C has a figure for 2014 again: in between it is held
    trade.log_volume[2] = [1.5, NAN, NAN, NAN]
    trade.deflator[2] = 1.5
    assert sizes(world, draws, 2) == []
    assert commerce.log_volume.tolist() == [1.5, 2.5, 3.0, 10.0] and commerce.deflator == 1.5


def test_prices_go_on_alone_where_sizes_are_known(world, draws):
    commerce, trade, _ = world
    trade.log_volume[1, A], commerce.deflator, commerce.inflation = 1.0, 2.0, 0.03
    assert sizes(world, draws, 1, {("prices", 0): 0.25}) == [("prices", 0, 2011, 7)]
    assert commerce.deflator == pytest.approx(2.0 * math.exp(0.03 + 0.125))


def test_after_the_record_everything_grows_at_last_years_drift(world, draws):
    commerce, trade, _ = world
    commerce.log_volume[:], commerce.drift[:] = 1.0, [0.05, 0.02, 0.02, 0.02]
    trade.yearly_spread[:], trade.drift_spread[:] = [0.1, 0.0, 0.0, 0.2], [0.0, 0.01, 0.0, 0.0]
    trade.growth_set[3, B] = 0.07
    numbers = {("world", 0): 0.5, ("growA", 0): 1.0, ("world", 1): 2.0, ("growB", 1): 0.5, ("growX", 0): -1.0}
    asked = sizes(world, draws, 3, numbers)
    assert {each[2:] for each in asked} == {(2013, 7)}
    # shocks: 0.6 of the world's and 0.8 of their own
    assert commerce.log_volume == pytest.approx([1.05 + 0.1 * (0.3 + 0.8), 1.07, 1.02, 1.02 + 0.2 * (0.3 - 0.8)])
    # A keeps 0.6 of its 0.03 above the world's 0.02; B departs by 0.01 (0.6 * 2 + 0.8 / 2), 0.8 of which enters
    assert commerce.drift == pytest.approx([0.02 + 0.018, 0.02 + 0.8 * 0.016, 0.02, 0.02])


def test_states_go_back_to_the_worlds_growth_on_their_scale(world, draws):
    commerce, _, params = world
    params.trade_growth_scale = 0.5
    draws(growth, {}, 0.0)
    growth.revert_drifts(*world, 2013, 7)
    assert commerce.drift == pytest.approx([0.4 * 0.01] * 3 + [0.4 * 0.02])


def test_normals_by_economy_and_slot(draws):
    draws(growth, {("a", 1): 0.25, ("b", 1): -0.5, ("a", 0): 9.0}, 0.0)
    found = np.zeros(2)
    growth.draw_growth(found, ["a", "b"], 1, 2013, 7)
    assert found.tolist() == [0.25, -0.5]
