"""Ladder, accords and the life of a treaty: hand-worked numbers and limiting cases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.hazard import linear
from sim.engine.layout import GRID_POINTS
from sim.engine.random import normal_quantile
from sim.processes.accords import answer_covariates, months_to_text
from sim.processes.attitude import draw_attitude, learn_from_refusal
from sim.processes.bilateral_treaties import (
    contagion,
    count_standing,
    monthly_probability,
    step_covariates,
    wave_effect,
)
from sim.processes.external_influence import capacity_index, external_pull
from sim.processes.ratification import implement, ratification_probability, withdrawal_probability
from sim.processes.utility import issue_gain, sovereignty_cost

WORK = np.empty(GRID_POINTS)
# three states, dyads (0, 1), (0, 2), (1, 2)
DYAD_A, DYAD_B = np.array([0, 0, 1]), np.array([1, 2, 2])


def test_contagion_counts_neighbouring_dyads_on_the_rung_or_above():
    def share(rung_sought, *rungs):
        standing = np.empty((3, 3), np.int64)
        count_standing(np.array(rungs), DYAD_A, DYAD_B, standing)
        return contagion(standing, 0, 1, rung_sought)

    assert share(2, 1, 2, 1) == 0.5
    assert share(2, 1, 3, 2) == 1.0
    assert share(1, 0, 0, 0) == 0.0


def test_small_hazards_are_probabilities():
    assert monthly_probability(math.log(0.01)) == pytest.approx(1 - math.exp(-0.01))
    assert monthly_probability(50.0) == 1.0


def test_the_wave_leaves_the_mean_hazard_alone():
    draw = [normal_quantile((k + 0.5) / 4000) for k in range(4000)]
    assert np.mean([math.exp(wave_effect(z, 0.8)) for z in draw]) == pytest.approx(1.0, abs=0.01)
    assert wave_effect(1.3, 0.0) == 0.0


def test_gain_of_equal_weights_is_the_depth():
    gains, content = np.full(7, 1 / 7), np.array([0.2, 0.3, 0, 0.5, 0, 0, 0])
    assert issue_gain(gains, content, 0.6, 7.0) == pytest.approx(0.6)


def test_capacity_between_floor_and_ceiling():
    assert capacity_index(1300.0, 1300.0, 30000.0) == 0.0
    assert capacity_index(30000.0, 1300.0, 30000.0) == 1.0
    assert capacity_index(math.sqrt(1300.0 * 30000.0), 1300.0, 30000.0) == pytest.approx(0.5)
    assert capacity_index(100.0, 1300.0, 30000.0) == 0.0 and capacity_index(90000.0, 1300.0, 30000.0) == 1.0
    assert sovereignty_cost(0.5, 0.2) == pytest.approx(0.4)


def test_pull_is_taken_away_by_group_contacts():
    dependence, pull = np.array([0.4, 0.2]), np.array([1.0, 2.0])
    assert external_pull(dependence, pull, np.array([0.0, 0.0]), 0.5) == pytest.approx(0.8)
    assert external_pull(dependence, pull, np.array([1.0, 1.0]), 1.0) == 0.0


def test_a_proposal_waits_for_its_text():
    assert months_to_text(math.exp(-0.5), 0.1) == 60
    assert months_to_text(0.5, 0.0) == 1200
    waits = [months_to_text((k + 0.5) / 2000, 0.1) for k in range(2000)]
    assert np.mean([min(w, 600) for w in waits]) == pytest.approx(120 * (1 - math.exp(-5)), rel=0.02)


def test_covariates_of_treaties_add_up():
    answer = linear(-0.3, np.array([2.0, 0.7, -1.5]), answer_covariates(0.5, 1.0))
    assert answer == pytest.approx(2.0 - 0.3 + 0.35 - 1.5)
    effects = np.array([1.0, 2.0, 0.5, 0.0, 3.0, 0.25])
    alone = linear(0.0, effects, step_covariates(0.25, 0.7, 1, False, 0.9, 0.5, False))
    assert alone == pytest.approx(0.25 + 0.4 + 0.3)
    assert linear(0.0, effects, step_covariates(0.25, 0.7, 1, True, 0.9, 0.5, True)) == pytest.approx(alone + 0.75)


@given(st.floats(0.001, 0.999))
def test_without_refusals_the_attitude_is_the_prior(uniform):
    assert draw_attitude(np.zeros(GRID_POINTS), False, uniform, 1.5, WORK) == 1.5 * normal_quantile(uniform)


@given(st.floats(0.01, 0.99))
def test_an_uninformative_refusal_changes_little(uniform):
    flat = np.zeros(GRID_POINTS)
    learn_from_refusal(flat, -40.0, 1.5, 1.0, 1.0)  # everybody would have refused
    assert draw_attitude(flat, True, uniform, 1.5, WORK) == pytest.approx(1.5 * normal_quantile(uniform), abs=0.05)


def test_refusals_lower_the_attitude_and_three_do_so_less_than_thrice():
    def median_after(n):
        likelihood = np.zeros(GRID_POINTS)
        for _ in range(n):
            learn_from_refusal(likelihood, 2.0, 1.5, 1.0, 1.0)
        return draw_attitude(likelihood, True, 0.5, 1.5, WORK)

    one, three = median_after(1), median_after(3)
    assert three < one < 0.0
    assert three > 3 * one


def test_what_is_seldom_given_a_thought_says_little():
    thrice, rarely, never = np.zeros(GRID_POINTS), np.zeros(GRID_POINTS), np.zeros(GRID_POINTS)
    learn_from_refusal(thrice, 2.0, 1.5, 1.0, 3.0)
    learn_from_refusal(rarely, 2.0, 1.5, 0.2, 3.0)
    learn_from_refusal(never, 2.0, 1.5, 0.0, 3.0)
    willing = 1.0 / (1.0 + math.exp(-2.0))
    middle = GRID_POINTS // 2  # where the attitude is zero
    assert thrice[middle] == pytest.approx(3.0 * math.log(1.0 - willing))
    assert rarely[middle] == pytest.approx(3.0 * math.log(1.0 - 0.2 * willing))
    assert not never.any()
    assert draw_attitude(thrice, True, 0.5, 1.5, WORK) < draw_attitude(rarely, True, 0.5, 1.5, WORK) < 0.0


def test_posterior_attitude_against_numerical_integration():
    likelihood = np.zeros(GRID_POINTS)
    learn_from_refusal(likelihood, 1.0, 1.5, 1.0, 1.0)
    z = np.linspace(-8, 8, 200001)
    density = np.exp(-0.5 * z**2) / (1 + np.exp(1.0 + 1.5 * z))
    cumulative = np.cumsum(density) / density.sum()
    for uniform in (0.05, 0.5, 0.95):
        exact = 1.5 * z[np.searchsorted(cumulative, uniform)]
        assert draw_attitude(likelihood, True, uniform, 1.5, WORK) == pytest.approx(exact, abs=0.02)


def test_ratification_slows_with_the_number_of_parties():
    hazard = math.exp(-1.9 - 0.6 * math.log(5))
    assert ratification_probability(-1.9, 0.6, 5) == pytest.approx(1 - math.exp(-hazard))
    assert ratification_probability(-1.9, 0.6, 2) > ratification_probability(-1.9, 0.6, 5)


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 1), st.floats(0, 1))
def test_implementation_stays_a_share_and_never_falls(done, rate, effect, institutions):
    after = implement(done, rate, effect, institutions)
    assert done <= after <= 1.0


def test_withdrawal_rate_of_a_quiet_state():
    assert withdrawal_probability(0.003, 1.0, 0.0, 0.0, 0.7, 0.0, 0.5) == pytest.approx(0.003 / 12, rel=1e-3)
    assert withdrawal_probability(0.003, 1.0, 1.0, 0.0, 0.7, 0.0, 0.5) == pytest.approx(0.003 / 12 / math.e, rel=1e-3)
    adverse = withdrawal_probability(0.003, 1.0, 0.0, 2.0, 0.7, 0.0, 0.5)
    assert adverse == pytest.approx(0.003 / 12 * math.exp(1.4), rel=1e-3)
