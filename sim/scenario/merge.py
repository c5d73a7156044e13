"""Laying a scenario over the one it extends: tables merge with the child's values on top, lists grow.

Pure functions on plain values; what they mean has been checked before.  Every value keeps where it was set.
"""

import json
import tomllib
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from sim.errors import COMMAND_LINE, Origin, Problem, ScenarioError, printable, suggestion
from sim.scenario.events import EVENT_KINDS
from sim.scenario.fields import Table
from sim.scenario.toml import DEEPEST_TABLE, MOST_DOTS_IN_A_LINE, Document, depth_of, flatten, setting_document

FOR_READERS = {"id", "title", "note"}


def canonical(table: Table) -> dict[str, Any]:
    """A table as plain values that can stand in JSON; dates in ISO form, what is left out left out."""
    values = table.model_dump(mode="json", exclude_none=True, exclude=FOR_READERS)
    return {key: values[key] for key in sorted(values)}


def order_of_event(values: dict[str, Any]) -> tuple[str, str]:
    """What events are sorted by: date, then content as it is read, however it was written."""
    event = canonical(EVENT_KINDS[values["kind"]].model_validate(values))
    return event["date"], json.dumps(event, sort_keys=True)


Value = tuple[Any, Origin]


@dataclass(frozen=True)
class Entry:
    """An event or instrument: its values, each with its origin, and where it begins."""

    values: dict[str, Value]
    origin: Origin

    @property
    def id(self) -> str | None:
        return self.values["id"][0] if "id" in self.values else None

    def plain(self) -> dict[str, Any]:
        return {key: value for key, (value, _) in self.values.items()}


@dataclass(frozen=True)
class Layers:
    """What one file says, or several laid over each other."""

    run: dict[str, Value] = field(default_factory=dict)
    parameters: dict[str, Value] = field(default_factory=dict)
    states: dict[str, dict[str, Value]] = field(default_factory=dict)
    events: tuple[Entry, ...] = ()
    instruments: tuple[Entry, ...] = ()
    calibration: dict[str, Value] = field(default_factory=dict)
    record: dict[str, Value] = field(default_factory=dict)

    def in_order(self) -> "Layers":
        """The same with events by date and then by content, and instruments by id, whatever order they came in."""
        return replace(
            self,
            events=tuple(sorted(self.events, key=lambda entry: order_of_event(entry.plain()))),
            instruments=tuple(sorted(self.instruments, key=lambda entry: entry.id)),
        )

    def plain(self) -> dict[str, Any]:
        """The values alone, in the shape of a scenario file."""
        return {
            "run": _plain(self.run),
            "calibration": _plain(self.calibration),
            "record": _plain(self.record),
            "states": {state: _plain(values) for state, values in self.states.items()},
            "events": [entry.plain() for entry in self.events],
            "instruments": [entry.plain() for entry in self.instruments],
        }


def _plain(table: dict[str, Value]) -> dict[str, Any]:
    return {key: value for key, (value, _) in table.items()}


def layer_of(document: Document, parameters: dict[str, tuple[Any, tuple]]) -> Layers:
    """One document as a layer; `parameters` are its overrides by name with their path in the document."""
    values = document.values

    def table(path: tuple, content: dict) -> dict[str, Value]:
        return {key: (value, document.origin((*path, key))) for key, value in content.items()}

    def entries(name: str) -> tuple[Entry, ...]:
        return tuple(
            Entry(table((name, index), content), document.origin((name, index)))
            for index, content in enumerate(values.get(name, []))
            if content is not None
        )

    return Layers(
        run=table(("run",), values.get("run", {})),
        calibration=table(("calibration",), values.get("calibration", {})),
        record=table(("record",), values.get("record", {})),
        parameters={name: (value, document.origin(path)) for name, (value, path) in parameters.items()},
        states={state: table(("states", state), content) for state, content in values.get("states", {}).items()},
        events=entries("events"),
        instruments=entries("instruments"),
    )


def overlay(below: Layers, above: Layers) -> Layers:
    """`above` laid over `below`.  Associative, so it does not matter in which order a chain of files is joined."""
    states = dict(below.states)
    for state, values in above.states.items():
        states[state] = {**states.get(state, {}), **values}
    return Layers(
        run={**below.run, **above.run},
        calibration={**below.calibration, **above.calibration},
        record={**below.record, **above.record},
        parameters={**below.parameters, **above.parameters},
        states=states,
        events=_joined(below.events, above.events),
        instruments=_joined(below.instruments, above.instruments),
    )


