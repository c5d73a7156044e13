"""Commands as a user gives them: output, messages and exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from sim.cli import main; main()"]
BROKEN = 'extends = "baseline"\n[states.UZK]\nopenness = 0.1\n'


def casim(*arguments, cwd=None):
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


def test_help_names_every_command_and_loads_nothing_heavy():
    script = (
        "import sys; sys.argv = ['casim', '--help']\nfrom sim.cli import main\ntry:\n main()\nfinally:\n"
        " print(sorted({'numpy', 'pandas', 'numba', 'mesa', 'matplotlib', 'pydantic', 'rich', 'pyarrow'} "
        "& set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert all(name in shown for name in ("list", "validate", "explain", "schema", "run"))
    assert shown.rstrip().endswith("[]")


@pytest.mark.parametrize("command", ["list", "validate", "explain", "schema", "run"])
def test_every_command_has_help_with_an_example(command):
    done = casim(command, "--help")
    assert done.returncode == 0 and (f"Example: casim {command}" in done.stdout or "Examples:" in done.stdout)


def test_nothing_or_nonsense_is_a_usage_error():
    assert casim("frobnicate").returncode == 2
    assert casim("run", "baseline", "--members", "0").returncode == 2
    assert casim("run").returncode == 2


def test_list_and_schema():
    listed = casim("list")
    assert listed.returncode == 0 and "great-power-squeeze" in listed.stdout and "friendship-2022" in listed.stdout
    assert max(map(len, listed.stdout.splitlines())) <= 80
    plain = json.loads(casim("list", "--json").stdout)
    assert plain["scenarios"][0]["name"] == "baseline"
    assert json.loads(casim("schema").stdout)["$schema"].startswith("https://json-schema.org")


def test_validate_tells_every_error_of_every_file(tmp_path):
    (tmp_path / "one.toml").write_text(BROKEN)
    (tmp_path / "two.toml").write_text('extends = "baseline"\n[run]\nmembers = "many"\nseeds = 3\n')
    done = casim("validate", "one.toml", "baseline", "two.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "one.toml:2:" in done.stderr and "Did you mean UZB?" in done.stderr
    assert "two.toml:3:" in done.stderr and "two.toml:4:" in done.stderr
    assert "baseline: in order" in done.stdout


def test_explain_shows_who_set_what():
    done = casim("explain", "regional-secretariat", "trust", "--set", "trust.decay=0.02")
    assert done.returncode == 0
    assert "* parameters.trust.decay = 0.02" in done.stdout and "set in --set 1" in done.stdout
    assert "set in table of parameters" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert casim("explain", "baseline", "trust.decoy").returncode == 2


def test_run_prints_what_an_analyst_asks_first(tmp_path):
    done = casim("run", "baseline", "--members", "6", "--out", tmp_path, "--no-plots", "--threads", "2")
    assert done.returncode == 0, done.stderr
    assert "Treaties not yet signed in July 2025" in done.stdout and "mean trust" in done.stdout
    folder = Path(done.stdout.split("tables")[-1].strip())
    assert folder.parent == tmp_path and (folder / "members.parquet").is_file()
    assert max(len(line.rstrip()) for line in done.stdout.splitlines() if str(tmp_path) not in line) <= 80
    assert "simulating" in done.stderr


def test_run_as_json_says_nothing_else_on_standard_output(tmp_path):
    done = casim("run", "unanimity", "--members", "6", "--seed", "3", "--out", tmp_path, "--json", "--no-plots")
    plain = json.loads(done.stdout)
    assert plain["members"] == 6 and plain["seed"] == 3 and plain["failed"] == []
    assert {"instrument", "likely", "when"} <= plain["treaties"][0].keys()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "baselin"), "Did you mean baseline?"),
        (("run", "baseline", "--set", "trust.loss_aversion=99"), "--set 1:"),
        (("run", "nowhere.toml"), "nowhere.toml"),
        (("run", "baseline", "--members", "3", "--out", "taken"), "a file stands where a folder is needed"),
    ],
)
def test_bad_input_ends_with_a_message_and_2(tmp_path, arguments, message):
    (tmp_path / "taken").write_text("")
    done = casim(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]


def test_a_scenario_that_moves_nothing_is_told_so(tmp_path):
    (tmp_path / "same.toml").write_text('extends = "baseline"\n[parameters]\ntrust.decay = 0.012\n')
    done = casim("run", "same.toml", "--members", "3", "--no-plots", cwd=tmp_path)
    assert done.returncode == 0
    assert "moved nothing" in done.stderr and "parameters.trust.decay is set to the value it has anyway" in done.stderr


def test_full_disk_ends_with_1(tmp_path, monkeypatch, capsys):
    import errno

    from sim.cli import main
    from sim.runs import finish

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(finish.TableWriter, "_write", full)
    monkeypatch.setattr(sys, "argv", ["casim", "run", "baseline", "--members", "3", "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1 and "disk is full" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_leaves_a_run_that_resumes(tmp_path):
    command = [*COMMAND, "run", "baseline", "--members", "20000", "--out", str(tmp_path), "--no-plots"]
    # a shell that started the tests in the background has told them, and so their children, to ignore Ctrl-C
    listen = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=listen)
    deadline = time.monotonic() + 300
    while not list(tmp_path.glob("*/parts/0*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "resumes with the same command" in told and "Traceback" not in told
    (folder,) = tmp_path.iterdir()
    assert json.loads((folder / "manifest.json").read_text())["state"] == "running"
    assert list(folder.glob("parts/0*")) and not (folder / ".lock").exists()


def test_locked_run_ends_with_1(tmp_path):
    from sim.runs.files import RunLock

    done = casim("run", "baseline", "--members", "2", "--out", tmp_path, "--no-plots")
    assert done.returncode == 0
    (folder,) = tmp_path.iterdir()
    (folder / "yearly.parquet").unlink()
    with RunLock(folder):
        again = casim("run", "baseline", "--members", "2", "--out", tmp_path, "--no-plots")
    assert again.returncode == 1 and f"process {os.getpid()}" in again.stderr
