"""Phase 1, the calendar: what the date alone brings.

Documented and scenario events about leaders, powers and formats, the year's figures, new leaders and summits.
"""

import math

import numpy as np

from sim.chance import four_uniforms, normal, uniform
from sim.compiled import compiled
from sim.model.event_log import write_event
from sim.processes.accords import draw_attitude, months_to_text
from sim.processes.bilateral_treaties import wave_effect
from sim.processes.event_types import (
    AS_BEFORE,
    CAPACITY_FROZEN,
    DRAWN,
    FORMAT_BORN,
    FORMAT_ENDS,
    FREEZE,
    GROUP_SHARE,
    LEADER_CHANGE,
    OPENNESS,
    OPENNESS_RESTORED,
    PULL,
    PULL_RESTORED,
    SUMMIT,
    TURBULENCE,
)
from sim.processes.leaders import leader_changes, state_disposition
from sim.processes.region import format_year
from sim.processes.trust import reset_trust
from sim.processes.utility import capacity_index, external_pull


@compiled
def open_calendar(region, inputs, params, member, month, log):
    """Everything that the month brings by itself, in place."""
    environment = region.environment
    year = month // 12
    environment.summit[:] = 0
    if month == inputs.clock.start or month % 12 == 0:
        luck = normal(inputs.channels.wave[0], 0, year, member)
        environment.wave = wave_effect(luck, params.ladder_wave_sd)
        grow(region.polity, inputs, params, month)
    follow_schedule(region, inputs, params, member, month, log)
    if month == inputs.clock.branch:
        cross_branch(region, inputs, params, member)
    if month >= inputs.clock.branch:
        change_leaders(region, inputs, params, member, month, log)
    hold_summits(region, inputs, params, member, month, log)
    feel_pull(region, inputs, params, month)
    held = environment.turbulence_set
    documented = inputs.outside.turbulence[year - inputs.clock.first_year]
    environment.turbulence = documented if np.isnan(held) else held


