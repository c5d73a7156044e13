"""Ensembles: many members of one world, one after the other, in compiled code without the interpreter lock."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.engine.arrays import copy_into, untouched
from sim.engine.compiled import compiled
from sim.engine.decisions import TERM_COLUMNS
from sim.engine.lanes import WIDTH
from sim.engine.side_by_side import SIDE_BY_SIDE
from sim.model.build import EVENT_FIELDS, World
from sim.model.initial import MAX_EVENTS, begin, empty_log
from sim.model.parameters import draw_parameters, drawn_names, field_of
from sim.model.recording import monthly_rivers, record_month, record_year, yearly_rivers
from sim.model.state import EventLog
from sim.model.step import advance_month
from sim.processes.rivers.past import FIRST_MONTH
from sim.processes.rivers.past_side_by_side import new_pasts, recall_past, simulate_pasts
from sim.processes.trade.gravity import GravityError
from sim.processes.trade.step import check_trade

_AT_ONCE = 64  # members per compiled call: bounds the memory of the event logs
_TERMS_PER_YEAR = 150


class TooManyEvents(RuntimeError):
    """A member's history holds more events than a log has lines; the message names the member."""


#: What a member's own arithmetic can end in; anything else that goes wrong is no property of the member.
MEMBER_FAULTS = (ArithmeticError, GravityError, TooManyEvents)


@dataclass(frozen=True, eq=False)
class Block:
    """What members first..last-1 of an ensemble went through.

    members : (m,) numbers of the members
    drawn : name -> (m,), parameters and dispositions that differ from member to member
    yearly : name -> (m, years), values at 31 December (or the end of the run)
    monthly : name -> (m, months), all in [0, 1] but `pull_mean`, which may exceed 1 under a scenario
    events : structured array in the fields of `sim.model.build.EVENT_FIELDS`, ordered by member and month
    terms : structured array with a row per decision, or None unless kept
    """

    members: np.ndarray
    drawn: dict[str, np.ndarray]
    yearly: dict[str, np.ndarray]
    monthly: dict[str, np.ndarray]
    events: np.ndarray
    terms: np.ndarray | None


def simulate_members(world: World, first: int, last: int, keep_terms: bool = False) -> Block:
    """Live through members first..last-1 on this thread.

    The numbers depend on the world and the member alone, not on how members are divided into calls.

    Raises
    ------
    TooManyEvents : a history too eventful to be written down
    GravityError : the gains from trade of a history cannot be found
    """
    count = last - first
    names = world.yearly_names
    monthly = _places(count, world.months, world.monthly_names)
    yearly = _places(count, world.years, names)
    character = np.empty((count, 2, len(world.states)))
    parameters = draw_parameters(world.scenario, world.facts, first, last)
    events, terms = [], []
    for low in range(0, count, _AT_ONCE):
        high = min(low + _AT_ONCE, count)
        rows = slice(low, high)
        new_events, new_terms = _simulate_some(
            world, first + low, parameters[rows], monthly[rows], yearly[rows], character[rows], keep_terms
        )
        events.append(new_events)
        terms += new_terms
    drawn = {name: parameters[field_of(name)].copy() for name in drawn_names(world.scenario, world.facts)}
    drawn |= {f"openness.{s}": character[:, 0, k].copy() for k, s in enumerate(world.states)}
    drawn |= {f"blocker.{s}": character[:, 1, k].copy() for k, s in enumerate(world.states)}
    return Block(
        np.arange(first, last),
        drawn,
        {name: yearly[:, :, k] for k, name in enumerate(names)},
        {name: monthly[:, :, k] for k, name in enumerate(world.monthly_names)},
        np.concatenate(events) if events else np.empty(0, EVENT_FIELDS),
        np.concatenate(terms) if keep_terms else None,
    )


def _places(count: int, times, names) -> np.ndarray:
    """(member, time, series), unset; each series of a member lies in one piece, which is how tables read it.

    A time is to spare: without it the array of a single member would be contiguous, which is another type to numba.
    """
    return np.empty((count, len(names), len(times) + 1))[:, :, :-1].transpose(0, 2, 1)


