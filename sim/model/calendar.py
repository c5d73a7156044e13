"""Phase 1, the calendar: what the date alone brings.

Documented and scenario events about leaders, powers and formats, the year's figures, new leaders and summits.
"""

import math

import numpy as np

from sim.chance import four_uniforms, normal, uniform
from sim.compiled import compiled
from sim.mechanisms.accords import draw_attitude, months_to_text
from sim.mechanisms.interest import capacity_index, external_pull
from sim.mechanisms.ladder import wave_effect
from sim.mechanisms.leaders import leader_changes, state_disposition
from sim.mechanisms.region import format_year
from sim.mechanisms.trust import reset_trust
from sim.model.book import write_event
from sim.model.kinds import (
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


@compiled
def open_calendar(region, setting, p, member, month, book):
    """Everything that the month brings by itself, in place."""
    environment = region.environment
    year = month // 12
    environment.summit[:] = 0
    if month == setting.clock.start or month % 12 == 0:
        luck = normal(setting.channels.wave[0], 0, year, member)
        environment.wave = wave_effect(luck, p.ladder_wave_sd)
        grow(region.polity, setting, p, month)
    follow_schedule(region, setting, p, member, month, book)
    if month == setting.clock.branch:
        cross_branch(region, setting, p, member)
    if month >= setting.clock.branch:
        change_leaders(region, setting, p, member, month, book)
    hold_summits(region, setting, p, member, month, book)
    feel_pull(region, setting, p, month)
    held = environment.turbulence_set
    documented = setting.outside.turbulence[year - setting.clock.first_year]
    environment.turbulence = documented if np.isnan(held) else held


@compiled
def feel_pull(region, setting, p, month):
    """How hard outside powers pull on each state, in place; it moves with the year and with dated events."""
    environment, schedule = region.environment, setting.schedule
    row = environment.next_event
    dated = row < schedule.shape[0] and schedule[row].month <= month
    if month % 12 != 0 and month != setting.clock.start and not dated:
        return
    dependence = setting.outside.dependence[month // 12 - setting.clock.first_year]
    for i in range(environment.pull.shape[0]):
        environment.pull[i] = external_pull(
            dependence[i], environment.pull_factor, environment.group_share, p.powers_group_effect
        )


@compiled
def grow(polity, setting, p, month):
    """Capacity of the year: documented GDP per head, carried on at a constant rate after the last figure."""
    figures = setting.outside.gdp_per_head
    row = month // 12 - setting.clock.first_year
    for i in range(polity.capacity.shape[0]):
        if month < polity.capacity_frozen_until[i]:
            continue
        last = row
        while np.isnan(figures[last, i]):
            last -= 1
        gdp = figures[last, i] * math.exp(p.capacity_growth * (row - last))
        polity.capacity[i] = capacity_index(gdp, p.capacity_floor, p.capacity_ceiling)


@compiled
def follow_schedule(region, setting, p, member, month, book):
    """Carry out this month's dated events about leaders, powers, formats and the world."""
    schedule = setting.schedule
    environment = region.environment
    row = environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind, a, subject, value = schedule[row].kind, schedule[row].a, schedule[row].subject, schedule[row].value
        if kind == LEADER_CHANGE:
            new_leader(region, setting, p, member, month, a, value, schedule[row].spread)
            if month >= setting.clock.branch:
                write_event(book, month, LEADER_CHANGE, a, -1, -1, region.polity.openness[a])
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
            dyad = setting.ladder.dyad_of[a, schedule[row].b]
            region.treaties.frozen_until[dyad] = int(value)
        elif kind == CAPACITY_FROZEN:
            region.polity.capacity_frozen_until[a] = int(value)
        elif kind == FORMAT_ENDS:
            end_format(region, setting, month, subject)
        elif kind == FORMAT_BORN:
            environment.alive[subject] = 1
        elif kind == SUMMIT:
            environment.alive[subject] = 1
            environment.summit[subject] = 1
        row += 1


@compiled
def end_format(region, setting, month, summit_format):
    """A format is absorbed or abandoned; the organisations that lived by it go with it."""
    region.environment.alive[summit_format] = 0
    region.environment.meets_in[summit_format] = -1
    for accord in range(setting.accords.count):
        lives_by_it = setting.accords.format[accord] == summit_format and setting.accords.organisation[accord] == 1
        # one not yet tabled can still be tried when the format comes back
        if lives_by_it and setting.accords.opens[accord] <= month:
            region.treaties.lapsed[accord] = 1
            region.treaties.signed[accord, :] = -1
            region.treaties.ratified[accord, :] = -1
            region.treaties.in_force[accord] = -1
            region.treaties.implemented[accord] = 0.0


@compiled
def cross_branch(region, setting, p, member):
    """The record ends here: draw every lasting attitude given documented refusals, and apply a scenario's openness."""
    treaties = region.treaties
    for accord in range(setting.accords.count):
        for i in range(treaties.attitude.shape[1]):
            if setting.accords.party[accord, i] == 1:
                luck = uniform(setting.channels.attitude[accord, i], 0, 0, member)
                refused = treaties.refused[accord, i] == 1
                treaties.attitude[accord, i] = draw_attitude(
                    treaties.refusal_likelihood[accord, i], refused, luck, p.accords_persistence
                )
        if setting.accords.proposal[accord] == 1:
            wait = months_to_text(uniform(setting.channels.tabling[accord], 0, 0, member), p.accords_tabling)
            treaties.tabled[accord] = max(setting.clock.branch, setting.accords.opens[accord]) + wait
    for i in range(region.polity.openness.shape[0]):
        if not np.isnan(setting.overrides.openness[i]):
            region.polity.openness[i] = setting.overrides.openness[i]


@compiled
def change_leaders(region, setting, p, member, month, book):
    """Heads of state come and go by a hazard once the record has ended."""
    for i in range(region.polity.openness.shape[0]):
        luck = uniform(setting.channels.leader[i], 0, month, member)
        if leader_changes(setting.outside.turnover[i], p.leaders_turnover_scale, luck):
            new_leader(region, setting, p, member, month, i, DRAWN, 0.0)
            write_event(book, month, LEADER_CHANGE, i, -1, -1, region.polity.openness[i])


@compiled
def new_leader(region, setting, p, member, month, state, openness, spread):
    """A new head of state: how open, and what trust survives the change, in place.

    Parameters
    ----------
    openness : the leader's total openness, or DRAWN or AS_BEFORE (see `sim.model.kinds`)
    spread : standard deviation of a documented leader's openness; 0 otherwise
    """
    polity = region.polity
    before = polity.openness[state]
    # the k-th leader of a state is the same person in every scenario
    person = normal(setting.channels.leader[state], 1 + polity.n_leaders[state], 0, member)
    if openness == DRAWN:
        disposition = setting.overrides.openness[state]
        if np.isnan(disposition):
            disposition = state_disposition(
                polity.openness_sum[state], polity.n_leaders[state], p.leaders_state_openness_sd,
                p.leaders_leader_openness_sd, normal(setting.channels.disposition[state], 0, 0, member),
            )  # fmt: skip
        polity.openness[state] = disposition + p.leaders_leader_openness_sd * person
    elif openness != AS_BEFORE:
        polity.openness[state] = openness + spread * person
        ordinal = polity.n_leaders[state]
        if spread > 0.0 and ordinal < p.leader_openness.shape[1] and not np.isnan(p.leader_openness[state, ordinal]):
            polity.openness[state] = p.leader_openness[state, ordinal]  # a documented leader, fitted to the record
    polity.openness_sum[state] += polity.openness[state]
    polity.n_leaders[state] += 1
    if month > setting.clock.start:
        polity.leader_since[state] = month
        polity.openness_fall[state] = before - polity.openness[state]
        reset_trust(
            state, region.beliefs.logit, polity.elite, region.environment.process, region.environment.institutions,
            p.trust_baseline, p.trust_identity_effect, p.trust_third_parties, p.trust_leader_reset,
            p.leaders_institutions,
        )  # fmt: skip


@compiled
def hold_summits(region, setting, p, member, month, book):
    """Which simulated formats live, when they meet this year, and whether that is now, in place."""
    environment, formats = region.environment, setting.formats
    for f in range(formats.regional.shape[0]):
        begins = max(formats.simulated_from[f], setting.clock.start)
        if month < begins:
            continue
        if month == begins or month % 12 == 0:
            plan_year(region, setting, p, member, month, f, book)
        if month == environment.meets_in[f] and environment.alive[f] == 1:
            environment.summit[f] = 1
            if formats.yearly[f] == 0:
                write_event(book, month, SUMMIT, -1, -1, f, 0.0)


@compiled
def plan_year(region, setting, p, member, month, f, book):
    """Life, death and the month of this year's summit of one format, in place.

    The regional process is born and absorbed by hazards; other formats, once there, meet as often as documented.
    """
    environment, formats = region.environment, setting.formats
    life, when, _, _ = four_uniforms(setting.channels.format[f], 0, month // 12, member)
    was_alive = environment.alive[f] == 1
    if formats.yearly[f] == 1:
        alive, meets = True, True
    elif formats.regional[f] == 1:
        alive, meets = format_year(
            was_alive, life, p.region_format_meets, p.region_format_birth, p.region_format_death
        )
    else:
        alive, meets = was_alive, was_alive and life < formats.frequency[f]
    if was_alive and not alive:
        end_format(region, setting, month, f)
        write_event(book, month, FORMAT_ENDS, -1, -1, f, 0.0)
    elif alive and not was_alive:
        environment.alive[f] = 1
        write_event(book, month, FORMAT_BORN, -1, -1, f, 0.0)
    environment.meets_in[f] = month // 12 * 12 + int(when * 12.0) if meets else -1
