"""Scenario files: what an analyst writes, read strictly and explained value by value.

Names are imported when first used, so that a command that needs no scenario does not wait for the schema.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.errors import Origin, Problem, ScenarioError
    from sim.scenario.design import Design, Point, design_points
    from sim.scenario.explaining import ExplainRow, explain, same_as_parent
    from sim.scenario.file_schema import Instrument, RunSettings, StateOverrides, schema
    from sim.scenario.load import ScenarioInfo, list_scenarios, load_scenario
    from sim.scenario.model import Scenario

_HOME = {
    "Design": "sim.scenario.design",
    "ExplainRow": "sim.scenario.explaining",
    "Instrument": "sim.scenario.file_schema",
    "Origin": "sim.errors",
    "Point": "sim.scenario.design",
    "Problem": "sim.errors",
    "RunSettings": "sim.scenario.file_schema",
    "Scenario": "sim.scenario.model",
    "ScenarioError": "sim.errors",
    "ScenarioInfo": "sim.scenario.load",
    "StateOverrides": "sim.scenario.file_schema",
    "design_points": "sim.scenario.design",
    "explain": "sim.scenario.explaining",
    "list_scenarios": "sim.scenario.load",
    "load_scenario": "sim.scenario.load",
    "same_as_parent": "sim.scenario.explaining",
    "schema": "sim.scenario.file_schema",
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
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
