"""The tutorial followed to the letter, with few members: every block of commands runs as printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_every_block_runs_as_printed(tmp_path):
    page = (ROOT / "docs" / "tutorial" / "first-scenario.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert len(blocks) == 6
    commands = "\n".join(blocks).replace("pip install uv\n", "").replace("uv run casim", "casim")
    # the skeleton is written, read, and then replaced as the page says; few members keep the test short
    commands = commands.replace("casim run", "casim run --no-plots --members 20", 3)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "casim").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sim "$@"\n')
    (tools / "casim").chmod(0o755)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "secretariat" in done.stdout
