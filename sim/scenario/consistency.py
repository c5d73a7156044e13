"""Checking a whole scenario after all files are joined: what is sound in itself but does not go together."""

import datetime
from collections.abc import Iterable, Iterator

from sim.errors import COMMAND_LINE, Origin, Problem, suggestion
from sim.facts.rows import month_of
from sim.scenario.check import where
from sim.scenario.events import is_on_trade
from sim.scenario.fields import FIRST_YEAR, LAST_YEAR, Names
from sim.scenario.model import Scenario, Step
from sim.scenario.toml import Document


def check_consistency(scenario: Scenario, names: Names) -> list[Problem]:
    """Everything in a scenario that is sound in itself but does not go together."""
    span = _span(scenario, names.record_ends)
    if span:
        return span
    return _dated(scenario) + _two_leaders(scenario) + _unions(scenario, names) + _treaties(scenario, names)


def _at_nearest(scenario: Scenario, keys: Iterable[str], message: str) -> Problem:
    """A problem at whichever of the keys was set nearest to the user: that is the one to change."""
    labels = [step.document.label for step in scenario.steps]
    elsewhere = {setting.origin.file for setting in scenario.settings} - {COMMAND_LINE, *labels}
    order = [*sorted(elsewhere), COMMAND_LINE, *labels]
    origins = [scenario.sources[key] for key in keys if scenario.sources[key].file in order]
    nearest = min(origins, key=lambda origin: order.index(origin.file), default=Origin(labels[0], 0))
    return Problem(nearest.file, nearest.line, message)


def _set_at(scenario: Scenario, key: str) -> str:
    return f"set at {scenario.sources[key]}" if scenario.sources[key].line else "the default"


def _span(scenario: Scenario, record_ends: datetime.date) -> list[Problem]:
    run = scenario.run
    start, branch, end = month_of(run.start), month_of(run.branch), month_of(run.end)
    allowed = "it must lie from start to the month after end"
    if start > end:
        return [_at_nearest(scenario, ("run.end", "run.start"), f"[run] end {run.end} lies before start {run.start}.")]
    if branch < start:
        text = f"[run] branch {run.branch} lies before start {run.start}; {allowed}."
        return [_at_nearest(scenario, ("run.branch", "run.start"), text)]
    if branch > end + 1:
        text = f"[run] branch {run.branch} lies after end {run.end}; {allowed}."
        return [_at_nearest(scenario, ("run.branch", "run.end"), text)]
    if branch > month_of(record_ends) + 1:
        text = f"[run] branch {run.branch} lies after the record, which ends in {record_ends:%B %Y}: months before it "
        text += f"would be neither documented nor simulated.  Latest: {record_ends + datetime.timedelta(days=1)}."
        return [_at_nearest(scenario, ("run.branch",), text)]
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
    fault = _outside(scenario, what, date)
    limit = "run.end" if month_of(date) > month_of(scenario.run.end) else "run.branch"
    return [_at_nearest(scenario, (key, limit), fault)] if fault else []


def _outside(scenario: Scenario, what: str, date: datetime.date) -> str | None:
    """Why a date is not in a simulated month, if it is not."""
    run = scenario.run
    if month_of(date) > month_of(run.end):
        return f"{what} lies after the end of the run, {run.end} ({_set_at(scenario, 'run.end')})."
    if month_of(date) < month_of(run.branch):
        return (
            f"{what} lies before the branch, {run.branch} ({_set_at(scenario, 'run.branch')}): documented months are "
            "replayed as they were.  Move the branch or the date."
        )
    return None


def _two_leaders(scenario: Scenario) -> list[Problem]:
    problems, seen = [], {}
    for index, event in enumerate(scenario.events):
        if event.kind != "leader-change":
            continue
        label = scenario.event_label(index)
        place = (event.state, month_of(event.date))
        if place in seen:
            text = f"[[events]] {label} gives {event.state} a second new leader in one month, after {seen[place]}."
            problems.append(_at_nearest(scenario, (f"events.{label}.date",), text))
        seen.setdefault(place, label)
    return problems


