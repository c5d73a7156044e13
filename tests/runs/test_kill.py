"""kill -9 at any write, then the same call: equal numbers."""

import signal
import subprocess
import sys

import pytest

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
