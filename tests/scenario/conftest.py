"""A folder in which scenario files can be written and loaded against a small world."""

import textwrap

import pytest

from sim.facts import Facts
from sim.scenario import ScenarioError, load, load_scenario

from . import stand_in


@pytest.fixture
def world():
    return stand_in.facts()


@pytest.fixture
def folder(tmp_path, monkeypatch, world):
    """Working folder with `write(name, text)`, `load(name, *settings)` and `problems(name, *settings)`."""
    monkeypatch.chdir(tmp_path)

    class Folder:
        path = tmp_path

        def write(self, name, text):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
            return tmp_path / name

        def load(self, name, *settings):
            return load_scenario(name, settings, world)

        def problems(self, name, *settings):
            with pytest.raises(ScenarioError) as caught:
                self.load(name, *settings)
            return [str(problem) for problem in caught.value.problems]

    return Folder()


@pytest.fixture(autouse=True)
def calibrations_of_real_facts_only(monkeypatch):
    """No calibration belongs to the made-up facts of these tests."""
    genuine = load.check_calibration
    monkeypatch.setattr(load, "check_calibration", lambda use, facts: isinstance(facts, Facts) and genuine(use, facts))
