"""Several processes draw what one draws, and a plot that fails in any is reported."""

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


def bad_first(_):
    return draw, ["bad", "good", "better"]


def bad_last(_):
    return draw, ["good", "better", "bad"]


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("loading", [bad_first, bad_last])
def test_what_fails_is_found_under_its_name(tmp_path, alone, loading):
    with Pool(alone, loading) as crew:
        found = crew.draw(tmp_path)
    assert list(found) == loading(None)[1]
    assert found["good"] == [tmp_path / "good"] and isinstance(found["bad"], ValueError)


def draw_or_die(run_folder, name, main, mortal):
    drawn_by = "main" if os.getpid() == main else "helper" if os.getppid() == main else "copy"
    if drawn_by in mortal:
        os._exit(1)
    time.sleep(0.02)  # so that each gets one
    return [run_folder / name]


def five(_):
    return draw_or_die, ["one", "two", "three", "four", "five"]


@pytest.mark.parametrize("mortal", ["helper", "copy", "helper copy"])
def test_a_helper_that_dies_loses_no_plot(tmp_path, mortal):
    with Pool(loading=five) as crew:
        crew._alone = False  # on one core too
        found = crew.draw(tmp_path, os.getpid(), mortal)
    assert found == {name: [tmp_path / name] for name in five(None)[1]}


def test_a_copy_that_hangs_is_not_waited_for(tmp_path, monkeypatch):
    def draw_or_hang(run_folder, name):
        time.sleep(600 if os.getpid() != here else 0.02)
        return [run_folder / name]

    here = os.getpid()
    monkeypatch.setattr(pool, "_PATIENCE", 0.5)
    found = pool._draw_in_two(lambda _: (draw_or_hang, ["one", "two", "three"]), tmp_path)
    assert found == {name: [tmp_path / name] for name in ("one", "two", "three")}


def who(run_folder, name):
    time.sleep(0.02)
    return os.getpid()


def ten(_):
    return who, [str(number) for number in range(10)]


def test_what_was_begun_is_drawn_once_and_by_two(tmp_path):
    with Pool(loading=ten) as crew:
        crew._alone = False
        crew.get_ready()
        crew.begin(tmp_path)
        (begun,) = crew._begun.values()
        found = crew.draw(tmp_path)
        assert found == begun.result() and not crew._begun
    assert len(set(found.values())) == 2 and os.getpid() not in found.values()


def no_room(_):
    if os.getppid() == int(os.environ["CASIM_TEST_MAIN"]):
        raise BlockingIOError("no more processes")
    return draw, ["good"]


def test_where_it_cannot_divide_this_process_draws(tmp_path, monkeypatch):
    monkeypatch.setenv("CASIM_TEST_MAIN", str(os.getpid()))
    with Pool(loading=no_room) as crew:
        crew._alone = False
        assert crew.draw(tmp_path) == {"good": [tmp_path / "good"]}


def test_where_no_helper_can_be_started_it_draws_alone(tmp_path, monkeypatch):
    def refuse():
        raise OSError("read-only")

    monkeypatch.setattr(pool, "Worker", refuse)
    with Pool(loading=bad_last) as crew:
        assert list(crew.draw(tmp_path)) == ["good", "better", "bad"]


def test_the_helper_ends_with_this_process():
    code = (
        "import os, signal; from sim.plots.pool import Pool; crew = Pool(); crew._alone = False; crew.get_ready(); "
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
