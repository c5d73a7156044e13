"""Checking a document by itself, and a whole scenario after all files are joined: every error at its file and line."""

import copy
import datetime
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sim.errors import COMMAND_LINE, MOST_REPORTED, Origin, Problem, printable, show, suggestion
from sim.facts.rows import month_of
from sim.scenario.events import EVENT_KINDS
from sim.scenario.fields import FIRST_YEAR, LAST_YEAR, PROBLEM, Names, Table
from sim.scenario.file_schema import (
    CalibrationTable,
    Instrument,
    RecordAdditions,
    RiverAdditions,
    RunSettings,
    ScenarioFile,
    StateOverrides,
)
from sim.scenario.model import Scenario, Step
from sim.scenario.toml import Document, KeyPath, flatten


def read_parameters(document: Document, facts: Any) -> tuple[dict[str, tuple[float | str, KeyPath]], list[Problem]]:
    """The overrides of one document by name, each with its path in the file, and everything wrong with them."""
    rows = {row.name: row for row in facts.parameters}
    table = document.values.get("parameters", {})
    overrides, problems = {}, []
    if not isinstance(table, dict):
        return {}, []
    for relative, value in flatten(table):
        path = ("parameters", *relative)
        name = ".".join(relative)
        if name not in rows:
            text = f"[parameters] {printable(name)} is not a parameter." + _neighbours(name, rows)
        elif name in overrides:
            text = f"[parameters] {name} is set twice."
        else:
            text = _objection(rows[name], value)
        if len(problems) >= MOST_REPORTED:
            problems.append(document.problem(path, "[parameters] further errors are not listed."))
            break
        if text:
            problems.append(document.problem(path, text))
        else:
            overrides[name] = (value if isinstance(value, str) else float(value), path)
    return overrides, problems


def _neighbours(name: str, rows: dict) -> str:
    group = [known for known in rows if known.split(".")[0] == name.split(".")[0]]
    listed = f"  Known in [parameters.{name.split('.')[0]}]: {', '.join(group)}." if 0 < len(group) <= 12 else ""
    return listed + suggestion(name, rows, most_listed=0)


def _objection(row: Any, value: Any) -> str | None:
    """What is wrong with a value for this parameter, if anything."""
    if row.unit == "choice":
        if isinstance(value, str) and value in row.choices:
            return None
        near = suggestion(value, row.choices, most_listed=0) if isinstance(value, str) else ""
        words = ", ".join(f'"{word}"' for word in row.choices)
        return f"[parameters] {row.name} is {show(value)}; it must be one of {words}.{near}"
    limits = row.range_text
    needed = f"a number {limits}".strip() + f" ({row.unit})" + (f": {row.meaning}" if row.meaning else "")
    if isinstance(value, bool) or not isinstance(value, int | float) or not _within(row, value):
        return f"[parameters] {row.name} is {show(value)}; it must be {needed.rstrip('.')}."
    return None


def _within(row: Any, value: float) -> bool:
    try:
        number = float(value)
    except OverflowError:
        return False
    return math.isfinite(number) and row.limits[0] <= number <= row.limits[1]


LISTS = ("events", "instruments")
_TABLES = ("run", "calibration", "parameters", "record", "rivers", "states", "design")


def path_of(location: tuple) -> KeyPath:
    """The path in the file that a pydantic location stands for: without tags of unions and marks of keys."""
    path = tuple(part for part in location if part != "[key]")
    if len(path) > 2 and path[0] == "events" and path[2] in EVENT_KINDS:
        path = path[:2] + path[3:]
    return path


def where(path: KeyPath, values: dict) -> str:
    """A path the way it is written in the file: "[run] members", "[[events]] 2 (freeze) until"."""
    if path[0] in LISTS and len(path) > 1:
        name = f"[[{path[0]}]] {path[1] + 1}" + _entry_name(values, path)
        rest = path[2:]
    elif path[0] in _TABLES and len(path) > 1:
        inside = path[0] == "states"
        name = f"[states.{printable(path[1])}]" if inside else f"[{path[0]}]"
        rest = path[2:] if inside else path[1:]
    elif path[0] in (*_TABLES, *LISTS):
        return f"[{path[0]}]"
    else:
        name, rest = printable(path[0]), path[1:]
    return (name + " " + ".".join(_part(part) for part in rest).replace(".item ", " item ")).strip()


def _part(part: str | int) -> str:
    return f"item {part + 1}" if isinstance(part, int) else printable(part)


def _entry_name(values: dict, path: KeyPath) -> str:
    try:
        entry = values[path[0]][path[1]]
        name = entry.get("id") or entry.get("kind")
    except (KeyError, IndexError, TypeError, AttributeError):
        return ""
    return f" ({printable(name)})" if isinstance(name, str) else ""


def translate(error: ValidationError, document: Document, names: Names) -> list[tuple[KeyPath, Problem]]:
    """Each finding with its path; a general finding about a list is left out where single items are wrong."""
    found = error.errors(include_url=False, include_context=False)
    own = [path_of(each["loc"]) for each in found if each["type"] == PROBLEM]
    misnamed = {path_of(each["loc"]) for each in found if each["loc"][-1] == "[key]"}
    problems = []
    for each in found[:MOST_REPORTED]:
        path = path_of(each["loc"])
        if path in misnamed and each["loc"][-1] != "[key]":
            continue  # a value under a wrong name is not judged
        if each["type"] != PROBLEM and any(len(other) > len(path) and other[: len(path)] == path for other in own):
            continue
        problems.append((path, document.problem(path, _message(each, path, document.values, names))))
    if len(found) > MOST_REPORTED:
        text = f"{len(found) - MOST_REPORTED:,} further errors are not listed."
        problems += [(path_of(each["loc"]), Problem(document.label, 0, text)) for each in found[MOST_REPORTED:]]
    return problems


