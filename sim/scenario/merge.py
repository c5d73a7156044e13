"""Laying a scenario over the one it extends: tables merge with the child's values on top, lists grow.

Pure functions on plain values; what they mean has been checked before.  Every value keeps where it was set.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from sim.errors import Origin, Problem, suggestion
from sim.scenario.canonical import order_of_event
from sim.scenario.document import Document

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
