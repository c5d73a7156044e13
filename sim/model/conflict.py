"""Phase 3 after the branch: disputes over water, unilateral frictions, clashes and settlements happen, or not.

Before the branch all of these are documented. Every hazard has its own random channel, by pair and month, so that two
scenarios share their random numbers.
"""

import math

import numpy as np

from sim.chance import four_uniforms, uniform
from sim.compiled import compiled
from sim.facts import ISSUES
from sim.model.climbing import add_event_impact
from sim.model.event_log import add_mutual_impact, write_event
from sim.model.sections import reopen_section, step_section
from sim.processes.event_types import BORDER_FROZEN, BORDER_REOPENED, CLOSURE, DISPUTE, OPENING, STANDOFF, VERBAL
from sim.processes.frictions import CUT_OFF, friction_kind, friction_log_rate, reopens
from sim.processes.frictions import VERBAL as ONLY_VERBAL
from sim.processes.hazard import happens
from sim.processes.rivers.release_policy import basin_institution
from sim.processes.salience import relative_stake
from sim.processes.trust import add_impact
from sim.processes.water_disputes import dispute_intensity, dispute_log_rate

BORDERS = ISSUES.index("borders")
CROSSINGS, TRANSPORT, POWER = 0, 1, 2  # what a closure shuts, in the order of `sim.model.schedule.CLOSABLE`
WATER_CUT = 3


@compiled
def step_conflict(region, inputs, params, member, month, log):
    """All that states do to each other this month, in place; nothing before the branch, when it is documented."""
    if month < inputs.clock.branch:
        return
    follow_border_events(region, inputs, month)
    step_water_disputes(region, inputs, params, member, month, log)
    for d in range(inputs.borders.exists.shape[0]):
        if inputs.borders.exists[d] == 1:
            step_frictions(region, inputs, params, member, month, d, log)
            step_section(region, inputs, params, member, month, d, log)
    value_borders(region, inputs, params, month)


@compiled
def follow_border_events(region, inputs, month):
    """This month's dated events of a scenario that change a border itself, in place."""
    schedule = inputs.schedule
    row = region.environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind, value = schedule[row].kind, schedule[row].value
        if kind == BORDER_REOPENED or kind == BORDER_FROZEN:
            dyad = inputs.ladder.dyad_of[schedule[row].a, schedule[row].b]
            if kind == BORDER_REOPENED:
                reopen_section(region.frontier, dyad, value)
            else:
                region.frontier.frozen_until[dyad] = int(value)
        row += 1


