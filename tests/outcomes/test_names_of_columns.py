"""What columns are called and mean: families of names, their dictionary, and the names that a run speaks in."""

from dataclasses import replace

import pytest
from histories_by_hand import CATALOGUE, PARTIES

from sim.outcomes import Catalogue, dictionary, metric
from sim.outcomes.catalogue import LINKS, AccordEntry, RegionEntry
from sim.outcomes.metric import Metric, chapter_of, describe, difference_unit, is_dated, is_outcome, title_of, unit_of


def family(name, title="", **changed):
    plain = {"table": "members", "also_at": "", "unit": "share", "lower": 0.0, "upper": 1.0, "chapter": "trust"}
    plain |= {"process": "trust", "resolution": 0.1, "meaning": "m", "reading": "r", "name": name, "title": title}
    return Metric(**plain | changed)


def test_places_of_a_name():
    found = family("x.{dyad}.{rung}_{year}")
    assert found.places("x.AAA-BBB.big-one_2030") == {"dyad": "AAA-BBB", "rung": "big-one", "year": "2030"}
    for other in (
        "x.AAA-BB.big_2030",
        "x.AAA-BBB.Big_2030",
        "x.AAA-BBB.big_203",
        "yx.AAA-BBB.big_2030",
        "xyAAA-BBB.b_2030",
    ):
        assert found.places(other) is None, other
    assert family("plain").places("plain") == {} and family("p{level}").places("p6") is None


def test_labels_fill_places_with_titles():
    accord = family("a.{accord}.{state}", "{state} in {accord}")
    assert accord.label("a.union.AAA") == "AAA in union"
    assert accord.label("a.union.AAA", {"union": "The Union"}) == "AAA in “The Union”"
    assert accord.label("a.union.AAA", {"other": "The Union"}) == "AAA in union"
    assert family("n.{node}", "at {node}").label("n.my_lake") == "at my lake"


def test_rows_of_the_tables_of_metrics():
    row = {"name": "n", "title": "t", "lower": "0", "upper": "", "unit": "u", "resolution": ""}
    found = metric._metric_of(row)
    assert (found.lower, found.upper, found.resolution, found.table) == (0.0, None, 0.001, "")
    assert metric._metric_of(row | {"resolution": "0.5", "lower": "", "upper": "2.5"}).resolution == 0.5


@pytest.mark.parametrize(
    ("also_at", "title"), [("end", "t, end of {year}"), ("last", "t, end of {year}"), ("year", "t, {year}")]
)
def test_outcomes_read_from_a_series(also_at, title):
    found = metric._outcome(family("s.{state}", "t", also_at=also_at, table="monthly"))
    assert (found.table, found.name, found.title) == ("members", "s.{state}_{year}", title)


def test_tables_of_series():
    assert {each.table for each in metric.MONTHLY} == {"monthly"}
    assert metric.YEARLY[: len(metric.MONTHLY)] == metric.MONTHLY and len(metric.YEARLY) > len(metric.MONTHLY)
    assert {each.table for each in metric.YEARLY[len(metric.MONTHLY) :]} == {"yearly"}
    assert {each.table for each in metric.OUTCOMES} == {"members"}
    assert describe("trust_mean").table == "monthly"
    read = {each.name for each in metric.OUTCOMES}
    assert all((f"{each.name}_{{year}}" in read) == bool(each.also_at) for each in metric.YEARLY)


@pytest.fixture
def families(monkeypatch):
    """A date, a share, a share of something and a number; nothing else is known."""
    found = [
        family("when.{state}", "date of {state}", unit="year", chapter="treaties"),
        family("part", "part", unit="share", lower=None),
        family("of", "of demand", unit="share of demand", upper=None),
        family("count", "count", unit="acts", lower=None, upper=None, chapter="water"),
    ]
    series = (family("line.{dyad}", "line of {dyad}", table="yearly", unit="index"),)
    for module in (metric, dictionary):
        monkeypatch.setattr(module, "OUTCOMES", tuple(found))
        monkeypatch.setattr(module, "YEARLY", series)
    metric._metric.cache_clear()
    yield found
    metric._metric.cache_clear()


