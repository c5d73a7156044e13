"""Likelihood of frictions, clashes, settlements: against a slow one, the engine's rates, and arithmetic by hand."""

import math

import numpy as np
import pytest

from sim.engine.hazard import linear
from sim.facts import load_facts
from sim.inference.conjugate import SHARES, Share, draw_shares, shares_of
from sim.inference.likelihood import NO_SHOCK, HazardRows, frailty_block, hazard_log_likelihood, hazard_rows
from sim.inference.observations import Act, tidy_history
from sim.inference.risk_sets import AFTER, BEFORE, CERTAIN, NO_GROUP, clash_rows, friction_rows, settlement_rows
from sim.model import build_world
from sim.model.region_model import RegionModel
from sim.processes.border_conflict import section_clash_rate, section_settlement_rate
from sim.processes.frictions import friction_covariates
from sim.scenario import load_scenario
from tests.inference import slow_conflict

TABLE = {row.name: row.value for row in load_facts().parameters}


def test_it_equals_the_slow_one_on_the_whole_record(panel, history, posterior, vector):
    expected = slow_conflict.conflict(panel, history, posterior, vector)
    found = [posterior.terms[name].value(vector) for name in ("frictions", "clashes", "settlements")]
    assert found == pytest.approx(expected, abs=1e-10)
    assert all(value < 0 for value in expected)


def test_covariates_are_those_that_the_engine_sees(panel, history, posterior):
    """Every log rate of the replay, by the engine's own functions, equals that of the rows."""
    scenario = load_scenario("baseline", ["run.parameter_uncertainty=false", "calibration.use=none"])
    world = build_world(scenario, load_facts())
    world.inputs.conflict.clash_offset[:] = 0.0
    model, rates = RegionModel(scenario, world=world), {}
    region, inputs, p = model.region, world.inputs, model.parameters
    while model.month < panel.end:
        model.open_month()
        for d in np.flatnonzero(panel.neighbours):
            region.frontier.log_frailty[d] = 0.0
            at = (int(d), model.month)
            rates["clash", *at] = section_clash_rate(region, inputs, p, model.month, d)
            openness = region.polity.openness.copy()
            region.polity.openness[:] = 0.0
            rates["settlement", *at] = section_settlement_rate(region, inputs, p, model.month, d)
            region.polity.openness[:] = openness
            for actor, target in ((panel.dyad_a[d], panel.dyad_b[d]), (panel.dyad_b[d], panel.dyad_a[d])):
                rates["friction", int(actor), int(target), model.month] = linear(
                    0.0, p.friction_coefficients, friction_covariates(region.beliefs.logit[target, actor], 0.0, 0.0)
                )
        model.act()
        model.close_month()
    frictions, clashes, settlements = (make(panel, history) for make in (friction_rows, clash_rows, settlement_rows))
    x = np.array([TABLE.get(name, 0.0) for name in posterior.names])  # leaders and sections at zero
    found = posterior.terms["frictions"].predictor.eta(x)
    expected = [rates["friction", *key] for key in zip(frictions.actor, frictions.target, frictions.month)]
    assert found == pytest.approx(expected, abs=1e-12)
    found = posterior.terms["clashes"].predictor.eta(x)
    assert found == pytest.approx([rates["clash", *key] for key in zip(clashes.dyad, clashes.month)], abs=1e-12)
    found = posterior.terms["settlements"].predictor.eta(x)
    expected = [rates["settlement", *key] for key in zip(settlements.dyad, settlements.month)]
    assert found == pytest.approx(expected, abs=1e-12)


def test_the_record_as_rows(panel, history):
    frictions, clashes, settlements = (make(panel, history) for make in (friction_rows, clash_rows, settlement_rows))
    # two acts of February 2010 (Uzbekistan against Tajikistan) fall into one month
    windows = len(np.unique(frictions.group[frictions.group != NO_GROUP]))
    assert windows + int(frictions.event[frictions.group == NO_GROUP].sum()) == 35 and windows == 5
    assert int(clashes.event.sum()) == 17 and clashes.month.min() == 2010 * 12
    assert {panel.dyads[d] for d in clashes.dyad} == {("KGZ", "TJK"), ("KGZ", "UZB"), ("TJK", "UZB")}
    assert int(settlements.event.sum()) == 10
    signed = max(act.month for act in history.acts if act.kind == "settlement" and act.id.startswith("kgz_tjk"))
    kgz_tjk = settlements.dyad == panel.dyads.index(("KGZ", "TJK"))
    assert settlements.month[kgz_tjk].max() == signed


