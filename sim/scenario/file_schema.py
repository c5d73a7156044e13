"""What a scenario file may say: its tables, their fields, units and limits; and the same as JSON Schema for editors."""

import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from sim.errors import suggestion
from sim.facts.load import RECORD_ENDS
from sim.facts.order import ISSUES
from sim.facts.record import BASES
from sim.scenario.events import ScenarioEvent
from sim.scenario.fields import (
    DESIGN_KINDS,
    MOST_POINTS,
    SAMPLED,
    Date,
    Format,
    Identifier,
    Names,
    Parties,
    Share,
    State,
    Switch,
    Table,
    choice,
    explained_shape,
    number,
    problem,
    text,
    whole,
)

_ROUNDING = 1e-6


class RunSettings(Table):
    """[run]: the span, the size and the random numbers of the ensemble."""

    start: Date = Field(datetime.date(1992, 1, 1), description="First month of the run.")
    branch: Date = Field(
        RECORD_ENDS + datetime.timedelta(days=1),
        description="First simulated month: before it the documented record is replayed, from it on events are drawn.",
    )
    end: Date = Field(datetime.date(2040, 12, 31), description="Last month of the run.")
    members: whole(1, 10_000_000, "histories") = Field(500, description="Number of histories in the ensemble.")
    seed: whole(0, 2**63 - 1, "seed") = Field(
        2026, description="Scenarios with the same seed share their random numbers, member by member."
    )
    parameter_uncertainty: Switch = Field(
        True, description="Whether uncertain parameters differ from member to member or stay at their central value."
    )
    keep_terms: Switch = Field(False, description="Whether the named terms of every decision are kept with the run.")


class CalibrationTable(Table):
    """[calibration]: joint draws of the fitted parameters, in place of independent ones."""

    use: text(1000) = Field(
        "none", description="A calibration that ships, a path that ends in .json, or none: independent draws."
    )


class StateOverrides(Table):
    """[states.X]: what the analyst supposes of one state instead of drawing it."""

    openness: number(-5, 5, "log-odds") | None = Field(
        None, description="Openness of the state to agreements, in place of its draw."
    )
    scepticism: number(0, 10, "log-odds") | None = Field(
        None, description="Subtracted from what every instrument is worth to the state."
    )
    leader_turnover: number(0, 2, "per year") | None = Field(
        None, description="Rate at which the state's leader changes after the branch."
    )
    blocker: number(-5, 5, "log-odds") | None = Field(
        None, description="How much an unsettled border keeps the state from signing, in place of its draw."
    )
    bars: choice("documented", "none") = Field(
        "documented", description="Whether what the state's laws and policies keep it from joining stays barred to it."
    )


def _shares_of_one(shares: dict[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    if abs(total - 1) > _ROUNDING:
        raise problem(f"must add up to 1, not {total:.6g}")
    return {issue: shares[issue] for issue in ISSUES if issue in shares}


def _issue(name: str) -> str:
    if name not in ISSUES:
        raise problem("is not an issue." + suggestion(name, ISSUES))
    return name


Issues = Annotated[
    dict[Annotated[str, AfterValidator(_issue)], Share],
    AfterValidator(_shares_of_one),
    explained_shape("a table of issues and their shares, such as { water = 0.7, energy = 0.3 }"),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {issue: {"type": "number", "minimum": 0, "maximum": 1, "unit": "share"} for issue in ISSUES},
            "additionalProperties": False,
            "minProperties": 1,
            "unit": "shares that add up to 1",
        }
    ),
]


