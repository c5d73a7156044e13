"""The first minutes: a skeleton that is itself in order, a look at the machine."""

import pytest
from typer.testing import CliRunner

from sim.cli import machine
from sim.cli.app import app
from sim.scenario import load_scenario

call = CliRunner().invoke


def test_a_skeleton_is_a_scenario_and_so_is_each_of_its_blocks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call(app, ["new", "mine", "--title", 'Quotes " and [brackets]']).exit_code == 0
    text = (tmp_path / "mine.toml").read_text()
    plain = load_scenario("mine.toml")
    assert plain.title == 'Quotes " and [brackets]' and not plain.events
    whole = "\n".join(
        line.removeprefix("# ") if "=" in line or line.startswith("# [") else line for line in text.splitlines()[5:]
    )
    (tmp_path / "whole.toml").write_text(whole)
    loaded = load_scenario("whole.toml")
    assert [each.id for each in loaded.instruments] == ["secretariat"]
    assert loaded.events[0].state == "UZB" and loaded.states["UZB"].openness == 0.4


def test_a_skeleton_overwrites_nothing(tmp_path):
    (tmp_path / "mine.toml").write_text("mine")
    result = call(app, ["new", str(tmp_path / "mine.toml")])
    assert result.exit_code == 2 and (tmp_path / "mine.toml").read_text() == "mine"


def test_an_unknown_parent_is_named_with_the_nearest(tmp_path):
    result = call(app, ["new", str(tmp_path / "mine.toml"), "--extends", "baselin"])
    assert result.exit_code == 2 and "Did you mean baseline?" in result.output
    assert not (tmp_path / "mine.toml").exists()


def test_the_doctor_finds_this_machine_fit():
    result = call(app, ["doctor"])
    assert result.exit_code == 0, result.output
    assert "compiled model" in result.output


@pytest.mark.parametrize(("grade", "status"), [("bad", 1), ("note", 0)])
def test_only_what_keeps_casim_from_running_is_a_failure(grade, status, monkeypatch):
    monkeypatch.setattr(machine, "_CHECKS", {"thing": lambda: (grade, "said")})
    assert call(app, ["doctor"]).exit_code == status


def test_a_check_that_fails_is_a_finding(monkeypatch):
    monkeypatch.setattr(machine, "_CHECKS", {"thing": lambda: 1 / 0})
    assert machine.examine()[0].grade == "note" and "ZeroDivisionError" in machine.examine()[0].said


def test_the_name_alone_says_what_to_type_first():
    result = call(app, [])
    assert result.exit_code == 0 and "First       casim tour" in result.output
    commands = {name for name in app_commands() if f"casim {name}" in result.output}
    assert {"tour", "run", "new", "explain", "compare", "report", "list", "doctor"} <= commands
    assert max(map(len, result.output.splitlines())) <= 80


def app_commands() -> list[str]:
    from typer.main import get_command

    return list(get_command(app).commands)


def test_the_tour_runs_compares_and_says_where_the_page_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call(app, ["tour", "--members", "4", "--no-open"])
    assert result.exit_code == 0, result.output
    page = tmp_path / "casim-tour" / "tour.html"
    assert str(page) in result.output.replace("\n", "") and page.read_text("utf-8").count("leadership-reversal-uzb")
    assert "leadership-reversal-uzb against baseline" in result.output and "paired" not in result.stderr
    again = call(app, ["tour", "--members", "4", "--no-open"])
    assert again.exit_code == 0 and "simulating" not in again.stderr


def test_a_browser_that_is_not_there_is_said(tmp_path, monkeypatch):
    import webbrowser

    from sim.cli import touring

    said = []
    monkeypatch.setattr(touring, "complain", said.append)
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    touring._open(tmp_path / "tour.html")
    assert said == ["note: no browser was found; open the page by hand"]


def test_the_version_names_what_makes_the_numbers():
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION
    from sim.runs.manifest import content_key

    result = call(app, ["--version"])
    lines = [line.split() for line in result.output.splitlines()]
    said = {line[0]: line[1] for line in lines}
    assert result.exit_code == 0 and said["model"] == MODEL_VERSION and said["record"] == load_facts().digest
    loaded = load_scenario("baseline")
    assert said["calibration"] == loaded.calibration.digest and said["casim"]
    assert content_key(loaded.resolved(), said["record"], said["model"])


@pytest.mark.parametrize("name", ["mine.tml", "mine.TOML", "mine.txt", "mine.v2"])
def test_another_ending_is_answered_with_the_right_one(tmp_path, name):
    result = call(app, ["new", str(tmp_path / name)])
    assert result.exit_code == 2 and f"Did you mean {tmp_path / 'mine.toml'}?" in result.output.replace("\n", "")
    assert not list(tmp_path.iterdir())
