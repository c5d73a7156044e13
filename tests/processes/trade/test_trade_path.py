"""The trade path: exact while the record runs, decaying and shocked afterwards."""

from collections import namedtuple

import numpy as np
import pytest

from sim.facts import load_trade_facts
from sim.facts.trade_panel import trade_panel
from sim.processes.trade.costs import CostEffects, cost_term, delivered_cost_effect, phase_in
from sim.processes.trade.flows import Limits, Path, Rates, bound_openness, trade_year
from sim.processes.trade.growth import drawn_drifts, grow, next_deflator, next_drift


class Replay:
    """The record run through the mechanism, year by year."""

    def __init__(self, reading="partner", size_elasticity=0.8, cost=0.0):
        self.panel = trade_panel(load_trade_facts(), reading)
        n = len(self.panel.names)
        first, second = self.panel.pairs.T
        self.size = self.panel.log_volume[first] + self.panel.log_volume[second]
        self.documented = np.log(self.panel.trade_usd)
        self.cost = cost * np.random.default_rng(1).normal(size=self.size.shape)
        self.elasticity = size_elasticity
        self.state = [np.full(n, np.nan), np.full(n, np.nan)]
        self.quiet = np.zeros(n)

    def year(self, k, documented=None, common=0.0, own=None, persistence=0.9, pace=0.15):
        base = self.panel.base
        log_trade = np.empty(len(self.quiet))
        path = Path(
            self.size[:, k] - self.size[:, base],
            self.cost[:, k] - self.cost[:, base],
            np.full(len(self.quiet), 0.2),
            self.quiet if own is None else own,
            *self.state,
            log_trade,
        )
        figures = self.documented[:, k] if documented is None else documented
        trade_year(path, figures, self.documented[:, base], common, Rates(self.elasticity, persistence, pace, 0.15))
        return log_trade


@pytest.mark.parametrize("reading", ["partner", "own"])
@pytest.mark.parametrize("cost", [0.0, 0.5])
def test_replay_reproduces_every_documented_figure_exactly(reading, cost):
    replay = Replay(reading, cost=cost)
    for k in range(len(replay.panel.years)):
        log_trade = replay.year(k)
        known = np.isfinite(replay.documented[:, k])
        assert (log_trade[known] == replay.documented[known, k]).all()


def test_the_base_year_has_no_residual():
    replay = Replay(cost=0.5)
    for k in range(replay.panel.base + 1):
        replay.year(k)
    known = np.isfinite(replay.documented[:, replay.panel.base])
    assert np.abs(replay.state[0][known]).max() == 0.0
    assert known.sum() >= 66


def test_trade_is_unknown_before_the_first_figure_and_known_ever_after():
    replay = Replay()
    pair = replay.panel.pair("TJK-UZB")
    seen = np.array([replay.year(k)[pair] for k in range(len(replay.panel.years))])
    first = int(np.flatnonzero(replay.panel.years == 2010)[0])
    assert np.isnan(seen[:first]).all()
    assert np.isfinite(seen[first:]).all()


def test_without_shocks_residual_and_level_approach_each_other():
    replay = Replay()
    last = int(np.flatnonzero(replay.panel.years == 2023)[0])
    for k in range(last + 1):
        replay.year(k)
    pair = replay.panel.pair("KAZ-UZB")
    residual, level = replay.state[0][pair], replay.state[1][pair]
    nothing = np.full(len(replay.quiet), np.nan)
    for _ in range(3):
        replay.year(last, documented=nothing)
        residual = level + 0.9 * (residual - level)
        level += 0.15 * (residual - level)
        assert [replay.state[0][pair], replay.state[1][pair]] == pytest.approx([residual, level])


def test_the_level_is_the_weighted_mean_of_the_record():
    """Each year moves it by 0.15 of what it lies off; the first figure starts it."""
    replay = Replay()
    pair, residuals = replay.panel.pair("KAZ-UZB"), []
    for k in range(int(np.flatnonzero(replay.panel.years == 2023)[0]) + 1):
        replay.year(k)
        residuals.append(replay.state[0][pair])
    residuals = np.array(residuals)[np.isfinite(residuals)]
    weights = 0.15 * 0.85 ** np.arange(len(residuals))[::-1]
    weights[0] = 0.85 ** (len(residuals) - 1)
    assert weights.sum() == pytest.approx(1.0)
    assert replay.state[1][pair] == pytest.approx(weights @ residuals)