class Instrument(Table):
    """[[instruments]]: a treaty that the analyst wants to table."""

    id: Identifier = Field(description="Name of the instrument; no documented accord may have it.")
    title: text(200) = Field("", description="Title for tables and plots.")
    parties: Parties = Field(description="States that may sign.")
    opens: Date = Field(description="Month from which it is on the table.")
    rule: choice("unanimity", "opt-in") = Field(
        description="Adopted only if all would sign (unanimity), or each for itself (opt-in)."
    )
    minimum: whole(2, 50, "signatures") | None = Field(
        None, description="Number of parties whose ratification brings it into force; all parties when left out."
    )
    depth: number(0.2, 1, "share of full commitment") = Field(description="How much it asks of its parties.")
    format: Format | None = Field(
        None, description="Summit format at which it is tabled; the first regional one where left out."
    )
    institution_weight: Share = Field(0.0, description="What it adds to regional institutions when implemented.")
    issues: Issues = Field(description="Shares of the issues it deals with.")
    free_trade: Share = Field(
        0.0, description="Free-trade content among the parties once in force; 1 is a full free-trade area."
    )
    note: text(2000) = Field("", description="Why, and on what source; for readers only.")

    @field_validator("id")
    @classmethod
    def _not_documented(cls, id_: str, info: ValidationInfo) -> str:
        if id_ in getattr(info.context, "accords", ()):
            raise problem("is the name of a documented accord; choose another")
        return id_

    @field_validator("minimum")
    @classmethod
    def _no_more_than_parties(cls, minimum: int | None, info: ValidationInfo) -> int | None:
        parties = info.data.get("parties")
        if minimum is not None and parties is not None and minimum > len(parties):
            raise problem(f"must be no more than the number of parties ({len(parties)})")
        return minimum

    @field_validator("format")
    @classmethod
    def _parties_sit_in_format(cls, format_: str, info: ValidationInfo) -> str:
        members = dict(getattr(info.context, "format_parties", ())).get(format_)
        outside = [party for party in info.data.get("parties") or () if members and party not in members]
        if outside:
            raise problem(f"is a format in which {', '.join(outside)} has no seat.  Seats: {', '.join(members)}")
        return format_


_SPREAD = {
    "description": "Values to take, or the limits between which they lie.",
    "oneOf": [
        {"type": "array", "minItems": 1, "items": {"type": ["number", "string", "boolean"]}},
        {
            "type": "object",
            "properties": {
                "lower": {"type": "number", "description": "Lower limit; that of the table of parameters if left out."},
                "upper": {"type": "number", "description": "Upper limit; that of the table of parameters if left out."},
                "steps": {"type": "integer", "minimum": 2, "maximum": MOST_POINTS, "description": "Values of a grid."},
                "within": {"enum": ["limits", "prior"], "description": "Which range of the table to take."},
            },
            "additionalProperties": False,
        },
    ],
}
_NESTED = {"type": "object", "additionalProperties": {"anyOf": [_SPREAD, {"type": "object"}]}}
_KEYS = r"^(parameters|states|events|instruments|run)(\.|$)|\."
DesignTable = Annotated[
    dict[str, Any],
    explained_shape("a table"),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "kind": {"enum": list(DESIGN_KINDS), "description": "How points are made of the keys."},
                "points": {"type": "integer", "minimum": 2, "maximum": MOST_POINTS, "description": "Points to draw."},
                "seed": {"type": "integer", "minimum": 0, "default": 1, "description": "Seed of drawn points."},
                "file": {"type": "string", "description": "CSV file of points beside this file."},
            },
            "patternProperties": {_KEYS: {"anyOf": [_SPREAD, _NESTED]}},
            "required": ["kind"],
            "additionalProperties": False,
            "allOf": [
                {"if": {"properties": {"kind": {"const": kind}}}, "then": {"required": [needed]}}
                for kind, needed in (*((kind, "points") for kind in SAMPLED), ("csv", "file"))
            ],
        }
    ),
]


class RecordAdditions(Table):
    """[record]: the analyst's own tables, which carry ours on, correct them, or withdraw rows of them."""

    folder: text(1000) | None = Field(
        None, description="Folder beside this file with tables such as events.csv, whose rows replace or follow ours."
    )
    base: choice(*BASES) = Field(
        "ours",
        description="What the tables are laid over: ours, or none where they are a region of its own, of which only "
        "the parameters of the model and the weights of events are ours.",
    )
    later: choice("unknown", "known") = Field(
        "unknown",
        description="Whether texts, meetings with outside powers, shocks and figures that the record dates after "
        "the branch are known to the run.",
    )


