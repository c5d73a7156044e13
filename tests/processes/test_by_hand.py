"""Kernels on a region of three states set by hand (`by_hand/`), in a process without compilation."""

import os
import re
import subprocess
import sys
from pathlib import Path


def test_kernels_by_hand():
    folder = str(Path(__file__).parent / "by_hand")
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", folder]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 150
