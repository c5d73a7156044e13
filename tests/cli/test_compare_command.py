"""`casim compare` as a user gives it."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from tests.comparison.runs_by_hand import BASE, INDEX, MOVED, write_run

COMMAND = [sys.executable, "-c", "from sim.cli import main; main()", "compare"]


def compare(*arguments, cwd):
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


@pytest.fixture
def place(tmp_path):
    """A folder with results of base, moved and still."""
    write_run(tmp_path / "results/base-1", "base", BASE, {"index": INDEX}, key="b" * 64)
    write_run(tmp_path / "results/moved-1", "moved", MOVED, {"index": INDEX + np.array([0, 0.1, 0.2])}, key="c" * 64)
    write_run(tmp_path / "results/still-1", "still", BASE, {"index": INDEX}, key="d" * 64)
    return tmp_path


def test_table_and_plots(place):
    done = compare("moved", "--against", "base", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "moved against base" in done.stdout and "new treaties" in done.stdout
    assert "+0.70 ±0.30" in done.stdout and "“The pact” signed" in done.stdout and "Tajikistan" in done.stdout
    assert "p-value" not in done.stdout and "about so many further" in " ".join(done.stdout.split())
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    (folder,) = (place / "results/comparisons").iterdir()
    assert (folder / "forest.svg").is_file() and str(folder.relative_to(place)) in done.stdout


def test_files_json_and_precision(place):
    done = compare(
        "results/moved-1",
        "--against",
        "base",
        "--no-plots",
        "--json",
        "--csv",
        "effects.csv",
        "--parquet",
        "effects.parquet",
        "--precision",
        "0.05",
        "--outcomes",
        "new*",
        "--outcomes",
        "index",
        cwd=place,
    )
    assert done.returncode == 0, done.stderr
    (plain,) = json.loads(done.stdout)
    effects = {effect["outcome"]: effect for effect in plain["effects"]}
    assert set(effects) == {"new_treaties_2026", "index_2025", "index_2026"} and plain["members"] == 10
    # seven of ten by one: variance 0.21 * 10 / 9; 1.96^2 * 0.2333 / 0.05^2 = 358.5
    assert effects["new_treaties_2026"]["more_for_precision"] == 359 - 10
    assert effects["index_2026"]["gain"] is None  # infinite
    assert len(pd.read_csv(place / "effects.csv")) == len(pd.read_parquet(place / "effects.parquet")) == 3
    assert set(pd.read_csv(place / "effects-yearly.csv")["outcome"]) == {"index"}
    assert not (place / "results/comparisons").exists()


def test_what_pairing_bought(place, monkeypatch):
    monkeypatch.chdir(place)
    done = CliRunner().invoke(app, ["compare", "moved", "still", "--against", "base", "--pairing"])
    assert done.exit_code == 0 and "least in moved: “The pact” signed by TJK 1.3" in " ".join(done.stdout.split())
    assert "warning: still moved nothing against base" in done.stderr
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


def test_many_runs_come_in_one_table(place, monkeypatch):
    for number in range(7):
        write_run(place / f"results/some-{number}", f"some-{number}", MOVED, {"index": INDEX})
    monkeypatch.chdir(place)
    names = [f"some-{number}" for number in range(7)]
    done = CliRunner().invoke(app, ["compare", *names, "--against", "base", "--no-plots"])
    assert done.exit_code == 0 and done.stdout.count("+0.70 ±0.30") == 7
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mved", "--against", "base"), "Did you mean moved?"),
        (("moved", "--against", "base", "--outcomes", "trust_meen*"), "no outcome matches"),
        (("moved", "--against", "base", "--csv", "table.txt"), "must end in .csv"),
        (("moved", "--against", "old"), "layout 0, this version reads"),
        (("seeded", "--against", "base"), "seed 7 against 1"),
        (("moved",), "--against"),
        (("moved", "--against", "base", "--results", "file"), "a file, not a folder"),
        (("moved", "--against", "base", "--no-plots", "--csv", "file/effects.csv"), "a file"),
    ],
)
def test_bad_input_ends_with_a_message_and_2(place, monkeypatch, arguments, message):
    write_run(place / "results/old-1", "old", BASE, schema=0)
    write_run(place / "results/seeded-1", "seeded", BASE, seed=7)
    (place / "file").write_text("")
    monkeypatch.chdir(place)
    done = CliRunner().invoke(app, ["compare", *arguments])
    assert done.exit_code == 2 and message in done.stderr and "Traceback" not in done.stderr


def test_a_damaged_table_ends_with_1(place, monkeypatch):
    (place / "results/moved-1/members.parquet").write_bytes(b"PAR1 nonsense")
    monkeypatch.chdir(place)
    done = CliRunner().invoke(app, ["compare", "moved", "--against", "base"])
    assert done.exit_code == 1 and "cannot be read" in done.stderr and "Traceback" not in done.stderr


def test_help_of_compare_has_an_example():
    done = CliRunner().invoke(app, ["compare", "--help"])
    assert done.exit_code == 0 and "Examples:" in done.stdout and "casim compare" in done.stdout
