"""From pydantic's findings to problems: where in which file, what it is, and what it must be."""

from typing import Any

from pydantic import ValidationError

from sim.errors import MOST_REPORTED, Problem, printable, show, suggestion
from sim.scenario.document import Document
from sim.scenario.events import EVENT_KINDS
from sim.scenario.positions import Path
from sim.scenario.quantities import PROBLEM, Table
from sim.scenario.tables import CalibrationTable, Instrument, RiverAdditions, RunSettings, ScenarioFile, StateOverrides

LISTS = ("events", "instruments")
_TABLES = ("run", "calibration", "parameters", "rivers", "states", "design")


def path_of(location: tuple) -> Path:
    """The path in the file that a pydantic location stands for: without tags of unions and marks of keys."""
    path = tuple(part for part in location if part != "[key]")
    if len(path) > 2 and path[0] == "events" and path[2] in EVENT_KINDS:
        path = path[:2] + path[3:]
    return path


def where(path: Path, values: dict) -> str:
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


def _entry_name(values: dict, path: Path) -> str:
    try:
        entry = values[path[0]][path[1]]
        name = entry.get("id") or entry.get("kind")
    except (KeyError, IndexError, TypeError, AttributeError):
        return ""
    return f" ({printable(name)})" if isinstance(name, str) else ""


def translate(error: ValidationError, document: Document) -> list[tuple[Path, Problem]]:
    """Each finding with its path; a general finding about a list is left out where single items are wrong."""
    found = error.errors(include_url=False, include_context=False)
    told = [path_of(each["loc"]) for each in found if each["type"] == PROBLEM]
    problems = []
    for each in found[:MOST_REPORTED]:
        path = path_of(each["loc"])
        if each["type"] != PROBLEM and any(len(other) > len(path) and other[: len(path)] == path for other in told):
            continue
        problems.append((path, document.problem(path, _message(each, path, document.values))))
    if len(found) > MOST_REPORTED:
        text = f"{len(found) - MOST_REPORTED:,} further errors are not listed."
        problems += [(path_of(each["loc"]), Problem(document.label, 0, text)) for each in found[MOST_REPORTED:]]
    return problems


def _message(found: dict[str, Any], path: Path, values: dict) -> str:
    if found["type"] == PROBLEM:
        return _own_words(found, path, values)
    if found["type"] == "extra_forbidden":
        return _unknown_key(path, values)
    if found["type"] == "missing":
        return _missing_key(path, values)
    if found["type"].startswith("union_tag"):
        return _unknown_kind(found, path, values)
    return _wrong_shape(path, values)


def _own_words(found: dict, path: Path, values: dict) -> str:
    text = found["msg"] if found["msg"].endswith(("?", ".")) else found["msg"] + "."
    if found["loc"][-1] == "[key]":
        return f"{where(path, values)} {text}"
    if found["input"] is None:
        return f"{where(path, values)} {text}"
    link = ", which" if text.startswith("is ") else "; it"
    return f"{where(path, values)} is {show(found['input'])}{link} {text}"


def _unknown_key(path: Path, values: dict) -> str:
    known = list(_model_at(path[:-1], values).model_fields)
    name = path[-1]
    context = where(path[:-1], values) + " " if len(path) > 1 else ""
    return f"{context}{printable(name)} is not a known key." + suggestion(name, known)


def _missing_key(path: Path, values: dict) -> str:
    field = _model_at(path[:-1], values).model_fields[path[-1]]
    return f"{where(path[:-1], values)} lacks {path[-1]}.  {field.description}"


def _unknown_kind(found: dict, path: Path, values: dict) -> str:
    entry = found["input"]
    kind = entry.get("kind") if isinstance(entry, dict) else None
    if kind is None:
        return f"{where(path, values)} lacks kind.  Known: {', '.join(EVENT_KINDS)}."
    return f"{where(path, values)} kind is {show(kind)}, which is not a kind of event." + suggestion(
        kind, EVENT_KINDS, most_listed=len(EVENT_KINDS)
    )


def _wrong_shape(path: Path, values: dict) -> str:
    if path[0] in LISTS:
        return f"[[{path[0]}]] must be tables, each under its own [[{path[0]}]] header."
    if path[0] in _TABLES:
        return f"{where(path, values)} must be a table."
    return f"{where(path, values)} must be a list of names in quotes."


def _model_at(path: Path, values: dict) -> type[Table]:
    """The model of the table at a path."""
    if not path:
        return ScenarioFile
    if path[0] == "run":
        return RunSettings
    if path[0] == "calibration":
        return CalibrationTable
    if path[0] == "states":
        return StateOverrides
    if path[0] == "rivers":
        return RiverAdditions
    if path[0] == "instruments":
        return Instrument
    return EVENT_KINDS[values["events"][path[1]]["kind"]]
