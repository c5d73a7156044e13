"""Gains from trade on cases worked by hand, and conditional against full general equilibrium."""

import numpy as np
import pytest
from scipy.optimize import root

from sim.facts import load_trade_facts
from sim.facts.trade_panel import base_year_flows
from sim.processes.trade.gains import gain_in_all, gains_from, gains_over_bases, welfare_gains
from sim.processes.trade.gravity import GravityError

# Half a log point more trade among the six states at unchanged access.
REGIONAL = np.zeros((15, 15))
REGIONAL[:6, :6] = 0.5
np.fill_diagonal(REGIONAL, 0.0)


def test_autarky_to_trade_by_hand():
    """Home share from 1 to 0.8 at elasticity 5: 0.8 ** -0.2 - 1 = 4.56 %."""
    gains = np.empty(2)
    welfare_gains(np.array([0.8, 0.8]), np.array([1.0, 0.8]), 5.0, gains)
    assert gains[0] == pytest.approx(0.0456396, abs=1e-7)
    assert gains[1] == 0.0


def test_two_alike_economies_by_hand():
    """Freeness doubles from 0.25 to 0.5: home share from 1/1.25 to 1/1.5, gain (1.5 / 1.25) ** (1/5) - 1."""
    flows = np.array([[80.0, 20.0], [20.0, 80.0]])
    change = np.log(2.0) * (1.0 - np.eye(2))
    assert gains_from(flows, change, ("A", "B"), 5.0) == pytest.approx([1.2**0.2 - 1.0] * 2, rel=1e-9)


def test_three_economies_by_hand():
    """A and B alike open to each other, C alike stays out; the shares solve a quadratic, worked out here on its own."""
    f, g = 0.1, 0.3
    flows = 100.0 / (1 + 2 * f) * (np.eye(3) + f * (1 - np.eye(3)))
    change = np.zeros((3, 3))
    change[0, 1] = change[1, 0] = np.log(g / f)
    # By symmetry X = D T D with d = (a, a, c): a² (1 + g) + a c f = 1 and c² + 2 a c f = 1 for sizes of one.
    a, c = root(lambda d: [d[0] ** 2 * (1 + g) + d[0] * d[1] * f - 1, d[1] ** 2 + 2 * d[0] * d[1] * f - 1], [1, 1]).x
    before = 1 / (1 + 2 * f)
    expected = [(a * a / before) ** -0.2 - 1, (a * a / before) ** -0.2 - 1, (c * c / before) ** -0.2 - 1]
    gains = gains_from(flows, change, ("A", "B", "C"), 5.0)
    assert gains == pytest.approx(expected, rel=1e-7)
    assert gains[0] > 0 > gains[2]


def test_no_change_no_gain():
    facts = load_trade_facts()
    gains = gains_from(base_year_flows(facts), np.zeros((15, 15)), facts.ids)
    assert np.abs(gains).max() < 1e-12


def test_gains_fall_with_elasticity_and_with_a_broader_basis():
    facts = load_trade_facts()
    bases = np.array([base_year_flows(facts, "partner", ratio) for ratio in (1.0, 1.8)])
    gains = gains_over_bases(bases, REGIONAL, facts.ids)[:, :, :6]
    assert gains.shape == (2, 3, 6)
    assert (gains > 0).all()
    assert (np.diff(gains, axis=1) < 0).all()
    ratio = gains[1] / gains[0]
    assert (ratio > 0.4).all() and (ratio < 0.65).all(), "a basis of 1.8 GDP about halves every gain"


def test_conditional_gains_are_close_to_full_general_equilibrium():
    """Letting prices and incomes move (deficits in fixed proportion) changes the six gains by under 0.1 points."""
    facts = load_trade_facts()
    flows = base_year_flows(facts)
    full = full_equilibrium_gains(flows, REGIONAL, 5.0)
    conditional = gains_from(flows, REGIONAL, facts.ids, 5.0)
    assert np.abs(full - conditional)[:6].max() < 0.001
    assert np.corrcoef(full[:6], conditional[:6])[0, 1] > 0.99


def full_equilibrium_gains(flows, change, elasticity):
    """Changes of wages by exact hat algebra (Dekle, Eaton & Kortum 2008), then the same welfare formula."""
    output, expenditure = flows.sum(axis=1), flows.sum(axis=0)
    shares = flows / expenditure

    def spending(log_wage):
        weight = shares * np.exp(change - elasticity * log_wage[:, None])
        return weight / weight.sum(axis=0)

    def imbalance(log_wage):
        wage = np.exp(log_wage)
        sales = spending(log_wage) @ (expenditure * wage)
        gap = sales / (output * wage) - 1.0
        gap[-1] = log_wage[-1]  # the numeraire replaces one market that clears by Walras' law
        return gap

    found = root(imbalance, np.zeros(len(output)), tol=1e-12)
    assert found.success
    return (np.diag(spending(found.x)) / np.diag(shares)) ** (-1.0 / elasticity) - 1.0


def test_an_economy_that_sells_nothing_is_named():
    flows = np.array([[80.0, 20.0], [0.0, 0.0]])
    with pytest.raises(GravityError):
        gains_from(flows, np.zeros((2, 2)), ("A", "B"))


def test_gains_in_all_add_up():
    share, dollars = gain_in_all(0.01, 2e8, -1e8, 1e11)
    assert dollars == pytest.approx(1.1e9)
    assert share == pytest.approx(0.011)


def test_exports_above_gdp_are_refused():
    with pytest.raises(ValueError, match=r"^\w{3}: exports exceed 0.2 times GDP"):
        base_year_flows(load_trade_facts(), "partner", 0.2)
