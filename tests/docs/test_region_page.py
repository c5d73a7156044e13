"""The page on another region does what it says: its file beside the tables of the example is checked and run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.facts.tables import TABLES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "how-to" / "another-region.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "scenarios" / "east-africa"
#: Not compiled, since another region's shapes would be compiled once more for a single history.
PLAIN = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(EXAMPLE / "record", folder / "record")
    for name, content in re.findall(r"```toml (\S+)\n(.*?)```", TEXT, re.S):
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_the_quick_commands_of_the_page(place, monkeypatch):
    monkeypatch.chdir(place)
    said = {}
    for line in "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.S)).splitlines():
        words = line.removeprefix("casim ").split()
        if words and words[0] not in ("run", "calibrate"):
            result = CliRunner().invoke(app, words)
            assert result.exit_code == 0, (line, result.output)
            said[line] = result.output
    assert "in order, 13 tables; the record ends on 2025-06-30" in said["casim record check record --base none"]
    assert len(said) == 3


def test_a_run_of_the_page_its_summary_plots_and_report(place):
    command = [sys.executable, "-m", "sim"]
    size = ["--members", "2", "--set", "run.start=2021-01-01", "--set", "run.end=2027-12-31"]
    run = [*command, "run", "east-africa.toml", *size, "--out", "results"]
    done = subprocess.run(run, cwd=place, env=PLAIN, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Burundi" in done.stdout and "no river of the region" in " ".join(done.stdout.split())
    folder = next((place / "results").iterdir())
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["record"]["base"] == "none" and manifest["catalogue"]["region"]["name"] == "East Africa"
    drawn = {path.stem for path in (folder / "plots").glob("*.png")}
    assert {"ladder", "trust", "integration-index"} <= drawn
    assert not drawn & {"trade", "water", "storages", "seas", "river-map", "disputes"}
    page = [*command, "report", str(folder), "--out", "page.html"]
    done = subprocess.run(page, cwd=place, env=PLAIN, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no map of East Africa" in " ".join((place / "page.html").read_text(encoding="utf-8").split())


def test_the_page_names_the_tables_that_are_needed():
    row = next(line for line in TEXT.splitlines() if "needed; the message says" in line)
    assert set(re.findall(r"`(\w+)`", row)) == {name for name, table in TABLES.items() if table.needed}


def test_the_example_is_the_file_of_the_page_with_a_calibration_that_is_none():
    import tomllib

    page = tomllib.loads(re.search(r"```toml \S+\n(.*?)```", TEXT, re.S)[1])
    ours = tomllib.loads((EXAMPLE / "east-africa.toml").read_text(encoding="utf-8"))
    assert page["record"] == ours["record"] and page["run"] == ours["run"]
    assert ours["calibration"] == {"use": "none"}
