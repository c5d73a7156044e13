"""What is documented, from a few events written by hand: dates, first steps, ends of formats, spans of observations."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import pytest

from sim.outcomes import record


@dataclass
class Event:
    date: date
    kind: str
    parties: tuple[str, ...] = ()
    subject: str = ""
    confidence: str = "documented"
    used: bool = True


FACTS = SimpleNamespace(
    events=[
        Event(date(2004, 12, 9), "rung", ("UZB", "KAZ"), "partnership"),
        Event(date(1998, 10, 31), "rung", ("KAZ", "UZB"), "friendship", "assumed"),
        Event(date(2010, 1, 1), "rung", ("KAZ", "UZB"), "friendship"),
        Event(date(1997, 1, 1), "rung", ("KAZ", "UZB"), "alliance", used=False),
        Event(date(1994, 4, 30), "signature", ("KAZ", "KGZ", "UZB"), "union"),
        Event(date(1998, 3, 26), "accession", ("TJK",), "union"),
        Event(date(2005, 10, 6), "format-ends", (), "union-summits"),
        Event(date(2002, 2, 28), "summit", ("KAZ", "UZB"), "union-summits"),
        Event(date(2003, 5, 1), "summit", ("KAZ", "UZB"), "abroad"),
        Event(date(2009, 7, 1), "clash", ("TJK", "KGZ")),
    ],
    accords=[SimpleNamespace(id="union", format="union-summits"), SimpleNamespace(id="zone", format="")],
    formats=[SimpleNamespace(id="union-summits", regional=True), SimpleNamespace(id="abroad", regional=False)],
)


@pytest.mark.parametrize(("day", "year"), [(date(2004, 1, 31), 2004.0), (date(2004, 7, 1), 2004.5)])
def test_a_date_is_the_first_of_its_month(day, year):
    assert record.as_year(day) == year


def test_the_first_step_to_each_rung_by_date():
    first, second = record.steps(FACTS)
    assert (first.dyad, first.rung, first.assumed) == ("KAZ-UZB", "friendship", True)
    assert first.year == pytest.approx(1998 + 9 / 12)
    assert (second.rung, second.assumed) == ("partnership", False)


def test_who_has_signed_and_when_enough_had():
    signed = record.signatures(FACTS)
    assert signed == pytest.approx(
        {
            ("union", "KAZ"): 1994.25,
            ("union", "KGZ"): 1994.25,
            ("union", "UZB"): 1994.25,
            ("union", "TJK"): 1998 + 2 / 12,
        }
    )
    parties = ("KAZ", "KGZ", "TJK", "UZB")
    assert record.adoption(signed, "union", parties, 3) == 1994.25
    assert record.adoption(signed, "union", parties, 4) == pytest.approx(1998 + 2 / 12)
    assert record.adoption(signed, "union", parties, 1) == 1994.25
    assert record.adoption(signed, "union", ("TJK",), 1) == pytest.approx(1998 + 2 / 12)
    assert record.adoption(signed, "union", parties, 5) is None
    assert record.adoption(signed, "union", parties, 0) is None


def test_a_format_that_ends_takes_its_accords_with_it():
    assert record.ended(FACTS, 2005 + 9 / 12) == set()  # it ends in that month
    assert record.ended(FACTS, 2005 + 10 / 12) == {"union"}


def test_regional_summits_alone_and_events_of_a_pair():
    assert [meeting.year for meeting in record.regional_summits(FACTS)] == pytest.approx([2002 + 1 / 12])
    assert [event.date for event in record.of_pair(FACTS, "clash", "KGZ-TJK")] == [date(2009, 7, 1)]


def test_the_record_ends_after_the_last_treaty_act_or_summit():
    assert record.record_end(FACTS) == pytest.approx(2010 + 1 / 12)  # a clash does not lengthen it
    assert record.record_end(SimpleNamespace(events=[])) == float("-inf")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2020", 2020, 2021),
        ("2020-10", 2020.75, 2020 + 10 / 12),
        ("2022-2024", 2022, 2025),
        ("2023-01..2025-09", 2023, 2025.75),
        ("2024-01..06", 2024, 2024.5),
        ("2020-10-20", 2020.75 + 20 / 30.4 / 12, 2020.75 + 20 / 30.4 / 12),
        ("2020-10-31", 2020 + 10 / 12, 2020 + 10 / 12),
    ],
)
def test_the_span_of_an_observation(text, since, until):
    rivers = SimpleNamespace(observations=[SimpleNamespace(date=text, value=3.5, note="", series="a")])
    (found,) = record.observations(rivers, "a")
    assert (found.since, found.until, found.value) == (pytest.approx(since), pytest.approx(until), 3.5)
    assert record.observations(rivers, "b") == []


def test_what_comes_first_is_kept_and_what_is_not_used_left_out():
    """A state signs twice; the ends of two formats in one year."""
    facts = SimpleNamespace(
        events=[
            Event(date(2003, 1, 1), "accession", ("KAZ",), "union"),
            Event(date(2001, 1, 1), "signature", ("KAZ",), "union", used=False),
            Event(date(2002, 3, 1), "signature", ("KAZ", "UZB"), "union"),
            Event(date(2004, 2, 1), "format-ends", (), "zone"),
            Event(date(2004, 3, 1), "format-ends", (), "union-summits"),
            Event(date(2001, 12, 31), "refusal", ("UZB",), "union"),
        ],
        accords=FACTS.accords,
    )
    assert record.signatures(facts) == pytest.approx({("union", "KAZ"): 2002 + 2 / 12, ("union", "UZB"): 2002 + 2 / 12})
    assert record.ended(facts, 2004 + 1.5 / 12) == {"zone"}  # by its own name, too
    assert record.ended(facts, 2005.0) == {"zone", "union"}
    assert record.record_end(facts) == pytest.approx(2003 + 1 / 12)
    refused = SimpleNamespace(events=facts.events[-1:])
    assert record.record_end(refused) == pytest.approx(2002.0)


def test_an_assumed_summit_is_marked():
    facts = SimpleNamespace(
        events=[Event(date(2002, 2, 1), "summit", (), "union-summits", "assumed")], formats=FACTS.formats
    )
    assert record.regional_summits(facts) == (record.Meeting(2002 + 1 / 12, True),)
    assert record.FIRST_YEAR == 1992.0  # states of the Soviet Union had no treaties before