def test_no_economy_trades_more_than_the_limit():
    """GDP 100, trade of 300 and 100: an openness of 2 halves both, and a pair of states has half of GDP."""
    trade = namedtuple("Trade", "end_a end_b gdp_base log_volume_base dyad")(
        np.array([0, 0]), np.array([1, 2]), np.array([100.0, 1e4, 1e4]), np.zeros(3), np.array([-1, -1])
    )
    commerce = namedtuple("Commerce", "log_trade residual log_volume step gdp usd")(
        np.log([300.0, 100.0]), np.zeros(2), np.zeros(3), np.empty(3), np.empty(3), np.empty(2)
    )
    bound_openness(commerce, trade, np.full(2, np.nan), Limits(0.5, 2.0))
    assert np.exp(commerce.log_trade) == pytest.approx([150.0, 50.0])
    assert commerce.residual == pytest.approx(np.log([0.5, 0.5]))
    bound_openness(commerce, trade, np.full(2, np.nan), Limits(0.5, 2.0))
    assert np.exp(commerce.log_trade) == pytest.approx([150.0, 50.0])
    assert commerce.usd == pytest.approx([150.0, 50.0])
    commerce.log_trade[:] = np.log([300.0, 100.0])
    bound_openness(commerce, trade, np.log([300.0, 100.0]), Limits(0.5, 2.0))
    assert np.exp(commerce.log_trade) == pytest.approx([300.0, 100.0]), "what is documented stays"
    trade.dyad[0] = 0
    bound_openness(commerce, trade, np.full(2, np.nan), Limits(0.5, 2.0))
    assert np.exp(commerce.log_trade) == pytest.approx([50.0, 100.0])


def test_a_common_shock_moves_all_pairs_and_an_own_shock_one():
    replay, shaken = Replay(), Replay()
    last = int(np.flatnonzero(replay.panel.years == 2023)[0])
    for k in range(last + 1):
        replay.year(k), shaken.year(k)
    nothing, own = np.full(len(replay.quiet), np.nan), np.zeros(len(replay.quiet))
    own[3] = 2.0
    difference = shaken.year(last, documented=nothing, common=1.0, own=own) - replay.year(last, documented=nothing)
    difference = difference[np.isfinite(difference)]
    assert difference[3] == pytest.approx(0.15 + 0.4)
    assert np.delete(difference, 3) == pytest.approx(0.15)


def test_tariffs_phase_in_over_ten_years_and_end_at_once():
    phased, seen = 0.0, []
    for _ in range(12):
        phased = phase_in(phased, 1.0, 10.0)
        seen.append(phased)
    assert seen[0] == pytest.approx(0.1) and seen[8] == pytest.approx(0.9) and seen[11] == 1.0
    assert phase_in(1.0, 0.0, 10.0) == 0.0
    assert phase_in(0.0, -1.0, 10.0) == -1.0


def test_cost_terms_by_hand():
    effects = CostEffects(0.2, 0.3, 0.4, 2.5)
    assert cost_term(effects, 0.5, 1.0, 0.25, 0.5, 0.1) == pytest.approx(0.1 + 0.3 - 0.3 - 1.25 + 0.1)
    assert cost_term(effects, 0.0, 0.0, 1.0, 0.0, 0.0) == 0.0
    assert delivered_cost_effect(0.05, 5.0) == pytest.approx(0.2565, abs=1e-4)
    assert delivered_cost_effect(-0.05, 5.0) < 0.0


def test_growth_has_the_stated_median_spread_and_correlation():
    random = np.random.default_rng(5)
    median, spread = np.array([0.03, 0.06]), np.array([0.02, 0.01])
    drift, drifts = np.empty(2), []
    for _ in range(20_000):
        drawn_drifts(median, spread, 0.3, random.standard_normal(), random.standard_normal(2), drift)
        drifts.append(drift.copy())
    drifts = np.array(drifts)
    assert np.median(drifts, axis=0) == pytest.approx(median, abs=5e-4)
    assert drifts.std(axis=0) == pytest.approx(spread, rel=0.03)
    assert np.corrcoef(drifts.T)[0, 1] == pytest.approx(0.3, abs=0.02)


def test_a_year_of_growth_by_hand():
    log_size = np.array([1.0, 2.0])
    grow(log_size, np.array([0.03, 0.05]), np.array([0.02, 0.04]), 0.25, 1.0, np.array([0.0, 1.0]))
    assert log_size == pytest.approx([1.0 + 0.03 + 0.01, 2.0 + 0.05 + 0.02 + 0.04 * np.sqrt(0.75)])
    assert next_deflator(1.1, 0.02, 0.01, 0.0) == pytest.approx(1.1 * np.exp(0.02))
    assert next_drift(0.08, 0.03, 0.8, 0.01) == pytest.approx(0.03 + 0.8 * 0.05 + 0.6 * 0.01)


def test_compiled_and_plain_python_give_the_same_bits():
    if not hasattr(trade_year, "py_func"):
        pytest.skip("compilation is switched off")
    random = np.random.default_rng(9)
    fixed = [random.normal(size=20) for _ in range(4)]
    fixed[0][::3] = np.nan
    results = []
    for function in (trade_year, trade_year.py_func):
        state = [np.linspace(-1, 1, 20), np.linspace(0, 5, 20)]
        log_trade = np.empty(20)
        own = np.linspace(-2, 2, 20)
        documented, log_base, size_change, cost_change = fixed
        path = Path(size_change, cost_change, np.full(20, 0.3), own, *state, log_trade)
        function(path, documented, log_base, 0.7, Rates(0.8, 0.9, 0.15, 0.15))
        results.append(np.concatenate([*state, log_trade]))
    assert (results[0] == results[1]).all()
