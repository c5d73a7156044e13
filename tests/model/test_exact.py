"""A small run, digit for digit: no number changes unnoticed (see `refresh_exact.py`)."""

import json
import math

import pytest

from tests.model.refresh_exact import FILE, numbers


@pytest.fixture(scope="module")
def found():
    return numbers()


@pytest.mark.parametrize("scenario", ["baseline", "free-run"])
def test_numbers_are_the_recorded_ones(found, scenario):
    expected = json.loads(FILE.read_text())[scenario]
    assert found[scenario]["events"] == expected["events"]
    assert found[scenario]["yearly"].keys() == expected["yearly"].keys()
    for name, values in expected["yearly"].items():
        # the last digits of exp and log belong to the machine's mathematical library
        for year, numbers_of_year in values.items():
            expected_of_year = [math.nan if number is None else number for number in numbers_of_year]
            ours = [math.nan if number is None else number for number in found[scenario]["yearly"][name][year]]
            assert ours == pytest.approx(expected_of_year, rel=1e-12, abs=1e-12, nan_ok=True), name