def _simulate_some(world, first, parameters, monthly, yearly, character, keep_terms):
    """A few members: the compiled call, and their events and terms as structured arrays."""
    count = len(parameters)
    max_terms = _TERMS_PER_YEAR * len(world.years) if keep_terms else 0
    memory = world.new_memory()
    one = empty_log(max_terms)
    logs = EventLog(*(untouched((count, *array.shape), array.dtype) for array in one))
    failures = np.zeros(count, np.int64)
    output = Output(monthly, yearly, character, logs, failures)
    names = world.rivers.monthly_names, world.rivers.yearly_names
    pasts = new_pasts(memory.region.rivers, parameters, *(len(series) for series in names))
    run_members(memory, pasts, world.inputs, parameters, first, output)
    events, terms = [], []
    for k in range(count):
        check_trade(failures[k], world.economies)
        if logs.n_events[k, 0] > MAX_EVENTS:
            raise TooManyEvents(
                f"member {first + k} has {logs.n_events[k, 0]} events; a history has room for {MAX_EVENTS}"
            )
        events.append(logs.events[k, : logs.n_events[k, 0]])
        if keep_terms:
            terms.append(as_terms(logs.terms[k, : logs.n_terms[k, 0]], first + k))
    members = np.repeat(np.arange(first, first + count), logs.n_events[:, 0])
    return as_events(np.concatenate(events), members), terms


def as_events(lines: np.ndarray, member: int | np.ndarray) -> np.ndarray:
    """Lines of logs, (row, 6), as the structured array of a run's event table; `member` of all or of each."""
    table = np.empty(len(lines), EVENT_FIELDS)
    table["member"] = member
    for k, (name, _) in enumerate(EVENT_FIELDS[1:]):
        table[name] = lines[:, k]
    return table


def as_terms(lines: np.ndarray, member: int) -> np.ndarray:
    """Lines of terms, (row, column), as a structured array."""
    table = np.empty(len(lines), [("member", np.int64), *((name, np.float64) for name in TERM_COLUMNS)])
    table["member"] = member
    for k, name in enumerate(TERM_COLUMNS):
        table[name] = lines[:, k]
    return table


class Output(NamedTuple):
    """Where members write what they went through; the first axis of each is the member."""

    monthly: np.ndarray  # (member, month, series)
    yearly: np.ndarray  # (member, year, series)
    character: np.ndarray  # (member, 2, state): openness at the branch (or the end) and blocker strength
    logs: EventLog
    failures: np.ndarray  # code of what went wrong in the member's trade, else 0


@compiled(apart=True)
def run_members(memory, pasts, inputs, parameters, first, output):
    """Members first, first + 1, ... one after the other, but the past of the rivers of several at once.

    Parameters
    ----------
    memory, pasts : working space
    inputs : Inputs
    parameters : (member,) structured
    output : Output, written
    """
    monthly, yearly, character, logs = output.monthly, output.yearly, output.character, output.logs
    clock, region = inputs.clock, memory.region
    n_monthly = monthly.shape[2]
    beforehand = SIDE_BY_SIDE and clock.branch > max(clock.start, FIRST_MONTH)
    for k in range(parameters.shape[0]):
        params = parameters[k]
        member = first + k
        log = EventLog(logs.events[k], logs.n_events[k], logs.terms[k], logs.n_terms[k])
        if beforehand and k % WIDTH == 0:
            month_start, month_stop = monthly_rivers(inputs.rivers.table)
            year_start, year_stop = yearly_rivers(inputs.rivers.table, yearly.shape[2])
            of_months, of_years = monthly[k:, :, month_start:month_stop], yearly[k:, :, year_start:year_stop]
            simulate_pasts(pasts, inputs, parameters[k:], member, of_months, of_years)
        begin(memory, inputs, params, member, log)
        if beforehand:
            recall_past(pasts, k % WIDTH, region.rivers, clock.branch)
        for month in range(clock.start, clock.end + 1):
            advance_month(region, inputs, params, member, month, log)
            record_month(region, inputs, month, monthly[k, month - clock.start])
            if month % 12 == 11 or month == clock.end:
                line = yearly[k, month // 12 - clock.first_year]
                record_year(memory, inputs, month, line)
                copy_into(line[line.shape[0] - n_monthly :], monthly[k, month - clock.start])
            if month == min(clock.branch, clock.end):
                copy_into(character[k, 0], region.polity.openness)
        copy_into(character[k, 1], region.polity.blocker)
        output.failures[k] = region.commerce.failure
