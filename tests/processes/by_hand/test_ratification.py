"""What becomes of signatures of rungs and accords, month by month."""

import math

import numpy as np
import pytest

from by_hand.three_states import AB, AC, BC, A, B, C, Some, events
from sim.engine.event_types import CODE
from sim.processes import ratification
from sim.processes.ratification import ORGANISATION, OTHER


@pytest.fixture(autouse=True)
def parameters(region, inputs, params):
    """Two accords: the first needs two ratifications, the second none but two signatures."""
    inputs.channels.bilateral = ["ab", "ac", "bc"]
    inputs.channels.accord = {(m, i): f"{m}{'abc'[i]}" for m in range(2) for i in range(3)}
    inputs.accords = Some(
        count=2, ratification=np.array([1, 0]), minimum=np.array([2, 2]), leaving=np.array([OTHER, ORGANISATION]),
        plans=1, plan=np.array([1]), runs=np.array([0, 24]),
    )  # fmt: skip
    region.treaties.__dict__.update(
        signed=np.full((2, 3), -1), signatures=np.zeros(2, int), ratified=np.full((2, 3), -1),
        ratifications=np.zeros(2, int),
        in_force=np.full(2, -1), implemented=np.zeros(2), expires=np.full(2, -1), lapsed=np.zeros(2, int),
        refused=np.zeros((2, 3), int), attitude=np.zeros((2, 3)), declared=np.ones(3, int),
        rung_in_force=np.full((3, 3), -1), rung_implemented=np.zeros((3, 3)),
    )  # fmt: skip
    params.__dict__.update(
        ratification_rate=math.log(0.1), ratification_parties=1.0, implementation_rate=0.2,
        implementation_institutions=1.0, withdrawal_rung=0.12, withdrawal_rate=0.12, withdrawal_organisation=0.012,
        withdrawal_institutions=1.0, withdrawal_leader_change=2.0, withdrawal_society=0.5, accords_persistence=1.5,
    )  # fmt: skip


def put(region, accord, *states, month=290, ratified=()):
    for state in states:
        region.treaties.signed[accord, state] = month
    region.treaties.signatures[accord] = len(states)
    for state in ratified:
        region.treaties.ratified[accord, state] = month
    region.treaties.ratifications[accord] = (region.treaties.ratified[accord] >= 0).sum()


def test_rungs_are_ratified_each_by_its_own_draw(region, inputs, params, log, draws):
    """The chance with two parties: a rate of 0.1 / 2."""
    region.treaties.rung[:] = [2, 0, 1]
    region.treaties.rung_in_force[BC, 0] = 250
    chance = 1 - math.exp(-0.05)
    draws(ratification, {("ab", 1): chance + 1e-9, ("ab", 2): chance - 1e-9, ("ab", 3): 0.0, ("bc", 1): 0.0})
    ratification.ratify_rungs(region, inputs, params, 7, 300, log)
    assert region.treaties.rung_in_force.tolist() == [[-1, 300, -1], [-1, -1, -1], [250, -1, -1]]
    assert events(log) == [(300, "rung-in-force", A, B, 2, 0.0)]
    draws(ratification, {("ab", 1): 0.0})
    ratification.ratify_rungs(region, inputs, params, 7, 301, log)
    assert region.treaties.rung_in_force[AB].tolist() == [301, 300, -1]


def test_what_is_in_force_is_put_into_practice(region, params):
    """A fifth of the rest a month, half as much again with institutions at a half."""
    region.treaties.rung[:] = [2, 0, 1]
    region.treaties.rung_in_force[AB, 1], region.treaties.rung_in_force[AC, 0] = 0, 250
    region.treaties.rung_implemented[AB] = 0.5
    ratification.implement_rungs(region, params)
    assert region.treaties.rung_implemented[AB] == pytest.approx([0.5, 0.6, 0.5])
    assert not region.treaties.rung_implemented[[AC, BC]].any()
    region.environment.institutions = 0.5
    ratification.implement_rungs(region, params)
    assert region.treaties.rung_implemented[AB, 1] == pytest.approx(0.6 + 0.3 * 0.4)


