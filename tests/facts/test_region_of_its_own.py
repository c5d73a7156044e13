"""A folder that is a region of its own: the example loads, what is missing is empty or named, the world is complete."""

import shutil
from pathlib import Path

import pytest

from sim.facts import FactsError, load_facts
from sim.facts.load import load_all
from sim.facts.record import OURS, Record, read_record
from sim.facts.tables import TABLES
from sim.scenario import ScenarioError, load_scenario

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "scenarios" / "east-africa"
NEEDED = {"record", "states", "leaders", "rungs", "formats", "issue_weights"}


@pytest.fixture(scope="module")
def loaded():
    return load_all(read_record(EXAMPLE / "record", base="none"))


def test_the_example_holds_nothing_of_ours_but_the_model(loaded):
    facts, rivers, trade = loaded
    assert facts.core_states == ("BDI", "KEN", "RWA", "TZA", "UGA") and facts.about.name == "East Africa"
    assert not rivers.nodes and not rivers.pairs and not trade.economies and not facts.powers
    assert {state for row in facts.events for state in row.parties} <= set(facts.core_states)
    assert [row.name for row in facts.parameters] == [row.name for row in load_facts().parameters]
    assert facts.event_weights == load_facts().event_weights


def test_fitted_parameters_are_back_at_their_priors(loaded):
    found, ours = loaded[0].index("parameters"), load_facts().index("parameters")
    assert (found["ladder.friendship"].value, found["ladder.friendship"].spread) == (-3.0, 1.5)
    assert all(found[name].prior == row.prior for name, row in ours.items())


def test_every_row_has_a_source_and_nothing_is_later_than_the_record(loaded):
    facts = loaded[0]
    assert all(row.source and row.date <= facts.record_ends for row in facts.events)
    assert all(row.note for row in facts.events if not row.used)


def test_base_counts_for_the_digest():
    record = read_record(EXAMPLE / "record", base="none")
    assert record.digest != Record(record.name, record.files).digest and OURS.base == "ours"


def test_what_a_region_needs_is_named_with_its_reason():
    folder = ROOT / "tests" / "broken" / "region" / "nearly-nothing"
    with pytest.raises(FactsError) as caught:
        load_all(read_record(folder, base="none"))
    said = {problem.file: problem.message for problem in caught.value.problems}
    assert {f"nearly-nothing/{name}.csv" for name in NEEDED} == set(said)
    assert all("a region of its own needs it: it " in message for message in said.values())
    assert {name for name, table in TABLES.items() if table.needed} == NEEDED


def broken(tmp_path, name, change):
    folder = tmp_path / "mine"
    shutil.copytree(EXAMPLE / "record", folder)
    text = (folder / f"{name}.csv").read_text(encoding="utf-8")
    assert change(text) != text
    (folder / f"{name}.csv").write_text(change(text), encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        load_all(read_record(folder, base="none"))
    return str(caught.value)


def without(beginning):
    return lambda text: "".join(line for line in text.splitlines(True) if not line.startswith(beginning))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("rungs", without("3,"), "2 rungs. Allowed: 3"),
        ("formats", lambda text: text.replace(",1,,", ",0,,"), "no format is regional"),
        ("leaders", without("UGA"), "state: UGA has no leader"),
        ("issue_weights", without("UGA,voice"), "issue: UGA lacks voice"),
        ("region", lambda text: text.replace("East Africa,", "East Africa,KEN-UGB"), "KEN-UGB: not a known pair of"),
        ("region", lambda text: text.replace(",,,,", ",,,KEN-RWA,"), "KEN-RWA: not a known border"),
        ("events", lambda text: text.replace("KEN;TZA;UGA", "KEN;TZA;UZB"), "UZB: not a known state"),
        ("record", lambda text: text.replace("2025-06-30", "2023-06-30"), "lies after 2023-06-30"),
    ],
)
def test_what_is_wrong_with_a_region(tmp_path, name, change, said):
    assert said in broken(tmp_path, name, change)


def test_a_region_of_one_state(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(EXAMPLE / "record", folder)
    for name in ("accords", "events", "borders"):
        (folder / f"{name}.csv").unlink()
    for name in ("states", "leaders", "issue_weights"):
        lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines(True)
        (folder / f"{name}.csv").write_text(lines[0] + "".join(row for row in lines if row.startswith("KEN")))
    (folder / "formats.csv").write_text("id,title,parties,regional,power,source\nsummit,Summit,KEN,1,,invented\n")
    with pytest.raises(FactsError, match=r"1 states\. Allowed: two or more"):
        load_all(read_record(folder, base="none"))


def test_a_base_without_a_folder_is_refused(tmp_path):
    (tmp_path / "alone.toml").write_text('extends = "baseline"\n[record]\nbase = "none"\n')
    with pytest.raises(ScenarioError, match=r'base = "none" needs a folder'):
        load_scenario(tmp_path / "alone.toml")


def test_the_shipped_calibration_is_refused_for_another_region(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "copy")
    scenario = tmp_path / "copy" / "east-africa.toml"
    scenario.write_text(scenario.read_text().replace('use = "none"', 'use = "2025-06-f55aade1"'))
    with pytest.raises(ScenarioError, match="was fitted to another record"):
        load_scenario(scenario)


def test_a_state_that_is_not_of_the_region_is_not_known():
    with pytest.raises(ScenarioError, match="UZB"):
        load_scenario(EXAMPLE / "east-africa.toml", ["states.UZB.openness=1"])
