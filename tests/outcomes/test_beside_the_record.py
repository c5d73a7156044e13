"""What is held against the record, and borders and water of a view, on histories written by hand."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace as Some

import numpy as np
import pytest
from views_by_hand import FREE, YEARS, coded, section, view_of

from sim.outcomes import Histories, against_record, record, water
from sim.outcomes.against_record import Count, Passage
from sim.outcomes.borders import (
    CLASHES_KNOWN_FROM,
    clash_counts,
    counting_span,
    documented_clashes,
    sections,
    settlement,
)
from sim.outcomes.record import Meeting, Step
from sim.outcomes.summary import probability


def test_steps_that_are_neither_open_nor_documented_are_no_passages():
    """All took the first rung before the branch, and the record knows none; the last was taken by the record alone."""
    taken = [(-1, 2011, "rung", "KGZ", "UZB", "friendship", 0)]
    shown = view_of(documented=taken, steps=(Step("KGZ-UZB", "alliance", 2011.5, False),))
    found = {(each.dyad, each.rung) for each in against_record.passages(shown)}
    assert ("KGZ-UZB", "friendship") not in found and ("KGZ-UZB", "alliance") not in found
    assert ("KGZ-UZB", "partnership") in found and len(found) == 7


def test_a_step_of_the_month_of_the_branch_is_compared():
    shown = view_of(
        steps=(Step("KGZ-UZB", "alliance", 2012.0, True), Step("KGZ-TJK", "alliance", 2040 + 11 / 12, False))
    )
    found = {(each.dyad, each.rung): each for each in against_record.passages(shown)}
    assert (found["KGZ-UZB", "alliance"].record, found["KGZ-UZB", "alliance"].assumed) == (2012.0, True)
    assert found["KGZ-TJK", "alliance"].record == 2040 + 11 / 12


def test_quantiles_of_dates():
    """Of 2001 to 2040 the first, the fourth, the tenth, ...; what two of forty never get is beyond at 97.5 %."""
    dates = np.array([*range(2001, 2039), np.inf, np.inf])
    found = Passage("a", "b", dates, None, False).quantiles
    assert found.tolist() == [2001, 2004, 2010, 2020, 2030, 2036, np.inf]


def test_the_last_epoch_ends_with_the_record():
    """Steps of December 2021, January 2022, June and July 2025; the record ends in July 2025."""
    last = 2025 + 5 / 12
    steps = [Step(dyad, "partnership", year, year == last) for dyad, year in zip(FREE.dyads, (2022.0, last, 2025.5))]
    rows = [
        (0, year, "rung", *dyad.split("-"), "partnership", 0) for dyad, year in zip(FREE.dyads, (2022, last, 2025.5))
    ]
    rows += [(1, 2021 + 11 / 12, "rung", "KGZ", "TJK", "partnership", 0)]
    found = {(each.what, each.first): each for each in against_record.counts(view_of(*rows, steps=tuple(steps)))}
    count = found["partnership", 2022]
    assert count.simulated.tolist() == [2, 0, 0, 0] and (count.record, count.assumed) == (2, 1)
    assert count.until == 2025.5 and found["partnership", 2017].simulated.tolist() == [0, 1, 0, 0]
    assert Count("x", 2022, 2026.0, np.zeros(1), 0, 0).span == "2022-2025"


def test_rungs_that_nobody_had_open_are_not_counted():
    taken = [(-1, 2011, "rung", *dyad.split("-"), "alliance", 0) for dyad in FREE.dyads]
    found = {each.what for each in against_record.counts(view_of(documented=taken))}
    assert "alliance" not in found and "friendship" in found
    one_left = {each.what for each in against_record.counts(view_of(documented=taken[:2]))}
    assert "alliance" in one_left


def facts_with(*events):
    return Some(
        events=[Some(confidence="documented", used=True, subject="", parties=("KGZ", "TJK"), **each) for each in events]
    )


@pytest.mark.parametrize(
    ("clashes", "settled", "happened"),
    [
        ((2021, 2021, 2022), ((2023, 1.0),), True), ((2021, 2022, 2022), ((2025, 1.0),), True),
        ((2021, 2022), ((2024, 1.0),), False), ((2021, 2021, 2023), ((2024, 1.0),), False),
        ((2020, 2021, 2022), ((2024, 1.0),), False), ((2021, 2021, 2022), ((2022, 1.0),), False),
        ((2021, 2021, 2022), ((2026, 1.0),), False), ((2021, 2021, 2022), ((2024, 0.5), (2024, None)), False),
        ((2021, 2021, 2022), ((2022, 1.0), (2024, 0.9999)), True),
    ],
)  # fmt: skip
def test_whether_clashes_were_followed_by_a_settlement(clashes, settled, happened):
    events = [{"kind": "clash", "date": date(year, 12, 1), "value": None} for year in clashes]
    events += [{"kind": "settlement", "date": date(year, 1, 1), "value": value} for year, value in settled]
    shown = view_of()
    shown.facts = facts_with(*events)
    assert against_record._clashed_then_settled(shown) is happened


@pytest.mark.parametrize(
    ("branch", "end", "shown"),
    [
        ((2021, 0), (2040, 11), True),
        ((2021, 1), (2040, 11), False),
        ((2012, 0), (2025, 0), True),
        ((2012, 0), (2024, 10), False),
    ],
)
def test_the_pattern_of_clashes_needs_the_years_around_it(branch, end, shown):
    catalogue = replace(FREE, branch=branch[0] * 12 + branch[1], end=end[0] * 12 + end[1])
    found = against_record.patterns(view_of((0, 2021.5, "clash", "KGZ", "TJK", "", 1), catalogue=catalogue))
    assert ("pattern.clash_then_settlement" in {each.column for each in found}) is shown


@pytest.mark.parametrize(("early", "late", "happened"), [(0, 5, True), (0, 4, False), (1, 5, False)])
def test_the_pattern_of_summits(monkeypatch, early, late, happened):
    meetings = [Meeting(2017 + 11 / 12, False)] * early + [Meeting(2018.0, False), Meeting(2024 + 11 / 12, False)]
    meetings += [Meeting(2020.0, False)] * (late - 2) + [Meeting(2009 + 11 / 12, False), Meeting(2025.0, False)]
    monkeypatch.setattr(record, "regional_summits", lambda facts: tuple(meetings))
    found = against_record.patterns(view_of())
    assert [(each.column, each.happened) for each in found] == [("pattern.summit_gap", happened)]
    assert found[0].probability.value == 0.0 and found[0].probability.members == 4


def test_a_row_says_how_far_in_the_tails_the_record_is():
    values = np.array([1.0, 2.0, 2.0, np.inf])
    row = against_record._row("kind", "name", "unit", 2.0, 1, values)
    assert row[:6] == ["kind", "name", "unit", "2", "1", "4"] and row[6:13] == [
        "1",
        "1",
        "1",
        "2",
        "2",
        "never",
        "never",
    ]
    up, down = probability(3, 4), probability(3, 4)
    assert [float(each) for each in row[13:]] == pytest.approx(
        [0.75, up.low, up.high, 0.75, down.low, down.high], abs=5e-5
    )
    assert against_record._row("k", "n", "u", None, 0, values)[13:] == [""] * 6
    assert [against_record._short(each) for each in (2.0, 2.5, 2.256, 10.0)] == ["2", "2.5", "2.26", "10"]


def test_joint_patterns_are_flags_in_the_table(monkeypatch):
    monkeypatch.setattr(record, "regional_summits", lambda facts: (Meeting(2018.0, True),))
    rows = against_record.table(view_of())
    (pattern,) = (row for row in rows if row[0] == "pattern")
    assert pattern[2:6] == ["flag", "0", "0", "4"] and pattern[13] == "1.0000"
    (summits,) = (row for row in rows if row[0] == "count" and row[1].startswith("regional summits 2018"))
    assert summits[3:5] == ["1", "1"]


def test_a_settlement_of_member_0_is_its_own():
    shown, border = section((0, 2015, "settlement", "TJK", "KGZ", "", 1.0), at_first=0.25)
    mean, since = settlement(shown, border)
    assert mean.size == YEARS * 12 and since.tolist() == [2015.0, np.inf, np.inf, np.inf]
    assert mean[5 * 12 - 1] == 0.25 and mean[5 * 12] == 0.25 + 0.75 / 4 == mean[-1]


def test_what_is_opened_again_is_settled_anew():
    rows = [(0, year, "settlement", "KGZ", "TJK", "", 1.0) for year in (2015, 2020, 2022)]
    rows += [(0, 2018, "border-reopened", "KGZ", "TJK", "", 0.25)]
    mean, since = settlement(*section(*rows, at_first=0.0))
    assert [mean[(year - 2010) * 12] for year in (2015, 2018, 2020)] == pytest.approx([0.25, 0.75 / 4, 0.25])
    assert since[0] == 2020.0


def test_sections_are_the_borders_between_states_of_the_run():
    shown = view_of((0, 2015, "settlement", "TJK", "KGZ", "", 1.0), (0, 2016, "clash", "UZB", "KGZ", "", 1))
    shown.facts = Some(
        borders=[
            Some(state_a="KGZ", state_b="TJK", unsettled_share_1992=0.75), Some(state_a="KAZ", state_b="KGZ"),
            Some(state_a="KGZ", state_b="KAZ"), Some(state_a="KGZ", state_b="UZB", unsettled_share_1992=0.5),
        ]
    )  # fmt: skip
    first, second = sections(shown)
    assert (first.name, first.at_first, first.events.year.tolist()) == ("KGZ-TJK", 0.25, [2015])
    assert (second.name, second.at_first, second.events.year.tolist()) == ("KGZ-UZB", 0.5, [2016])


@pytest.mark.parametrize(
    ("start", "branch", "ends", "span"),
    [
        (2000, 2005, 2025.5, (CLASHES_KNOWN_FROM, 2025.5)), (2015, 2015, 2025.5, (2015, 2025.5)),
        (2000, 2020, 2025.5, (2020, 2025.5)), (2010, 2024, 2025.5, (2024, 2025.5)), (2010, 2024, 2025.0, (2024, 2041)),
    ],
)  # fmt: skip
def test_the_span_in_which_clashes_are_counted(start, branch, ends, span):
    shown, _ = section(catalogue=replace(FREE, start=start * 12, branch=branch * 12))
    shown.record_end = ends
    assert counting_span(shown) == span


def test_clashes_of_the_first_and_the_last_month_of_the_span():
    dates = (2011 + 11 / 12, 2012, 2025 + 5 / 12, 2025.5)
    shown, border = section(*((1, year, "clash", "KGZ", "TJK", "", 1) for year in dates))
    assert clash_counts(shown, border).tolist() == [0, 2, 0, 0]
    days = [(2011, 12), (2012, 1), (2025, 6), (2025, 7)]
    shown.facts = facts_with(*({"kind": "clash", "date": date(*day, 15), "value": None} for day in days))
    assert documented_clashes(shown, border) == 2


def test_means_of_water_include_the_year_of_the_branch():
    """The branch is in December 2012; with one in January 2013 that year is no more."""
    deficit = np.where(np.array(FREE.years) == 2012, 1.0, 0.0) * np.ones((2, 1))
    for month, worst in ((11, 1.0), (12, 0.0)):
        history = Histories(
            replace(FREE, branch=2012 * 12 + month), np.arange(2), {"deficit_year.UZB": deficit}, coded(), coded()
        )
        assert water.columns(history)["deficit_worst.UZB"].tolist() == [worst] * 2


def test_dry_years_leave_out_the_year_that_is_partly_simulated():
    deficit = np.tile(np.arange(YEARS) / 100, (4, 1))
    late = view_of(yearly={"deficit_year.UZB": deficit}, catalogue=replace(FREE, branch=2039 * 12 + 1))
    assert water.dry_years(late, "UZB") == pytest.approx((0.30, 0.30))  # 2040 alone
    whole = view_of(yearly={"deficit_year.UZB": deficit}, catalogue=replace(FREE, branch=2039 * 12))
    assert water.dry_years(whole, "UZB") == pytest.approx((0.295, 0.30))


def test_a_summary_of_water():
    """Two members; deficits of 0.1 everywhere; clashes and settlements of the simulated years, 29 of them."""
    users = FREE.region.users
    deficit = {f"deficit_year.{state}": np.full((2, YEARS), 0.1) for state in users}
    rows = [(0, 2030, "clash", "KGZ", "TJK", "", 1)] * 2 + [(1, 2030, "settlement", "KGZ", "TJK", "", 1)]
    rows += [(1, 2031, "dispute", "UZB", "KGZ", "", -1)] * 29
    shown = view_of(*rows, members=2, yearly=deficit)
    assert water.has_water(shown)
    found = water.water_summary(shown)
    assert found["disputes_a_year"]["mean"] == 0.5 and found["clashes"]["mean"] == 1.0
    assert found["clashes_by_pair"] == {"KGZ-TJK": 1.0} and found["settlements"]["mean"] == 0.5
    assert found["deficit"] == {state: {"median": 0.1, "dry": 0.1} for state in users}
    del deficit[f"deficit_year.{users[0]}"]
    dry = view_of(*rows, members=2, yearly=deficit)
    assert not water.has_water(dry) and water.water_summary(dry) == {}
    no_users = view_of(members=2, yearly=deficit, catalogue=replace(FREE, region=replace(FREE.region, users=())))
    assert not water.has_water(no_users)


def test_an_epoch_that_the_record_does_not_reach_the_end_of_is_left_out_for_summits():
    shown = view_of()
    shown.record_end = 2024.5
    assert "regional summits" not in {each.what for each in against_record.counts(shown)}
    shown.record_end = 2025.0
    assert ("regional summits", 2018) in {(each.what, each.first) for each in against_record.counts(shown)}
