"""A small run that kept its terms and one that did not: the same histories."""

import pytest

from sim.runs import run_scenario
from sim.scenario import load_scenario

MEMBERS = 10


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    scenario = load_scenario("baseline", [f"run.members={MEMBERS}"])
    return run_scenario(scenario, tmp_path_factory.mktemp("kept"), keep_terms=True)


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    scenario = load_scenario("baseline", [f"run.members={MEMBERS}"])
    return run_scenario(scenario, tmp_path_factory.mktemp("bare"))