def test_accords_in_force_are_put_into_practice(region, inputs, params):
    region.treaties.in_force[:] = 0
    region.treaties.lapsed[1] = 1
    ratification.implement_accords(region, params)
    assert region.treaties.implemented == pytest.approx([0.2, 0.0])
    region.treaties.in_force[0], region.environment.institutions = -1, 1.0
    ratification.implement_accords(region, params)
    assert region.treaties.implemented == pytest.approx([0.2, 0.0])
    region.treaties.in_force[0] = 300
    ratification.implement_accords(region, params)
    assert region.treaties.implemented == pytest.approx([0.2 + 0.4 * 0.8, 0.0])


def test_chance_to_leave_in_a_year(region, inputs, params):
    """0.12 a year is 1 % a month; a fall of openness by half doubles exp(1); institutions and society hold."""
    inputs.clock.branch = 200
    region.polity.openness_fall[:] = 0.5
    region.polity.leader_since[:] = [276, 277, 277]
    region.environment.institutions, region.polity.society[:] = 0.25, [0.0, 0.0, 1.0]
    ratification.set_leaving_chances(region, inputs, params, 0.12, 300)
    months = [1 - math.exp(-0.01 * math.exp(log)) for log in (-0.25, 1.0 - 0.25, 1.0 - 0.25 - 0.5)]
    assert region.polity.leaves == pytest.approx([1 - (1 - each) ** 12 for each in months])
    inputs.clock.branch = 296  # five months of this year are simulated
    assert ratification.leaving_chance(region, inputs, params, 0.12, A, 300) == pytest.approx(1 - (1 - months[0]) ** 5)


def test_either_state_may_leave_the_highest_treaty(region, inputs, params, log, draws):
    region.treaties.rung[:] = [2, 0, 1]
    region.treaties.rung_in_force[:], region.treaties.rung_implemented[:] = 250, 0.5
    region.polity.openness_fall[B], region.polity.leader_since[B] = 0.5, 299
    quiet, hot = (1 - math.exp(-0.01 * math.exp(log)) for log in (0.0, 1.0))
    leaves = 1 - (1 - quiet) ** 12 * (1 - hot) ** 12
    draws(ratification, {("ab", 0): leaves - 1e-9, ("ac", 0): 0.0, ("bc", 0): leaves + 1e-9})
    ratification.withdraw_from_rungs(region, inputs, params, 7, 300, log)
    treaties = region.treaties
    assert treaties.rung.tolist() == [1, 0, 1] and treaties.declared.tolist() == [0, 1, 1]
    assert treaties.rung_in_force[AB].tolist() == [250, -1, 250] and treaties.rung_implemented[AB, 1] == 0.0
    assert treaties.rung_implemented[AB, [0, 2]].tolist() == [0.5, 0.5]
    assert events(log) == [(300, "rung-lost", A, B, 2, 0.0)]
    news = region.beliefs.gains + region.beliefs.losses
    assert news[A, B] == news[B, A] == CODE["rung-lost"] / 100 and np.count_nonzero(news) == 2


