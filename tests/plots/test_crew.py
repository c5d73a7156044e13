"""Two processes draw what one draws, and a plot that fails in either is told."""

import pytest

from sim.plots import write_plots
from sim.plots.pool import Pool


def test_two_processes_write_the_same_bytes(folders):
    alone = {path: path.read_bytes() for path in write_plots(folders("baseline"))}
    with Pool() as crew:
        together = {path: path.read_bytes() for path in write_plots(folders("baseline"), crew)}
    assert alone == together


def draw(run_folder, name):
    if name == "bad":
        raise ValueError("no colours left")
    return [run_folder / name]


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("names", [["bad", "good", "better"], ["good", "better", "bad"]])
def test_what_fails_is_found_under_its_name(tmp_path, alone, names):
    with Pool(alone) as crew:
        found = crew.draw(draw, tmp_path, names)
    assert list(found) == names
    assert found["good"] == [tmp_path / "good"] and isinstance(found["bad"], ValueError)
