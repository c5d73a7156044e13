"""kill -9 at any write, then the same call: equal numbers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import batches
import pytest
import soak_kills

from sim.runs import run_scenario

SCRIPT = """
import os, signal, sys
from sim.runs import run_scenario
from sim.scenario import load_scenario

left, genuine = int(sys.argv[2]), os.replace

def replace(source, target):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    genuine(source, target)

os.replace = replace
run_scenario(load_scenario("baseline", ["run.members=12"]), sys.argv[1], threads=2, part_size=3)
"""


@pytest.mark.parametrize("survived", [1, 3, 5, 8, 10])
def test_killed_at_a_write_it_goes_on(tiny, reference, assert_equal_runs, tmp_path, survived):
    """Writes: manifest, four parts, four tables, manifest."""
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), str(survived)]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    resumed = run_scenario(tiny, tmp_path, threads=1, part_size=5)
    assert_equal_runs(reference, resumed)
    assert not list(resumed.path.glob(".tmp-*")) and not (resumed.path / "parts").exists()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return batches.tables_of(batches.run_all(tmp_path_factory.mktemp("undisturbed")))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_batch_killed_at_a_random_moment_goes_on(undisturbed, tmp_path, seed):
    soak_kills.check(tmp_path, seed, undisturbed)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_workers_do_not_outlive_a_killed_parent(tmp_path):
    """Their process ids are told by the script; all are gone soon after its own."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
    pids = [int(pid) for pid in process.stdout.readline().split()]
    process.kill()
    process.wait()
    process.stdout.close()
    assert len(pids) == 2
    deadline = time.monotonic() + 60
    while any(running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(running(pid) for pid in pids)


PARENT = """
import os, time
from sim.runs import choose_executor
from batches import Sleep

if __name__ == "__main__":
    with choose_executor(workers=2) as executor:
        for _ in range(2):
            executor.submit(Sleep())
        while len(executor.pids()) < 2:
            time.sleep(0.05)
        time.sleep(1)
        print(*executor.pids(), flush=True)
        time.sleep(600)
"""


def running(pid):
    """Whether there is such a process that is not a zombie waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
