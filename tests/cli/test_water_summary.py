"""The block on rivers and borders at the end of a run: short, and the run's own figures."""

import io
import json

import pytest
from rich.console import Console

from sim.cli.summary import as_plain
from sim.cli.water_summary import print_water, water_of
from sim.runs import run_scenario
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_scenario(load_scenario("free-run", ["run.members=8"]), tmp_path_factory.mktemp("runs"), threads=1)


def test_figures_are_those_of_the_tables(run):
    found, members = water_of(run), run.columns()
    assert found["disputes_a_year"]["mean"] == pytest.approx(members["disputes_all"].mean())
    dry = run.yearly["deficit_year.UZB"].quantile(0.9)
    assert found["deficit"]["UZB"]["dry"] == pytest.approx(dry, rel=1e-5)
    events = run.events
    clashes = events[(events["kind"] == "clash") & (events["member"] >= 0)]
    assert found["clashes"]["mean"] == pytest.approx(len(clashes) / 8)
    settled = events[(events["kind"] == "settlement") & (events["member"] >= 0)]
    assert found["settlements"]["mean"] == pytest.approx(len(settled) / 8)


def test_the_block_is_short(run):
    text = io.StringIO()
    print_water(Console(file=text, width=80, highlight=False), run)
    lines = text.getvalue().splitlines()
    assert lines[0] == "Rivers and borders" and len(lines) <= 8
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("Deficit, driest year in ten: KAZ") for line in lines)


def test_the_block_is_in_the_plain_summary(run):
    assert set(json.loads(as_plain(run))["water"]) >= {"disputes_a_year", "deficit", "clashes", "settlements"}


def test_a_run_without_water_says_nothing(run, monkeypatch):
    members = {name: values for name, values in run.columns().items() if name != "disputes_all"}
    monkeypatch.setattr(run, "columns", lambda: members)
    assert water_of(run) == {}
