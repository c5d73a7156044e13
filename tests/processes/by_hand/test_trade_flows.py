"""Trade of a year pair by pair: what is documented, what decays and shakes, and the most that can be traded."""

import math

import numpy as np
import pytest

from by_hand.three_traders import AB, AX, BC, NAN, traders
from sim.processes.trade import flows
from sim.processes.trade.flows import Limits, Path, Rates

RATES = Rates(0.5, 0.5, 0.25, 0.3)


def path(residual, level, size=0.2, cost=0.1, spread=0.4, normal=0.0):
    return Path(*(np.array([each]) for each in (size, cost, spread, normal, residual, level, NAN)))


def year(of, documented, common=0.0):
    """The residual, its level and the log of trade; the base year's is 1, so that 1.2 is expected."""
    flows.trade_year(of, np.array([documented]), np.array([1.0]), common, RATES)
    return [of.residual[0], of.level[0], of.log_trade[0]]


def test_a_first_figure_starts_the_level():
    assert year(path(NAN, NAN), 1.5) == pytest.approx([0.3, 0.3, 1.5])


def test_a_figure_moves_the_level_a_quarter_of_the_way():
    assert year(path(0.0, 0.1), 1.5) == pytest.approx([0.3, 0.15, 1.5])


def test_a_figure_without_sizes_leaves_the_residual():
    assert year(path(0.4, 0.0, size=NAN), 1.5) == pytest.approx([0.4, 0.1, 1.5])


def test_without_a_figure_the_residual_decays_towards_its_level_and_is_shaken():
    # half of 0.3 stays; the common shock adds 0.3 * 2, the pair's own 0.4 * -1
    found = year(path(0.5, 0.2, normal=-1.0), NAN, common=2.0)
    assert found == pytest.approx([0.35 + 0.6 - 0.4, 0.2 + 0.25 * 0.35, 1.2 + 0.55])


def test_what_has_no_figure_yet_starts_at_the_base_year():
    residual, level = np.array([NAN, 0.5, 0.5]), np.array([NAN, NAN, 0.25])
    flows.start_unrecorded(residual, level)
    assert residual.tolist() == [0.0, 0.0, 0.5] and level.tolist() == [0.0, 0.0, 0.25]


@pytest.fixture
def world():
    """Trade of 10 everywhere; GDP was 40, 50, 400 and 1000 and has doubled for A."""
    commerce, trade, _ = traders()
    commerce.log_trade[:] = math.log(10.0)
    trade.gdp_base = np.array([40.0, 50.0, 400.0, 1000.0])
    commerce.log_volume[:], trade.log_volume_base = [1.0 + math.log(2), 3, 4, 5], np.array([1.0, 3, 4, 5])
    return commerce, trade


def bound(world, pair_limit, openness, documented=None):
    commerce, trade = world
    figures = np.full(6, NAN) if documented is None else documented
    flows.bound_openness(commerce, trade, figures, Limits(pair_limit, openness))
    return commerce.usd


def test_within_the_limits_nothing_moves(world):
    """A trades 30 with a GDP of 80, B with one of 50: pairs may have 12.5, B 35."""
    assert bound(world, 0.25, 0.7) == pytest.approx(np.full(6, 10.0))
    assert world[0].gdp == pytest.approx([80, 50, 400, 1000]) and not world[0].residual.any()


def test_two_states_trade_a_share_of_the_smaller_one(world):
    """The limit is 4 with A's 80 and 2.5 with B's 50; X is no state."""
    usd = bound(world, 0.05, 5.0)
    assert usd == pytest.approx([2.5, 4.0, 10, 2.5, 10, 10])
    assert world[0].residual[[AB, AX, BC]] == pytest.approx([math.log(0.25), 0, math.log(0.25)])
    assert np.exp(world[0].log_trade) == pytest.approx(usd)


def test_who_trades_too_much_shrinks_with_all(world):
    """B may trade 0.3 * 50 = 15 and trades 30; A may trade 24 of 30: AB follows the tighter limit."""
    usd = bound(world, 5.0, 0.3)
    assert usd == pytest.approx([5.0, 8.0, 8.0, 5.0, 5.0, 10.0])
    assert np.exp(world[0].log_trade) == pytest.approx(usd)
    assert np.exp(world[0].residual) == pytest.approx(usd / 10.0)


def test_figures_stay_and_what_is_unknown_counts_for_nothing(world):
    commerce, _ = world
    figures = np.full(6, NAN)
    figures[AB] = math.log(10.0)
    commerce.log_trade[BC] = NAN
    usd = bound(world, 0.05, 0.3, figures)
    # AB stays at 10 beside AC's 4: A trades 24 and may; B has 10 and 10 where 15 may be
    assert usd[[AB, AX]] == pytest.approx([10.0, 10.0]) and usd[4] == pytest.approx(7.5)
    assert np.isnan(usd[BC]) and commerce.residual[AB] == 0.0


def test_sizes_have_changed_since_the_base_year(world):
    commerce, trade = world
    trade.size_base[:] = [3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    commerce.log_volume[:] = [1.0, 2.0, 3.0, 4.0]
    flows.size_changes(commerce, trade)
    assert commerce.size_change.tolist() == [0.0, 0.0, 0.0, -1.0, -1.0, -1.0]


def test_a_block_of_random_numbers_serves_four_years(draws, monkeypatch):
    """From a year that four divides; the quantile of a number is ten times it here."""
    commerce, trade, _ = traders()
    quarters = {(f"pair{k}", 0): (k, k + 0.25, k + 0.5, k + 0.75) for k in range(6)}
    given = draws(flows, quarters)

    def tenfold(uniforms, normals):
        normals[:] = 10.0 * uniforms

    monkeypatch.setattr(flows, "normal_quantiles", tenfold)
    flows.draw_shocks(commerce, trade, 2013, 7, True)
    assert commerce.normals == pytest.approx([10 * k + 2.5 for k in range(6)])
    assert given.asked == [(f"pair{k}", 0, 503, 7) for k in range(6)]  # 2012 is the 503rd block
    flows.draw_shocks(commerce, trade, 2015, 7, False)
    assert commerce.normals == pytest.approx([10 * k + 7.5 for k in range(6)]) and len(given.asked) == 6
    flows.draw_shocks(commerce, trade, 2016, 7, False)
    assert commerce.normals == pytest.approx([10.0 * k for k in range(6)])
    assert given.asked[6:] == [(f"pair{k}", 0, 504, 7) for k in range(6)]
