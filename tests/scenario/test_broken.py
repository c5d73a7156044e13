"""Each broken file of tests/broken/scenario says what expected.txt says it should, word for word."""

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load_scenario
from sim.scenario.load import shipped_folder

from . import stand_in

BROKEN = Path(__file__).parents[1] / "broken" / "scenario"


def told(name):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(Path(f"{name}.toml"), facts=stand_in.facts())
    return str(caught.value).replace(str(shipped_folder()), "<shipped>")


def expected():
    sections = (BROKEN / "expected.txt").read_text(encoding="utf-8").split("# ")[1:]
    return {head: "\n".join(lines) for head, *lines in (section.strip().split("\n") for section in sections)}


@pytest.mark.parametrize("name", sorted(path.stem for path in BROKEN.glob("*.toml")))
def test_broken_file(name, monkeypatch):
    monkeypatch.chdir(BROKEN)
    assert told(name) == expected()[name]


def test_nothing_expected_of_missing_files():
    assert set(expected()) == {path.stem for path in BROKEN.glob("*.toml")}
