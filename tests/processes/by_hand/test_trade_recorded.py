"""What a year of trade leaves in the yearly table, from figures set by hand."""

import math

import numpy as np
import pytest

from by_hand.three_traders import AB, AC, BC, BX, CX, D_AC, NAN, traders
from sim.processes.trade.recording import YEARLY, record_trade, trade_series

STATES, DYADS = ("AAA", "BBB", "CCC"), ("AAA-BBB", "AAA-CCC", "BBB-CCC")
NAMES = trade_series(DYADS, STATES)


@pytest.fixture
def world():
    """Trade of 1, 2, 4, 8, 16 and 32 billion of 2021: a state's is 7, 25 and 42; prices have doubled."""
    commerce, trade, _ = traders()
    commerce.usd[:] = np.array([1, 2, 4, 8, 16, 32]) * 1e9
    commerce.deflator = 2.0
    commerce.gain[:3], commerce.integration_gain[:3] = [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]
    commerce.log_volume[:3], commerce.gdp[:3] = np.log([10e9, 20e9, 40e9]), [30e9, 90e9, 100e9]
    commerce.shapley[:] = [7e9, 8e9, 9e9]
    return commerce, trade


def recorded(world):
    line = np.full(len(NAMES), -1.0)
    record_trade(*world, line)
    return dict(zip(NAMES, line.tolist(), strict=True))


def test_every_series_has_its_place():
    assert len(NAMES) == 3 + 2 + 6 * 3 + 1 and len(YEARLY) == 10
    assert NAMES[:3] == [f"trade.{dyad}" for dyad in DYADS] and NAMES[-1] == "deflator"


def test_dyads_region_and_prices(world):
    found = recorded(world)
    assert [found[f"trade.{dyad}"] for dyad in DYADS] == [2.0, 4.0, 16.0]  # in current dollars
    # AB and BC are of the region
    assert (found["trade_regional"], found["trade_regional_constant"], found["deflator"]) == (18.0, 9.0, 2.0)


def test_states(world):
    found = recorded(world)
    regional = {"AAA": 1 + 2, "BBB": 1 + 8, "CCC": 2 + 8}
    for place, (state, whole) in enumerate(zip(STATES, (7, 25, 42), strict=True)):
        assert found[f"trade_share.{state}"] == pytest.approx(regional[state] / whole)
        assert found[f"trade_gdp.{state}"] == pytest.approx(regional[state] / (30, 90, 100)[place])
        assert found[f"gain.{state}"] == (0.1, 0.2, 0.3)[place]
        assert found[f"integration_gain.{state}"] == (0.4, 0.5, 0.6)[place]
        assert found[f"gdp_volume.{state}"] == pytest.approx((10, 20, 40)[place])
        assert found[f"shapley.{state}"] == (7, 8, 9)[place]


def test_a_share_needs_nearly_all_of_the_trade(world):
    """BX is unknown: it made up 0.04 of the trade of B in the base year, or 0.06."""
    commerce, trade = world
    commerce.usd[BX] = NAN
    trade.covers[:] = 0.5
    trade.covers[[AB, BC, BX], [1, 0, 0]] = 0.5, 0.46, 0.04
    found = recorded(world)
    assert found["trade_share.BBB"] == 1.0 and found["trade_gdp.BBB"] == pytest.approx(9 / 90)
    trade.covers[[BC, BX], 0] = 0.44, 0.06
    found = recorded(world)
    assert math.isnan(found["trade_share.BBB"]) and math.isnan(found["trade_gdp.BBB"])
    assert found["trade_share.CCC"] == pytest.approx(10 / 42)


def test_ends_are_covered_each_by_its_own_share(world):
    _, trade = world
    trade.covers[:, 0], trade.covers[:, 1] = 0.0, 1.0  # the first end of a pair has other trade that is unknown
    found = recorded(world)
    assert math.isnan(found["trade_share.AAA"]) and found["trade_share.BBB"] == pytest.approx(9 / 25)


def test_without_figures_of_the_region_its_trade_is_unknown(world):
    commerce, _ = world
    commerce.usd[[AB, BC]] = NAN
    found = recorded(world)
    assert math.isnan(found["trade_regional"]) and math.isnan(found["trade_regional_constant"])
    assert math.isnan(found["trade.AAA-BBB"]) and found["trade.AAA-CCC"] == 4.0
    commerce.usd[[AB, AC]] = 3e9, NAN
    found = recorded(world)
    assert found["trade_regional_constant"] == 3.0 and math.isnan(found[f"trade.{DYADS[D_AC]}"])


def test_working_space_is_cleared_before(world):
    commerce, _ = world
    first = recorded(world)
    for name in ("step", "share", "growing"):
        getattr(commerce, name)[:] = 5.0
    assert recorded(world) == first and commerce.usd[CX] == 32e9