def test_enough_ratifications_bring_an_accord_into_force(region, inputs, params, log, draws):
    """Three signatories: a rate of 0.1 / 3."""
    put(region, 0, A, B, C)
    chance = 1 - math.exp(-0.1 / 3)
    draws(ratification, {("0a", 1): chance - 1e-9, ("0b", 1): chance + 1e-9})
    ratification.ratify_accords(region, inputs, params, 7, 300, log)
    assert region.treaties.ratified.tolist() == [[300, -1, -1], [-1, -1, -1]]
    assert events(log) == [(300, "ratification", A, -1, 0, 0.0)] and region.treaties.in_force.tolist() == [-1, -1]
    draws(ratification, {("0a", 1): 0.0, ("0c", 1): 0.0})
    ratification.ratify_accords(region, inputs, params, 7, 301, log)
    assert events(log)[1:] == [(301, "ratification", C, -1, 0, 0.0), (301, "in-force", -1, -1, 0, 0.0)]
    assert region.treaties.ratified[0].tolist() == [300, -1, 301] and region.treaties.in_force.tolist() == [301, -1]
    draws(ratification, {("0b", 1): 0.0})  # who comes later changes nothing of that
    ratification.ratify_accords(region, inputs, params, 7, 302, log)
    assert events(log)[3:] == [(302, "ratification", B, -1, 0, 0.0)] and region.treaties.in_force[0] == 301
    ratification.ratify_accords(region, inputs, params, 7, 303, log)
    assert log.n_events[0] == 4


def test_what_needs_no_ratification_is_in_force_with_its_signatures(region, inputs, params, log, draws):
    given = draws(ratification, {}, otherwise=0.0)
    put(region, 1, A, month=0)
    ratification.ratify_accords(region, inputs, params, 7, 300, log)
    assert events(log) == [] and region.treaties.in_force[1] == -1
    put(region, 1, A, B, month=0)
    ratification.ratify_accords(region, inputs, params, 7, 301, log)
    assert events(log) == [(301, "in-force", -1, -1, 1, 0.0)]
    assert region.treaties.ratified[1].tolist() == [301, 301, -1] and region.treaties.in_force[1] == 301
    put(region, 1, A, B, C, month=0)
    ratification.ratify_accords(region, inputs, params, 7, 305, log)
    assert region.treaties.ratified[1].tolist() == [301, 301, 301] and log.n_events[0] == 1
    assert given.asked == []


@pytest.mark.parametrize("why", ["nobody signed", "lapsed"])
def test_what_is_not_ratified(region, inputs, params, log, draws, why):
    draws(ratification, {}, otherwise=0.0)
    if why == "lapsed":
        put(region, 0, A, B)
        region.treaties.lapsed[0] = 1
    ratification.ratify_accords(region, inputs, params, 7, 300, log)
    assert events(log) == [] and (region.treaties.ratified == -1).all()


def test_a_plan_ends_and_after_the_branch_another_lies_on_the_table(region, inputs):
    put(region, 0, A, B, ratified=(A,))
    region.treaties.expires[:] = 300
    for month, lapsed, expires in ((199, 1, 199), (300, 0, 324)):
        put(region, 1, A, C, ratified=(A, C))
        treaties = region.treaties
        treaties.in_force[1], treaties.implemented[1], treaties.refused[1] = 280, 0.5, 1
        treaties.lapsed[1], treaties.expires[1] = 0, month
        ratification.end_plans(region, inputs, month)
        assert (treaties.signed[1] == -1).all() and (treaties.ratified[1] == -1).all()
        assert treaties.signatures[1] == 0 and not treaties.refused[1].any()
        assert (treaties.in_force[1], treaties.implemented[1], treaties.lapsed[1]) == (-1, 0.0, lapsed)
        assert treaties.expires[1] == expires
    assert region.treaties.signatures[0] == 2  # not a plan
    put(region, 1, A, C)
    ratification.end_plans(region, inputs, 323)
    assert region.treaties.signatures[1] == 2
    region.treaties.lapsed[1] = 1
    ratification.end_plans(region, inputs, 324)
    assert region.treaties.signatures[1] == 2


def left(region, inputs, params, log, draws, numbers):
    draws(ratification, numbers)
    ratification.withdraw_from_accords(region, inputs, params, 7, 311, log)
    return [(state, accord) for _, kind, state, _, accord, _ in events(log) if kind == "withdrawal"]


