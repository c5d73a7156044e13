"""Tiny runs of the real engine: one that follows the record to its end, and some that leave it earlier."""

import functools

import pytest

from sim.outcomes.view import View
from sim.plots import style
from sim.plots.write import PLOTS
from sim.runs import open_run, run_scenario
from sim.scenario import load_scenario


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """Folder of a finished run by scenario; each is simulated once."""
    found, place = {}, tmp_path_factory.mktemp("runs")

    def folder(name):
        if name not in found:
            scenario = load_scenario(name, ["run.members=9"])
            found[name] = run_scenario(scenario, place, threads=1).path
        return found[name]

    return folder


@pytest.fixture(scope="session")
def views(folders):
    """An opened view by scenario."""
    return lambda name: View(open_run(folders(name)))


@pytest.fixture(scope="session")
def figures(views):
    """Figures of a run by name of the plot, those it does not hold left out; drawn once, left as they are."""

    @functools.cache
    def draw(name):
        with style.styled():
            drawn = {plot: make(views(name)) for plot, make in PLOTS.items()}
        return {plot: figure for plot, figure in drawn.items() if figure is not None}

    return draw
