"""Two processes draw what one draws, and a plot that fails in either is reported."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.plots import pool, write_plots
from sim.plots.pool import Pool


def test_two_processes_write_the_same_bytes(folders):
    alone = {path: path.read_bytes() for path in write_plots(folders("baseline"))}
    (folders("baseline") / "plots" / ".drawn").unlink()
    with Pool() as crew:
        together = {path: path.read_bytes() for path in write_plots(folders("baseline"), crew)}
    assert alone == together


def draw(run_folder, name):
    if name == "bad":
        raise ValueError("no colours left")
    return [run_folder / name]


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("names", [["bad", "good", "better"], ["good", "better", "bad"]])
def test_what_fails_is_found_under_its_name(tmp_path, alone, names):
    with Pool(alone) as crew:
        found = crew.draw(draw, tmp_path, names)
    assert list(found) == names
    assert found["good"] == [tmp_path / "good"] and isinstance(found["bad"], ValueError)


def draw_or_die(run_folder, name, parent):
    if os.getpid() != parent:
        os._exit(1)
    return [run_folder / name]


def test_a_helper_that_dies_loses_no_plot(tmp_path):
    with Pool() as crew:
        crew._alone = False  # on one core too
        found = crew.draw(draw_or_die, tmp_path, ["one", "two", "three"], os.getpid())
    assert found == {name: [tmp_path / name] for name in ("one", "two", "three")}


def test_where_no_helper_can_be_started_it_draws_alone(tmp_path, monkeypatch):
    def refuse():
        raise OSError("read-only")

    monkeypatch.setattr(pool, "Worker", refuse)
    with Pool() as crew:
        assert list(crew.draw(draw, tmp_path, ["one", "two"])) == ["one", "two"]


def test_the_helper_ends_with_this_process():
    code = (
        "import os, signal; from sim.plots.pool import Pool; crew = Pool(); crew._alone = False; crew._start(); "
        "print(crew._worker.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    stat = Path(f"/proc/{int(done.stdout)}/stat")
    for _ in range(100):
        try:
            if stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.1)
    pytest.fail("it is still there")
