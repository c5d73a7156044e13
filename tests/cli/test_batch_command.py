"""casim batch as a user gives it: output, messages and exit codes."""

import json
import os
import signal
import subprocess
import time

import pytest

from tests.cli.test_commands import COMMAND, casim

SMALL = 'extends = "baseline"\n[run]\nmembers = 3\n'
GRID = f'{SMALL}[design]\nkind = "grid"\n"trust.decay" = [0.01, 0.02]\n'


@pytest.fixture
def folder(tmp_path):
    """A working folder with two scenarios and a design."""
    (tmp_path / "one.toml").write_text(SMALL)
    (tmp_path / "two.toml").write_text(f"{SMALL}[parameters]\ntrust.decay = 0.02\n")
    (tmp_path / "grid.toml").write_text(GRID)
    return tmp_path


def test_a_batch_from_plan_to_rerun(folder):
    planned = casim("batch", "*.toml", "--dry-run", cwd=folder)
    assert planned.returncode == 0, planned.stderr
    assert "4 runs, 12 members to simulate: " in planned.stdout and not (folder / "results").exists()
    assert json.loads(casim("batch", "*.toml", "--dry-run", "--json", cwd=folder).stdout)["members_to_simulate"] == 12

    done = casim("batch", "one.toml", "two.toml", "grid.toml", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "4 runs of 3 scenarios" in done.stderr and "12 members to simulate on" in done.stderr
    assert "12 of 12 members, 3 of 3 scenarios done" in done.stderr
    assert "design  results/grid-design" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80

    (folder / "two.toml").write_text(f"{SMALL}[parameters]\ntrust.decay = 0.03\n")
    again = casim("batch", "*.toml", "--json", cwd=folder)
    plain = {each["scenario"]: each for each in json.loads(again.stdout)}
    assert {name: (each["new"], each["found"]) for name, each in plain.items()} == {
        "one": (0, 1),
        "two": (1, 0),
        "grid": (0, 2),
    }
    assert all(each["complete"] for each in plain.values())


def test_every_error_of_every_file_is_told_and_nothing_runs(folder):
    (folder / "bad.toml").write_text('extends = "baseline"\n[design]\nkind = "grid"\n"trst.decay" = [1]\n')
    (folder / "worse.toml").write_text('extends = "baseline"\n[states.UZK]\nopenness = 0.1\n')
    done = casim("batch", "*.toml", cwd=folder)
    assert done.returncode == 2
    assert "bad.toml:4: [design] trst.decay" in done.stderr and "worse.toml:2: [states.UZK]" in done.stderr
    assert not (folder / "results").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("one.toml", "./one.toml"), "two scenarios are named one"),
        (("one.toml", "--out", "one.toml"), "a file stands where a folder is needed"),
        (("one.toml", "--out", "one.toml/below"), "a file stands where a folder is needed"),
        (("one.toml", "--scheduler", "tcp://127.0.0.1:9"), "no Dask scheduler answers at tcp://127.0.0.1:9"),
        (("one.toml", "--scheduler", "somewhere"), "is not the address of a scheduler"),
        (("one.toml", "--scheduler", "tcp://127.0.0.1:9", "--workers", "2"), "exclude each other"),
        (("*.tom",), "*.tom"),
        (("grid.toml", "--set", "trust.decay=0.01"), "--set 1: parameters.trust.decay is varied by [design]"),
    ],
)
def test_bad_input_ends_with_a_message_and_2(folder, arguments, message):
    began = time.monotonic()
    done = casim("batch", *arguments, cwd=folder)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr
    assert not (folder / "results").exists()
    assert time.monotonic() - began < 60


def test_a_run_folder_of_an_older_version(folder):
    casim("batch", "one.toml", cwd=folder)
    (manifest,) = (folder / "results").glob("*/manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": 0}))
    done = casim("batch", "one.toml", "two.toml", cwd=folder)
    assert done.returncode == 2 and "written in run-folder layout 0" in done.stderr
    assert len(list((folder / "results").iterdir())) == 1


def test_one_run_is_not_asked_of_a_design(folder):
    done = casim("run", "grid.toml", cwd=folder)
    assert done.returncode == 2 and "use casim batch" in done.stderr
    assert "a design of 2 points" in casim("validate", "grid.toml", cwd=folder).stdout


def test_a_failure_is_in_the_table_and_the_exit_status(folder):
    from sim.runs.files import RunLock

    plain = json.loads(casim("batch", "one.toml", "two.toml", "--dry-run", "--json", cwd=folder).stdout)
    locked = folder / plain["scenarios"][0]["folder"]
    locked.mkdir(parents=True)
    with RunLock(locked):
        done = casim("batch", "one.toml", "two.toml", "--workers", "1", cwd=folder)
    assert done.returncode == 1 and f"process {os.getpid()}" in done.stdout
    assert "failed" in done.stdout and "tables  results/two-" in done.stdout


def listen():
    """A shell that started the tests in the background has told them, and so their children, to ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_leaves_a_batch_that_resumes(folder):
    """Ctrl-C reaches every process of the terminal's group, workers included."""
    command = [*COMMAND, "batch", "one.toml", "two.toml", "--members", "20000", "--workers", "1"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=folder, start_new_session=True, preexec_fn=listen
    )
    deadline = time.monotonic() + 300
    while not list(folder.glob("results/*/parts/0*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "the batch resumes with the same command" in told and "Traceback" not in told
    assert list(folder.glob("results/*/parts/0*")) and not list(folder.glob("results/*/.lock"))
