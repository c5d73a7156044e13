"""Finished runs shown again, exported, listed, labelled and cleared; any terminal and any encoding will do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.comparison.export import stata_names
from sim.runs import run_scenario
from sim.scenario import load_scenario
from tests.comparison.runs_by_hand import BASE, INDEX, write_run

COMMAND = [sys.executable, "-c", "from sim.cli import main; main()"]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A folder of one run of the real engine."""
    place = tmp_path_factory.mktemp("place") / "results"
    run_scenario(load_scenario("baseline", ["run.members=6"]), place, threads=1)
    return place


def casim(*arguments, cwd, **environment):
    surroundings = {**os.environ, **environment}
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, cwd=cwd, env=surroundings, check=False)


def test_shown_again_without_the_engine(results):
    done = casim("show", "baseline", "--brief", cwd=results.parent)
    text = done.stdout.decode()
    assert done.returncode == 0 and text.count("plots: ") == 4 and "no interval" in " ".join(text.split())
    assert not (next(results.iterdir()) / "plots").exists()
    script = "import sys; from sim.cli.app import app; app(['show', 'baseline'], standalone_mode=False); " + (
        "print('numba' in sys.modules, 'matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=results.parent)
    assert done.stdout.splitlines()[-1] == "False False", done.stderr


def test_the_summary_is_the_one_that_the_run_printed(results, tmp_path):
    arguments = ["--members", "6", "--no-plots", "--threads", "1"]
    shown = casim("show", "baseline", cwd=results.parent).stdout
    assert casim("run", "baseline", *arguments, cwd=results.parent).stdout == shown


RUN = ("run", "baseline", "--members", "6", "--no-plots", "--threads", "1")


def test_a_finished_run_is_shown_as_it_was_without_reading_its_tables(results):
    first = casim(*RUN, cwd=results.parent).stdout.decode()
    heavy = "[name for name in ('pyarrow', 'pandas', 'numba', 'matplotlib', 'rich') if name in sys.modules]"
    script = f"import sys; from sim.cli.app import app; app({[*RUN]}, standalone_mode=False); print({heavy})"
    again = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=results.parent)
    assert again.stdout == f"{first}[]\n", again.stderr


@pytest.mark.parametrize("kept", ['{"mark": "of another program", "text": "old"}', "{}", "no JSON"])
def test_a_summary_of_another_program_is_made_again(results, kept):
    first = casim(*RUN, cwd=results.parent).stdout
    (answer,) = results.glob("*/.answer.json")
    answer.write_text(kept)
    assert casim(*RUN, cwd=results.parent).stdout == first and first.decode() == json.loads(answer.read_text())["text"]


def test_another_title_is_shown_at_once(tmp_path):
    for title in ("First", "Second"):
        (tmp_path / "mine.toml").write_text(f'extends = "baseline"\ntitle = "{title}"\n')
        assert casim("run", "mine.toml", *RUN[2:], cwd=tmp_path).stdout.decode().startswith(title)


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "cp866", "utf-8"])
def test_any_encoding_will_do(results, encoding):
    done = casim("show", "baseline", cwd=results.parent, PYTHONIOENCODING=encoding)
    assert done.returncode == 0 and b"Traceback" not in done.stderr
    text = done.stdout.decode(encoding)
    assert "Treaties not yet signed" in text and "Kazakhstan" in text and "%" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "basline"), "Did you mean baseline?"),
        (("show", "baseline", "--format", "jpeg"), "Known: png, svg, pdf."),
        (("show", "baseline", "--size", "slides"), "Did you mean slide?"),
        (("export", "baseline", "--to", "xls"), "Did you mean xlsx?"),
        (("runs", "label", "nowhere", "x"), "no run folder"),
        (("runs", "clear", "nowhere"), "no run folder"),
    ],
)
def test_bad_input_ends_with_a_message_and_2(results, monkeypatch, arguments, message):
    monkeypatch.chdir(results.parent)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2 and message in " ".join(done.output.replace("│", " ").split())


def test_plots_of_a_slide_in_pdf(results, monkeypatch):
    monkeypatch.chdir(results.parent)
    done = CliRunner().invoke(app, ["show", "baseline", "--plots", "--format", "pdf", "--size", "slide"])
    folder = next(results.iterdir()) / "plots"
    assert done.exit_code == 0 and {path.suffix for path in folder.glob("[a-z]*")} == {".pdf"}
    assert (folder / "ladder.pdf").read_bytes()[:5] == b"%PDF-"


