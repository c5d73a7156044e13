"""Border sections after the branch: clashes with the year's frailty, closures they bring, packages that settle them."""

import math

from sim.chance import four_uniforms, normal_quantile
from sim.compiled import compiled
from sim.model.climbing import add_event_impact
from sim.model.event_log import add_mutual_impact, write_event
from sim.processes.border_conflict import (
    CLOSED_SETTLED,
    at_risk,
    beta_nine_one,
    clash_log_rate,
    gamma_frailty,
    militarised,
    ripeness,
    settled_by_package,
    settlement_log_rate,
)
from sim.processes.event_types import CLASH, SETTLEMENT
from sim.processes.hazard import happens
from sim.processes.months import growing_season

MONTHS_OF_A_CLASH = 12
ATTEMPTS = 8  # of the frailty's rejection


@compiled
def step_section(region, inputs, params, member, month, dyad, log):
    """A clash and a settlement of one section, each happens or not; in place."""
    frontier, conflict = region.frontier, inputs.conflict
    enclaves = conflict.enclaves[dyad] == 1
    if not at_risk(frontier.unsettled[dyad], enclaves):
        return
    year = month // 12
    if frontier.frailty_year[dyad] != year:
        frontier.log_frailty[dyad] = math.log(
            draw_frailty(conflict.frailty_key[dyad], params.borders_frailty, year, member)
        )
        frontier.frailty_year[dyad] = year
    clash, fought, settle, whole = four_uniforms(conflict.section_key[dyad], 0, month, member)
    if happens(section_clash_rate(region, inputs, params, month, dyad, enclaves), clash):
        clash_on_section(region, inputs, dyad, militarised(fought, params.borders_militarised), month, log)
    if frontier.unsettled[dyad] > CLOSED_SETTLED and month >= frontier.frozen_until[dyad]:
        if happens(section_settlement_rate(region, inputs, params, month, dyad, enclaves), settle):
            share = beta_nine_one(four_uniforms(conflict.section_key[dyad], 1, month, member)[0])
            settle_section(region, inputs, dyad, whole, params.borders_settle_whole, share, month, log)


@compiled
def draw_frailty(key, shape, year, member):
    """The year's multiplier of a section's clash rate, mean 1; 1 if all attempts fail, less than once in 10^10."""
    power = four_uniforms(key, 0, year, member)[0]
    for attempt in range(ATTEMPTS):
        first, second, _, _ = four_uniforms(key, 1 + attempt, year, member)
        frailty = gamma_frailty(shape, normal_quantile(first), second, power)
        if not math.isnan(frailty):
            return frailty
    return 1.0


@compiled
def section_clash_rate(region, inputs, params, month, dyad, enclaves):
    """Log rate of clashes per month on one section."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    frontier = region.frontier
    mean_trust = 0.5 * (region.beliefs.logit[a, b] + region.beliefs.logit[b, a])
    last = frontier.clash_month[dyad]
    recent = last >= 0 and month - last <= MONTHS_OF_A_CLASH
    open_km = inputs.borders.length[dyad] * frontier.unsettled[dyad]
    in_season = growing_season(month)
    offset = params.clash_offset[dyad]
    if math.isnan(offset):
        offset = inputs.conflict.clash_offset[dyad]
    return clash_log_rate(
        params.borders_clash_base,
        offset,
        params.borders_clash_length,
        open_km,
        params.borders_clash_settled,
        params.borders_clash_season,
        in_season,
        params.borders_clash_trust,
        mean_trust,
        params.borders_clash_repeat,
        recent,
        frontier.log_frailty[dyad],
    )


@compiled
def section_settlement_rate(region, inputs, params, month, dyad, enclaves):
    """Log rate of settlements per month on one section."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    polity, fought = region.polity, region.frontier.fought_month[dyad]
    since = float(month - fought) if fought >= 0 else -1.0
    return settlement_log_rate(
        params.borders_settle_base,
        params.borders_settle_capacity,
        0.5 * (polity.capacity[a] + polity.capacity[b]),
        params.borders_settle_openness,
        polity.openness[a] + polity.openness[b],
        params.borders_settle_enclave,
        enclaves,
        params.borders_settle_process,
        region.environment.process,
        params.borders_settle_ripe,
        ripeness(since, params.borders_ripe_memory),
    )


@compiled
def clash_on_section(region, inputs, dyad, fought, month, log):
    """A clash; one with regular forces closes the crossings. In place."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    frontier, conflict = region.frontier, inputs.conflict
    frontier.clash_month[dyad] = month
    grave = 1 if fought else 0
    if fought:
        frontier.fought_month[dyad] = month
        frontier.crossing[dyad] = 0.0
    write_event(log, month, CLASH, a, b, -1, float(grave))
    add_mutual_impact(region.beliefs, a, b, conflict.clash_class[grave], conflict.clash_weight[grave], month)


@compiled
def settle_section(region, inputs, dyad, whole, chance_of_whole, share, month, log):
    """A package settles the section or most of it and opens the crossings, as the recorded ones did; in place."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    frontier = region.frontier
    frontier.unsettled[dyad] = settled_by_package(frontier.unsettled[dyad], whole, chance_of_whole, share)
    frontier.crossing[dyad] = 1.0
    write_event(log, month, SETTLEMENT, a, b, -1, 1.0 - frontier.unsettled[dyad])
    add_event_impact(region, inputs, a, b, SETTLEMENT, month)


@compiled
def reopen_section(frontier, dyad, share):
    """A settled section is disputed again over this share of its length, in place."""
    frontier.unsettled[dyad] = max(frontier.unsettled[dyad], share)
