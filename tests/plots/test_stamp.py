"""Plots that are current are left as they are, and that is known without matplotlib."""

import json
import subprocess
import sys

import pytest

from sim.plots.stamp import drawn_before, stamp
from sim.runs.manifest import MANIFEST


@pytest.fixture
def drawn(tmp_path):
    """A run with one plot in both usual formats."""
    (tmp_path / "plots").mkdir()
    files = [tmp_path / "plots" / "ladder.svg", tmp_path / "plots" / "ladder.png"]
    for file in files:
        file.write_text("picture")
    (tmp_path / MANIFEST).write_text(json.dumps({"state": "complete", "key": "k"}))
    stamp(tmp_path, ["svg", "png"], "paper", files)
    return tmp_path, files


def test_current_plots_are_found_in_any_order_of_formats(drawn):
    folder, files = drawn
    assert drawn_before(folder, ["png", "svg"], "paper") == files


@pytest.mark.parametrize("formats, size", [(["png"], "paper"), (["png", "svg"], "slide")])
def test_other_formats_and_sizes_are_drawn(drawn, formats, size):
    assert drawn_before(drawn[0], formats, size) == []


def test_a_damaged_plot_and_other_numbers_are_drawn(drawn):
    folder, files = drawn
    (folder / MANIFEST).write_text(json.dumps({"state": "complete", "key": "another"}))
    assert drawn_before(folder, ["svg", "png"], "paper") == []
    (folder / MANIFEST).write_text(json.dumps({"state": "complete", "key": "k"}))
    files[0].write_text("pict")
    assert drawn_before(folder, ["svg", "png"], "paper") == []


def test_matplotlib_is_not_loaded():
    script = "import sys, sim.plots.stamp; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
