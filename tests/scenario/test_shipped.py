"""The scenarios that ship, against the documented world itself."""

import re
import subprocess
import sys

import pytest

from sim.facts import ISSUES as ISSUES_OF_THE_FACTS
from sim.facts import load_facts
from sim.scenario import explain, list_scenarios, load_scenario, same_as_parent, schema
from sim.scenario.file_schema import ISSUES
from sim.scenario.load import shipped

EXPECTED = {
    "c5plus-collapses",
    "common-market",
    "greater-central-asia",
    "kaz-uzb-10bn",
    "northern-route-sanctions",
    "trans-caspian-corridor",
    "turbulence-1996",
    "turbulence-2022",
    "us-bilateral-focus",
    "us-c5plus-focus",
    "xian-tashkent-corridor",
    "baseline",
    "concentric-circles",
    "core-axis-frozen",
    "from-2012",
    "free-run",
    "from-2016",
    "great-power-squeeze",
    "leadership-reversal-uzb",
    "no-2016-turn",
    "regional-secretariat",
    "unanimity",
}


def test_all_are_there():
    assert EXPECTED <= set(shipped())
    assert next(iter(shipped())) == "baseline"


@pytest.mark.parametrize("name", shipped())
def test_it_loads_says_why_and_repeats_nothing(name):
    scenario = load_scenario(name)
    assert scenario.title and 200 < len(scenario.description) < 1500
    assert same_as_parent(scenario) == []
    assert all(row.unit or row.key.endswith(".kind") for row in explain(scenario))
    if "/" not in name:  # a region of its own has a folder, and starts from no scenario of ours
        assert name == "baseline" or scenario.ancestry[-1].endswith("baseline.toml")


def test_twins_differ_in_one_value():
    factual, counterfactual = load_scenario("from-2016").resolved(), load_scenario("no-2016-turn").resolved()
    assert factual["run"] == counterfactual["run"]
    assert factual["events"][0].pop("openness") == "drawn"
    assert counterfactual["events"][0].pop("openness") == "as-before"
    assert factual == counterfactual


def test_listing():
    infos = {info.name: info for info in list_scenarios()}
    assert EXPECTED <= set(infos)
    for info in infos.values():
        assert info.title and info.line.endswith(".") and info.path.is_file()
        assert not re.search(r"\s{2,}|\n", info.line)


def test_issues_are_those_of_the_facts():
    assert tuple(ISSUES) == tuple(ISSUES_OF_THE_FACTS)


def test_schema_of_the_documented_world():
    made = schema()
    for row in load_facts().parameters:
        assert row.name in made["properties"]["parameters"]["properties"]


def test_importing_is_light():
    heavy = {"numba", "mesa", "pandas", "matplotlib", "numpy", "pydantic"}
    code = f"import sys, sim.scenario; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_loading_needs_no_engine():
    code = (
        "import sys; from sim.scenario import load_scenario; load_scenario('baseline'); "
        "print(sorted({'numba','mesa','pandas','matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