def test_a_window_by_hand():
    """An act somewhere in three months of equal rate, and a month without: 3 (1 - e^-r) e^-2r e^-r."""
    event, month = np.array([0, 1, 1, 0, 1, 0]), np.array([9, 0, 1, 1, 2, 2])
    group = np.array([NO_GROUP, 0, 0, 0, 0, 0])
    phase = np.array([CERTAIN, BEFORE, BEFORE, AFTER, BEFORE, AFTER])
    rows, slope = HazardRows(event, group, phase, month, 0 * month, np.array([0, 6])), np.empty(6)
    value, _ = hazard_log_likelihood(rows, np.full(6, math.log(0.1)), 0.0, 0.0, *NO_SHOCK, np.empty(1), slope)
    assert value == pytest.approx(math.log(3 * (1 - math.exp(-0.1)) * math.exp(-0.2)) - 0.1)
    assert slope[0] == pytest.approx(-0.1)


def test_the_frailty_by_hand(panel):
    """One clash among twelve months of equal rate: M(11 r) - M(12 r), M(s) = (1 + s / k)^-k."""
    month = 2015 * 12
    history = tidy_history((), (), [Act("clash", 2, 3, month + 4, month + 4, month + 4, 1.0)])
    clashes = clash_rows(panel, history)
    inside = (clashes.dyad == panel.dyads.index(("KGZ", "TJK"))) & (clashes.month // 12 == 2015)
    clashes = clashes.keep(inside)
    rows, eta = hazard_rows(clashes, np.array([0, 12])), np.full(12, math.log(0.02))
    value, _ = hazard_log_likelihood(rows, eta, 0.0, 0.6, *NO_SHOCK, np.empty(1), np.empty(0))
    expected = (1 + 0.22 / 0.6) ** -0.6 - (1 + 0.24 / 0.6) ** -0.6
    assert value == pytest.approx(math.log(expected), abs=1e-12)
    large = frailty_block(rows, 0, 12, np.exp(eta), 1e7, np.empty(0))  # hardly any frailty
    assert large == pytest.approx(math.log(1 - math.exp(-0.02)) - 0.22, abs=1e-6)


def test_counts_of_the_record(facts, history):
    counted = [share for share in shares_of(facts, history) if isinstance(share, Share)]
    shares = {share.name: (share.so, share.not_so) for share in counted}
    assert shares["region.format_birth"] == (2, 13)  # 1994 and 2018, of fifteen Januaries without a format
    assert shares["region.format_death"] == (1, 18)  # gone by January 2006
    assert shares["region.format_meets"] == (16, 1)  # not in 2020
    assert shares["borders.militarised"] == (16, 5)
    assert shares["borders.settle_whole"] == (7, 3)
    assert [shares[f"frictions.{kind}"][0] for kind in ("verbal", "cut_off", "standoff")] == [6, 26, 4]
    early = {share.name: share.counted[0] for share in shares_of(facts, history, until=2010 * 12)}
    assert early["tabling.texts"] == 7  # of the Central Asian Union, 1994 to 2005
    assert early["region.format_birth"] == 1 and early["borders.militarised"] == 1


def test_draws_of_shares(facts, history):
    shares = shares_of(facts, history)
    draws = draw_shares(shares, 20_000, np.random.default_rng(1))
    mean = dict(zip(SHARES, draws.mean(axis=0)))
    assert mean["region.format_death"] == pytest.approx(1.5 / 20, abs=0.002)
    assert mean["frictions.cut_off"] == pytest.approx(27 / 39, abs=0.003)
    assert draws[:, -3:].sum(axis=1) == pytest.approx(np.ones(len(draws)))
    assert shares[0].rank(1.0) == 1.0 and shares[0].rank(0.5, with_record=False) == pytest.approx(0.5)
