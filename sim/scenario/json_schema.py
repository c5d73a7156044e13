"""JSON Schema (draft 2020-12) of a scenario file, for editors: the models that read files, with all names filled in."""

from typing import Any

from sim.scenario.parameters import options, range_text
from sim.scenario.quantities import Names
from sim.scenario.tables import ScenarioFile

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
    about = {"description": row.meaning, "unit": row.unit, "range": range_text(row), "default": row.value}
    if row.unit == "choice":
        return {"enum": list(options(row)), **about}
    limits = {"minimum": row.lower, "maximum": row.upper}
    return {"type": "number", **{key: value for key, value in limits.items() if value is not None}, **about}
