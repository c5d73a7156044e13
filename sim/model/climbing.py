"""Phase 5b, bilateral: dyads declare, climb, set up councils, ratify, implement and, rarely, step down."""

import numpy as np

from sim.chance import four_uniforms, uniform
from sim.compiled import compiled
from sim.model.decisions import write_terms
from sim.model.event_log import add_mutual_impact, write_event
from sim.processes.bilateral_treaties import TOP_RUNG, contagion, count_standing, monthly_probability
from sim.processes.event_types import COUNCIL, DECLARATION, RUNG, RUNG_IN_FORCE, RUNG_LOST
from sim.processes.hazard import happens
from sim.processes.ratification import (
    MONTHS_OF_A_NEW_LEADER,
    implement,
    ratification_probability,
    withdrawal_probability,
)

PARTNERSHIP = 2


@compiled
def step_terms(region, inputs, params, dyad, rung, standing, parts, context):
    """Everything in a dyad's log-hazard but its intercept, into `parts` and `context`; returns their sum.

    Parameters
    ----------
    rung : rung held at the beginning of the month
    standing : (state, rung), see `sim.processes.bilateral_treaties.count_standing`, at the beginning of the month
    parts : (part,), beta times the mean of both states' parts of V
    context : (context,), see `sim.model.decisions`
    """
    ladder, environment = inputs.ladder, region.environment
    i, j = ladder.dyad_a[dyad], ladder.dyad_b[dyad]
    total = 0.0
    for k in range(parts.shape[0]):
        mean = 0.5 * (region.appraisal.dyad[i, j, k] + region.appraisal.dyad[j, i, k])
        parts[k] = params.ladder_interest * mean
        total += parts[k]
    maturity = 0.5 * (region.polity.capacity[i] + region.polity.capacity[j]) - 0.5
    sought = min(rung + 1, TOP_RUNG)
    context[0] = params.ladder_contagion * contagion(standing, i, j, sought)
    context[1] = params.ladder_capacity * maturity
    context[2] = params.ladder_declared * region.treaties.declared[dyad] if sought == TOP_RUNG else 0.0
    context[3] = environment.wave
    context[4] = 0.0
    context[5] = params.ladder_process * environment.process
    context[6] = params.ladder_turbulence * environment.turbulence * maturity
    context[7] = 0.0
    if params.ladder_summit != 0.0 and meet(region, inputs, i, j):
        context[7] = params.ladder_summit
    for k in range(context.shape[0]):
        total += context[k]
    return total


@compiled
def meet(region, inputs, i, j):
    """Whether two states sit at a summit together this month."""
    formats = inputs.formats
    for f in range(formats.regional.shape[0]):
        if region.environment.summit[f] == 1 and formats.yearly[f] == 0:
            if formats.party[f, i] == 1 and formats.party[f, j] == 1:
                return True
    return False


@compiled
def rung_intercept(rung, params):
    """theta of the rung sought (1-3)."""
    if rung == 1:
        return params.ladder_friendship
    if rung == PARTNERSHIP:
        return params.ladder_partnership
    return params.ladder_alliance


@compiled
def climb(region, inputs, params, member, month, log):
    """All dyads in one simulated month, in place."""
    treaties, ladder = region.treaties, inputs.ladder
    before = treaties.rung.copy()
    standing = np.empty((region.polity.openness.shape[0], TOP_RUNG), np.int64)
    count_standing(before, ladder.dyad_a, ladder.dyad_b, standing)
    parts = np.empty(region.appraisal.dyad.shape[2])
    context = np.empty(8)
    keeps_terms = log.terms.shape[0] > 0
    council_chance = monthly_probability(params.ladder_council)
    for d in range(before.shape[0]):
        rung = before[d]
        a, b = ladder.dyad_a[d], ladder.dyad_b[d]
        if month < treaties.frozen_until[d]:
            continue
        step, double, declare, council = four_uniforms(inputs.channels.ladder[d], 0, month, member)
        if rung < TOP_RUNG:
            common = step_terms(region, inputs, params, d, rung, standing, parts, context)
            intercept = rung_intercept(rung + 1, params)
            stepped = happens(intercept + common, step)
            if keeps_terms and (stepped or month % 12 == 0):
                chance = monthly_probability(intercept + common)
                write_terms(log, month, 1, a, b, rung + 1, 1 if stepped else 0, chance, intercept, parts, context)
            if stepped:
                take_rung(region, inputs, d, rung + 1, month, log)
                if rung + 1 == PARTNERSHIP and double < params.ladder_double_step:
                    take_rung(region, inputs, d, TOP_RUNG, month, log)
            elif rung == PARTNERSHIP and treaties.declared[d] == 0:
                if happens(params.ladder_declaration + common, declare):
                    treaties.declared[d] = 1
                    write_event(log, month, DECLARATION, a, b, -1, 0.0)
                    add_event_impact(region, inputs, a, b, DECLARATION, month)
        if rung >= PARTNERSHIP and treaties.council[d] == 0 and council < council_chance:
            found_council(region, inputs, params, d, month)
            write_event(log, month, COUNCIL, a, b, -1, 0.0)


