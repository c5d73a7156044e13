"""A user's tables: read once, known by their content, their units used, and never read from what is no file."""

import os
import pickle
import shutil

import pytest

from sim.facts import FactsError, load_facts, load_rivers
from sim.facts.load import FOLDER
from sim.facts.record import read_record
from sim.facts.units import factor_to
from sim.scenario import ScenarioError, load_scenario

HEADER = "node,quantity,values,unit,basis,source,licence,note\n"


def volume(number, unit="km3 a year"):
    return f"{HEADER}toktogul,annual_volume,{number},{unit},assumed,test,facts,\n"


@pytest.fixture
def scenario_file(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "river_numbers.csv").write_text(volume(6))
    (tmp_path / "a.toml").write_text('extends = "baseline"\n[rivers]\nfolder = "mine"\n')
    return tmp_path / "a.toml"


def drawn(scenario):
    return load_rivers(scenario.record).number("toktogul", "annual_volume")


def test_an_edited_table_gives_other_numbers_and_another_key_and_the_first_scenario_keeps_its_own(scenario_file):
    first = load_scenario(scenario_file)
    (scenario_file.parent / "mine" / "river_numbers.csv").write_text(volume(7))
    second = load_scenario(scenario_file)
    assert (drawn(first), drawn(second)) == (6.0, 7.0)
    assert first.resolved()["record"] != second.resolved()["record"]
    shutil.rmtree(scenario_file.parent / "mine")
    assert drawn(pickle.loads(pickle.dumps(first))) == 6.0, "the tables travel with the scenario"


def test_an_edited_copy_of_all_tables_is_seen_at_once(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "tables")
    before = load_facts(folder=tmp_path / "tables")
    assert before.digest == load_facts().digest
    path = tmp_path / "tables" / "powers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("RUS,Russia,1,", "RUS,Russia,2,"), encoding="utf-8")
    after = load_facts(folder=tmp_path / "tables")
    assert after.digest != before.digest and after.index("powers")["RUS"].pull == 2.0


@pytest.mark.parametrize(
    ("own", "written", "factor"),
    [
        ("km3 a year", "km3 a year", 1.0),
        ("km3 a year", "million m³/year", 1e-3),
        ("km3 a year", "km3", None),
        ("km3 a month", "hm3 a month", 1e-3),
        ("km3", "km3 on 1 October", 1.0),
        ("km3", "acre-feet", None),
        ("share", "%", 0.01),
        ("share", "share of storage a year", 1.0),
        ("TWh", "GWh October-March from rivers", 1e-3),
        ("TWh per km3", "TWh per km3", 1.0),
        ("years", "years", 1.0),
        ("", "anything", 1.0),
    ],
)
def test_units(own, written, factor):
    assert factor_to(own, written) == factor


def test_million_cubic_metres_are_converted(tmp_path):
    (tmp_path / "river_numbers.csv").write_text(volume(12737.6, "million m3 a year"))
    assert load_rivers(read_record(tmp_path)).number("toktogul", "annual_volume") == pytest.approx(12.7376)


def test_a_pipe_in_the_folder_is_refused(tmp_path):
    os.mkfifo(tmp_path / "river_nodes.csv")
    with pytest.raises(FactsError, match=r"river_nodes.csv: is not an ordinary file"):
        load_rivers(read_record(tmp_path))


def test_a_huge_field_is_refused(scenario_file):
    (scenario_file.parent / "mine" / "river_numbers.csv").write_text(HEADER + "x" * 200_000 + ",full,1,km3,a,b,c,\n")
    with pytest.raises(ScenarioError, match=r"river_numbers.csv:2: is not CSV: field larger than field limit"):
        load_scenario(scenario_file)
