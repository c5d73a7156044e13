"""Month zero: an empty region, and its reset to the start of one member's history."""

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.decisions import TERM_COLUMNS
from sim.engine.products import copy_numbers
from sim.model.state import EventLog
from sim.processes.accords import begin_accords
from sim.processes.leaders import begin_leaders
from sim.processes.trade.step import begin_trade
from sim.processes.trust import begin_trust

MAX_EVENTS = 20_000


def empty_log(max_terms: int = 0) -> EventLog:
    """A log for one member; `max_terms` rows for the terms of decisions, none unless they are kept."""
    terms = np.zeros((max_terms, len(TERM_COLUMNS)))
    return EventLog(np.zeros((MAX_EVENTS, 6)), np.zeros(1, np.int64), terms, np.zeros(1, np.int64))


@compiled(apart=True)
def begin(memory, inputs, params, member, log):
    """Set a region to January 1992 (or the run's start) for one member, in place.

    Parameters
    ----------
    memory : Memory, overwritten
    inputs : Inputs
    params : one row of the parameter table (`sim.model.parameters`)
    member : number of the member; decides its random numbers
    log : EventLog, emptied
    """
    log.n_events[0] = 0
    log.n_terms[0] = 0
    copy_numbers(memory.reals, memory.start)
    region = memory.region
    begin_leaders(region.polity, inputs, params, member)
    begin_accords(region, inputs, params, member)
    begin_trust(region.beliefs, region.polity, params)
    begin_trade(region.commerce, inputs.trade, params, member)
