"""The JSON Schema agrees with the loader on files that ship, and on broken ones."""

import datetime
import tomllib
from pathlib import Path

import jsonschema
import pytest

from sim.scenario import schema
from sim.scenario.load import shipped

from . import stand_in

BROKEN = Path(__file__).parents[1] / "broken" / "scenario"
# What a schema cannot say: how values, files and ids go together, and limits of dates.
BEYOND_A_SCHEMA = {
    "branch-after-end",
    "branch-before-start",
    "calibration-missing",
    "calibration-unknown",
    "control-characters",
    "design-csv-empty",
    "design-csv-missing",
    "design-csv-outside",
    "design-csv-values",
    "design-csv-wrong",
    "design-key-twice",
    "design-lengths",
    "design-limit-beyond-floats",
    "design-same-for-all",
    "design-no-such-entry",
    "design-not-a-power-of-two",
    "design-of-events",
    "design-out-of-range",
    "design-same-point-twice",
    "design-span",
    "design-strange-words",
    "design-too-large",
    "design-varies-nothing",
    "drop-unknown",
    "end-before-start",
    "event-after-end",
    "event-before-branch",
    "inherited-event-after-end",
    "branch-after-record",
    "rivers-content",
    "rivers-device",
    "rivers-long-name",
    "rivers-name",
    "rivers-unit",
    "same-event-twice",
    "instrument-of-the-record",
    "no-seat-in-format",
    "parameter-twice",
    "rivers-canal",
    "rivers-nowhere",
    "same-id-twice",
    "supposed-accord-unknown",
    "supposed-no-party",
    "supposed-refusal-twice",
    "supposed-signed-before",
    "supposed-union-and-accord",
    "two-new-leaders",
    "union",
    "until-before-date",
    "year-out-of-reach",
}


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.fixture(scope="module")
def validator():
    made = schema(stand_in.facts())
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


@pytest.fixture(scope="module")
def shipped_validator():
    return jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("name", shipped())
def test_scenarios_that_ship(shipped_validator, name):
    shipped_validator.validate(as_json(tomllib.loads(shipped()[name].read_text(encoding="utf-8"))))


def broken():
    for path in sorted(BROKEN.glob("*.toml")):
        chained = path.stem.startswith(
            ("parent", "missing-parent", "circle", "own-parent", "absolute", "wrong-in-parent")
        )
        if path.stem not in BEYOND_A_SCHEMA and (not chained or path.stem in ("parent-no-text", "parameters-no-table")):
            try:
                yield pytest.param(as_json(tomllib.loads(path.read_text(encoding="utf-8"))), id=path.stem)
            except (ValueError, RecursionError):
                continue


@pytest.mark.parametrize("content", list(broken()))
def test_broken_files(validator, content):
    assert not validator.is_valid(content)


def test_names_ranges_and_units(validator):
    made = validator.schema
    assert made["properties"]["parameters"]["properties"]["trust"]["properties"]["decay"]["maximum"] == 0.03
    assert made["properties"]["parameters"]["properties"]["treaties.rule"]["enum"] == [
        "documented",
        "unanimity",
        "opt-in",
    ]
    assert made["$defs"]["RunSettings"]["properties"]["members"]["unit"] == "histories"
    assert made["$defs"]["Freeze"]["required"][0] == "kind"


def test_every_field_is_described(validator):
    for table in [validator.schema, *validator.schema["$defs"].values()]:
        for name, field in table["properties"].items():
            assert field.get("description"), name


def test_every_value_has_a_unit():
    from sim.scenario.events import EVENT_KINDS
    from sim.scenario.file_schema import Instrument, RunSettings, StateOverrides

    for table in (RunSettings, StateOverrides, Instrument, *EVENT_KINDS.values()):
        for name, field in table.model_json_schema()["properties"].items():
            if name != "kind":
                assert any("unit" in option for option in [field, *field.get("anyOf", [])]), (table.__name__, name)
