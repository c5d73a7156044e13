"""What people's tables, titles, shells and readers do to a run, each with the right behaviour."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.cli.printing import Table
from tests.comparison.runs_by_hand import BASE, write_run

NUMBERS = "node,quantity,values,unit,basis,source,licence,note\n"
ROW = "toktogul,annual_volume,12.7,km3 a year,assumed,me,own,\n"


def call(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def rivers(folder, name: str, content: bytes):
    """A scenario beside a folder of river tables."""
    (folder / "tables").mkdir()
    (folder / "tables" / name).write_bytes(content)
    path = folder / "mine.toml"
    path.write_text('extends = "baseline"\n[rivers]\nfolder = "tables"\n')
    return path


def test_a_misspelt_table_is_not_ignored(tmp_path):
    done = call("validate", rivers(tmp_path, "river_number.csv", (NUMBERS + ROW).encode()))
    assert done.exit_code == 2 and "Did you mean river_numbers.csv?" in done.stderr


@pytest.mark.parametrize("ending", ["", "\n", "\r\n\r\n"])
def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path, ending):
    content = b"\xef\xbb\xbf" + (NUMBERS + ROW + ending).encode()
    assert call("validate", rivers(tmp_path, "river_numbers.csv", content)).exit_code == 0


def test_a_number_far_from_anything_documented_is_said_in_words(tmp_path):
    path = tmp_path / "drought.toml"
    path.write_text(
        'extends = "baseline"\n[[events]]\ndate = 2026-01-01\nkind = "drought"\nbasin = "all"\nfactor = 0.2\n'
        "until = 2030-12-31\n"
    )
    done = call("validate", path)
    assert done.exit_code == 0 and "All inflow is multiplied by 0.2: 80 % less water." in done.output + done.stderr


def test_months_without_a_record_are_not_a_record():
    done = call("explain", "baseline", "--set", "run.branch=2026-07-01")
    assert done.exit_code == 2 and "after the record, which ends in June 2025" in done.stderr


def test_titles_are_text_and_never_is_null(tmp_path, monkeypatch):
    """A title that looks like markup ends no run; an event that does not come is null for every reader of Parquet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text('extends = "baseline"\ntitle = "Filling [draft] and [/v2] Наполнение"\n')
    done = call("run", "mine.toml", "--members", "4", "--no-plots")
    assert done.exit_code == 0 and "Filling [draft] and [/v2]" in done.output
    (path,) = (tmp_path / "results").iterdir()
    table = pq.read_table(path / "members.parquet")
    names = [name for name in table.column_names if "_month." in name]
    empty = sum(table.column(name).null_count for name in names)
    assert empty and not any("nan" in map(str, table.column(name).to_pylist()) for name in names)
    for encoding in ("ascii", "cp1252"):
        command = [sys.executable, "-m", "sim", "report", "mine"]
        env = os.environ | {"PYTHONIOENCODING": encoding}
        assert subprocess.run(command, capture_output=True, env=env, check=False).returncode == 0
    shown = json.loads(call("show", "mine", "--json").output)
    assert shown["scenario"] == "mine"


def test_home_is_expanded_once(tmp_path, monkeypatch):
    from sim.comparison.find import list_runs
    from sim.runs import plan_batch
    from sim.scenario import load_scenario

    monkeypatch.setenv("HOME", str(tmp_path))
    (planned,) = plan_batch([load_scenario("baseline")], Path("~/res"))
    assert planned.folder.parent == tmp_path / "res"
    write_run(tmp_path / "res" / "base-1", "base", BASE)
    assert [run.name for run in list_runs("~/res")] == ["base"]


def test_what_there_is_to_use_is_listed_for_tab_completion():
    assert set(sim.__all__) <= set(dir(sim))
    assert all(hasattr(sim, name) for name in dir(sim))


def test_no_figure_is_said_that_is_none(tmp_path):
    done = call("run", "free-run", "--set", "run.members=6", "--no-plots", "--out", tmp_path)
    assert done.exit_code == 0
    assert "nan" not in done.output.lower()
    assert "no shares for a run that begins earlier" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("words", "known", "near"),
    [(("rnu",), "tour, new", "run"), (("runs", "clera"), "Known: label, clear.", "clear"), (("record", "x"), "", "")],
)
def test_a_slip_in_a_command_is_answered_with_the_known_and_the_nearest(words, known, near):
    done = call(*words)
    assert done.exit_code == 2 and "Known: " in done.stderr and known in done.stderr
    assert (f"Did you mean {near}?" in done.stderr) == bool(near)


def test_a_pair_too_long_for_its_column_breaks_between_the_names(capsys):
    table = Table(["", "figure"], width=30)
    table.row("a chapter")
    table.row("trade of Kazakhstan–Uzbekistan", "1234567890")
    table.print()
    shown = capsys.readouterr().out
    assert "Kazakhstan–" in shown and "Uzbekistan" in shown


@pytest.mark.parametrize(
    "words",
    [
        "show {}",
        "compare {0} {0}b",
        "verify {}",
        "export {}",
        "run {}",
        "run {}.toml",
        "run baseline --record {}",
        "run baseline --members 2 --no-plots --out {}",
        "run baseline --set calibration.use={}.json",
        "batch {}",
        "report {}",
        "new {}",
        "runs --results {}",
        "explore {}",
        "record check {}",
    ],
)
def test_a_name_that_is_too_long_for_a_file_is_said_to_be(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(*words.format("a" * 300).split())
    assert done.exit_code == 2 and done.stderr
    assert "should not happen" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "baseline", "--members", "sixty"), "'sixty' is not a whole number from 1 to 10,000,000, such as"),
        (("run", "baseline", "--members", "0"), "'0' is not a whole number from 1 to 10,000,000, such as"),
        (("run", "baseline", "--seed", "1.5"), "'1.5' is not a whole number from 0 to"),
        (("compare", "a", "--against", "b", "--precision", "small"), "'small' is not a number of at least 1e-12"),
        (("history", "baseline", "--from", "then"), "'then' is not a whole number, such as --from 2030"),
        (("explore", "--port", "70000"), "'70000' is not a whole number from 1 to 65,535, such as --port 8765"),
        (("sensitivity", "baseline", "--points", "few"), "such as --points 512"),
    ],
)
def test_a_number_that_is_none_is_answered_with_what_is_allowed(arguments, said):
    done = call(*arguments)
    assert done.exit_code == 2 and said in done.stderr
    assert "Input should be" not in done.stderr and "parse" not in done.stderr


@pytest.mark.parametrize("line", ['name = "mine"', "name = 3", 'Name = "mine"', 'nme = "mine"'])
def test_who_names_a_scenario_inside_its_file_is_told_of_the_title(tmp_path, line):
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "baseline"\n{line}\n')
    done = call("validate", path)
    assert done.exit_code == 2 and "mine.toml:2:" in done.stderr
    assert "a scenario goes by the name of its file" in done.stderr and "title = " in done.stderr


@pytest.mark.parametrize("text", ["", "\n", "# only words\n"])
def test_a_file_without_a_key_is_not_called_in_order(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    done = call("validate", path, "baseline")
    assert done.exit_code == 0 and "mine.toml: sets nothing" in done.stdout and 'extends = "baseline"' in done.stdout
    assert done.stdout.count("in order") == 1
