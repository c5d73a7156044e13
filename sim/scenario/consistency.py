"""Checks across a whole scenario, after all files are joined: dates against the span and the branch."""

import datetime
from collections.abc import Iterable

from sim.errors import COMMAND_LINE, Origin, Problem
from sim.scenario.model import Scenario
from sim.scenario.quantities import Names


def month_of(date: datetime.date) -> int:
    """A date as an absolute month, year * 12 + month - 1."""
    return date.year * 12 + date.month - 1


def check_consistency(scenario: Scenario, names: Names) -> list[Problem]:
    """Everything in a scenario that is sound in itself but does not go together."""
    span = _span(scenario)
    if span:
        return span
    return _dated(scenario) + _two_leaders(scenario) + _unions(scenario, names)


def _told(scenario: Scenario, keys: Iterable[str], message: str) -> Problem:
    """A problem at whichever of the keys was set nearest to the user: that is the one to change."""
    labels = [step.document.label for step in scenario.steps]
    elsewhere = {setting.origin.file for setting in scenario.settings} - {COMMAND_LINE, *labels}
    order = [*sorted(elsewhere), COMMAND_LINE, *labels]
    origins = [scenario.sources[key] for key in keys if scenario.sources[key].file in order]
    nearest = min(origins, key=lambda origin: order.index(origin.file), default=Origin(labels[0], 0))
    return Problem(nearest.file, nearest.line, message)


def _set_at(scenario: Scenario, key: str) -> str:
    return f"set at {scenario.sources[key]}" if scenario.sources[key].line else "the default"


def _span(scenario: Scenario) -> list[Problem]:
    run = scenario.run
    start, branch, end = month_of(run.start), month_of(run.branch), month_of(run.end)
    allowed = "it must lie from start to the month after end"
    if start > end:
        return [_told(scenario, ("run.end", "run.start"), f"[run] end {run.end} lies before start {run.start}.")]
    if branch < start:
        text = f"[run] branch {run.branch} lies before start {run.start}; {allowed}."
        return [_told(scenario, ("run.branch", "run.start"), text)]
    if branch > end + 1:
        text = f"[run] branch {run.branch} lies after end {run.end}; {allowed}."
        return [_told(scenario, ("run.branch", "run.end"), text)]
    return []


def _dated(scenario: Scenario) -> list[Problem]:
    """Events and instruments must take effect in a simulated month."""
    problems = []
    for index, event in enumerate(scenario.events):
        label = scenario.event_label(index)
        what = f"[[events]] {label} ({event.kind})"
        problems += _in_simulated_months(scenario, f"events.{label}.date", f"{what} date {event.date}", event.date)
    for instrument in scenario.instruments:
        what = f"[[instruments]] {instrument.id} opens {instrument.opens}"
        problems += _in_simulated_months(scenario, f"instruments.{instrument.id}.opens", what, instrument.opens)
    return problems


def _in_simulated_months(scenario: Scenario, key: str, what: str, date: datetime.date) -> list[Problem]:
    run = scenario.run
    if month_of(date) > month_of(run.end):
        text = f"{what} lies after the end of the run, {run.end} ({_set_at(scenario, 'run.end')})."
        return [_told(scenario, (key, "run.end"), text)]
    if month_of(date) < month_of(run.branch):
        text = (
            f"{what} lies before the branch, {run.branch} ({_set_at(scenario, 'run.branch')}): documented months are "
            "replayed as they were.  Move the branch or the date."
        )
        return [_told(scenario, (key, "run.branch"), text)]
    return []


def _two_leaders(scenario: Scenario) -> list[Problem]:
    problems, seen = [], {}
    for index, event in enumerate(scenario.events):
        if event.kind != "leader-change":
            continue
        label = scenario.event_label(index)
        place = (event.state, month_of(event.date))
        if place in seen:
            text = f"[[events]] {label} gives {event.state} a second new leader in one month, after {seen[place]}."
            problems.append(_told(scenario, (f"events.{label}.date",), text))
        seen.setdefault(place, label)
    return problems


def _unions(scenario: Scenario, names: Names) -> list[Problem]:
    """Nobody joins a union twice, or leaves one without being in it."""
    problems = []
    members = {union: set(states) for union, states in names.union_members}
    for index, event in enumerate(scenario.events):
        if event.kind not in ("accession", "exit"):
            continue
        label, inside = scenario.event_label(index), event.state in members[event.union]
        if inside == (event.kind == "accession"):
            is_one = "is already a member" if inside else "is not a member then"
            text = f"[[events]] {label} ({event.kind}) state is {event.state}, which {is_one} of {event.union}."
            problems.append(_told(scenario, (f"events.{label}.state",), text))
        members[event.union] ^= {event.state}
    return problems