def test_tables_for_other_programs(results, monkeypatch, tmp_path):
    monkeypatch.chdir(results.parent)
    for kind in ("csv", "dta", "xlsx"):
        done = CliRunner().invoke(app, ["export", "baseline", "--to", kind, "--long", "--out", str(tmp_path / kind)])
        assert done.exit_code == 0, done.output
    members = pd.read_csv(tmp_path / "csv/members.csv")
    dictionary = pd.read_csv(tmp_path / "csv/dictionary.csv").set_index(["table", "column"])
    assert set(members.columns) == set(dictionary.loc["members"].index)
    undefined = dictionary[dictionary["meaning"].isna()].index.tolist()
    assert undefined == [], "columns that no metric defines"
    long = pd.read_csv(tmp_path / "csv/members_long.csv")
    assert len(long) == 6 * (len(members.columns) - 1)
    stata = pd.read_stata(tmp_path / "dta/members.dta")
    names = stata_names(list(members.columns))
    column = "signed_month.friendship-2022.TJK"
    pd.testing.assert_series_equal(stata[names[column]], members[column], check_names=False)
    (book,) = (tmp_path / "xlsx").iterdir()
    assert book.read_bytes()[:2] == b"PK"


def test_stata_names_are_short_and_no_two_alike():
    found = stata_names(
        ["trust.KAZ.UZB_2040", "trust.KAZ-UZB_2040", "a" * 40 + "1", "a" * 40 + "2", "2030", "Year", "year"]
    )
    assert len({name.lower() for name in found.values()}) == len(found)
    assert all(len(name) <= 32 and not name[0].isdigit() for name in found.values())


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of runs made by hand."""
    write_run(tmp_path / "results/base-1", "base", BASE, {"index": INDEX}, key="b" * 64)
    settings = {"origins": {"parameters.trust.decay": "command line:1"}, "finished": "2027-01-01T12:00:00+0000"}
    resolved = {"run": {"seed": 1}, "parameters": {"trust.decay": 0.02}, "events": []}
    write_run(tmp_path / "results/base-2", "base", BASE, {"index": INDEX}, key="c" * 64, resolved=resolved, **settings)
    write_run(tmp_path / "results/half-1", "half", BASE, key="d" * 64, state="running")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments, answer=""):
    return CliRunner().invoke(app, arguments, input=answer)


def test_runs_are_listed_with_what_was_set_for_them(place):
    done = invoke("runs")
    assert done.exit_code == 0 and "base-1" in done.output and "trust.decay=0.02" in done.output
    plain = {Path(each["path"]).name: each for each in json.loads(invoke("runs", "--json").output)}
    assert plain["half-1"]["state"] == "running" and plain["base-2"]["settings"] == ["trust.decay=0.02"]


def test_a_name_means_the_run_as_its_scenario_states_it(place):
    done = invoke("compare", "base", "--against", "results/base-2", "--no-plots")
    assert done.exit_code == 0 and "note: base means results/base-1, one of 2 finished" in done.stderr


def test_a_label_is_a_name(place):
    assert invoke("runs", "label", "results/base-2", "before [the] summit \x1b[31m").exit_code == 0
    listed = invoke("runs").output
    assert "before [the] summit" in listed and "\x1b" not in listed
    done = invoke("compare", "before [the] summit \x1b[31m", "--against", "results/base-1", "--no-plots")
    assert done.exit_code == 0 and "means results/base-2" in done.stderr
    assert invoke("runs", "label", "results/base-2").exit_code == 0
    assert "before" not in invoke("runs").output


def test_clearing_asks_and_deletes_what_was_named(place):
    assert "Nothing to clear" in invoke("runs", "clear").output
    invoke("runs", "clear", "results/base-1", answer="n\n")
    assert (place / "results/base-1").is_dir()
    assert invoke("runs", "clear", "--unfinished", "--yes").exit_code == 0
    assert not (place / "results/half-1").exists() and (place / "results/base-1").is_dir()
    (place / "results/link").symlink_to(place / "results/base-1")
    assert invoke("runs", "clear", "results/link", "--yes").exit_code == 2


def test_a_folder_of_the_name_of_a_scenario_hides_no_run(place):
    (place / "base").mkdir()
    assert invoke("compare", "base", "--against", "results/base-2", "--no-plots").exit_code == 0


def test_the_shell_is_offered_scenarios_and_runs(place):
    from sim.cli.completing import complete_runs, complete_scenarios

    assert "baseline" in [*complete_scenarios("base")]
    assert [*complete_runs("base")] == ["base"] and "results/base-2" in [*complete_runs("results/b")]


def test_a_value_set_for_one_run_is_known_from_its_manifest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for settings in ([], ["--set", "run.seed=7"], ["--set", "trust.loss_aversion=3"]):
        assert invoke("run", "baseline", "--members", "3", "--no-plots", *settings).exit_code == 0
    listed = json.loads(invoke("runs", "--json").output)
    assert sorted(each["settings"] for each in listed) == [[], ["run.seed=7"], ["trust.loss_aversion=3.0"]]
    done = invoke("show", "baseline", "--json")
    plain = next(each["path"] for each in listed if not each["settings"])
    assert f"baseline means {plain}, one of 3" in done.stderr
