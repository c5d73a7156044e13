"""The loader: it returns typed, frozen rows and names table, line and column of whatever is wrong."""

import dataclasses
import shutil

import pytest

from sim.facts import FactsError, load_facts
from sim.facts.load import FOLDER
from sim.facts.tables import TABLES


@pytest.fixture
def copy(tmp_path):
    """A folder with the shipped tables, to be spoilt."""
    for path in FOLDER.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(folder, table, old, new):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_rows_are_frozen_and_typed():
    facts = load_facts()
    with pytest.raises(dataclasses.FrozenInstanceError):
        facts.states[0].name = "other"
    first = facts.events[0]
    assert isinstance(first.parties, tuple) and isinstance(first.used, bool) and first.value is None


def test_loading_twice_gives_the_same_object_and_digest():
    assert load_facts() is load_facts()
    assert len(load_facts().digest) == 64


def test_digest_follows_every_byte(copy):
    before = load_facts(folder=copy).digest
    spoil(copy, "formats", "Ferghana trilateral", "Ferghana Trilateral")
    assert load_facts(folder=copy).digest != before


BROKEN = [
    ("formats", "id,title", "id,tilte", ["formats.csv:1: tilte: unknown column", "Did you mean title?"]),
    ("powers", ",pull,", ",", ["powers.csv:1: pull: column is missing"]),
    ("powers", "RUS,Russia,1,", "RUS,Russia,strong,", ["powers.csv:2: pull: 'strong' is not a number"]),
    ("powers", "RUS,Russia,1,", "RUS,Russia,nan,", ["powers.csv:2: pull: 'nan' is not a finite number"]),
    ("powers", "RUS,Russia,1,", "RUS,Russia,-1,", ["powers.csv:2: pull: -1.0 is out of range. Allowed: 0.0 to 10.0"]),
    ("group_share", "2004-08-28", "2004-02-30", ["group_share.csv:2: since:", "Allowed: YYYY-MM-DD"]),
    ("group_share", "JPN,", "JAP,", ["group_share.csv:2: power: JAP: not a known power. Allowed: RUS"]),
    ("leaders", "AZE,Ayaz", "AZR,Ayaz", ["leaders.csv:2: state: AZR: not a known state. Allowed: AZE, KAZ"]),
    ("accords", ",aral-fund,", ",aral-found,", ["accords.csv:2: format: aral-found: not a known format"]),
    ("accords", ",unanimity,5,", ",majority,5,", ["accords.csv:2: rule:", "Allowed: unanimity, opt-in"]),
    ("accords", ",unanimity,5,", ",unanimity,6,", ["accords.csv:2: minimum: 6 is more than the parties"]),
    ("accords", "0,0.9,0.1", "0,0.8,0.1", ["accords.csv:2: trade: issue shares sum to 0.9. Allowed: 1"]),
    ("accords", "KAZ;KGZ;TJK", "KGZ;KAZ;TJK", ["accords.csv:2: parties:", "alphabetical order"]),
    ("events", ",icwc-1992,", ",icwc-1993,", ["events.csv:2: subject: icwc-1993: not a known accord"]),
    ("events", ",signature,", ",signing,", ["events.csv:2: kind: 'signing' is not known. Allowed: rung"]),
    ("events", ",TJK;UZB,UZB,TJK,transport,", ",TJK;UZB,,TJK,transport,", ["actor: a closure needs an actor"]),
    ("events", ",TJK;UZB,UZB,TJK,transport,", ",TJK;UZB,KAZ,TJK,transport,", ["KAZ must be among the parties"]),
    ("shocks", "1992-05-05", "1999-05-05", ["shocks.csv:2: until: is before since"]),
    ("rungs", "\n2,partnership", "\n2,friendship", ["rungs.csv:3: id: 'friendship' is given twice, first in line 2"]),
    ("parameters", "choice,documented,", "choice,majority,", ["value: 'majority' is not a choice"]),
    ("parameters", "log-odds,-0.5,", "log-odds,-5,", ["parameters.csv:2: value: -5 is outside its own range"]),
    ("event_weights", ",treaty,14,1,", ",treaty,14,yes,", ["event_weights.csv:2: mutual: 'yes' is not a flag"]),
]


@pytest.mark.parametrize(("table", "old", "new", "expected"), BROKEN)
def test_a_broken_table_is_named_with_line_column_and_what_is_allowed(copy, table, old, new, expected):
    spoil(copy, table, old, new)
    with pytest.raises(FactsError) as caught:
        load_facts(folder=copy)
    for part in expected:
        assert part in str(caught.value)


@pytest.mark.parametrize("table", [name for name in TABLES if not name.startswith(("river_", "trade_", "record"))])
def test_a_row_without_a_source_fails(copy, table):
    path = copy / f"{table}.csv"
    header, *_ = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header}\nx{',' * header.count(',')}\n", encoding="utf-8")
    with pytest.raises(FactsError, match=rf"{table}.csv:2: source: may not be empty"):
        load_facts(folder=copy)


def test_missing_and_unreadable_tables_are_named_together(copy):
    (copy / "shocks.csv").unlink()
    (copy / "rungs.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(FactsError) as caught:
        load_facts(folder=copy)
    assert {problem.file for problem in caught.value.problems} == {"shocks.csv", "rungs.csv"}


def test_a_row_of_the_wrong_length_is_named(copy):
    path = copy / "powers.csv"
    path.write_text(path.read_text(encoding="utf-8") + "XXX,Name,1,source,extra\n", encoding="utf-8")
    with pytest.raises(FactsError, match="5 cells where the header has 4"):
        load_facts(folder=copy)