def _message(found: dict[str, Any], path: KeyPath, values: dict, names: Names) -> str:
    if found["type"] == PROBLEM:
        return _own_words(found, path, values)
    if found["type"] == "extra_forbidden":
        return _unknown_key(path, values, names)
    if found["type"] == "missing":
        return _missing_key(path, values)
    if found["type"].startswith("union_tag"):
        return _unknown_kind(found, path, values)
    return _wrong_shape(path, values)


def _own_words(found: dict, path: KeyPath, values: dict) -> str:
    text = found["msg"] if found["msg"].endswith(("?", ".")) else found["msg"] + "."
    if found["loc"][-1] == "[key]":
        return f"{where(path, values)} {text}"
    if found["input"] is None:
        return f"{where(path, values)} {text}"
    link = ", which" if text.startswith("is ") else "; it"
    return f"{where(path, values)} is {show(found['input'])}{link} {text}"


def _unknown_key(path: KeyPath, values: dict, names: Names) -> str:
    if len(path) == 1 and path[0] in names.groups:
        return f"[{path[0]}] is no table of a scenario: parameters are set under [parameters.{path[0]}]."
    known = list(_model_at(path[:-1], values).model_fields)
    name = path[-1]
    context = where(path[:-1], values) + " " if len(path) > 1 else ""
    return f"{context}{printable(name)} is not a known key." + suggestion(name, known)


def _missing_key(path: KeyPath, values: dict) -> str:
    field = _model_at(path[:-1], values).model_fields[path[-1]]
    return f"{where(path[:-1], values)} lacks {path[-1]}.  {field.description}"


def _unknown_kind(found: dict, path: KeyPath, values: dict) -> str:
    entry = found["input"]
    kind = entry.get("kind") if isinstance(entry, dict) else None
    if kind is None:
        return f"{where(path, values)} lacks kind.  Known: {', '.join(EVENT_KINDS)}."
    return f"{where(path, values)} kind is {show(kind)}, which is not a kind of event." + suggestion(
        kind, EVENT_KINDS, most_listed=len(EVENT_KINDS)
    )


def _wrong_shape(path: KeyPath, values: dict) -> str:
    if path[0] in LISTS:
        return f"[[{path[0]}]] must be tables, each under its own [[{path[0]}]] header."
    if path[0] in _TABLES:
        return f"{where(path, values)} must be a table."
    return f"{where(path, values)} must be a list of names in quotes."


def _model_at(path: KeyPath, values: dict) -> type[Table]:
    """The model of the table at a path."""
    if not path:
        return ScenarioFile
    if path[0] == "run":
        return RunSettings
    if path[0] == "calibration":
        return CalibrationTable
    if path[0] == "states":
        return StateOverrides
    if path[0] == "record":
        return RecordAdditions
    if path[0] == "rivers":
        return RiverAdditions
    if path[0] == "instruments":
        return Instrument
    return EVENT_KINDS[values["events"][path[1]]["kind"]]


def check_document(document: Document, names: Names, facts: Any) -> tuple[Step, list[Problem]]:
    """What is sound in a document, and everything that is wrong with it.

    Leaving out what is wrong, the rest can still be joined with other files and checked against them, so that a user
    sees all errors at once.
    """
    wrong: list[tuple[KeyPath, Problem]] = []
    try:
        ScenarioFile.model_validate(document.values, context=names)
    except ValidationError as error:
        wrong = translate(error, document, names)
    wrong += _repeated_ids(document) + _repeated_entries(document)
    sound = replace(document, values=_without(document.values, [path for path, _ in wrong]))
    parameters, problems = read_parameters(sound, facts)
    return Step(sound, parameters), [problem for _, problem in wrong] + problems


def _repeated_ids(document: Document) -> list[tuple[KeyPath, Problem]]:
    found = []
    for section in LISTS:
        entries = document.values.get(section)
        seen: dict[str, int] = {}
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            id_ = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(id_, str) and id_ in seen:
                path = (section, index, "id")
                text = f"[[{section}]] {index + 1} has the id of [[{section}]] {seen[id_] + 1}, {id_}."
                found.append((path, document.problem(path, text)))
            elif isinstance(id_, str):
                seen[id_] = index
    return found


def _repeated_entries(document: Document) -> list[tuple[KeyPath, Problem]]:
    """Events without an id that say the same as an earlier one."""
    entries = document.values.get("events")
    found, seen = [], []
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict) or not entry or "id" in entry:
            continue
        content = {key: value for key, value in entry.items() if key != "note"}
        first = next((earlier for earlier, other in seen if other == content), None)
        if first is not None:
            text = f"[[events]] {index + 1} says the same as [[events]] {first + 1}.  Drop it, or give both an id."
            found.append((("events", index), document.problem(("events", index), text)))
        seen.append((index, content))
    return found


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


def _without(values: dict, paths: list[KeyPath]) -> dict:
    """A copy without what is wrong: single values of [run], whole states and entries, else the whole section."""
    values = copy.deepcopy(values)
    for path in paths:
        section = path[0]
        inside = values.get(section)
        if len(path) > 1 and section in ("run", "calibration", "record", "states") and isinstance(inside, dict):
            inside.pop(path[1], None)
        elif len(path) > 1 and section in LISTS and isinstance(inside, list):
            inside[path[1]] = None
        else:
            values.pop(section, None)
    return values


def check_consistency(scenario: Scenario, names: Names) -> list[Problem]:
    """Everything in a scenario that is sound in itself but does not go together."""
    span = _span(scenario, names.record_ends)
    if span:
        return span
    return _dated(scenario) + _two_leaders(scenario) + _unions(scenario, names)


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
        if event.kind not in ("accession", "exit"):
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