class RiverAdditions(Table):
    """[rivers]: the analyst's own nodes and numbers."""

    folder: text(1000) = Field(
        description="Folder beside this file with tables such as river_nodes.csv, whose rows replace or follow ours."
    )


class ScenarioFile(Table):
    """A scenario file: what differs from the scenario it extends, or from the defaults."""

    extends: text(1000) | None = Field(
        None, description="Scenario that this one starts from: a name, or a relative path that ends in .toml."
    )
    title: text(200) | None = Field(None, description="Title for tables and plots.")
    description: text(10_000) | None = Field(None, description="What is supposed, and why it matters.")
    run: RunSettings = Field(default_factory=RunSettings, description="Span, size and seed of the ensemble.")
    calibration: CalibrationTable = Field(
        default_factory=CalibrationTable, description="Joint draws of the fitted parameters."
    )
    parameters: dict[str, Any] = Field({}, description="Parameters of the model by their name in the table.")
    record: RecordAdditions = Field(
        default_factory=RecordAdditions, description="The record carried on or coded differently."
    )
    rivers: RiverAdditions | None = Field(None, description="Additions to the river network.")
    states: dict[State, StateOverrides] = Field({}, description="Suppositions about single states.")
    events: list[ScenarioEvent] = Field([], description="Dated changes to the world.")
    instruments: list[Instrument] = Field([], description="Treaties to be tabled.")
    drop_events: list[Identifier] = Field([], description="Inherited events, by id, that do not happen.")
    drop_instruments: list[Identifier] = Field([], description="Inherited instruments, by id, that are not tabled.")
    design: DesignTable = Field({}, description="Values that are varied: one file, many runs.  Not inherited.")


DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(facts: Any = None) -> dict[str, Any]:
    """The schema of a scenario file, in which dates stand as text.  Only tables of the facts are needed."""
    if facts is None:
        from sim.facts import load_facts

        facts = load_facts()
    made = ScenarioFile.model_json_schema()
    made = _with_names(made, Names.of(facts))
    made["properties"]["parameters"] = _parameters(facts)
    made["properties"]["states"]["propertyNames"] = {"enum": [state.id for state in facts.states]}
    for name, event in made["$defs"].items():
        if "kind" in event.get("properties", {}):
            event["required"] = ["kind", *event.get("required", [])]
            made["$defs"][name] = event
    return {"$schema": DIALECT, "title": "casim scenario", **{k: v for k, v in made.items() if k != "title"}}


def _with_names(node: Any, names: Names) -> Any:
    """Where the models only say which group of names is meant, list the names."""
    if isinstance(node, list):
        return [_with_names(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    filled = {key: _with_names(value, names) for key, value in node.items()}
    group = filled.pop("names", None) if isinstance(filled.get("names"), str) else None
    return {**filled, "enum": list(getattr(names, group))} if group else filled


def _parameters(facts: Any) -> dict[str, Any]:
    """Parameters nested by the dots of their names, and under their whole name in quotes."""
    top = _group("Parameters of the model by their name in the table.")
    for row in facts.parameters:
        group = top
        *groups, last = row.name.split(".")
        for name in groups:
            group = group["properties"].setdefault(name, _group(f"Parameters of {name}."))
        group["properties"][last] = top["properties"][row.name] = _parameter(row)
    return top


def _group(description: str) -> dict[str, Any]:
    return {"type": "object", "description": description, "properties": {}, "additionalProperties": False}


def _parameter(row: Any) -> dict[str, Any]:
    about = {"description": row.meaning, "unit": row.unit, "range": row.range_text, "default": row.value}
    if row.unit == "choice":
        return {"enum": list(row.choices), **about}
    limits = {"minimum": row.lower, "maximum": row.upper}
    return {"type": "number", **{key: value for key, value in limits.items() if value is not None}, **about}
