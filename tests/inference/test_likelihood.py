"""The compiled likelihood against a slow one, against arithmetic by hand, and its gradient against differences."""

import math

import numpy as np
import pytest

from sim.inference import posterior as posterior_module
from sim.inference.accord_likelihood import accord_log_likelihood
from sim.inference.likelihood import hazard_log_likelihood, quadrature, row_probabilities
from sim.inference.observations import Step, tidy_history
from sim.inference.posterior import year_blocks
from sim.inference.risk_sets import ladder_rows
from tests.inference import slow


def persons(panel, posterior, x):
    """Openness by leader and sensitivity to border disputes by state."""
    value = dict(zip(posterior.names, x))
    strength = [value.get(f"blocker.{state}", posterior.fixed.strength) for state in panel.states]
    return posterior.layout.values(x, posterior.layout.leaders), strength


def parameters(x):
    names = ("interest", "contagion", "capacity", "declared", "wave", "intercept", "bandwagon", "opened", "persistence")
    return {"theta": x[:4], **dict(zip(names, x[4:13]))}


def test_ladder_equals_the_slow_one_on_the_whole_record(panel, history, posterior, vector):
    openness, strength = persons(panel, posterior, vector)
    expected = slow.ladder(panel, history, parameters(vector), openness, strength, len(posterior_module.WAVE[0]))
    assert posterior.terms["ladder"].value(vector) == pytest.approx(expected, abs=1e-10)


def test_accords_equal_the_slow_one_on_the_whole_record(panel, history, posterior, vector):
    openness, strength = persons(panel, posterior, vector)
    points = 5  # the slow one goes through all combinations of five states' attitudes
    readiness = posterior.layout.values(vector, [f"readiness.{state}" for state in panel.states])
    values = parameters(vector) | {"readiness": readiness}
    expected = slow.accords(panel, history, values, openness, strength, posterior.fixed.later, points)
    term = posterior.terms["accords"]
    logit = term.predictor.eta(vector)
    nodes = quadrature(points)
    found, _ = accord_log_likelihood(term.rows, logit, vector[12], term.later, *nodes, np.empty(0))
    assert found == pytest.approx(expected, abs=1e-10)


def test_gradient_equals_differences(posterior, vector):
    step = 1e-5 * np.eye(len(vector))
    found = [(posterior.log_density(vector + s) - posterior.log_density(vector - s)) / 2e-5 for s in step]
    assert posterior.gradient(vector) == pytest.approx(np.array(found), abs=1e-5)


def test_many_at_once_equal_one_by_one(posterior, vector):
    many = vector + 0.05 * np.sin(np.arange(5))[:, None]
    many[3, 8] = -0.1  # a negative spread is outside the range
    found = posterior.log_densities(many)
    assert found[3] == -np.inf
    assert found.tolist() == [posterior.log_density(x) for x in many]


def test_enough_quadrature_points(posterior, vector, monkeypatch):
    coarse = posterior.log_likelihood(vector)
    monkeypatch.setattr(posterior_module, "WAVE", quadrature(121))
    monkeypatch.setattr(posterior_module, "ATTITUDE", quadrature(121))
    assert coarse == pytest.approx(posterior.log_likelihood(vector), abs=1e-6)


def likelihood_of(panel, steps, theta, wave=0.0):
    """Only intercepts: hazards that a reader can work out."""
    history = tidy_history(steps)
    rows = ladder_rows(panel, history)
    eta = np.array(theta)[rows.kind]
    per_year = np.empty(len(np.unique(rows.year)))
    value, _ = hazard_log_likelihood(year_blocks(rows), eta, wave, 0.0, *quadrature(61), per_year, np.empty(0))
    return rows, eta, value


def test_a_single_step_by_hand(panel):
    month, rate = panel.first + 10, math.exp(-5.0)
    rows, _, value = likelihood_of(panel, [Step(0, 1, month, month, month)], (-5.0, -50.0, -50.0, -50.0))
    waited = 14 * panel.n_months + 10
    assert value == pytest.approx(-rate * waited + math.log(1 - math.exp(-rate)), abs=1e-9)
    assert int(rows.event.sum()) == 1


def test_a_step_known_to_the_year_by_hand(panel):
    """Friendship somewhere in a year, partnership impossible: 1 - exp(-12 rate) over that year."""
    month, rate = panel.first + 12 * 5 + 6, math.exp(-4.0)
    step = Step(3, 1, month, panel.first + 12 * 5, panel.first + 12 * 5 + 11)
    _, _, value = likelihood_of(panel, [step], (-4.0, -60.0, -60.0, -60.0))
    expected = -rate * (14 * panel.n_months + 60) + math.log(1 - math.exp(-12 * rate))
    assert value == pytest.approx(expected, abs=1e-9)


def test_after_an_uncertain_step_the_next_is_at_risk(panel):
    """Two hazards in one year: the sum over the months, with the next rung at risk in those after."""
    begins, low, high = panel.first + 24, math.exp(-3.0), math.exp(-3.5)
    step = Step(0, 1, begins + 3, begins, begins + 11)
    _, _, value = likelihood_of(panel, [step], (-3.0, -3.5, -60.0, -60.0))
    year = sum(math.exp(-low * k) * (1 - math.exp(-low)) * math.exp(-high * (11 - k)) for k in range(12))
    others = -low * 14 * panel.n_months - low * 24 - high * (panel.n_months - 36)
    assert value == pytest.approx(others + math.log(year), abs=1e-9)


def test_probability_of_a_row_by_hand(panel):
    _, eta, _ = likelihood_of(panel, [], (-5.0, -5.0, -5.0, -5.0))
    chance = row_probabilities(eta, 0.0, *quadrature(3))
    assert chance == pytest.approx(np.full(len(chance), 1 - math.exp(-math.exp(-5.0))), rel=1e-12)
