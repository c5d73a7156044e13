"""docs/model.md says what the code does: computed tables, parameters, files and references that exist."""

import importlib
import re
import sys
from pathlib import Path

import pytest

from sim.facts import load_facts
from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "docs" / "derivations"
TEXT = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
BODY, BIBLIOGRAPHY = TEXT.split("## Bibliography")
BODY = re.sub(r"\n +", " ", BODY)  # items that wrap
PROSE = re.sub(r"^\|.*$", "", BODY, flags=re.MULTILINE)  # without tables
CITED = re.compile(r"([A-Z][a-zü]+)(?: & [A-Z][a-z]+| et al\.)? \(?((?:19|20)\d\d)\b")
NOT_NAMES = {"January", "June", "July", "December"}


@pytest.fixture
def script(monkeypatch):
    """Import a script by name, the way it runs from its own folder."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module
    for name in [name for name, module in sys.modules.items() if str(SCRIPTS) in str(getattr(module, "__file__", ""))]:
        del sys.modules[name]


def test_free_run_tables_are_what_the_script_gives(script):
    page, free_run = script("pages"), script("free_run_table")
    for mark, lines in free_run.tables(free_run.simulate()).items():
        assert page.on_page(page.MODEL, mark) == lines, "refresh with: python docs/derivations/free_run_table.py"


def test_observed_rivers_are_what_the_script_gives(script):
    page, rivers = script("pages"), script("rivers")
    facts = rivers.load_rivers()
    lines = rivers.table(facts, rivers.recorded_factors(facts))
    assert page.on_page(page.MODEL, "rivers") == lines, "refresh with: python docs/derivations/rivers.py --report"


def test_parameter_table_is_that_of_the_facts(script):
    lines = script("parameter_table").table()
    pages = script("pages")
    assert pages.on_page(pages.MODEL, "parameters") == lines, "refresh: python docs/derivations/parameter_table.py"


def test_rates_of_absorption_are_those_of_the_record(script):
    absorption = script("absorption")
    joining, ending = absorption.rates(absorption.openness())
    given = load_scenario("absorption").parameters
    assert given["absorption.joining"] == round(joining, 2) and given["absorption.ending"] == round(ending, 1)


def test_a_place_that_is_missing_is_said_to_be_missing(script):
    with pytest.raises(LookupError, match="no place for 'nothing'"):
        script("pages").on_page(script("pages").MODEL, "nothing")


def test_parameters_named_in_the_text_exist():
    known = {row.name for row in load_facts().parameters}
    named = set(re.findall(r"`([a-z]+\.[a-z_]+)`", TEXT))
    assert named and {name for name in named if not name.endswith((".py", ".csv"))} <= known


def test_every_family_of_parameters_is_explained():
    families = {row.name.split(".")[0] for row in load_facts().parameters}
    explained = TEXT[TEXT.index("## 2.") : TEXT.index("### 7.11")]
    assert {family for family in families if f"`{family}." not in explained} == set()


def test_files_named_in_the_text_exist():
    named = set(re.findall(r"`(?:python )?([a-z_/]+\.(?:py|csv))", TEXT))
    folders = (
        ROOT,
        ROOT / "sim",
        ROOT / "sim" / "model",
        ROOT / "sim" / "processes",
        ROOT / "sim" / "facts" / "tables",
    )
    assert named and {name for name in named if not any((folder / name).is_file() for folder in folders)} == set()


def test_references_and_bibliography_agree():
    listed = set(re.findall(r"^- ([A-Z][a-zü]+), .*?\((\d{4})\)", BIBLIOGRAPHY, re.MULTILINE))
    cited = {(name, year) for name, year in CITED.findall(PROSE) if name not in NOT_NAMES}
    assert cited <= listed
    assert {(name, year) for name, year in listed if not re.search(rf"{name}[^()\n]*\(?[^()\n]*{year}", BODY)} == set()


def test_sources_of_the_political_mechanisms_are_in_the_bibliography():
    listed = set(re.findall(r"^- ([A-Z][a-zü]+), .*?\((\d{4})\)", BIBLIOGRAPHY, re.MULTILINE))
    for name in ("trust", "utility", "bilateral_treaties", "accords", "ratification", "region", "leaders"):
        source = (ROOT / "sim" / "processes" / f"{name}.py").read_text(encoding="utf-8")
        for author, year in CITED.findall(source.replace("Wuthrich", "Wüthrich")):
            assert (author, year) in listed, f"{name}.py cites {author} {year}"
