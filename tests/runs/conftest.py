"""A tiny ensemble of the real engine, and a way to say that two runs are equal."""

import pytest

from sim.runs import run_scenario
from sim.scenario import load_scenario

MEMBERS = 12


@pytest.fixture(scope="session")
def tiny():
    """The baseline with a dozen members."""
    return load_scenario("baseline", [f"run.members={MEMBERS}"])


@pytest.fixture(scope="session")
def reference(tiny, tmp_path_factory):
    """A run of it, undisturbed."""
    return run_scenario(tiny, tmp_path_factory.mktemp("reference"), threads=1, part_size=MEMBERS)


@pytest.fixture(scope="session")
def assert_equal_runs():
    """Every table of two runs holds the same bits."""

    def check(one, other):
        assert one.key == other.key
        assert one.manifest["numbers_digest"] == other.manifest["numbers_digest"]
        for name in ("members", "yearly", "monthly", "events"):
            mine, theirs = ((run.path / f"{name}.parquet").read_bytes() for run in (one, other))
            assert mine == theirs, f"{name} differs"

    return check
