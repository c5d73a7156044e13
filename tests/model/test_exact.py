"""A small run, digit for digit: no number changes unnoticed, and none under an unchanged version of the model."""

import copy
import json
import math

import pytest

from sim.model import MODEL_VERSION
from tests.model.refresh_exact import FILE, digest, numbers, refresh

EXPECTED = json.loads(FILE.read_text())


@pytest.fixture(scope="module")
def found():
    return numbers()


@pytest.mark.parametrize("scenario", ["baseline", "free-run"])
def test_numbers_are_the_recorded_ones(found, scenario):
    expected = EXPECTED[scenario]
    assert found[scenario]["events"] == expected["events"]
    assert found[scenario]["yearly"].keys() == expected["yearly"].keys()
    for name, values in expected["yearly"].items():
        # the last digits of exp and log belong to the machine's mathematical library
        for year, numbers_of_year in values.items():
            expected_of_year = [math.nan if number is None else number for number in numbers_of_year]
            ours = [math.nan if number is None else number for number in found[scenario]["yearly"][name][year]]
            assert ours == pytest.approx(expected_of_year, rel=1e-12, abs=1e-12, nan_ok=True), name


def test_the_recorded_numbers_are_those_of_this_version():
    assert EXPECTED["versions"][MODEL_VERSION] == digest(EXPECTED)


def test_numbers_that_move_demand_another_version(tmp_path):
    file = tmp_path / "exact.json"
    file.write_text(FILE.read_text())
    moved = copy.deepcopy(EXPECTED)
    moved["baseline"]["yearly"]["trust_mean"]["2040"][0] += 1e-6
    assert "raise sim.model.MODEL_VERSION" in refresh(moved, MODEL_VERSION, file)
    assert file.read_text() == FILE.read_text()
    assert refresh(moved, f"{MODEL_VERSION}-next", file) is None
    assert json.loads(file.read_text())["versions"][f"{MODEL_VERSION}-next"] == digest(moved)
