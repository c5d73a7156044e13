"""Checking a document by itself: every error at its file and line."""

import copy
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sim.errors import MOST_REPORTED, Problem, nearest, printable, show, suggestion
from sim.facts.reading import is_finite_number
from sim.scenario.events import EVENT_KINDS
from sim.scenario.fields import PROBLEM, Names, Table
from sim.scenario.file_schema import (
    CalibrationTable,
    Instrument,
    RecordAdditions,
    RiverAdditions,
    RunSettings,
    ScenarioFile,
    StateOverrides,
)
from sim.scenario.model import Step
from sim.scenario.toml import Document, KeyPath, flatten

#: What many look for; no key.
_NAME = "name"


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
    if not is_finite_number(value) or not row.limits[0] <= value <= row.limits[1]:
        return f"[parameters] {row.name} is {show(value)}; it must be {needed.rstrip('.')}."
    return None


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
        at = (*path, "kind") if each["type"].startswith("union_tag") else path
        problems.append((path, document.problem(at, _message(each, path, document.values, names))))
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
    if not context and nearest(name, [*known, _NAME]) == _NAME:
        return (
            f"{printable(name)} is not a known key: a scenario goes by the name of its file.  What tables and plots "
            'call it is its title, such as title = "A dry decade".'
        )
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


_CLASS_OF_TABLE: dict[Any, type[Table]] = {
    "run": RunSettings,
    "calibration": CalibrationTable,
    "states": StateOverrides,
    "record": RecordAdditions,
    "rivers": RiverAdditions,
    "instruments": Instrument,
}


def _model_at(path: KeyPath, values: dict) -> type[Table]:
    """The model of the table at a path."""
    if not path:
        return ScenarioFile
    return _CLASS_OF_TABLE.get(path[0]) or EVENT_KINDS[values["events"][path[1]]["kind"]]


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
