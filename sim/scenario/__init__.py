"""Scenario files: what an analyst writes, read strictly and explained value by value.

Names are imported when first used, so that a command that needs no scenario does not wait for the schema.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.explaining import ExplainRow, explain, same_as_parent
    from sim.scenario.json_schema import schema
    from sim.scenario.library import ScenarioInfo, list_scenarios
    from sim.scenario.load import load_scenario
    from sim.scenario.model import Scenario
    from sim.scenario.problems import Origin, Problem, ScenarioError
    from sim.scenario.tables import Instrument, RunSettings, StateOverrides

_HOME = {
    "ExplainRow": "explaining",
    "Instrument": "tables",
    "Origin": "problems",
    "Problem": "problems",
    "RunSettings": "tables",
    "Scenario": "model",
    "ScenarioError": "problems",
    "ScenarioInfo": "library",
    "StateOverrides": "tables",
    "explain": "explaining",
    "list_scenarios": "library",
    "load_scenario": "load",
    "same_as_parent": "explaining",
    "schema": "json_schema",
}

__all__ = [
    "ExplainRow",
    "Instrument",
    "Origin",
    "Problem",
    "RunSettings",
    "Scenario",
    "ScenarioError",
    "ScenarioInfo",
    "StateOverrides",
    "explain",
    "list_scenarios",
    "load_scenario",
    "same_as_parent",
    "schema",
]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
