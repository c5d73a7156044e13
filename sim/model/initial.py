"""Month zero: an empty region, and its reset to the start of one member's history."""

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.decisions import TERM_COLUMNS
from sim.engine.layout import record
from sim.model.state import EventLog, RegionState, Sizes, region_records
from sim.processes.border_conflict import begin_borders
from sim.processes.external_influence import begin_influence
from sim.processes.leaders import begin_polity
from sim.processes.ratification import begin_treaties
from sim.processes.region import begin_region
from sim.processes.rivers.state import empty_rivers
from sim.processes.trade.state import commerce_fields
from sim.processes.trade.step import begin_trade
from sim.processes.trust import begin_beliefs

MAX_EVENTS = 20_000


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
    member : number of the member; decides its random numbers
    log : EventLog, emptied
    """
    log.n_events[0] = 0
    log.n_terms[0] = 0
    begin_polity(region.polity, inputs, params, member)
    begin_treaties(region.treaties, inputs)
    begin_beliefs(region.beliefs, region.polity, params)
    begin_borders(region.frontier, inputs)
    begin_influence(region.environment)
    begin_region(region.environment, inputs)
    region.environment.next_event = 0
    region.environment.next_impact = 0
    begin_trade(region.commerce, inputs.trade, params, member)
