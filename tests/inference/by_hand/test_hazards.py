"""Hazards of a few rows against integrals that scipy works out, and derivatives against differences."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gamma, norm

from sim.inference.likelihood import (
    NO_SHOCK,
    hazard_log_likelihood,
    hazard_rows,
    quadrature,
    row_probabilities,
)
from sim.inference.risk_sets import AFTER, BEFORE, CERTAIN, NO_GROUP

NODES = quadrature(31)
NOTHING = np.empty(0)


class Rows(SimpleNamespace):
    """Columns of risk sets."""

    def __len__(self):
        return len(self.event)


def rows_of(lines, begins, alone=None):
    """Rows from lines (month, event, group, phase)."""
    month, event, group, phase = np.array(lines).T
    rows = Rows(month=month, event=event, group=group, phase=phase)
    return hazard_rows(rows, np.array(begins, np.int64), None if alone is None else np.array(alone, bool))


def found(rows, eta, spread=0.0, frailty=0.0, nodes=NODES):
    """Log-likelihood, and its derivatives by each eta and by the spread."""
    eta, by_eta = np.array(eta, float), np.empty(len(eta))
    per_block = np.empty(len(rows.begins) - 1)
    total, by_spread = hazard_log_likelihood(rows, eta, spread, frailty, *nodes, per_block, by_eta)
    again, _ = hazard_log_likelihood(rows, eta, spread, frailty, *nodes, per_block, NOTHING)
    assert again == total == pytest.approx(per_block.sum())
    return total, by_eta, by_spread


def over_shock(chance, spread):
    """Mean over a lognormal factor of mean one."""
    return quad(lambda z: norm.pdf(z) * chance(math.exp(spread * z - spread**2 / 2)), -9, 9, epsabs=1e-13)[0]


def check_slopes(rows, eta, **more):
    """Derivatives against central differences."""
    _, by_eta, by_spread = found(rows, eta, **more)
    for k in range(len(eta)):
        step = np.eye(len(eta))[k] * 1e-5
        difference = (found(rows, eta + step, **more)[0] - found(rows, eta - step, **more)[0]) / 2e-5
        assert by_eta[k] == pytest.approx(difference, abs=1e-7)
    if "spread" in more:
        higher, lower = ({**more, "spread": more["spread"] + d} for d in (1e-5, -1e-5))
        difference = (found(rows, eta, **higher)[0] - found(rows, eta, **lower)[0]) / 2e-5
        assert by_spread == pytest.approx(difference, abs=1e-7)


CERTAIN_ROWS = [(0, 0, NO_GROUP, CERTAIN), (1, 1, NO_GROUP, CERTAIN), (2, 0, NO_GROUP, CERTAIN)]
ETA = np.array([-2.0, -1.5, -1.0])


def test_three_months_that_share_a_shock():
    rows = rows_of(CERTAIN_ROWS, [0, 3])
    h = np.exp(ETA)
    expected = over_shock(lambda f: math.exp(-f * (h[0] + h[2])) * -math.expm1(-f * h[1]), 0.7)
    assert found(rows, ETA, spread=0.7)[0] == pytest.approx(math.log(expected), abs=1e-9)
    check_slopes(rows, ETA, spread=0.7)


def test_without_a_shock_months_are_independent():
    rows = rows_of(CERTAIN_ROWS, [0, 2, 3])
    h = np.exp(ETA)
    expected = -h[0] - h[2] + math.log(-math.expm1(-h[1]))
    assert found(rows, ETA, nodes=NO_SHOCK)[0] == pytest.approx(expected)
    check_slopes(rows, ETA, nodes=NO_SHOCK)


#: A step that came in month 1 or 2: at risk until it came, then of the next rung; another rung competes in month 2.
WINDOW = [(1, 1, 0, BEFORE), (2, 0, 0, AFTER), (2, 1, 0, BEFORE), (2, 0, 0, BEFORE)]
WINDOW_ETA = np.array([-1.2, -2.0, -0.8, -1.6])


@pytest.mark.parametrize("alone", [None, [0, 0, 1, 0]])
def test_an_event_known_to_two_months(alone):
    rows = rows_of(WINDOW, [0, 4], alone)
    h = np.exp(WINDOW_ETA)

    def chance(f):
        first = -math.expm1(-f * h[0]) * math.exp(-f * h[1])
        second = math.exp(-f * h[0]) * -math.expm1(-f * h[2])
        return first + second * (math.exp(-f * h[3]) if alone else 1.0)

    assert found(rows, WINDOW_ETA, nodes=NO_SHOCK)[0] == pytest.approx(math.log(chance(1.0)))
    assert found(rows, WINDOW_ETA, spread=0.5)[0] == pytest.approx(math.log(over_shock(chance, 0.5)), abs=1e-9)
    check_slopes(rows, WINDOW_ETA, spread=0.5)


def test_certain_rows_and_a_window_of_one_block():
    rows = rows_of(CERTAIN_ROWS + WINDOW, [0, 7])
    check_slopes(rows, np.concatenate([ETA, WINDOW_ETA]), spread=0.6)


@pytest.mark.parametrize("events", [0, 1, 2])
def test_months_that_share_a_gamma_factor(events):
    rows = rows_of([(t, int(t < events), NO_GROUP, CERTAIN) for t in range(3)], [0, 3])
    h, shape = np.exp(ETA), 0.5

    def chance(f):
        return math.prod(-math.expm1(-f * h[t]) if t < events else math.exp(-f * h[t]) for t in range(3))

    expected = quad(lambda f: gamma.pdf(f, shape, scale=1 / shape) * chance(f), 0, np.inf, epsabs=1e-12, limit=200)[0]
    assert found(rows, ETA, frailty=shape)[0] == pytest.approx(math.log(expected), abs=1e-6)
    check_slopes(rows, ETA, frailty=shape)


def test_what_was_impossible_has_no_likelihood():
    rows = rows_of([(0, 1, NO_GROUP, CERTAIN)], [0, 1])
    assert found(rows, [-np.inf], frailty=0.5)[0] == -np.inf


def test_probability_of_a_month_over_the_shock():
    chance = row_probabilities(ETA, 0.7, *NODES)
    expected = [over_shock(lambda f, h=h: -math.expm1(-f * h), 0.7) for h in np.exp(ETA)]
    assert chance == pytest.approx(expected, abs=1e-9)