def test_a_column_by_its_family(families):
    assert describe("when.AAA") is families[0] and title_of("when.AAA") == "date of AAA"
    assert title_of("line.AAA-BBB") == "line of AAA-BBB" and unit_of("line.AAA-BBB") == "index"
    assert (title_of("unknown"), unit_of("unknown"), chapter_of("unknown")) == ("unknown", "", "other")
    assert (unit_of("count"), chapter_of("count"), chapter_of("when.BBB")) == ("acts", "water", "treaties")
    with pytest.raises(KeyError, match="no metric defines the column 'unknown'"):
        describe("unknown")
    assert is_dated("when.AAA") and not is_dated("count")


def test_units_of_differences(families):
    assert difference_unit("when.AAA") == difference_unit("part") == (100.0, "percentage points")
    assert difference_unit("of") == (100.0, "% of demand")
    assert difference_unit("count") == (1.0, "acts") and difference_unit("unknown") == (1.0, "")


def test_results_and_inputs_of_members():
    assert is_outcome("count") and is_outcome("members")
    assert [is_outcome(name) for name in ("member", "drawn.x", "design.x")] == [False] * 3


def test_rows_of_the_dictionary(families):
    assert dictionary.row_of("members", "when.AAA") == {
        "table": "members", "column": "when.AAA", "title": "date of AAA", "unit": "year fraction", "lowest": 0.0,
        "highest": 1.0, "chapter": "treaties", "process": "trust", "meaning": "m", "reading": "r",
    }  # fmt: skip
    part, number = dictionary.row_of("members", "part"), dictionary.row_of("members", "count")
    assert (part["unit"], part["lowest"], part["highest"]) == ("share", "", 1.0)
    assert (number["lowest"], number["highest"], number["unit"]) == ("", "", "acts")
    assert dictionary.row_of("yearly", "line.AAA-BBB")["unit"] == "index"


def test_columns_that_are_no_metrics(families):
    plain = dictionary.row_of("members", "member")
    assert (
        plain["meaning"].startswith("Number of the history")
        and plain["title"] == ""
        and set(plain) == set(dictionary.FIELDS)
    )
    assert dictionary.row_of("yearly", "year")["unit"] == "year"
    assert dictionary.row_of("monthly", "mean")["meaning"] == "Mean over members."
    quantile, unknown = dictionary.row_of("monthly", "q97.5"), dictionary.row_of("members", "unknown")
    assert quantile["meaning"].startswith("Quantile") and unknown["meaning"] == ""
    # the events have no metrics, whatever their columns are called
    assert (
        dictionary.row_of("events", "count")["reading"] == ""
        and dictionary.row_of("elsewhere", "x")["table"] == "elsewhere"
    )
    rows = dictionary.dictionary({"members": ["member", "part"], "events": ["kind"]})
    assert [(row["table"], row["column"]) for row in rows] == [
        ("members", "member"),
        ("members", "part"),
        ("events", "kind"),
    ]


def test_the_page_of_the_dictionary(families, monkeypatch):
    monkeypatch.setattr(dictionary, "MONTHLY", (family("a|b", "t", unit="year", process="p", meaning="x|y"),))
    lines = dictionary.as_markdown().splitlines()
    heads = [line for line in lines if line.startswith("## ")]
    assert heads == [f"## {table}.parquet" for table in ("members", "yearly", "monthly", "events")]
    assert (
        "* `year` (year): Calendar year; values are those of 31 December, or of the year where the unit is a year's."
        in lines
    )
    assert sum(line.startswith("* `q2.5` to `q97.5`: Quantile") for line in lines) == 1
    assert (
        "| `part` | share |  to 1 | trust | m | r |" in lines
        and "| `of` | share of demand | 0 to  | trust | m | r |" in lines
    )
    assert "| `count` | acts |  | trust | m | r |" in lines
    assert "| `a\\|b` | year fraction | 0 to 1 | p | x\\|y | r |" in lines
    table = lines.index("| column | unit | range | process | meaning | how to read it |")
    assert lines[table + 1].count("|") == lines[table].count("|") == 7
    assert lines[-1].startswith("* `origin`: ") and lines[0] == "" and lines[1] == dictionary._EMPTY
    assert "* `value` (by kind): Settled share, intensity, whether deadly, or another figure of the kind." in lines


# ------------------------------------------------------------------------------------------- the catalogue

TEXT = AccordEntry("text-1", "A new text", PARTIES, "opt-in", 2, 0, "accord")
WITH_TEXT = replace(CATALOGUE, texts=(TEXT,), end=2040 * 12)


