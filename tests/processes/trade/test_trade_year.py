"""The yearly step of trade on its own: replay, branch, simulation, gains."""

import functools

import numpy as np
import pytest

from sim.engine.layout import record
from sim.engine.process import dtype_of, put_starts
from sim.facts import load_trade_facts
from sim.facts.trade_panel import trade_panel
from sim.processes.trade.inputs import trade_record
from sim.processes.trade.recording import record_trade, trade_series
from sim.processes.trade.state import PROCESS, trade_axes
from sim.processes.trade.step import begin_trade, trade_of_year

STATES = ("AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB")
START, BRANCH, END = 1992, 2025, 2040


def parameters():
    rows = [row for row in load_trade_facts().parameters if not row.choices]
    params = record([(row.name.replace(".", "_"), np.float64) for row in rows])
    for row in rows:
        setattr(params, row.name.replace(".", "_"), row.value)
    return params


@functools.cache
def shared(start, branch):
    return trade_record(load_trade_facts(), 1, start, branch - 1, "partner", np.zeros(15))


@functools.cache
def panel():
    return trade_panel(load_trade_facts(), "partner")


class History:
    """One member's trade, simulated year by year with borders after the branch as they were before it."""

    def __init__(self, member=0, branch=BRANCH, start=START, content=0.0, cuts=None, shut=None):
        self.trade = shared(start, branch) if not cuts else shared.__wrapped__(start, branch)
        self.panel = panel()
        n, pairs = len(self.panel.economies), len(self.panel.names)
        declared = PROCESS.state["commerce"]
        self.commerce = record(dtype_of(declared, trade_axes(n, pairs, len(STATES))))
        put_starts(self.commerce, declared)
        self.p = parameters()
        dyads = [k for k in range(pairs) if self.trade.dyad[k] >= 0]
        last = max(branch - start - 1, 0)
        self.borders = [self.trade.passage[last, dyads].copy(), self.trade.closed[last, dyads].copy()]
        if shut:
            k = self.trade.dyad[self.panel.pair(shut)]
            self.borders[0][k], self.borders[1][k] = 0.0, 1.0
        for name, share in (cuts or {}).items():
            self.trade.imposed[2030 - start :, self.panel.pair(name)] = share
        self.names = trade_series([self.panel.names[k] for k in dyads], STATES)
        self.lines, self.log_trade = [], []
        begin_trade(self.commerce, self.trade, self.p, member)
        for row in range(END - start + 1):
            agreed = np.full(15, content if start + row > 2025 else 0.0)
            self.commerce.depth[:], self.commerce.content[:] = 0.0, agreed
            self.commerce.passage[:], self.commerce.closed[:] = self.borders
            code = trade_of_year(self.commerce, self.trade, self.p, member, row, branch - start)
            assert code > 0
            self.log_trade.append(self.commerce.log_trade.copy())
            line = np.full(len(self.names), -1.0)
            record_trade(self.commerce, self.trade, line)
            self.lines.append(line)
        self.years = list(range(start, END + 1))

    def series(self, name):
        return dict(zip(self.years, np.array(self.lines)[:, self.names.index(name)]))


def test_the_record_comes_out_exactly_in_current_dollars():
    history = History()
    axis = history.series("trade.KAZ-UZB")
    assert [axis[2014], axis[2016], axis[2022]] == pytest.approx([2.066, 1.492, 4.92], abs=5e-3)
    panel = history.panel
    for k, year in enumerate(panel.years):
        known = np.isfinite(panel.trade_usd[:, k])
        ours = history.log_trade[year - START][known]
        assert (ours == np.log(panel.trade_usd[known, k])).all()


def test_after_the_branch_everything_is_known_and_positive():
    history = History(member=3)
    values = np.array(history.lines)[BRANCH - START :]
    whole_run = [k for k, name in enumerate(history.names) if not name.startswith("shapley.")]  # of the last year alone
    assert np.isfinite(values[:, whole_run]).all()
    signed = ("gain.", "integration_gain.", "shapley.")
    positive = [k for k, name in enumerate(history.names) if not name.startswith(signed)]
    assert (values[:, positive] > 0).all()