def _joined(below: tuple[Entry, ...], above: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Both lists in turn; an entry with the id of an inherited one takes that one's place."""
    newer = {entry.id: entry for entry in above if entry.id is not None}
    inherited = {entry.id for entry in below if entry.id is not None}
    kept = tuple(newer.get(entry.id, entry) if entry.id is not None else entry for entry in below)
    return kept + tuple(entry for entry in above if entry.id is None or entry.id not in inherited)


def dropped(below: Layers, document: Document) -> tuple[Layers, list[Problem]]:
    """`below` without the entries that the document drops, and a problem for each that it does not have."""
    problems = []
    for name in ("events", "instruments"):
        key = f"drop_{name}"
        known = {entry.id: None for entry in getattr(below, name) if entry.id}
        for index, unwanted in enumerate(document.values.get(key, [])):
            if unwanted not in known:
                text = f"{key} names {unwanted}, which is not inherited." + suggestion(unwanted, known)
                problems.append(document.problem((key, index), text))
        unwanted = set(document.values.get(key, []))
        below = replace(below, **{name: tuple(entry for entry in getattr(below, name) if entry.id not in unwanted)})
    return below, problems


LISTS = ("events", "instruments")
_TEXTS = ("title", "description")
SETTABLE = ("run", "calibration", "record", "parameters", "states", *LISTS, *_TEXTS)
_LONGEST = 10_000


@dataclass(frozen=True)
class Setting:
    """One setting: where it was made (on the command line, with its ordinal from 1), its key in parts, its value."""

    origin: Origin
    key: tuple[str, ...]
    value: Any

    @property
    def by_number(self) -> bool:
        """Whether it addresses an entry without an id, by its place in the order of entries."""
        return self.key[0] in LISTS and self.key[1].isdigit()

    @property
    def name(self) -> str:
        return ".".join(self.key)

    def nested(self) -> dict:
        """The setting in the shape of a file."""
        return reduce(lambda value, part: {part: value}, reversed(self.key), self.value)

    def texts(self) -> dict[str, str]:
        return {self.key[0]: self.value} if self.key[0] in _TEXTS else {}

    def problem(self, message: str) -> Problem:
        return Problem(self.origin.file, self.origin.line, message)

    def error(self, message: str) -> ScenarioError:
        return ScenarioError([self.problem(message)])


def parse_setting(ordinal: int, text: str, parameters: set[str]) -> Setting:
    """Read KEY=VALUE.  Raises ScenarioError if it has not this form or KEY cannot be set."""
    written, equals, value = text.partition("=")
    unread = Setting(Origin(COMMAND_LINE, ordinal), (), None)
    if not equals or not written.strip():
        raise unread.error(f"{printable(text) or 'an empty text'} is not of the form KEY=VALUE.")
    if len(text) > _LONGEST or written.count(".") > MOST_DOTS_IN_A_LINE:
        raise unread.error(f"is longer than {_LONGEST:,} characters.")
    key = _parse_key(unread, written.strip())
    if ".".join(key) in parameters:
        key = ("parameters", *key)
    setting = Setting(unread.origin, key, _parse_value(unread, written.strip(), value.strip()))
    if key[0] not in SETTABLE:
        near = suggestion(setting.name, [*SETTABLE, *sorted(parameters)], most_listed=0)
        begin = f"  Keys begin with: {', '.join(SETTABLE)}."
        raise setting.error(f"{printable(setting.name)} is not a known key.{begin}{near}")
    if key[0] in LISTS and len(key) < 3:
        raise setting.error(f"{printable(setting.name)} must name one value, such as {key[0]}.NAME.FIELD.")
    return setting


def _parse_key(setting: Setting, written: str) -> tuple[str, ...]:
    table = _toml(f"{written} = 0") if "\n" not in written and "=" not in written else None
    if not isinstance(table, dict) or len(table) != 1:
        raise setting.error(f"{printable(written)} is not a dotted key such as run.members.")
    parts = []
    while isinstance(table, dict):
        part, table = next(iter(table.items()))
        parts.append(part)
    if len(parts) > DEEPEST_TABLE:
        raise setting.error(f"{printable(written)} has more than {DEEPEST_TABLE} parts.")
    return tuple(parts)


def _parse_value(setting: Setting, key: str, written: str) -> Any:
    table = _toml(f"value = {written}")
    if isinstance(table, dict) and depth_of(table) > DEEPEST_TABLE:
        raise setting.error(f"{printable(key)} is given a value that is nested too deeply.")
    if isinstance(table, dict) and table.keys() == {"value"}:
        return table["value"]
    if written[:1] in ('"', "'", "[", "{") or not written.isprintable():
        raise setting.error(f"{printable(key)} is given {printable(written)}, which is not a TOML value.")
    return written


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def apply_setting(layers: Layers, setting: Setting) -> Layers:
    """Layers in order with the setting on top.  Raises ScenarioError if it addresses an entry that is not there."""
    if setting.key[0] in _TEXTS:
        return layers
    if setting.key[0] in LISTS:
        return _edit_entry(layers, setting)
    document = setting_document(setting.origin, setting.nested())
    overrides = flatten(document.values.get("parameters", {}))
    parameters = {".".join(path): (value if isinstance(value, str) else float(value), ()) for path, value in overrides}
    return overlay(layers, layer_of(document, parameters))


def _edit_entry(layers: Layers, setting: Setting) -> Layers:
    section, label, field, *rest = setting.key
    entries = list(getattr(layers, section))
    labels = [entry.id or str(number) for number, entry in enumerate(entries, start=1)]
    if label not in labels:
        known = suggestion(label, labels) if labels else "  There are none."
        raise setting.error(f"{section}.{printable(label)} is not an entry of [[{section}]]." + known)
    index = labels.index(label)
    value = setting.value
    if rest:
        inner, _ = entries[index].values.get(field, ({}, None))
        value = {**(inner if isinstance(inner, dict) else {}), ".".join(rest): value}
    values = {**entries[index].values, field: (value, setting.origin)}
    entries[index] = replace(entries[index], values=values)
    return replace(layers, **{section: tuple(entries)})
