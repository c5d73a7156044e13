"""Shapley values and coalition worths."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.facts import load_trade_facts
from sim.facts.trade_panel import base_year_flows
from sim.processes.trade.equity import coalition_worths, shapley_values
from sim.processes.trade.gains import gains_from
from sim.processes.trade.gravity import Market, freeness_of_base, newton_correction, totals


def test_shapley_of_the_glove_game():
    """One left glove, two right: a pair is worth 1. The left one gets 2/3, each right one 1/6."""
    worth = np.array([float(bool(c & 1) and bool(c & 6)) for c in range(8)])
    values = np.empty(3)
    shapley_values(worth, 3, values)
    assert values == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@given(st.lists(st.floats(-1e6, 1e6), min_size=15, max_size=15))
def test_shapley_is_the_mean_over_orders_of_joining_and_adds_up(rest):
    worth = np.array([0.0, *rest])
    values, expected = np.empty(4), np.zeros(4)
    shapley_values(worth, 4, values)
    orders = list(itertools.permutations(range(4)))
    for order in orders:
        coalition = 0
        for player in order:
            expected[player] += worth[coalition | 1 << player] - worth[coalition]
            coalition |= 1 << player
    assert values == pytest.approx(expected / len(orders), abs=1e-6)
    assert values.sum() == pytest.approx(worth[-1], abs=1e-6)


def test_shapley_shares_of_regional_trade_add_to_the_grand_coalition():
    facts = load_trade_facts()
    flows = base_year_flows(facts)
    output, expenditure, freeness = np.empty(15), np.empty(15), np.empty((15, 15))
    totals(flows, output, expenditure)
    freeness_of_base(flows, output, expenditure, freeness)
    change = np.zeros((15, 15))
    change[:6, :6] = 0.5
    np.fill_diagonal(change, 0.0)
    gdp = output[:6]
    worth, values = np.empty(64), np.empty(6)
    without = np.diag(flows) / expenditure
    market = Market(output, expenditure, newton_correction(flows))
    code = coalition_worths(freeness, change, market, gdp, 5.0, without, worth)
    assert code == 1
    shapley_values(worth, 6, values)
    grand = float(gains_from(flows, change, facts.ids)[:6] @ gdp)
    assert worth[63] == pytest.approx(grand, rel=1e-7)
    assert values.sum() == pytest.approx(grand, rel=1e-7)
    assert (values > 0).all()
    assert worth[0] == 0.0 and all(worth[1 << k] == 0.0 for k in range(6))
