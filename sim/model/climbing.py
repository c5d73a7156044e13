"""Phase 5b, bilateral: dyads declare, climb, set up councils, ratify, implement and, rarely, step down."""

import numpy as np

from sim.chance import four_uniforms, uniform
from sim.compiled import compiled
from sim.mechanisms.hazard import happens
from sim.mechanisms.ladder import TOP_RUNG, contagion, count_standing, monthly_probability
from sim.mechanisms.treaty_life import (
    MONTHS_OF_A_NEW_LEADER,
    implement,
    ratification_probability,
    withdrawal_probability,
)
from sim.model.book import feel_both, write_event
from sim.model.kinds import COUNCIL, DECLARATION, RUNG, RUNG_IN_FORCE, RUNG_LOST
from sim.model.terms import write_terms

PARTNERSHIP = 2


@compiled
def step_terms(region, setting, p, dyad, rung, standing, parts, context):
    """Everything in a dyad's log-hazard but its intercept, into `parts` and `context`; returns their sum.

    Parameters
    ----------
    rung : rung held at the beginning of the month
    standing : (state, rung), see `sim.mechanisms.ladder.count_standing`, at the beginning of the month
    parts : (part,), beta times the mean of both states' parts of V
    context : (context,), see `sim.model.terms`
    """
    ladder, environment = setting.ladder, region.environment
    i, j = ladder.dyad_a[dyad], ladder.dyad_b[dyad]
    total = 0.0
    for k in range(parts.shape[0]):
        mean = 0.5 * (region.appraisal.dyad[i, j, k] + region.appraisal.dyad[j, i, k])
        parts[k] = p.ladder_interest * mean
        total += parts[k]
    maturity = 0.5 * (region.polity.capacity[i] + region.polity.capacity[j]) - 0.5
    sought = min(rung + 1, TOP_RUNG)
    context[0] = p.ladder_contagion * contagion(standing, i, j, sought)
    context[1] = p.ladder_capacity * maturity
    context[2] = p.ladder_declared * region.treaties.declared[dyad] if sought == TOP_RUNG else 0.0
    context[3] = environment.wave
    context[4] = 0.0
    context[5] = p.ladder_process * environment.process
    context[6] = p.ladder_turbulence * environment.turbulence * maturity
    context[7] = 0.0
    if p.ladder_summit != 0.0 and meet(region, setting, i, j):
        context[7] = p.ladder_summit
    for k in range(context.shape[0]):
        total += context[k]
    return total


@compiled
def meet(region, setting, i, j):
    """Whether two states sit at a summit together this month."""
    formats = setting.formats
    for f in range(formats.regional.shape[0]):
        if region.environment.summit[f] == 1 and formats.yearly[f] == 0:
            if formats.party[f, i] == 1 and formats.party[f, j] == 1:
                return True
    return False


@compiled
def rung_intercept(rung, p):
    """theta of the rung sought (1-3)."""
    if rung == 1:
        return p.ladder_friendship
    if rung == PARTNERSHIP:
        return p.ladder_partnership
    return p.ladder_alliance


@compiled
def climb(region, setting, p, member, month, book):
    """All dyads in one simulated month, in place."""
    treaties, ladder = region.treaties, setting.ladder
    before = treaties.rung.copy()
    standing = np.empty((region.polity.openness.shape[0], TOP_RUNG), np.int64)
    count_standing(before, ladder.dyad_a, ladder.dyad_b, standing)
    parts = np.empty(region.appraisal.dyad.shape[2])
    context = np.empty(8)
    keeps_terms = book.terms.shape[0] > 0
    council_chance = monthly_probability(p.ladder_council)
    for d in range(before.shape[0]):
        rung = before[d]
        a, b = ladder.dyad_a[d], ladder.dyad_b[d]
        if month < treaties.frozen_until[d]:
            continue
        step, double, declare, council = four_uniforms(setting.channels.ladder[d], 0, month, member)
        if rung < TOP_RUNG:
            common = step_terms(region, setting, p, d, rung, standing, parts, context)
            intercept = rung_intercept(rung + 1, p)
            stepped = happens(intercept + common, step)
            if keeps_terms and (stepped or month % 12 == 0):
                chance = monthly_probability(intercept + common)
                write_terms(book, month, 1, a, b, rung + 1, 1 if stepped else 0, chance, intercept, parts, context)
            if stepped:
                take_rung(region, setting, d, rung + 1, month, book)
                if rung + 1 == PARTNERSHIP and double < p.ladder_double_step:
                    take_rung(region, setting, d, TOP_RUNG, month, book)
            elif rung == PARTNERSHIP and treaties.declared[d] == 0:
                if happens(p.ladder_declaration + common, declare):
                    treaties.declared[d] = 1
                    write_event(book, month, DECLARATION, a, b, -1, 0.0)
                    impress(region, setting, a, b, DECLARATION, month)
        if rung >= PARTNERSHIP and treaties.council[d] == 0 and council < council_chance:
            found_council(region, setting, p, d, month)
            write_event(book, month, COUNCIL, a, b, -1, 0.0)


