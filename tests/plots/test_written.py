"""Every plot of a run is written, and none of what the run does not hold (`test_crew`: the same bytes each time)."""

import csv
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from sim.plots import write, write_plots
from sim.runs import OutputError

ALWAYS = {
    "adoption",
    "ladder",
    "trust-matrix",
    "trust",
    "integration-index",
    "trade",
    "trade-partners",
    "water",
    "storages",
    "seas",
    "river-map",
    "disputes",
    "borders",
}
AGAINST = {"first-passages", "epochs"}


def stems(paths):
    return {path.stem for path in paths if path.suffix != ".csv"}


def test_baseline_has_the_plots_of_a_projection_only(folders):
    written = write_plots(folders("baseline"))
    assert not stems(written) & AGAINST and stems(written) >= ALWAYS | {"trade-shares"}
    assert len(written) == 2 * len(stems(written)) and all(path.stat().st_size > 5_000 for path in written)
    assert {path.parent.name for path in written} == {"plots"}


@pytest.mark.parametrize("name", ["free-run", "from-2016"])
def test_a_run_that_leaves_the_record_is_held_against_it(folders, name):
    written = write_plots(folders(name))
    assert stems(written) >= ALWAYS | AGAINST
    assert written[-1].name == "against_record.csv"


@pytest.fixture
def few(folders, tmp_path, monkeypatch):
    """A copy of a run's folder, of which three plots are drawn: what becomes of files needs no more."""
    monkeypatch.setattr(write, "PLOTS", {name: write.PLOTS[name] for name in ("ladder", "trust", "epochs")})
    return shutil.copytree(folders("baseline"), tmp_path / "run", ignore=shutil.ignore_patterns("plots"))


def test_files_are_what_they_say(folders):
    for path in write_plots(folders("baseline")):
        if path.suffix == ".png":
            assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        else:
            text = path.read_text("utf-8")
            assert ElementTree.fromstring(text).tag.endswith("svg")
            assert "<dc:date>" not in text


def test_plots_that_no_longer_belong_are_removed(few):
    folder = few / "plots"
    folder.mkdir()
    stale = [folder / "epochs.svg", folder / "against_record.csv"]
    for path in (*stale, folder / ".drawn"):
        path.write_text("old")
    assert stems(write_plots(few)) == {"ladder", "trust"}
    assert not any(path.exists() for path in stale)


def test_one_plot_that_fails_leaves_the_others(few, monkeypatch):
    def fails(view):
        raise ValueError("no colours left")

    monkeypatch.setitem(write.PLOTS, "ladder", fails)
    with pytest.raises(RuntimeError, match="ladder: no colours left"):
        write_plots(few)
    assert (few / "plots" / "trust.svg").exists()


def test_a_file_in_the_way_is_told_in_words(folders, tmp_path):
    copy = shutil.copytree(folders("baseline"), tmp_path / "run", ignore=shutil.ignore_patterns("plots"))
    (copy / "plots").write_text("in the way")
    with pytest.raises(OutputError, match="plots"):
        write_plots(copy)


def test_table_against_the_record(folders, views):
    path = write_plots(folders("free-run"))[-1]
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    view = views("free-run")
    dated = {row["name"]: row for row in rows if row["kind"] == "first passage"}
    assert len(dated) == len(view.catalogue.dyads) * len(view.catalogue.rungs)
    assert float(dated["KAZ-UZB alliance"]["documented"]) == pytest.approx(2022 + 11 / 12, abs=0.006)
    assert dated["KGZ-TJK partnership"]["documented"] == ""
    counted = {row["name"]: int(row["documented"]) for row in rows if row["kind"] == "count"}
    assert counted["partnership 2017-2021"] == 7
    assert counted["regional summits 2010-2017"] == 0
    patterns = [row for row in rows if row["kind"] == "pattern"]
    assert [row["documented"] for row in patterns] == ["1", "1"]
    for row, column in zip(patterns, ("pattern.summit_gap", "pattern.clash_then_settlement")):
        assert float(row["at_least"]) == pytest.approx(float(np.mean(view.members[column])), abs=1e-4)


def test_epochs_of_the_record_hold_every_documented_step(folders):
    """The epochs leave no gap, so that each documented step is counted once."""
    path = write_plots(folders("free-run"))[-1]
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dates = sum(row["kind"] == "first passage" and row["documented"] != "" for row in rows)
    steps = sum(int(row["documented"]) for row in rows if row["kind"] == "count" and "summits" not in row["name"])
    assert steps == dates


def test_plots_load_neither_the_model_nor_a_window_system(folders):
    code = (
        "import sys; from sim.plots import write_plots; write_plots(sys.argv[1]); "
        "print([name for name in ('sim.model', 'numba', 'mesa', 'pandas', 'matplotlib.pyplot') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folders("from-2016"))], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_what_is_up_to_date_is_not_drawn_again(few, monkeypatch):
    first = write_plots(few)
    monkeypatch.setitem(write.PLOTS, "ladder", lambda view: pytest.fail("drawn again"))
    assert write_plots(few) == first
    first[0].unlink()
    with pytest.raises(BaseException, match="drawn again"):
        write_plots(few)
