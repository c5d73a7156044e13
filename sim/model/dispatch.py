"""Dated events, of the record and of a scenario: each is carried out by the process that owns it.

The schedule is sorted by month and owner, so each phase of the month goes on where the one before it stopped.
"""

from sim.engine.compiled import compiled
from sim.engine.event_types import (
    ACCORDS,
    BILATERAL_TREATIES,
    BORDER_CONFLICT,
    EXTERNAL_INFLUENCE,
    FRICTIONS,
    LEADERS,
    RATIFICATION,
    REGION,
    RIVERS,
)
from sim.processes import (
    accords,
    bilateral_treaties,
    border_conflict,
    external_influence,
    frictions,
    leaders,
    ratification,
)
from sim.processes import (
    region as regional_process,
)
from sim.processes.rivers import step as rivers

_leaders, _external, _region, _rivers = leaders.apply, external_influence.apply, regional_process.apply, rivers.apply
_frictions, _borders, _bilateral = frictions.apply, border_conflict.apply, bilateral_treaties.apply
_accords, _ratification = accords.apply, ratification.apply


@compiled
def apply_events(last_owner, region, inputs, params, member, month, log):
    """Carry out this month's dated events of the owners up to `last_owner`, in place; returns their number."""
    if not is_due(inputs.schedule, region.environment.next_event, last_owner, month):
        return 0
    return carry_out(last_owner, region, inputs, params, member, month, log)


@compiled
def is_due(schedule, row, last_owner, month):
    """Whether a line of the schedule is that of an owner up to `last_owner` and of no later month."""
    return row < schedule.shape[0] and schedule[row].month <= month and schedule[row].owner <= last_owner


@compiled(apart=True)
def carry_out(last_owner, region, inputs, params, member, month, log):
    """The same, line by line."""
    schedule, environment = inputs.schedule, region.environment
    first = environment.next_event
    row = first
    while is_due(schedule, row, last_owner, month):
        event = schedule[row]
        owner = event.owner
        if owner == LEADERS:
            _leaders(event, region, inputs, params, member, month)
        elif owner == EXTERNAL_INFLUENCE:
            _external(event, region)
        elif owner == REGION:
            _region(event, region, inputs, month)
        elif owner == RIVERS:
            if month >= inputs.clock.branch:
                _rivers(event, region, inputs, params)
        elif owner == FRICTIONS:
            _frictions(event, region, inputs)
        elif owner == BORDER_CONFLICT:
            _borders(event, region, inputs, month)
        elif owner == BILATERAL_TREATIES:
            _bilateral(event, region, inputs, params, month)
        elif owner == ACCORDS:
            _accords(event, region, inputs, params, month, log)
        elif owner == RATIFICATION:
            _ratification(event, region, inputs.clock.branch, month)
        row += 1
        environment.next_event = row
    return row - first
