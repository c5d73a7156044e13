"""What is compiled, on states and rows set by hand (`by_hand/` of each folder), in a process without compilation."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("folder", "tests"), [("processes", 500), ("inference", 15)])
def test_uncompiled(folder, tests):
    place = str(Path(__file__).parent / folder / "by_hand")
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", place]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > tests
