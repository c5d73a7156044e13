"""The reference page names every key and kind, and its example loads."""

from pathlib import Path

import pytest

from sim.scenario.events import EVENT_KINDS
from sim.scenario.fields import DESIGN_KINDS as KINDS
from sim.scenario.file_schema import (
    CalibrationTable,
    DesignTable,
    Instrument,
    RunSettings,
    ScenarioFile,
    StateOverrides,
)

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGE, DESIGNS = ((REFERENCE / name).read_text(encoding="utf-8") for name in ("scenario.md", "design.md"))
TABLES = (ScenarioFile, RunSettings, CalibrationTable, StateOverrides, Instrument, *EVENT_KINDS.values())


@pytest.mark.parametrize("name", sorted({*EVENT_KINDS, *(name for table in TABLES for name in table.model_fields)}))
def test_it_is_explained(name):
    assert f"`{name}`" in PAGE


def test_defaults_are_those_of_the_schema():
    for name, field in RunSettings.model_fields.items():
        shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        assert f"| `{name}` | {shown} |" in PAGE


def test_the_example_of_designs_loads(folder):
    folder.write("example.toml", DESIGNS.split("```toml")[1].split("```")[0])
    assert len(folder.load("example.toml").design) == 4 * 2 * 3


@pytest.mark.parametrize("name", [*KINDS, *DesignTable.__metadata__[-1].json_schema["properties"]])
def test_designs_are_explained(name):
    assert f"`{name}`" in DESIGNS


def test_the_example_loads(folder):
    folder.write("example.toml", PAGE.split("```toml")[1].split("```")[0])
    scenario = folder.load("example.toml")
    assert scenario.run.members == 1000 and scenario.instruments[0].minimum == 3
