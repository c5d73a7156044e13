"""Successions by term, age and unrest, and what a new leader brings."""

import math

import numpy as np
import pytest

from by_hand.three_states import A, B, C, Some, events
from sim.engine.event_types import AS_BEFORE, CODE, DRAWN
from sim.processes import leaders


@pytest.fixture(autouse=True)
def parameters(inputs, params):
    inputs.channels.leader, inputs.channels.disposition = ["a", "b", "c"], ["da", "db", "dc"]
    inputs.channels.blocker = ["ba", "bb", "bc"]
    inputs.outside = Some(
        term_end=np.array([-1, 400, 400]), term_months=np.array([60, 84, 60]), turnover=np.array([0.12, 9.0, 9.0]),
        unrest=np.array([9.0, 0.24, 0.0]), barred=np.array([0, 0, 1]), heir=np.array([0, 1, 0]),
    )  # fmt: skip
    params.__dict__.update(
        leaders_turnover_scale=1.0, succession_age=-60.0, succession_ageing=0.0, succession_stays_free=0.9,
        succession_stays_barred=0.5, succession_heir=0.25, leaders_state_openness_sd=0.5, leaders_institutions=0.0,
        leaders_leader_openness_sd=1.0, trust_leader_reset=0.5, trust_baseline=1.0, trust_identity_effect=0.0,
        trust_third_parties=0.0, leader_openness=np.full((3, 4), np.nan),
    )  # fmt: skip


def test_disposition_of_a_state():
    """Precision 1/0.25 + 2/1 = 6, mean 3/6; without spread of states none, without spread of leaders their mean."""
    assert leaders.state_disposition(3.0, 2, 0.5, 1.0, 0.0) == pytest.approx(0.5)
    assert leaders.state_disposition(3.0, 2, 0.5, 1.0, 1.2) == pytest.approx(0.5 + 1.2 / math.sqrt(6))
    assert leaders.state_disposition(3.0, 2, 0.5, 2.0, 0.0) == pytest.approx(0.75 / 4.5)
    assert leaders.state_disposition(3.0, 2, 0.0, 1.0, 1.0) == 0.0
    assert leaders.state_disposition(3.0, 2, 0.5, 0.0, 1.0) == 1.5
    assert leaders.state_disposition(0.0, 0, 0.5, 0.0, 1.2) == pytest.approx(0.6)


def test_a_flat_rate_of_turnover():
    chance = 1 - math.exp(-0.06)
    assert leaders.leader_changes(0.36, 2.0, chance - 1e-9) and not leaders.leader_changes(0.36, 2.0, chance + 1e-9)


def change(region, inputs, params, log, draws, numbers, month=300):
    given = draws(leaders, numbers)
    leaders.change_leaders(region, inputs, params, 7, month, log)
    assert {asked[2] for asked in given.asked if asked[0] in "abc" and asked[1] == 0} <= {month, 0}
    return [(kind, state, value) for _, kind, state, _, _, value in events(log)]


def test_without_a_known_term_a_flat_rate_holds(region, inputs, params, log, draws):
    """0.12 a year is 1 % a month; unrest is not asked."""
    assert change(region, inputs, params, log, draws, {("a", 0): (0.0101, 0.0, 0.0, 0.0)}) == []
    numbers = {("a", 0): (0.0099, 0.99, 0.99, 0.0), ("a", 1): 0.7, ("da", 0): 0.0}
    assert change(region, inputs, params, log, draws, numbers) == [("leader-change", A, pytest.approx(0.7))]


def test_unrest_and_age_are_two_ways(region, inputs, params, log, draws):
    params.succession_age = math.log(0.48)  # at any age
    region.polity.term_end[:] = 999
    still = ("c", 0), (0.99, 0.99, 0.99, 0.0)
    assert change(region, inputs, params, log, draws, {("b", 0): (0.0395, 0.0199, 0.0, 0.0), still[0]: still[1]}) == []
    for number, draw in enumerate(((0.039, 0.99, 0.0, 0.0), (0.99, 0.0197, 0.0, 0.0)), start=1):
        assert len(change(region, inputs, params, log, draws, {("b", 0): draw, still[0]: still[1]})) == number


