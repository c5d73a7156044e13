"""Histories simulated by the engine: every chance that it drew with is the one that the likelihood gives."""

import numpy as np
import pytest

from sim.inference.accord_answers import ACCESSION, answer_rows
from sim.inference.conjugate import SHARES, draw_shares, shares_of
from sim.inference.engine_history import priors_in, simulate_history
from sim.inference.posterior import posterior_of
from sim.inference.priors import draw_prior, priors_of
from sim.inference.risk_sets import ladder_rows


@pytest.fixture(scope="module")
def simulated(facts, panel, history):
    """A world, its priors and the truth as a vector of its own posterior."""
    neighbours = tuple("-".join(dyad) for dyad, common in zip(panel.dyads, panel.neighbours) if common)
    priors, rng = priors_of(facts, "literature", panel.states, neighbours), np.random.default_rng(5)
    truth = draw_prior(priors, 1, rng)[0].astype(np.float32).astype(float)
    counted = draw_shares(shares_of(facts, history), 1, rng, False)[0]
    names = [*(prior.name for prior in priors), *SHARES]
    world = simulate_history(facts, names, np.concatenate([truth, counted]), 3, keep_terms=True)
    own = priors_in(world, facts, priors)
    value = dict(zip(names, truth)) | dict(zip((prior.name for prior in own if prior.groups), world.openness))
    return world, posterior_of(world.panel, world.history, own, facts), np.array([value[p.name] for p in own])


def test_chances_of_steps_are_those_of_the_likelihood(simulated):
    world, posterior, x = simulated
    rows = ladder_rows(world.panel, world.history)
    eta = posterior.terms["ladder"].predictor.eta(x)
    at = {(int(d), int(t), int(k) + 1): e for d, t, k, e in zip(rows.dyad, rows.month, rows.kind, eta) if k < 3}
    terms, states = world.terms[world.terms["ladder"] == 1], world.panel.states
    checked = 0
    for term in terms:
        pair = tuple(states[int(term[side])] for side in ("a", "b"))
        key = (world.panel.dyads.index(pair), int(term["month"]), int(term["subject"]))
        if key in at:
            hazard = np.log(-np.log1p(-term["probability"]))
            assert hazard - term["wave"] == pytest.approx(at[key], abs=1e-9)
            checked += 1
    assert checked > 200


def test_chances_of_answers_are_those_of_the_likelihood(simulated):
    world, posterior, x = simulated
    rows = answer_rows(world.panel, world.history)
    logit = posterior.terms["accords"].predictor.eta(x)
    readiness = posterior.layout.values(x, [f"readiness.{state}" for state in world.panel.states])
    at = {
        (int(m), int(i), int(t)): e
        for m, i, t, e, kind in zip(rows.accord, rows.state, rows.month, logit, rows.kind)
        if kind != ACCESSION
    }
    checked = 0
    for term in world.terms[world.terms["ladder"] == 0]:
        key = (int(term["subject"]), int(term["a"]), int(term["month"]))
        if key in at:
            chance = term["probability"]
            to_this = term["attitude"] - readiness[int(term["a"])]  # that to accords of any kind is fitted
            assert np.log(chance) - np.log1p(-chance) - to_this == pytest.approx(at[key], abs=1e-8)
            checked += 1
    assert checked > 50


def test_what_happened_is_what_is_at_risk(simulated):
    world, _, _ = simulated
    steps = [step for step in world.history.steps if not step.second_half]
    assert int(ladder_rows(world.panel, world.history).event.sum()) == len(steps) > 5
    assert world.panel.n_months == 402 and len(world.panel.leaders) >= 6
    assert {year.year for year in world.history.years} == set(range(1992, 2026))
    assert world.history.years[-1].met is None