def test_instruments_in_the_order_of_their_codes():
    assert WITH_TEXT.instruments == (
        "friendship", "partnership", "alliance", "all", "some", "text-1", "regional", "abroad", "RUS", *LINKS,
    )  # fmt: skip


def test_what_dates_an_instrument():
    found = WITH_TEXT.dated_by
    assert found["some"] == "adopted_month.some" and found["some.TJK"] == "signed_month.some.TJK"
    assert found["KGZ-UZB.alliance"] == "rung_month.KGZ-UZB.alliance" and "text-1" not in found
    assert len(found) == 2 + 2 * 3 + 3 * 3


def test_years_kinds_and_places():
    assert WITH_TEXT.years[0] == 2010 and WITH_TEXT.years[-1] == 2040 and len(WITH_TEXT.years) == 31
    assert replace(CATALOGUE, end=2040 * 12 - 1).years[-1] == 2039
    assert CATALOGUE.kind("rung") == 0 and CATALOGUE.kind("summit") == 7 and CATALOGUE.kind("unheard") == -2
    places = CATALOGUE.dyad_positions()
    assert places == {(0, 1): 0, (1, 0): 0, (0, 2): 1, (2, 0): 1, (1, 2): 2, (2, 1): 2}
    assert [CATALOGUE.touches(span) for span in ((2000, 2009), (2000, 2010), (2040, 2050), (2041, 2050))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_catalogue_comes_back_from_its_manifest():
    plain = WITH_TEXT.as_dict()
    assert Catalogue.from_dict(plain) == WITH_TEXT
    without = {name: value for name, value in plain.items() if name not in ("texts", "region")}
    old = Catalogue.from_dict(without)
    assert old.texts == () and old.region == CATALOGUE.region


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("states", "KGZ"), ("states", [1]), ("rungs", None), ("start", -1), ("end", 120_000), ("branch", 2.5),
        ("branch", True), ("accords", [{"id": "a"}]), ("formats", [{"id": 1, "title": "t", "regional": True}]),
        ("accords", [{**vars(TEXT), "required": "2"}]), ("texts", [{**vars(TEXT), "opens": -1}]),
        ("texts", [{**vars(TEXT), "title": 5}]), ("accords", [{**vars(TEXT), "parties": "KGZ"}]),
    ],
)  # fmt: skip
def test_what_is_no_catalogue_is_refused(name, value):
    with pytest.raises((TypeError, KeyError)):
        Catalogue.from_dict(WITH_TEXT.as_dict() | {name: value})


def test_months_may_be_the_first_and_the_last_of_all():
    plain = CATALOGUE.as_dict() | {"start": 0, "branch": 0, "end": 12 * 10_000 - 1}
    assert Catalogue.from_dict(plain).end == 119_999


def test_the_region_of_a_documented_world():
    from types import SimpleNamespace as Some

    facts = Some(
        states=[Some(id="AAA", name="Aland"), Some(id="BBB", name="Beland")],
        trade_economies=[Some(id="CCC", name="Celand")], core_states=("AAA",),
        about=Some(name="The Region", axis="AAA-BBB", axis_goal=None, troubled_border=""),
    )  # fmt: skip
    pairs = [Some(downstream="BBB", upstream=name) for name in ("CCC", "DDD", "AAA", "CCC")]
    nodes = [Some(states=("BBB", "AAA")), Some(states=())]
    watched = [
        Some(node=name, series=kind) for name, kind in (("dam", "storage"), ("sea", "inflow"), ("lake", "storage"))
    ]
    rivers = Some(pairs=pairs, watched=watched, of_kind=lambda kind: nodes if kind == "demand" else [])
    found = RegionEntry.of(facts, rivers)
    assert found.names == (("AAA", "Aland"), ("BBB", "Beland"), ("CCC", "Celand"), ("DDD", "DDD"))
    assert (found.name, found.core, found.axis, found.goal, found.border) == (
        "The Region",
        ("AAA",),
        "AAA-BBB",
        0.0,
        "",
    )
    assert (found.users, found.storages, found.seas) == (("BBB",), ("dam", "lake"), ("sea",))
    assert found.disputes == ("BBB-CCC", "BBB-DDD", "BBB-AAA")
    facts.about.axis_goal = 10.0
    assert RegionEntry.of(facts, rivers).goal == 10.0