@compiled
def step_water_disputes(region, inputs, params, member, month, log):
    """Disputes of downstream states with those above them, in place."""
    table, account = inputs.rivers.table, region.rivers.account
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    for pair in range(table.pair_up.shape[0]):
        down, up = table.pair_down[pair], table.pair_up[pair]
        deficit = account.account_deficit[table.pair_account[pair]]
        trust = region.beliefs.logit[down, up] if up >= 0 else 0.0
        rate = dispute_log_rate(
            params.disputes_base,
            params.disputes_deficit,
            deficit,
            params.disputes_trust,
            trust,
            params.disputes_institution,
            basin_institution(region, inputs, down, up),
            params.disputes_flood,
            account.flood[table.pair_basin[pair]],
        )
        if pair % 4 == 0:
            first, second, third, fourth = four_uniforms(table.dispute_key[0], pair // 4, month, member)
        luck = first
        first, second, third = second, third, fourth
        if happens(rate, luck):
            graver = uniform(table.pair_key[pair], 0, month, member)
            cuts = np.array(
                (params.disputes_cut_1, params.disputes_cut_2, params.disputes_cut_3, params.disputes_cut_4)
            )
            intensity = dispute_intensity(params.disputes_intensity_deficit * deficit, cuts, graver)
            write_event(log, month, DISPUTE, down, up, -1, intensity)
            if up >= 0:
                weight = inputs.conflict.dispute_weight[-intensity - 1]
                add_mutual_impact(region.beliefs, down, up, inputs.conflict.dispute_class, weight, month)


@compiled
def step_frictions(region, inputs, params, member, month, dyad, log):
    """Unilateral acts of either neighbour against the other, and the reopening of a closed border; in place."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    key = inputs.conflict.friction_key[dyad]
    first, second, opens, _ = four_uniforms(key, 0, month, member)
    if reopens(region.frontier.crossing[dyad] < 1.0, opens, params.frictions_reopening):
        region.frontier.crossing[dyad] = 1.0
        write_event(log, month, OPENING, a, b, CROSSINGS, 0.0)
        add_event_impact(region, inputs, a, b, OPENING, month)
    for side in range(2):
        actor, target, luck = (a, b, first) if side == 0 else (b, a, second)
        rate = friction_log_rate(
            params.frictions_base,
            params.frictions_distrust,
            region.beliefs.logit[target, actor],
            params.frictions_openness,
            region.polity.openness[actor],
            params.frictions_deficit,
            region.rivers.account.year_deficit[actor],
        )
        if happens(rate, luck):
            which, what, water, _ = four_uniforms(key, 1 + side, month, member)
            kind = friction_kind(which, params.frictions_verbal, params.frictions_cut_off)
            if kind == ONLY_VERBAL:
                hostile_act(region, inputs, actor, target, VERBAL, -1, month, log)
            elif kind == CUT_OFF:
                cut_off(region, inputs, params, actor, target, dyad, what, water, month, log)
            else:
                hostile_act(region, inputs, actor, target, STANDOFF, -1, month, log)


@compiled
def cut_off(region, inputs, params, actor, target, dyad, what, water, month, log):
    """A cut-off: of water where the actor can and does, else of crossings, transport or power; in place."""
    if water < params.frictions_cut_water and withhold(region, inputs, params, actor, target):
        hostile_act(region, inputs, actor, target, CLOSURE, WATER_CUT, month, log)
    elif what < params.frictions_cut_crossings:
        region.frontier.crossing[dyad] = 0.0
        hostile_act(region, inputs, actor, target, CLOSURE, CROSSINGS, month, log)
    elif what < params.frictions_cut_crossings + params.frictions_cut_transport:
        hostile_act(region, inputs, actor, target, CLOSURE, TRANSPORT, month, log)
    else:
        hostile_act(region, inputs, actor, target, CLOSURE, POWER, month, log)


@compiled
def withhold(region, inputs, params, actor, target):
    """Cut what is left of the year's plan at the actor's first dam above the target; whether there is one."""
    table = inputs.rivers.table
    for pair in range(table.pair_up.shape[0]):
        if table.pair_up[pair] == actor and table.pair_down[pair] == target:
            for k in range(table.dam_state.shape[0]):
                if table.dam_state[k] == actor and table.dam_basin[k] == table.pair_basin[pair]:
                    volume = region.rivers.account.volume[k] - params.water_deliberate_cut
                    region.rivers.account.volume[k] = max(0.0, volume)
                    return True
    return False


@compiled
def hostile_act(region, inputs, actor, target, kind, subject, month, log):
    """What one state does to another moves the target's trust in it."""
    beliefs, event_weights = region.beliefs, inputs.event_weights
    write_event(log, month, kind, actor, target, subject, 0.0)
    add_impact(
        beliefs.impact_weight,
        beliefs.impact_month,
        beliefs.gains,
        beliefs.losses,
        target,
        actor,
        event_weights.kind_class[kind],
        event_weights.kind_weight[kind],
        month,
    )


@compiled
def value_borders(region, inputs, params, month):
    """The gain of border cooperation: documented weight times open and restless borders over those on record."""
    frontier, conflict, gains = region.frontier, inputs.conflict, region.polity.gains
    for i in range(gains.shape[0]):
        gains[i, BORDERS] = 0.0
    for d in range(conflict.share_of_border.shape[0]):
        if inputs.borders.exists[d] == 1:
            unrest = frontier.unsettled[d]
            if frontier.clash_month[d] >= 0:
                unrest += math.exp(-(month - frontier.clash_month[d]) / params.border_clash_memory)
            gains[inputs.ladder.dyad_a[d], BORDERS] += conflict.share_of_border[d, 0] * unrest
            gains[inputs.ladder.dyad_b[d], BORDERS] += conflict.share_of_border[d, 1] * unrest
    documented = conflict.documented_unrest[month - inputs.clock.start]
    for i in range(gains.shape[0]):
        stake = relative_stake(gains[i, BORDERS], documented[i], params.borders_stake)
        gains[i, BORDERS] = inputs.outside.issue_weight[i, BORDERS] * stake
