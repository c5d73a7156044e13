"""Scenario files: what an analyst writes, read strictly and explained value by value.

Names are imported when first used, so that a command that needs no scenario does not wait for the schema.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.errors import Origin, Problem, ScenarioError
    from sim.scenario.design import Design, Point
    from sim.scenario.explaining import ExplainRow, explain, same_as_parent
    from sim.scenario.json_schema import schema
    from sim.scenario.library import ScenarioInfo, list_scenarios
    from sim.scenario.load import load_scenario
    from sim.scenario.model import Scenario
    from sim.scenario.tables import Instrument, RunSettings, StateOverrides
    from sim.scenario.variants import design_points

_HOME = {
    "Design": "design",
    "ExplainRow": "explaining",
    "Instrument": "tables",
    "Origin": "sim.errors",
    "Point": "design",
    "Problem": "sim.errors",
    "RunSettings": "tables",
    "Scenario": "model",
    "ScenarioError": "sim.errors",
    "ScenarioInfo": "library",
    "StateOverrides": "tables",
    "design_points": "variants",
    "explain": "explaining",
    "list_scenarios": "library",
    "load_scenario": "load",
    "same_as_parent": "explaining",
    "schema": "json_schema",
}

__all__ = [
    "Design",
    "ExplainRow",
    "Instrument",
    "Origin",
    "Point",
    "Problem",
    "RunSettings",
    "Scenario",
    "ScenarioError",
    "ScenarioInfo",
    "StateOverrides",
    "design_points",
    "explain",
    "list_scenarios",
    "load_scenario",
    "same_as_parent",
    "schema",
]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOME[name]
    return getattr(import_module(home if "." in home else f"{__name__}.{home}"), name)