@compiled
def take_rung(region, setting, dyad, rung, month, book):
    """A dyad signs the treaty of a rung."""
    a, b = setting.ladder.dyad_a[dyad], setting.ladder.dyad_b[dyad]
    region.treaties.rung[dyad] = rung
    write_event(book, month, RUNG, a, b, rung, 0.0)
    weight, event_class = setting.impressions.rung_weight[rung - 1], setting.impressions.rung_class[rung - 1]
    feel_both(region.beliefs, a, b, event_class, weight, month)


@compiled
def impress(region, setting, a, b, kind, month):
    """A mutual event of this kind reaches both sides."""
    impressions = setting.impressions
    feel_both(region.beliefs, a, b, impressions.kind_class[kind], impressions.kind_weight[kind], month)


@compiled
def found_council(region, setting, p, dyad, month):
    """A standing council speeds up what the dyad's highest treaty promises."""
    region.treaties.council[dyad] = 1
    rung = region.treaties.rung[dyad]
    if rung > 0:
        done = region.treaties.rung_implemented[dyad, rung - 1]
        region.treaties.rung_implemented[dyad, rung - 1] = done + p.implementation_council * (1.0 - done)
    impress(region, setting, setting.ladder.dyad_a[dyad], setting.ladder.dyad_b[dyad], COUNCIL, month)


@compiled
def ratify_rungs(region, setting, p, member, month, book):
    """Both parliaments ratify a signed treaty, by a hazard."""
    treaties = region.treaties
    chance = -1.0  # worked out when it is first needed
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            if treaties.rung_in_force[d, k] < 0:
                if chance < 0.0:
                    chance = ratification_probability(p.ratification_rate, p.ratification_parties, 2)
                if uniform(setting.channels.bilateral[d], k + 1, month, member) < chance:
                    treaties.rung_in_force[d, k] = month
                    a, b = setting.ladder.dyad_a[d], setting.ladder.dyad_b[d]
                    write_event(book, month, RUNG_IN_FORCE, a, b, k + 1, 0.0)


@compiled
def implement_rungs(region, p):
    """Ratified treaties are put into practice."""
    treaties = region.treaties
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            if treaties.rung_in_force[d, k] >= 0:
                treaties.rung_implemented[d, k] = implement(
                    treaties.rung_implemented[d, k], p.implementation_rate, p.implementation_institutions,
                    region.environment.institutions,
                )  # fmt: skip


@compiled
def leaving_chances(region, p, month):
    """Chance of each state (state,) that it leaves a given instrument within the year that ends this month."""
    chances = np.empty(region.polity.society.shape[0])
    for state in range(chances.shape[0]):
        chances[state] = leaving_chance(region, p, state, month)
    return chances


@compiled
def leaving_chance(region, p, state, month):
    """Chance that a state leaves a given instrument within the year that ends this month."""
    new = month - region.polity.leader_since[state] < MONTHS_OF_A_NEW_LEADER
    fall = region.polity.openness_fall[state] if new else 0.0
    monthly = withdrawal_probability(
        p.withdrawal_rate, p.withdrawal_institutions, region.environment.institutions, fall, p.withdrawal_leader_change,
        p.withdrawal_society, region.polity.society[state],
    )  # fmt: skip
    return 1.0 - (1.0 - monthly) ** 12


@compiled
def step_down(region, setting, p, member, month, book):
    """Once a year, in December, either state of a dyad may leave its highest treaty."""
    treaties, ladder = region.treaties, setting.ladder
    leaves = leaving_chances(region, p, month)
    for d in range(treaties.rung.shape[0]):
        rung = treaties.rung[d]
        if rung == 0:
            continue
        a, b = ladder.dyad_a[d], ladder.dyad_b[d]
        stays = (1.0 - leaves[a]) * (1.0 - leaves[b])
        if uniform(setting.channels.bilateral[d], 0, month, member) < 1.0 - stays:
            treaties.rung[d] = rung - 1
            treaties.declared[d] = 0
            treaties.rung_in_force[d, rung - 1] = -1
            treaties.rung_implemented[d, rung - 1] = 0.0
            write_event(book, month, RUNG_LOST, a, b, rung, 0.0)
            impress(region, setting, a, b, RUNG_LOST, month)
