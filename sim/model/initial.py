"""Month zero: an empty region, and its reset to the start of one member's history."""

import numpy as np

from sim.chance import normal
from sim.compiled import compiled
from sim.model.decisions import TERM_COLUMNS
from sim.model.state import EventLog, RegionState, Sizes, region_records
from sim.processes.leaders import state_disposition
from sim.processes.records import record
from sim.processes.rivers.state import empty_rivers
from sim.processes.trade.state import commerce_fields
from sim.processes.trade.step import begin_trade
from sim.processes.trust import probability

MAX_EVENTS = 20_000
LONG_AGO = -(10**6)


def empty_region(n: Sizes) -> RegionState:
    """Records of the right shapes for one member at a time; `begin` fills them."""
    records = {name: record(fields) for name, fields in region_records(n).items()}
    commerce = record(commerce_fields(n.economies, n.pairs, n.states))
    return RegionState(**records, rivers=empty_rivers(n.rivers, n.states), commerce=commerce)


def empty_log(max_terms: int = 0) -> EventLog:
    """A log for one member; `max_terms` rows for the terms of decisions, none unless they are kept."""
    terms = np.zeros((max_terms, len(TERM_COLUMNS)))
    return EventLog(np.zeros((MAX_EVENTS, 6)), np.zeros(1, np.int64), terms, np.zeros(1, np.int64))


@compiled
def begin(region, inputs, params, member, log):
    """Set a region to January 1992 (or the run's start) for one member, in place.

    Parameters
    ----------
    region : RegionState, overwritten
    inputs : Inputs
    params : one row of the parameter table (`sim.model.parameters`)
    member : number of the member; decides its luck
    log : EventLog, emptied
    """
    log.n_events[0] = 0
    log.n_terms[0] = 0
    begin_polity(region.polity, inputs, params, member)
    begin_treaties(region.treaties, inputs)
    begin_beliefs(region.beliefs, region.polity, params)
    region.frontier.unsettled[:] = inputs.borders.unsettled
    region.frontier.clash_month[:] = -1
    region.frontier.crossing[:] = 1.0
    region.frontier.fought_month[:] = -1
    region.frontier.frozen_until[:] = 0
    region.frontier.frailty_year[:] = -1
    environment = region.environment
    environment.pull_factor[:] = 1.0
    environment.group_share[:] = 0.0
    environment.turbulence = 0.0
    environment.turbulence_set = np.nan
    environment.alive[:] = inputs.formats.yearly
    environment.meets_in[:] = -1
    environment.summit[:] = 0
    environment.process = 0.0
    environment.institutions = 0.0
    environment.next_event = 0
    environment.next_impact = 0
    begin_trade(region.commerce, inputs.trade, params, member)


@compiled
def begin_polity(polity, inputs, params, member):
    """States before their first documented leader: everything about them is drawn."""
    n_states = polity.openness.shape[0]
    polity.openness_sum[:] = 0.0
    polity.n_leaders[:] = 0
    polity.leader_since[:] = LONG_AGO
    polity.openness_fall[:] = 0.0
    polity.capacity_frozen_until[:] = 0
    polity.gains[:] = inputs.outside.issue_weight
    for i in range(n_states):
        luck = normal(inputs.channels.disposition[i], 0, 0, member)
        disposition = state_disposition(
            0.0, 0, params.leaders_state_openness_sd, params.leaders_leader_openness_sd, luck
        )
        person = normal(inputs.channels.leader[i], 1, 0, member)
        polity.openness[i] = disposition + params.leaders_leader_openness_sd * person
        polity.blocker[i] = inputs.overrides.blocker[i]
        if np.isnan(polity.blocker[i]):
            polity.blocker[i] = params.blocker_strength[i]  # of a calibration
            if polity.blocker[i] < 0.0:
                polity.blocker[i] = 0.0
        if np.isnan(polity.blocker[i]):
            # a dispute never makes a treaty more attractive, hence the cut at zero
            sensitivity = params.border_blocker + params.border_blocker_sd * normal(
                inputs.channels.blocker[i], 0, 0, member
            )
            polity.blocker[i] = max(0.0, sensitivity)
        polity.elite[i] = inputs.outside.identity[i, 0]
        polity.society[i] = inputs.outside.identity[i, 1]


@compiled
def begin_treaties(treaties, inputs):
    """No treaty yet."""
    treaties.rung[:] = 0
    treaties.declared[:] = 0
    treaties.council[:] = 0
    treaties.frozen_until[:] = 0
    treaties.rung_in_force[:] = -1
    treaties.rung_implemented[:] = 0.0
    treaties.tabled[:] = inputs.accords.opens
    treaties.signed[:] = -1
    treaties.ratified[:] = -1
    treaties.refused[:] = 0
    treaties.refusal_likelihood[:] = 0.0
    treaties.attitude[:] = 0.0
    treaties.in_force[:] = -1
    treaties.implemented[:] = 0.0
    treaties.lapsed[:] = 0


@compiled
def begin_beliefs(beliefs, polity, params):
    """Trust starts where it would drift to without any regional process."""
    n_states = polity.openness.shape[0]
    beliefs.gains[:] = 0.0
    beliefs.losses[:] = 0.0
    beliefs.impact_weight[:] = 0.0
    beliefs.impact_month[:] = LONG_AGO
    for i in range(n_states):
        for j in range(n_states):
            logit = params.trust_baseline + params.trust_identity_effect * 0.5 * (polity.elite[i] + polity.elite[j])
            beliefs.logit[i, j] = logit if i != j else 0.0
            beliefs.trust[i, j] = probability(logit) if i != j else 1.0