def _unions(scenario: Scenario, names: Names) -> list[Problem]:
    """Nobody joins a union twice, or leaves one without being in it."""
    problems = []
    members = {union: set(states) for union, states in names.union_members}
    for index, event in enumerate(scenario.events):
        if event.kind not in ("accession", "exit") or not is_on_trade(event):
            continue
        label = scenario.event_label(index)
        if not names.unions:
            text = f"[[events]] {label} ({event.kind}) needs an economic union, and the record has none in unions.csv."
            problems.append(_at_nearest(scenario, (f"events.{label}.state",), text))
            continue
        union = event.union or names.unions[0]
        inside = event.state in members[union]
        if inside == (event.kind == "accession"):
            is_one = "is already a member" if inside else "is not a member then"
            text = f"[[events]] {label} ({event.kind}) state is {event.state}, which {is_one} of {union}."
            problems.append(_at_nearest(scenario, (f"events.{label}.state",), text))
        members[union] ^= {event.state}
    return problems


def _treaties(scenario: Scenario, names: Names) -> list[Problem]:
    """What is supposed of accords: they are known, the states are parties, and nobody signs or declines twice."""
    parties = {**dict(names.accord_parties), **{each.id: each.parties for each in scenario.instruments}}
    branch = month_of(scenario.run.branch)
    signed = {(accord, state) for accord, state, since, until in names.signatures if since < branch <= until}
    declined: set[tuple[str, str]] = set()
    problems = []
    for index, event in enumerate(scenario.events):
        accord = getattr(event, "accord", None)
        if accord is None:
            continue
        label = scenario.event_label(index)
        if accord not in parties:
            fault = f'accord is "{accord}", which is no accord of the record or of this scenario.'
            faults = [("accord", fault + suggestion(accord, parties))]
        else:
            faults = [*_parts_in(event, accord, parties[accord], signed, declined)]
        for key, fault in faults:
            text = f"[[events]] {label} ({event.kind}) {fault}"
            problems.append(_at_nearest(scenario, (f"events.{label}.{key}",), text))
    return problems


def _parts_in(event, accord: str, parties, signed: set, declined: set) -> Iterator[tuple[str, str]]:
    """Key and fault of every state that cannot do what is supposed; the two sets go along with the events."""
    key = "parties" if hasattr(event, "parties") else "state"
    for state in event.parties if key == "parties" else (event.state,):
        if state not in parties:
            yield key, f"{key} names {state}, which is no party to {accord}.  Parties: {', '.join(parties)}."
        elif event.kind != "ratification" and (accord, state) in signed:
            yield key, f"{key} names {state}, which has signed {accord} by then."
        elif event.kind == "refusal" and (accord, state) in declined:
            yield (
                key,
                f"{key} names {state}, whose refusal of {accord} an earlier event supposes already.",
            )
        elif event.kind == "refusal":
            declined.add((accord, state))
        elif event.kind != "ratification":
            signed.add((accord, state))


def check_refused_dates(document: Document, step: Step, scenario: Scenario) -> list[Problem]:
    """Dates outside the simulated months in entries that are refused for another reason, so that both are reported."""
    problems = []
    for section, key in (("events", "date"), ("instruments", "opens")):
        entries = document.values.get(section)
        kept = step.document.values.get(section, [])
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            when = entry.get(key) if isinstance(entry, dict) else None
            refused = index >= len(kept) or kept[index] is None
            if not refused or type(when) is not datetime.date or not FIRST_YEAR <= when.year <= LAST_YEAR:
                continue
            name = where((section, index, key), document.values)
            fault = _outside(scenario, f"{name} {when}", when)
            problems += [document.problem((section, index, key), fault)] if fault else []
    return problems
