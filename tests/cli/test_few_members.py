"""Runs of one, two and three members under every command that takes a run: words instead of nan, and no traceback."""

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.page.report import write_report
from sim.plots import write_plots
from sim.plots.pool import Pool
from sim.plots.write import PLOTS
from sim.runs import open_run, run_scenario
from sim.runs.read import Run
from sim.scenario import load_scenario

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
SCENARIOS = ("baseline", "regional-secretariat", "drought-decade")
FEW = (1, 2, 3)
COMPARE = ("compare", "regional-secretariat", "--against", "baseline")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A results folder by number of members, with three scenarios and a free run each."""
    place = tmp_path_factory.mktemp("few")
    for members in FEW:
        for name in (*SCENARIOS, "free-run"):
            run_scenario(load_scenario(name, [f"run.members={members}"]), place / str(members), threads=1)
    return place


def call(*arguments, status=0):
    """Output of a command of this process without line breaks; it must end well and say nothing of nan."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    said = done.stdout + done.stderr
    assert done.exit_code == status, said
    assert not re.search(r"\bnan\b|Traceback|should not happen|RuntimeWarning", said, re.IGNORECASE), said
    return " ".join(said.split())


@pytest.mark.parametrize("members", FEW)
@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_a_run_is_shown_in_every_way(folders, members, name):
    results = ("--results", folders / str(members))
    whole, brief = call("show", name, "--all", *results), call("show", name, "--brief", *results)
    number = {1: "One history", 2: "2 histories", 3: "3 histories"}[members]
    assert number in whole and number in brief and "1 histories" not in whole + brief
    if members == 1:
        assert "no interval" in whole and "no interval" in brief
        assert "one history has none" in whole  # variance shares
        assert not re.search(r"(\d[\d.]*) to \1 ", whole.replace(", ", " "))  # a value is no range
    else:
        assert "a range goes from their smallest to their largest value" in whole
        assert "Variance of its log in 2030: growth" in whole
    found = json.loads(CliRunner().invoke(app, ["show", name, "--json", *map(str, results)]).stdout)
    shares = found["trade"]["years"]["2030"]["variance"]
    assert all((value is None) == (members == 1) for value in shares.values())


def test_a_run_of_one_member_is_run_from_beginning_to_end(tmp_path):
    said = call("run", "kaz-uzb-10bn", "--members", "1", "--no-plots", "--out", tmp_path)
    assert "The goal is" in said and "One member, seed" in said
    assert "One history" in call("run", "kaz-uzb-10bn", "--members", "1", "--brief", "--no-plots", "--out", tmp_path)
    assert "baseline" in call("batch", "baseline", "--members", "1", "--out", tmp_path)
    call("batch", "baseline", "--members", "1", "--out", tmp_path, "--json")


@pytest.mark.parametrize("members", FEW)
def test_comparisons(folders, members, tmp_path):
    results = ("--results", folders / str(members), "--no-plots")
    said = call(*COMPARE, *results, "--precision", "0.01", "--csv", tmp_path / "x.csv", "--most", "50")
    if members == 1:
        assert "One pair: no interval" in said and "run both with more members" in said
    else:
        assert f"difference over {members} pairs of members" in said
    assert ("One pair of members has no variance" in call(*COMPARE, *results, "--pairing")) == (members == 1)
    effects = json.loads(CliRunner().invoke(app, [*COMPARE, *map(str, results), "--json"]).stdout)[0]["effects"]
    numbers = [each for each in effects if each["kind"] == "number"]
    assert numbers and all((each["low"] is None) == (members == 1) for each in numbers)
    many = ["regional-secretariat", "drought-decade"] * 4
    call("compare", *many, "--against", "baseline", *results)


def test_members_that_differ_are_paired_as_far_as_both_have_them(folders):
    ours = next((folders / "3").glob("regional-secretariat-*"))
    theirs = next((folders / "1").glob("baseline-*"))
    said = call("compare", ours, "--against", theirs, "--no-plots")
    assert "has 3 members and" in said and "One pair: no interval" in said
    refused = call("compare", ours, "--against", next((folders / "3").glob("free-run-*")), status=2)
    assert "cannot be paired" in refused


def test_a_run_against_itself_has_no_spread_and_says_so(folders):
    run = next((folders / "2").glob("baseline-*"))
    assert "same run: nothing can differ" in call("compare", run, "--against", run, "--no-plots")


@pytest.mark.parametrize("members", FEW)
def test_pages(folders, members, tmp_path):
    runs = [open_run(next((folders / str(members)).glob(f"{name}-*"))) for name in (*SCENARIOS, "free-run")]
    text = write_report(runs, tmp_path / "page.html").read_text("utf-8")
    assert "1 histories" not in text
    shown = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert not re.search(r"\bnan\b", shown, re.IGNORECASE)
    assert ("One history is simulated" in " ".join(shown.split())) == (members == 1)


@pytest.mark.parametrize("members", FEW)
def test_other_commands(folders, members, tmp_path):
    results = ("--results", folders / str(members))
    call("report", "baseline", "--out", tmp_path / "r.html", *results)
    call("export", "baseline", "--long", "--out", tmp_path / "csv", *results)
    call("history", "baseline", "--typical", *results)
    call("history", "baseline", "--like", "kaz_uzb_trade >= 1", *results)
    call("why", "baseline", "--clash", "KGZ-TJK", *results)
    call("why", "baseline", "--dispute", "UZB-KGZ", "--against", "drought-decade", *results)
    call("verify", *results)
    call("runs", *results)


@pytest.mark.parametrize("members", (1, 2))
@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_every_plot_is_drawn(folders, members, name):
    run = next((folders / str(members)).glob(f"{name}-*"))
    written = write_plots(run, Pool(alone=True), ("svg",))
    assert len([path for path in written if path.suffix == ".svg"]) >= len(PLOTS) - 4
    for path in written:
        text = " ".join(re.findall(r"<!-- (.*?) -->", path.read_text("utf-8"), re.DOTALL))
        assert not re.search(r"\bnan\b|1 histories|1 members", text), path.name
        if path.suffix == ".svg" and path.stem != "posterior-checks" and members == 1:
            assert "no interval" in text, path.name


@pytest.mark.parametrize("members", (1, 2))
def test_plots_of_comparisons(folders, members, tmp_path):
    results = ("--results", folders / str(members), "--format", "svg", "--out", tmp_path)
    said = call("compare", "regional-secretariat", "drought-decade", "--against", "baseline", *results)
    assert "could not be drawn" not in said and list(tmp_path.glob("over-time-*.svg"))


@pytest.mark.parametrize("gone", ["trade", "integration_gain", "deficit", "trust", "index", "disputes"])
def test_series_without_any_number(folders, monkeypatch, gone):
    columns = Run.columns

    def without(self, *arguments):
        found = columns(self, *arguments)
        return {
            name: np.full_like(values, np.nan, dtype=float) if name.startswith(gone) else values
            for name, values in found.items()
        }

    monkeypatch.setattr(Run, "columns", without)
    for members in (1, 3):
        call("show", "baseline", "--results", folders / str(members))
        call(*COMPARE, "--no-plots", "--results", folders / str(members))
        write_report([open_run(next((folders / str(members)).glob("baseline-*")))], folders / "gone.html")