@compiled
def take_rung(region, inputs, dyad, rung, month, log):
    """A dyad signs the treaty of a rung."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    region.treaties.rung[dyad] = rung
    write_event(log, month, RUNG, a, b, rung, 0.0)
    weight, event_class = inputs.event_weights.rung_weight[rung - 1], inputs.event_weights.rung_class[rung - 1]
    add_mutual_impact(region.beliefs, a, b, event_class, weight, month)


@compiled
def add_event_impact(region, inputs, a, b, kind, month):
    """A mutual event of this kind reaches both sides."""
    event_weights = inputs.event_weights
    add_mutual_impact(region.beliefs, a, b, event_weights.kind_class[kind], event_weights.kind_weight[kind], month)


@compiled
def found_council(region, inputs, params, dyad, month):
    """A standing council speeds up what the dyad's highest treaty promises."""
    region.treaties.council[dyad] = 1
    rung = region.treaties.rung[dyad]
    if rung > 0:
        done = region.treaties.rung_implemented[dyad, rung - 1]
        region.treaties.rung_implemented[dyad, rung - 1] = done + params.implementation_council * (1.0 - done)
    add_event_impact(region, inputs, inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad], COUNCIL, month)


@compiled
def ratify_rungs(region, inputs, params, member, month, log):
    """Both parliaments ratify a signed treaty, by a hazard."""
    treaties = region.treaties
    chance = -1.0  # worked out when it is first needed
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            if treaties.rung_in_force[d, k] < 0:
                if chance < 0.0:
                    chance = ratification_probability(params.ratification_rate, params.ratification_parties, 2)
                if uniform(inputs.channels.bilateral[d], k + 1, month, member) < chance:
                    treaties.rung_in_force[d, k] = month
                    a, b = inputs.ladder.dyad_a[d], inputs.ladder.dyad_b[d]
                    write_event(log, month, RUNG_IN_FORCE, a, b, k + 1, 0.0)


@compiled
def implement_rungs(region, params):
    """Ratified treaties are put into practice."""
    treaties = region.treaties
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            if treaties.rung_in_force[d, k] >= 0:
                treaties.rung_implemented[d, k] = implement(
                    treaties.rung_implemented[d, k],
                    params.implementation_rate,
                    params.implementation_institutions,
                    region.environment.institutions,
                )


@compiled
def leaving_chances(region, params, month):
    """Chance of each state (state,) that it leaves a given instrument within the year that ends this month."""
    chances = np.empty(region.polity.society.shape[0])
    for state in range(chances.shape[0]):
        chances[state] = leaving_chance(region, params, state, month)
    return chances


@compiled
def leaving_chance(region, params, state, month):
    """Chance that a state leaves a given instrument within the year that ends this month."""
    new = month - region.polity.leader_since[state] < MONTHS_OF_A_NEW_LEADER
    fall = region.polity.openness_fall[state] if new else 0.0
    monthly = withdrawal_probability(
        params.withdrawal_rate,
        params.withdrawal_institutions,
        region.environment.institutions,
        fall,
        params.withdrawal_leader_change,
        params.withdrawal_society,
        region.polity.society[state],
    )
    return 1.0 - (1.0 - monthly) ** 12


@compiled
def step_down(region, inputs, params, member, month, log):
    """Once a year, in December, either state of a dyad may leave its highest treaty."""
    treaties, ladder = region.treaties, inputs.ladder
    leaves = leaving_chances(region, params, month)
    for d in range(treaties.rung.shape[0]):
        rung = treaties.rung[d]
        if rung == 0:
            continue
        a, b = ladder.dyad_a[d], ladder.dyad_b[d]
        stays = (1.0 - leaves[a]) * (1.0 - leaves[b])
        if uniform(inputs.channels.bilateral[d], 0, month, member) < 1.0 - stays:
            treaties.rung[d] = rung - 1
            treaties.declared[d] = 0
            treaties.rung_in_force[d, rung - 1] = -1
            treaties.rung_implemented[d, rung - 1] = 0.0
            write_event(log, month, RUNG_LOST, a, b, rung, 0.0)
            add_event_impact(region, inputs, a, b, RUNG_LOST, month)