def test_nothing_after_the_branch_is_known_before_it():
    early, late = History(branch=2016), History(branch=2020)
    assert early.series("trade.KAZ-UZB")[2015] == late.series("trade.KAZ-UZB")[2015]
    assert early.series("trade.KAZ-UZB")[2016] != late.series("trade.KAZ-UZB")[2016]
    assert early.series("deflator")[2016] != late.series("deflator")[2016]


def test_members_differ_and_come_back_the_same():
    first, again, other = History(member=1), History(member=1), History(member=2)
    assert np.array_equal(first.lines[40:], again.lines[40:], equal_nan=True)
    assert first.series("trade.KAZ-UZB")[2035] != other.series("trade.KAZ-UZB")[2035]


def test_random_numbers_do_not_depend_on_where_the_run_starts():
    long, short = History(start=1992), History(start=2000)
    assert long.series("trade.KAZ-UZB")[2040] == pytest.approx(short.series("trade.KAZ-UZB")[2040], rel=1e-12)


@pytest.mark.parametrize("start, branch", [(1992, 1992), (2026, 2026)])
def test_a_run_without_a_record_starts_at_the_level_of_the_base_year(start, branch):
    history = History(start=start, branch=branch)
    assert np.isfinite(np.array([line[: 15 + 2] for line in history.lines])).all()


def test_no_policy_no_gain_and_free_trade_pays_everyone():
    without, with_area = History(), History(content=1.0)
    for state in STATES:
        assert set(without.series(f"gain.{state}").values()) == {0.0}
        gain = with_area.series(f"gain.{state}")
        assert gain[2025] == 0.0 < gain[2027] < gain[2035] < 0.02
        assert gain[2036] == pytest.approx(gain[2040], rel=1e-9), "phased in over ten years"
    ratio = with_area.series("trade.KAZ-UZB")[2040] / without.series("trade.KAZ-UZB")[2040]
    assert ratio == pytest.approx(np.exp(0.3)), "the same random numbers, so the policy alone differs"


def test_a_cost_cut_reaches_the_pair_it_is_for():
    plain, cut = History(), History(cuts={"CHN-UZB": 0.02})
    pair = plain.panel.pair("CHN-UZB")
    change = cut.log_trade[-1] - plain.log_trade[-1]
    assert change[pair] == pytest.approx(-5.0 * np.log(0.98))
    assert np.abs(np.delete(change, pair)).max() < 1e-12
    assert cut.series("gain.UZB")[2040] > 0.0 == cut.series("gain.UZB")[2029]


def test_closing_a_border_costs_trade():
    plain, closed = History(), History(shut="KAZ-UZB")
    axis = plain.panel.pair("KAZ-UZB")
    assert closed.log_trade[-1][axis] - plain.log_trade[-1][axis] == pytest.approx(-0.3 - 2.5)
    assert closed.series("gain.KAZ")[2040] < 0 and closed.series("gain.UZB")[2040] < 0


def test_sizes_grow_at_the_stated_median_and_revert_to_the_world():
    """0.8 of the distance to the world's 3 % survives a year: over 16 years the mean keeps 0.304 of it."""
    grown, kept = [], (1 - 0.8**16) / (0.2 * 16)
    for member in range(100):
        volume = History(member=member).series("gdp_volume.UZB")
        grown.append(np.log(volume[2040] / volume[2024]) / 16)
    row = next(row for row in load_trade_facts().growth if row.economy == "UZB")
    assert np.median(grown) == pytest.approx(0.03 + kept * (row.median - 0.03), abs=0.006)
    years = np.arange(16)
    alike = (0.8 ** np.abs(years[:, None] - years)).mean()  # of the means of 16 years of drift
    spread = np.hypot(np.sqrt(alike) * row.drift_spread, row.yearly_spread / np.sqrt(16))
    assert np.std(grown) == pytest.approx(spread, rel=0.25)


def test_bands_widen_with_the_horizon():
    end = {year: [] for year in (2026, 2040)}
    for member in range(60):
        axis = History(member=member).series("trade.KAZ-UZB")
        for year, found in end.items():
            found.append(np.log(axis[year]))
    assert np.std(end[2040]) > 1.2 * np.std(end[2026])