@compiled
def feel_pull(region, inputs, params, month):
    """How hard outside powers pull on each state, in place; it moves with the year and with dated events."""
    environment, schedule = region.environment, inputs.schedule
    row = environment.next_event
    dated = row < schedule.shape[0] and schedule[row].month <= month
    if month % 12 != 0 and month != inputs.clock.start and not dated:
        return
    dependence = inputs.outside.dependence[month // 12 - inputs.clock.first_year]
    for i in range(environment.pull.shape[0]):
        environment.pull[i] = external_pull(
            dependence[i], environment.pull_factor, environment.group_share, params.powers_group_effect
        )


@compiled
def grow(polity, inputs, params, month):
    """Capacity of the year: documented GDP per head, carried on at a constant rate after the last figure."""
    figures = inputs.outside.gdp_per_head
    row = month // 12 - inputs.clock.first_year
    for i in range(polity.capacity.shape[0]):
        if month < polity.capacity_frozen_until[i]:
            continue
        last = row
        while np.isnan(figures[last, i]):
            last -= 1
        gdp = figures[last, i] * math.exp(params.capacity_growth * (row - last))
        polity.capacity[i] = capacity_index(gdp, params.capacity_floor, params.capacity_ceiling)


@compiled
def follow_schedule(region, inputs, params, member, month, log):
    """Carry out this month's dated events about leaders, powers, formats and the world."""
    schedule = inputs.schedule
    environment = region.environment
    row = environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind, a, subject, value = schedule[row].kind, schedule[row].a, schedule[row].subject, schedule[row].value
        if kind == LEADER_CHANGE:
            new_leader(region, inputs, params, member, month, a, value, schedule[row].spread)
            if month >= inputs.clock.branch:
                write_event(log, month, LEADER_CHANGE, a, -1, -1, region.polity.openness[a])
        elif kind == OPENNESS:
            region.polity.openness[a] += value
        elif kind == OPENNESS_RESTORED:
            if region.polity.leader_since[a] < schedule[row].b:
                region.polity.openness[a] -= value
        elif kind == PULL:
            environment.pull_factor[subject] *= value
        elif kind == PULL_RESTORED:
            environment.pull_factor[subject] /= value
        elif kind == GROUP_SHARE:
            environment.group_share[subject] = value
        elif kind == TURBULENCE:
            environment.turbulence_set = value
        elif kind == FREEZE:
            dyad = inputs.ladder.dyad_of[a, schedule[row].b]
            region.treaties.frozen_until[dyad] = int(value)
        elif kind == CAPACITY_FROZEN:
            region.polity.capacity_frozen_until[a] = int(value)
        elif kind == FORMAT_ENDS:
            end_format(region, inputs, month, subject)
        elif kind == FORMAT_BORN:
            environment.alive[subject] = 1
        elif kind == SUMMIT:
            environment.alive[subject] = 1
            environment.summit[subject] = 1
        row += 1


@compiled
def end_format(region, inputs, month, summit_format):
    """A format is absorbed or abandoned; the organisations that lived by it go with it."""
    region.environment.alive[summit_format] = 0
    region.environment.meets_in[summit_format] = -1
    for accord in range(inputs.accords.count):
        lives_by_it = inputs.accords.format[accord] == summit_format and inputs.accords.organisation[accord] == 1
        # one not yet tabled can still be tried when the format comes back
        if lives_by_it and inputs.accords.opens[accord] <= month:
            region.treaties.lapsed[accord] = 1
            region.treaties.signed[accord, :] = -1
            region.treaties.ratified[accord, :] = -1
            region.treaties.in_force[accord] = -1
            region.treaties.implemented[accord] = 0.0


@compiled
def cross_branch(region, inputs, params, member):
    """The record ends here: draw every lasting attitude given documented refusals, and apply a scenario's openness."""
    treaties = region.treaties
    for accord in range(inputs.accords.count):
        for i in range(treaties.attitude.shape[1]):
            if inputs.accords.party[accord, i] == 1:
                luck = uniform(inputs.channels.attitude[accord, i], 0, 0, member)
                refused = treaties.refused[accord, i] == 1
                treaties.attitude[accord, i] = draw_attitude(
                    treaties.refusal_likelihood[accord, i], refused, luck, params.accords_persistence
                )
        if inputs.accords.proposal[accord] == 1:
            wait = months_to_text(uniform(inputs.channels.tabling[accord], 0, 0, member), params.accords_tabling)
            treaties.tabled[accord] = max(inputs.clock.branch, inputs.accords.opens[accord]) + wait
    for i in range(region.polity.openness.shape[0]):
        if not np.isnan(inputs.overrides.openness[i]):
            region.polity.openness[i] = inputs.overrides.openness[i]


@compiled
def change_leaders(region, inputs, params, member, month, log):
    """Heads of state come and go by a hazard once the record has ended."""
    for i in range(region.polity.openness.shape[0]):
        luck = uniform(inputs.channels.leader[i], 0, month, member)
        if leader_changes(inputs.outside.turnover[i], params.leaders_turnover_scale, luck):
            new_leader(region, inputs, params, member, month, i, DRAWN, 0.0)
            write_event(log, month, LEADER_CHANGE, i, -1, -1, region.polity.openness[i])


@compiled
def new_leader(region, inputs, params, member, month, state, openness, spread):
    """A new head of state: how open, and what trust survives the change, in place.

    Parameters
    ----------
    openness : the leader's total openness, or DRAWN or AS_BEFORE (see `sim.processes.event_types`)
    spread : standard deviation of a documented leader's openness; 0 otherwise
    """
    polity = region.polity
    before = polity.openness[state]
    # the k-th leader of a state is the same person in every scenario
    person = normal(inputs.channels.leader[state], 1 + polity.n_leaders[state], 0, member)
    if openness == DRAWN:
        disposition = inputs.overrides.openness[state]
        if np.isnan(disposition):
            disposition = state_disposition(
                polity.openness_sum[state],
                polity.n_leaders[state],
                params.leaders_state_openness_sd,
                params.leaders_leader_openness_sd,
                normal(inputs.channels.disposition[state], 0, 0, member),
            )
        polity.openness[state] = disposition + params.leaders_leader_openness_sd * person
    elif openness != AS_BEFORE:
        polity.openness[state] = openness + spread * person
        ordinal = polity.n_leaders[state]
        if (
            spread > 0.0
            and ordinal < params.leader_openness.shape[1]
            and not np.isnan(params.leader_openness[state, ordinal])
        ):
            polity.openness[state] = params.leader_openness[state, ordinal]  # a documented leader, fitted to the record
    polity.openness_sum[state] += polity.openness[state]
    polity.n_leaders[state] += 1
    if month > inputs.clock.start:
        polity.leader_since[state] = month
        polity.openness_fall[state] = before - polity.openness[state]
        reset_trust(
            state,
            region.beliefs.logit,
            polity.elite,
            region.environment.process,
            region.environment.institutions,
            params.trust_baseline,
            params.trust_identity_effect,
            params.trust_third_parties,
            params.trust_leader_reset,
            params.leaders_institutions,
        )


@compiled
def hold_summits(region, inputs, params, member, month, log):
    """Which simulated formats live, when they meet this year, and whether that is now, in place."""
    environment, formats = region.environment, inputs.formats
    for f in range(formats.regional.shape[0]):
        begins = max(formats.simulated_from[f], inputs.clock.start)
        if month < begins:
            continue
        if month == begins or month % 12 == 0:
            plan_year(region, inputs, params, member, month, f, log)
        if month == environment.meets_in[f] and environment.alive[f] == 1:
            environment.summit[f] = 1
            if formats.yearly[f] == 0:
                write_event(log, month, SUMMIT, -1, -1, f, 0.0)


@compiled
def plan_year(region, inputs, params, member, month, f, log):
    """Life, death and the month of this year's summit of one format, in place.

    The regional process is born and absorbed by hazards; other formats, once there, meet as often as documented.
    """
    environment, formats = region.environment, inputs.formats
    life, when, _, _ = four_uniforms(inputs.channels.format[f], 0, month // 12, member)
    was_alive = environment.alive[f] == 1
    if formats.yearly[f] == 1:
        alive, meets = True, True
    elif formats.regional[f] == 1:
        alive, meets = format_year(
            was_alive, life, params.region_format_meets, params.region_format_birth, params.region_format_death
        )
    else:
        alive, meets = was_alive, was_alive and life < formats.frequency[f]
    if was_alive and not alive:
        end_format(region, inputs, month, f)
        write_event(log, month, FORMAT_ENDS, -1, -1, f, 0.0)
    elif alive and not was_alive:
        environment.alive[f] = 1
        write_event(log, month, FORMAT_BORN, -1, -1, f, 0.0)
    environment.meets_in[f] = month // 12 * 12 + int(when * 12.0) if meets else -1