def test_age_is_counted_in_years(region, inputs, params, log, draws):
    """At 70, with the rate of 60 at 0.48/e a year and a rise of 0.1 a year: 0.48."""
    params.succession_age, params.succession_ageing = math.log(0.48) - 1.0, 0.1
    region.polity.term_end[:], region.polity.born[:] = 999, 300 - 840
    numbers = {("b", 0): (0.039, 0.99, 0.0, 0.0), ("c", 0): (0.0395, 0.99, 0.0, 0.0)}
    assert [state for _, state, _ in change(region, inputs, params, log, draws, numbers)] == [B]


def test_at_the_end_of_a_term_the_law_counts(region, inputs, params, log, draws):
    region.polity.term_end[:] = 300
    numbers = {("b", 0): (0.9, 0.9, 0.89, 0.0), ("c", 0): (0.9, 0.9, 0.51, 0.0), ("c", 1): 0.4, ("dc", 0): 0.0}
    assert change(region, inputs, params, log, draws, numbers) == [("leader-change", C, pytest.approx(0.4))]
    assert region.polity.term_end.tolist() == [300, 384, 360]
    assert region.polity.n_successors.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("draw", "before", "openness"),
    [
        ((0.9, 0.9, 0.91, 0.0), 0, 1.0 + 0.25 * (-2.0 - 1.0)),  # the first successor is the heir
        ((0.9, 0.9, 0.91, 0.0), 1, 1.0),  # the second is not
        ((0.9, 0.0, 0.91, 0.0), 0, 1.0),  # nor is who comes by unrest
    ],
)
def test_a_named_heir_resembles_who_named_him(region, inputs, params, log, draws, draw, before, openness):
    region.polity.term_end[:] = [0, 300, 0]
    region.polity.openness[B], region.polity.n_successors[B] = -2.0, before
    numbers = {("b", 0): draw, ("b", 1): 1.0, ("db", 0): 0.0}
    assert change(region, inputs, params, log, draws, numbers) == [("leader-change", B, pytest.approx(openness))]


def new(region, inputs, params, draws, openness, spread=0.0, month=300, **numbers):
    given = {("a", 2): -0.5, ("da", 0): 0.6, ("a", 3): 1.0}
    draws(leaders, given)
    region.polity.n_leaders[A], region.polity.openness_sum[A], region.polity.openness[A] = 1, 0.8, 0.8
    leaders.new_leader(region, inputs, params, 7, month, A, openness, spread)
    return region.polity.openness[A]


def test_a_drawn_leader(region, inputs, params, draws):
    """Disposition 0.8/5 + 0.6/sqrt(5), and the second person of the state."""
    assert new(region, inputs, params, draws, DRAWN) == pytest.approx(0.16 + 0.6 / math.sqrt(5) - 0.5)
    inputs.overrides.openness[A] = 0.3
    assert new(region, inputs, params, draws, DRAWN) == pytest.approx(-0.2)


def test_a_documented_leader(region, inputs, params, draws):
    assert new(region, inputs, params, draws, 0.4, 0.2) == pytest.approx(0.3)
    assert new(region, inputs, params, draws, AS_BEFORE, 0.2) == 0.8
    params.leader_openness[A] = [9.0, 0.55, 9.0, 9.0]
    assert new(region, inputs, params, draws, 0.4, 0.2) == 0.55
    assert new(region, inputs, params, draws, 0.4, 0.0) == 0.4  # a scenario's, without spread
    params.leader_openness = np.full((3, 1), 9.0)
    assert new(region, inputs, params, draws, 0.4, 0.2) == pytest.approx(0.3)


