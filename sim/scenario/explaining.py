"""Explaining a scenario: every value, who set it, its unit, range and source, and whether it changes anything."""

import datetime
from dataclasses import dataclass
from typing import Any

from sim.scenario.model import Scenario
from sim.scenario.parameters import range_text
from sim.scenario.problems import Origin, Problem, ScenarioError, printable, suggestion

FROM_TABLE = Origin("table of parameters", 0)
_SKIPPED = {"id", "note"}


@dataclass(frozen=True)
class ExplainRow:
    """One resolved value.  `changed_from_parent`: set by this file or on the command line, to another value."""

    key: str
    value: Any
    file: str
    line: int
    unit: str
    range: str
    source: str
    changed_from_parent: bool

    @property
    def origin(self) -> Origin:
        return Origin(self.file, self.line)


def explain(scenario: Scenario, key: str | None = None, facts: Any = None) -> list[ExplainRow]:
    """Every value of a scenario, or those at or below a dotted key; the word parameters may be left out.

    Raises ScenarioError if there is nothing at the key.
    """
    facts = facts or _facts()
    rows = _rows(scenario, facts)
    if key is None:
        return rows
    for wanted in (key, f"parameters.{key}"):
        found = [row for row in rows if row.key == wanted or row.key.startswith(f"{wanted}.")]
        if found:
            return found
    keys = [row.key for row in rows]
    bare = [name.removeprefix("parameters.") for name in keys]
    text = f"{printable(key)} is no value of this scenario." + suggestion(key, [*keys, *bare], most_listed=0)
    raise ScenarioError([Problem(scenario.steps[0].document.label, 0, text)])


def same_as_parent(scenario: Scenario, facts: Any = None) -> list[str]:
    """Keys that this file or the command line sets to the value that they had before.

    A parameter that differs from member to member is not the same when it is set to its central value: setting it
    takes the spread away.
    """
    table = {f"parameters.{row.name}": row for row in (facts or _facts()).parameters}
    own, before = values_of(scenario), _values_before(scenario)
    same = []
    for key in _own_keys(scenario):
        if key in before:
            unchanged = own[key] == before[key]
        else:
            row = table.get(key)
            unchanged = row is not None and not row.spread and own[key] == row.value
        if unchanged:
            same.append(key)
    return same


def _facts() -> Any:
    from sim.facts import load_facts

    return load_facts()


def values_of(scenario: Scenario) -> dict[str, Any]:
    """Every value that a scenario sets or defaults to, by dotted key, in the order of `Scenario.sources`."""
    values = {f"run.{key}": getattr(scenario.run, key) for key in type(scenario.run).model_fields}
    values |= {f"parameters.{name}": value for name, value in scenario.parameters.items()}
    for name, table in _tables(scenario).items():
        values |= {f"{name}.{key}": getattr(table, key) for key in type(table).model_fields}
    return {key: values[key] for key in scenario.sources}


def _tables(scenario: Scenario) -> dict[str, Any]:
    """The tables of states, events and instruments by their dotted key."""
    tables: dict[str, Any] = {f"states.{state}": table for state, table in scenario.states.items()}
    tables |= {f"events.{scenario.event_label(index)}": event for index, event in enumerate(scenario.events)}
    return tables | {f"instruments.{instrument.id}": instrument for instrument in scenario.instruments}


def _own_keys(scenario: Scenario) -> list[str]:
    """Keys set by this file itself or on the command line."""
    parents = {*scenario.ancestry, "default"}
    return [key for key, origin in scenario.sources.items() if origin.file not in parents]


def _values_before(scenario: Scenario) -> dict[str, Any]:
    """What the values were before the command line and this file set them."""
    files_only = scenario.parent() if scenario.settings else scenario
    inherited = files_only.parent()
    if inherited is not None:
        before = values_of(inherited)
    else:
        before = {key: field.default for key, field in _run_fields(scenario).items()}
    own = values_of(files_only)
    overridden = {key: own[key] for key in _own_keys(files_only)} if scenario.settings else {}
    set_now = {key for key, origin in scenario.sources.items() if origin not in set(files_only.sources.values())}
    return before | {key: value for key, value in overridden.items() if key in set_now}


def _run_fields(scenario: Scenario) -> dict[str, Any]:
    return {f"run.{key}": field for key, field in type(scenario.run).model_fields.items()}


def _rows(scenario: Scenario, facts: Any) -> list[ExplainRow]:
    values, before, own = values_of(scenario), _values_before(scenario), set(_own_keys(scenario))
    fields = _run_fields(scenario)
    notes: dict[str, str] = {}
    for name, table in _tables(scenario).items():
        fields |= {f"{name}.{key}": field for key, field in type(table).model_fields.items()}
        notes |= {f"{name}.{key}": getattr(table, "note", "") for key in type(table).model_fields}
    parameters = {f"parameters.{row.name}": row for row in facts.parameters}
    rows = []
    for key in [*(key for key in values if key.startswith("run.")), *parameters, *_rest(values)]:
        origin = scenario.sources.get(key, FROM_TABLE)
        row = parameters.get(key)
        inherited = before.get(key, row.value if row else None)
        value = values[key] if key in values else row.value
        unit, limits, source = _of_parameter(row) if row else (*_of_field(fields[key]), notes.get(key, ""))
        changed = key in own and value != inherited
        rows.append(ExplainRow(key, _shown(value), origin.file, origin.line, unit, limits, source, changed))
    return rows


def _rest(values: dict[str, Any]) -> list[str]:
    return [key for key in values if not key.startswith(("run.", "parameters."))]


def _of_parameter(row: Any) -> tuple[str, str, str]:
    return row.unit, range_text(row), row.source


def _of_field(field: Any) -> tuple[str, str]:
    """Unit and range of a field of the schema, wherever in its type they were written."""
    from sim.scenario.json_schema import described

    found = described(field)
    return found.get("unit", ""), found.get("range", "")


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
