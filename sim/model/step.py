"""One month of one member: the phases in order. `sim.model.region_model` calls the same phases agent by agent."""

import numpy as np

from sim.compiled import compiled
from sim.model.calendar import open_calendar
from sim.model.climbing import climb, implement_rungs, ratify_rungs, step_down
from sim.model.conflict import step_conflict
from sim.model.event_log import add_mutual_impact
from sim.model.minds import apply_documented_frictions, appraise, commit_trust, observe
from sim.model.replay import follow_record, values_count
from sim.model.signing import accede, answer_summits, implement_accords, leave, ratify_accords
from sim.processes.event_types import SUMMIT
from sim.processes.region import (
    elite_identity,
    institutions_with,
    process_after_summit,
    process_fades,
    society_identity,
)
from sim.processes.rivers.release_policy import decide_releases
from sim.processes.rivers.step import open_rivers, step_rivers
from sim.processes.trade.step import step_trade


@compiled
def advance_month(region, inputs, params, member, month, log):
    """All phases for all states, in place.

    Parameters
    ----------
    region : RegionState of this member
    inputs : Inputs shared by all members
    params : one row of parameters
    member : number of the member
    month : absolute month
    log : EventLog of this member
    """
    n_states = region.beliefs.logit.shape[0]
    open_calendar(region, inputs, params, member, month, log)
    open_rivers(region, inputs, params, member, month)
    decide_releases(0, n_states, region, inputs, params, member, month)
    step_rivers(region, inputs, params, month)
    apply_documented_frictions(region, inputs, month)
    step_conflict(region, inputs, params, member, month, log)
    observe(0, n_states, region, params)
    commit_trust(region)
    if values_count(region, inputs, month, log):
        appraise(0, n_states, region, inputs, params, month)
    negotiate(region, inputs, params, member, month, log)
    move_region(region, inputs, params, month)
    step_trade(region, inputs, params, member, month)


@compiled
def negotiate(region, inputs, params, member, month, log):
    """Phase 5b: treaties are concluded, ratified, implemented and left; before the branch as documented."""
    follow_record(region, inputs, params, month, log)
    if month >= inputs.clock.branch:
        climb(region, inputs, params, member, month, log)
        answer_summits(region, inputs, params, member, month, log)
        accede(region, inputs, params, member, month, log)
        ratify_rungs(region, inputs, params, member, month, log)
        ratify_accords(region, inputs, params, member, month, log)
        if month % 12 == 11:
            step_down(region, inputs, params, member, month, log)
            leave(region, inputs, params, member, month, log)
    implement_rungs(region, params)
    implement_accords(region, inputs, params)


@compiled
def move_region(region, inputs, params, month):
    """Phase 6: regional process, institutions and identity, in place."""
    environment, polity = region.environment, region.polity
    process = process_fades(environment.process, params.region_decay)
    for f in range(environment.summit.shape[0]):
        if environment.summit[f] == 1:
            if inputs.formats.regional[f] == 1:
                process = process_after_summit(process, params.region_summit_gain)
            if month >= inputs.formats.simulated_from[f] and inputs.formats.yearly[f] == 0:
                add_summit_impacts(region, inputs, f, month)
    environment.process = process
    environment.institutions = institutions(region.treaties, inputs)
    contact = open_crossings(region, inputs)
    for i in range(polity.elite.shape[0]):
        polity.elite[i] = elite_identity(
            polity.elite[i], process, params.identity_elite_gain, params.identity_elite_decay
        )
        polity.society[i] = society_identity(
            polity.society[i], polity.elite[i], contact[i], params.identity_society_gain
        )


@compiled
def add_summit_impacts(region, inputs, summit_format, month):
    """A simulated summit is a visit by everyone to everyone."""
    weight = inputs.event_weights.kind_weight[SUMMIT]
    event_class = inputs.event_weights.kind_class[SUMMIT]
    party = inputs.formats.party[summit_format]
    for i in range(party.shape[0]):
        for j in range(i + 1, party.shape[0]):
            if party[i] == 1 and party[j] == 1:
                add_mutual_impact(region.beliefs, i, j, event_class, weight, month)


@compiled
def institutions(treaties, inputs):
    """Z: what is implemented of everything with institutional weight."""
    missing = 1.0
    for m in range(inputs.accords.count):
        if treaties.lapsed[m] == 0:
            missing = institutions_with(missing, inputs.accords.institution[m], treaties.implemented[m])
    if inputs.ladder.institution.sum() == 0.0:
        return 1.0 - missing
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            missing = institutions_with(missing, inputs.ladder.institution[k], treaties.rung_implemented[d, k])
    return 1.0 - missing


@compiled
def open_crossings(region, inputs):
    """(state,) mean open share of each state's land crossings within the region; 0 if it has none."""
    n_states = region.polity.elite.shape[0]
    total, count = np.zeros(n_states), np.zeros(n_states)
    for d in range(inputs.borders.exists.shape[0]):
        if inputs.borders.exists[d] == 1:
            for state in (inputs.ladder.dyad_a[d], inputs.ladder.dyad_b[d]):
                total[state] += region.frontier.crossing[d]
                count[state] += 1.0
    for state in range(n_states):
        total[state] /= max(count[state], 1.0)
    return total