def test_what_is_noted_of_a_new_leader(region, inputs, params, draws):
    region.beliefs.logit[A, B] = region.beliefs.logit[B, A] = 3.0
    region.beliefs.logit[B, C] = 3.0
    new(region, inputs, params, draws, 0.3)
    polity = region.polity
    assert polity.openness_sum[A] == pytest.approx(1.1) and polity.n_leaders[A] == 2 and polity.n_successors[A] == 1
    assert polity.term_end[A] == 360 and polity.born[A] == 300 - 12 * 60  # 52 years and one spread of 8
    assert polity.leader_since[A] == 300 and polity.openness_fall[A] == pytest.approx(0.5)
    assert region.beliefs.logit[A, B] == region.beliefs.logit[B, A] == 2.0  # half of the way back to 1
    assert region.beliefs.logit[B, C] == 3.0


def test_leaders_of_the_record_have_no_term_of_ours_and_the_first_resets_nothing(region, inputs, params, draws):
    region.beliefs.logit[A, B] = 3.0
    new(region, inputs, params, draws, 0.3, month=100)
    assert region.polity.n_successors[A] == 0 and region.polity.term_end[A] == -1
    assert region.polity.openness_fall[A] == 0.0 and region.beliefs.logit[A, B] == 3.0
    new(region, inputs, params, draws, 0.3, month=199)
    assert region.polity.n_successors[A] == 0 and region.polity.leader_since[A] == 199
    assert region.beliefs.logit[A, B] == 2.0
    new(region, inputs, params, draws, 0.3, month=200)
    assert region.polity.n_successors[A] == 1


def test_states_before_their_first_leader(region, inputs, params, draws):
    params.blocker_strength = np.array([np.nan, -0.2, 0.7])
    params.border_blocker, params.border_blocker_sd = 0.5, 1.0
    draws(leaders, {("da", 0): 1.0, ("a", 1): 0.25, ("ba", 0): 0.3}, otherwise=0.0)
    leaders.begin_leaders(region.polity, inputs, params, 7)
    assert region.polity.openness.tolist() == [0.75, 0.0, 0.0]
    assert region.polity.blocker.tolist() == [0.8, 0.0, 0.7]
    inputs.overrides.blocker[A] = 2.0
    draws(leaders, {("bb", 0): -3.0}, otherwise=0.0)
    params.blocker_strength[B] = np.nan
    leaders.begin_leaders(region.polity, inputs, params, 7)
    assert region.polity.blocker.tolist() == [2.0, 0.0, 0.7]


def test_dated_changes(region, inputs, params, draws):
    draws(leaders, {}, otherwise=0.0)

    def dated(kind, value, b=-1):
        leaders.apply(Some(kind=CODE[kind], a=A, b=b, value=value, spread=0.0), region, inputs, params, 7, 300)
        return region.polity.openness[A]

    assert dated("leader-change", 0.4) == 0.4
    assert dated("openness", 0.3) == pytest.approx(0.7)
    assert dated("openness-restored", 0.3, b=300) == pytest.approx(0.7)  # it concerned a leader before
    assert dated("openness-restored", 0.3, b=301) == pytest.approx(0.4)


def test_a_scenarios_openness_takes_the_place_of_the_leaders(region, inputs):
    region.polity.openness[:] = 1.0
    inputs.overrides.openness[B] = -0.5
    leaders.override_openness(region, inputs)
    assert region.polity.openness.tolist() == [1.0, -0.5, 1.0]


def test_a_leader_is_one_person_and_has_an_age_of_its_own(region, inputs, params, draws):
    """Random numbers of the second leader: the person at month 0, the age at month 1 of the slot after it."""
    region.polity.n_leaders[A] = 1
    given = draws(leaders, {}, otherwise=0.5)
    leaders.new_leader(region, inputs, params, 7, 300, A, 0.4, 0.0)
    assert given.asked == [("a", 2, 0, 7), ("a", 3, 1, 7)]
    given = draws(leaders, {}, otherwise=0.5)
    leaders.new_leader(region, inputs, params, 7, 300, B, DRAWN, 0.0)
    assert given.asked == [("b", 1, 0, 7), ("db", 0, 0, 7), ("b", 2, 1, 7)]


def test_the_only_leader_there_was_is_the_mean_of_all():
    assert leaders.state_disposition(1.5, 1, 0.5, 0.0, 1.0) == 1.5
