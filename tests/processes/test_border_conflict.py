"""Borders: rates by hand, frailty with the right moments, and no explosion in ten thousand members."""

import math
from collections import namedtuple

import numpy as np
import pytest

from sim.engine.compiled import compiled, plain
from sim.engine.event_log import add_impact
from sim.engine.hazard import happens, linear
from sim.facts import load_facts
from sim.model.parameters import draw_parameters
from sim.processes.border_conflict import (
    CLASH_RATE,
    at_risk,
    beta_nine_one,
    clash_covariates,
    gamma_frailty,
    militarised,
    ripeness,
    settled_by_package,
    settlement_covariates,
)
from sim.processes.frictions import FRICTION_RATE, friction_covariates, friction_kind
from sim.scenario import load_scenario

MEMBERS, YEARS = 10_000, 48
SPREADS = {"frictions.distrust": 0.36, "borders.clash_repeat": 0.3, "borders.clash_base": 0.5, "frictions.base": 0.6}


def test_clash_rate_by_hand():
    rate = linear(0.1, np.array([-4.2, 0.5, -1.0, 0.3, 0.3, 0.2]), clash_covariates(1000.0, True, True, -1.0))
    assert rate == pytest.approx(-4.2 + 0.1 + 0.5 * math.log(2.0) + 0.3 + 0.3 + 0.2)
    quiet = linear(0.0, np.array([-4.2, 0.5, -1.0, 0.3, 0.3, 0.0]), clash_covariates(0.0, False, False, 0.0))
    assert quiet == pytest.approx(-5.2)


def test_effects_are_capped():
    scenario = load_scenario("baseline", ["borders.clash_repeat=0.9", "frictions.distrust=0.9"])
    drawn = draw_parameters(scenario, load_facts(), 0, 1)[0]
    assert drawn.clash_coefficients[CLASH_RATE.coefficients.index("borders.clash_repeat")] == 0.5
    assert drawn.friction_coefficients[FRICTION_RATE.coefficients.index("frictions.distrust")] == 0.6


def test_columns_give_what_numbers_give():
    km, trust = np.array([0.0, 30.0, 1000.0]), np.array([-3.0, 0.2, 1.0])
    columns = plain(clash_covariates)(km, np.array([0, 1, 1]), np.array([1, 0, 1]), trust)
    for k in range(3):
        one = clash_covariates(km[k], k > 0, k != 1, trust[k])
        assert one == pytest.approx([np.broadcast_to(column, 3)[k] for column in columns], rel=1e-14)


def test_a_settled_section_without_enclaves_is_quiet():
    assert not at_risk(0.0, False)
    assert at_risk(0.0, True) and at_risk(0.07, False)


def test_frailty_has_mean_one_and_the_right_variance():
    random = np.random.default_rng(3)
    for shape in (0.6, 1.0, 4.0):
        drawn = np.array([gamma_frailty(shape, random.normal(), *random.uniform(size=2)) for _ in range(100_000)])
        assert np.isnan(drawn).mean() < 0.05
        drawn = drawn[~np.isnan(drawn)]
        assert np.mean(drawn) == pytest.approx(1.0, abs=0.02)
        assert np.var(drawn) == pytest.approx(1.0 / shape, rel=0.05)


def test_settlement_rate_by_hand_and_claims_off():
    coefficients = np.array([-4.9, 3.0, 1.0, -0.5, 0.0, 0.0])
    covariates = settlement_covariates(0.6, 0.4, True, 0.9, 1.0)
    rate = linear(0.0, coefficients, covariates)
    assert rate == pytest.approx(-4.9 + 0.6 + 0.4 - 0.5)
    coefficients[4:] = 1.0, 2.0
    assert linear(0.0, coefficients, covariates) == pytest.approx(rate + 2.9)


def test_packages():
    assert settled_by_package(0.8, 0.69, 0.7, 0.9) == 0.0
    assert settled_by_package(0.8, 0.71, 0.7, 0.9) == pytest.approx(0.08)
    assert beta_nine_one(0.5) == pytest.approx(0.5 ** (1 / 9))
    assert militarised(0.1, 0.7) and not militarised(0.9, 0.7)


def test_ripeness_fades():
    assert ripeness(-1.0, 24.0) == 0.0 and ripeness(0.0, 24.0) == 1.0
    assert ripeness(24.0, 24.0) == pytest.approx(math.exp(-1.0))


Beliefs = namedtuple("Beliefs", ["impact_weight", "impact_month", "gains", "losses"])


@compiled(allocates=True)
def simulate_pair(random, clashes, acts, openness, clash_effects, act_effects, log_frailty):
    """Yearly clashes and unilateral acts of a pair of states whose trust falls with them, under the rules of trust."""
    trust = np.full((2, 2), -0.5)
    losses = np.zeros((2, 2))
    beliefs = Beliefs(np.zeros((3, 2, 2)), np.full((3, 2, 2), -100), np.zeros((2, 2)), losses)
    last = -100
    for month in range(YEARS * 12):
        year = month // 12
        losses[:] = 0.0
        in_season = 3 <= month % 12 <= 8
        covariates = clash_covariates(1000.0, in_season, month - last < 12, 0.0)
        rate = linear(0.0, clash_effects, covariates) + log_frailty[year]
        if happens(rate, random[month, 0]):
            clashes[year] += 1.0
            last = month
            add_impact(beliefs, 0, 1, 2, -50.0 / 47.0, month)
            add_impact(beliefs, 1, 0, 2, -50.0 / 47.0, month)
        for actor in range(2):
            target = 1 - actor
            rate = linear(0.0, act_effects, friction_covariates(trust[target, actor], openness[year], 0.0))
            if happens(rate, random[month, 1 + actor]):
                acts[year] += 1.0
                kind = friction_kind(random[month, 3 + actor], 0.26, 0.63)
                weight = 12.0 if kind == 0 else (29.0 if kind == 1 else 44.0)
                add_impact(beliefs, target, actor, kind, -weight / 47.0, month)
        for side in range(2):
            other = 1 - side
            trust[side, other] += 0.012 * (-0.5 - trust[side, other]) - 0.5 * 1.5 * losses[side, other]


def test_no_explosion_in_ten_thousand_members():
    """With parameters drawn from their priors, beyond their caps in places, no member ends in endless conflict."""
    table = load_facts().index("parameters")
    random = np.random.default_rng(11)
    clashes, acts = np.zeros((MEMBERS, YEARS)), np.zeros((MEMBERS, YEARS))
    for member in range(MEMBERS):
        drawn = {name: random.normal(table[name].value, spread) for name, spread in SPREADS.items()}
        openness = np.repeat(random.normal(0.0, 0.3, YEARS // 8), 8)
        log_frailty = np.log(random.gamma(0.6, 1 / 0.6, YEARS))
        numbers = random.uniform(size=(YEARS * 12, 5))
        repeat, distrust = (
            min(drawn[name], one.most[name])
            for name, one in (("borders.clash_repeat", CLASH_RATE), ("frictions.distrust", FRICTION_RATE))
        )
        clash_effects = np.array([drawn["borders.clash_base"], 0.5, -1.0, 0.3, repeat, 0.0])
        act_effects = np.array([drawn["frictions.base"], distrust, 2.3, 0.0])
        simulate_pair(numbers, clashes[member], acts[member], openness, clash_effects, act_effects, log_frailty)
    for counts in (clashes, acts):
        first, last = counts[:, 12:24].mean(), counts[:, 36:].mean()
        assert last < 1.5 * first + 0.05
        assert np.quantile(counts[:, 36:].mean(axis=1), 0.999) < 6.0
