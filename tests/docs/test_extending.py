"""docs/extending.md: every example is built from the page's own blocks in a copy of the repository, and run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in PAGE.split("\n## ")[1:]}
BLOCK = re.compile(r"^```\w+ (new|rows|edit|try) ?(\S*)\n(.*?)^```", re.MULTILINE | re.DOTALL)

# what a `try` block may use
HELPERS = '''
from pathlib import Path
import sim
from sim.engine.event_types import EVENT_KINDS
from sim.model.region_model import RegionModel
from sim.processes.rivers import inputs

inputs._PASTS = 1  # rivers before the branch, uncompiled: one past in place of the mean of many


def write(name, text):
    Path(name).write_text(text)
    return name


def history(scenario, *settings):
    """A short history around the branch."""
    model = RegionModel(sim.load_scenario(scenario, ["run.start=2024-01-01", "run.end=2026-06-30", *settings]))
    model.run_model()
    return model


def kinds(events):
    return {EVENT_KINDS[code] for code in events["kind"]}

'''


def replaced(text: str, marked: str) -> str:
    """The text with each run of `-` lines replaced by the `+` lines that follow it."""
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", marked, re.MULTILINE):
        before, after = ("".join(line[1:] for line in lines.splitlines(keepends=True)) for lines in (old, new))
        assert text.count(before) == 1, f"stands {text.count(before)} times:\n{before}"
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize("section", [name for name, part in SECTIONS.items() if BLOCK.search(part)])
def test_example(section, tmp_path):
    for folder in ("sim", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    blocks = BLOCK.findall(SECTIONS[section])
    assert any(what == "try" for what, _, _ in blocks)
    for what, name, content in blocks:
        path = tmp_path / name
        if what == "new":
            assert not path.exists()
            path.write_text(content)
        elif what == "rows":
            path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + content, encoding="utf-8")
        elif what == "edit":
            path.write_text(replaced(path.read_text(encoding="utf-8"), content), encoding="utf-8")
        else:
            environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(tmp_path)}
            command = [sys.executable, "-c", HELPERS + content]
            done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[-3000:]