def test_who_is_bound_may_leave_at_the_rate_of_the_kind(region, inputs, params, log, draws):
    for accord in range(2):
        put(region, accord, A, B, C, ratified=(A, B))
        region.treaties.in_force[accord] = 0
    organisation, other = (1 - math.exp(-rate) for rate in (0.012, 0.12))
    edge = {("0a", 2): other + 1e-9, ("1a", 2): organisation + 1e-9, ("0c", 2): 0.0, ("1c", 2): 0.0}
    assert left(region, inputs, params, log, draws, edge) == []
    numbers = {("0a", 2): other - 1e-9, ("1b", 2): organisation - 1e-9}
    assert left(region, inputs, params, log, draws, numbers) == [(B, 1), (A, 0)]


@pytest.mark.parametrize("why", ["not in force", "lapsed", "of no kind"])
def test_what_cannot_be_left(region, inputs, params, log, draws, why):
    put(region, 0, A, B, ratified=(A, B))
    region.treaties.in_force[0] = -1 if why == "not in force" else 290
    region.treaties.lapsed[0] = int(why == "lapsed")
    inputs.accords.leaving[0] = 0 if why == "of no kind" else OTHER
    assert left(region, inputs, params, log, draws, {("0a", 2): 0.0}) == []


def test_who_leaves_is_gone_and_too_few_end_the_force(region, inputs, params, log):
    put(region, 0, A, B, C, month=0, ratified=(A, B, C))
    treaties = region.treaties
    treaties.in_force[0], treaties.implemented[0] = 0, 0.5
    treaties.attitude[0] = [1.0, -4.0, 0.0]
    ratification.withdraw(region, inputs, params, 0, A, 300, log)
    assert treaties.signed[0].tolist() == [-1, 0, 0] and treaties.ratified[0].tolist() == [-1, 0, 0]
    assert treaties.signatures[0] == 2 and treaties.refused[0].tolist() == [1, 0, 0]
    assert treaties.attitude[0].tolist() == [-3.0, -4.0, 0.0]
    assert treaties.in_force[0] == 0 and treaties.implemented[0] == 0.5
    assert events(log) == [(300, "withdrawal", A, -1, 0, 0.0)]
    news = region.beliefs.gains + region.beliefs.losses
    weight = CODE["withdrawal"] / 100
    assert news.tolist() == [[0.0, weight, weight], [weight, 0.0, 0.0], [weight, 0.0, 0.0]]
    ratification.withdraw(region, inputs, params, 0, B, 301, log)
    assert treaties.attitude[0, B] == -4.0
    assert treaties.in_force[0] == -1 and treaties.implemented[0] == 0.0


def dated(region, kind, month, state=B):
    ratification.apply(Some(kind=CODE[kind], a=state, subject=0), region, 200, month)
    return region.treaties


def test_dated_ratifications_entries_and_withdrawals(region):
    assert dated(region, "ratification", 199).ratified[0].tolist() == [-1, 199, -1]
    region.treaties.ratified[:], region.treaties.ratifications[:] = -1, 0
    assert dated(region, "ratification", 200).ratified[0].tolist() == [-1, -1, -1]  # a scenario's without a signature
    put(region, 0, A, B, month=0)
    assert dated(region, "ratification", 200).ratified[0].tolist() == [-1, 200, -1]
    assert dated(region, "in-force", 205).in_force.tolist() == [205, -1]
    assert region.treaties.ratified[0].tolist() == [205, 200, -1]
    left = dated(region, "withdrawal", 210)
    assert left.signed[0].tolist() == [0, -1, -1] and left.ratified[0].tolist() == [205, -1, -1]
    assert left.refused[0].tolist() == [0, 1, 0] and left.signatures[0] == 1


def test_what_was_ratified_in_the_first_month_of_all_can_be_left(region, inputs, params, log, draws):
    put(region, 0, A, B, C, month=0, ratified=(A,))
    region.treaties.ratified[0, A], region.treaties.in_force[0] = 0, 0
    inputs.accords.leaving[0] = OTHER
    left(region, inputs, params, log, draws, {("0a", 2): 0.0, ("0b", 2): 0.0})
    assert [row[1:3] for row in events(log)] == [("withdrawal", A)]  # B has not ratified
