"""One process at a time; a lock that a dead process left is taken over."""

import os
import subprocess
import sys

import pytest

from sim.runs.errors import LockedError
from sim.runs.files import RunLock


def test_the_second_is_told_who_has_it(tmp_path):
    with RunLock(tmp_path), pytest.raises(LockedError, match=f"process {os.getpid()} on "):
        RunLock(tmp_path).__enter__()
    assert not (tmp_path / ".lock").exists()


def test_a_lock_of_a_killed_process_is_taken_over(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path; from sim.runs.files import RunLock; "
        "RunLock(Path(sys.argv[1])).__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert (tmp_path / ".lock").exists()
    with RunLock(tmp_path):
        assert str(os.getpid()) in (tmp_path / ".lock").read_text()


def test_it_can_be_taken_again(tmp_path):
    for _ in range(3):
        with RunLock(tmp_path):
            pass
