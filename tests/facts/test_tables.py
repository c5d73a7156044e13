"""The shipped tables: what the record must hold, row by row where a row has been decided on purpose."""

import itertools
from collections import Counter, defaultdict
from datetime import date

import pytest

from sim.facts import ISSUES, load_facts

RECORD_ENDS = date(2025, 7, 31)


@pytest.fixture(scope="module")
def facts():
    return load_facts()


def of_kind(facts, kind):
    return [event for event in facts.events if event.kind == kind and event.used]


def event(facts, name):
    return next(event for event in facts.events if event.id == name)


def test_states_are_the_six_in_alphabetical_order(facts):
    assert [state.id for state in facts.states] == ["AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB"]


def test_every_row_of_every_table_has_a_source(facts):
    for name in facts.__dataclass_fields__:
        if name not in ("digest", "record_ends", "record"):
            assert all(row.source for row in getattr(facts, name)), name


def test_the_ladder_has_thirty_one_documented_steps(facts):
    steps = Counter(row.subject for row in of_kind(facts, "rung") if row.confidence != "assumed")
    assert steps == {"friendship": 12, "partnership": 13, "alliance": 6}


def test_assumed_treaties_say_that_they_are(facts):
    assumed = [row for row in of_kind(facts, "rung") if row.confidence == "assumed"]
    assert len(assumed) == 4
    assert sum(row.subject == "friendship" and bool(row.disagreement) for row in assumed) == 3


def test_no_pair_skips_a_rung_or_takes_one_twice(facts):
    taken = defaultdict(list)
    for row in of_kind(facts, "rung"):
        taken[row.parties].append(row.subject)
    ladder = [rung.id for rung in facts.rungs]
    for pair, steps in taken.items():
        assert steps == ladder[: len(steps)], pair
    assert len(taken) == 15


def test_events_are_in_order_of_date_within_the_record(facts):
    dates = [row.date for row in facts.events]
    assert dates == sorted(dates)
    assert dates[0] >= date(1992, 1, 1) and dates[-1] <= RECORD_ENDS


def test_declaration_treaty_ratification_and_council_are_four_events(facts):
    kinds = {row.kind: row.date for row in facts.events if row.parties == ("KAZ", "UZB") and row.date.year >= 2021}
    assert kinds["declaration"] == date(2021, 12, 6)
    assert kinds["rung"] == date(2022, 12, 22)
    assert kinds["council"] == date(2024, 8, 8)
    ratified = {row.actor: row.date for row in of_kind(facts, "ratification") if row.parties == ("KAZ", "UZB")}
    assert ratified == {"UZB": date(2023, 11, 25), "KAZ": date(2024, 5, 20)}


def test_three_declarations_each_before_the_treaty(facts):
    treaties = {row.parties: row.date for row in of_kind(facts, "rung") if row.subject == "alliance"}
    declarations = of_kind(facts, "declaration")
    assert len(declarations) == 3
    assert all(row.date < treaties[row.parties] for row in declarations)


def test_attendance_of_the_first_two_consultative_meetings(facts):
    meetings = [row for row in of_kind(facts, "summit") if row.subject == "consultative"]
    assert [row.date.year for row in meetings] == [2018, 2019, 2021, 2022, 2023, 2024]
    assert "TKM" not in meetings[0].parties and "KAZ" not in meetings[1].parties
    assert all(len(row.parties) == 5 for row in meetings[2:])


def test_friendship_treaty_signed_by_three_and_withheld_by_two(facts):
    signed = next(row for row in of_kind(facts, "signature") if row.subject == "friendship-2022")
    withheld = [row for row in of_kind(facts, "refusal") if row.subject == "friendship-2022"]
    assert signed.parties == ("KAZ", "KGZ", "UZB") and signed.date == date(2022, 7, 21)
    assert {row.parties for row in withheld} == {("TJK", "TKM")}


def test_every_border_ends_settled_and_shares_never_fall(facts):
    shares = defaultdict(list)
    for row in of_kind(facts, "settlement"):
        shares[row.parties].append(row.value)
    assert set(shares) == {(border.state_a, border.state_b) for border in facts.borders}
    assert all(values == sorted(values) and values[-1] == 1.0 for values in shares.values())


def test_closed_crossings_are_opened_again_by_the_end_of_the_record(facts):
    closed = set()
    for row in facts.events:
        if row.subject == "crossings":
            (closed.add if row.kind == "closure" else closed.discard)(row.parties)
    assert not closed


def test_documented_direction_of_frictions(facts):
    rail = event(facts, "a-tjk-uzb-rail-2011")
    assert (rail.actor, rail.target) == ("UZB", "TJK")
    closure = event(facts, "a-kgz-tjk-close")
    assert (closure.actor, closure.target) == ("KGZ", "TJK")
    assert {row.subject for row in facts.events if row.kind in ("closure", "opening")} == {
        "crossings",
        "energy",
        "transport",
        "water",
    }


def test_signatures_come_no_earlier_than_the_accord_was_tabled(facts):
    opens = {accord.id: accord.opens for accord in facts.accords}
    for row in facts.events:
        if row.kind in ("signature", "refusal", "accession") and row.used:
            assert (row.date.year, row.date.month) >= (opens[row.subject].year, opens[row.subject].month), row.id


def test_every_accord_but_a_proposal_has_been_signed_by_enough(facts):
    signed = Counter()
    for row in facts.events:
        if row.kind in ("signature", "accession"):
            signed[row.subject] += len(row.parties)
    for accord in facts.accords:
        assert (signed[accord.id] >= accord.minimum) == (accord.kind != "proposal"), accord.id


def test_institution_weights_of_today_sum_to_the_stated_total(facts):
    gone = {"central-asian-union", "caco-2002"}
    total = sum(row.institution_weight for row in facts.accords if row.kind != "proposal" and row.id not in gone)
    assert 0.5 <= total <= 0.63


def test_titles_are_short(facts):
    assert all(len(row.title.split()) <= 12 for row in facts.events)


def test_every_kind_in_use_has_a_weight(facts):
    weighted = {row.kind for row in facts.event_weights}
    for row in facts.events:
        assert row.kind in weighted or f"{row.kind}:{row.subject}" in weighted or row.kind == "clash"


def test_one_leader_per_state_at_the_start_and_terms_in_order(facts):
    for state in facts.states:
        terms = [leader.since for leader in facts.leaders if leader.state == state.id]
        assert terms == sorted(terms) and terms[0] <= date(1992, 1, 1)


def test_openness_tells_the_two_uzbek_presidents_apart(facts):
    openness = {row.name: row for row in facts.leaders if row.state == "UZB"}
    karimov, mirziyoyev = openness["Islam Karimov"], openness["Shavkat Mirziyoyev"]
    assert karimov.openness_mean + 2 * karimov.openness_sd < mirziyoyev.openness_mean


def test_dependence_carries_no_figure_from_a_source_that_may_not_be_shipped(facts):
    assert not any("COW" in row.source for row in facts.dependence)
    totals = Counter()
    for row in facts.dependence:
        totals[row.state, row.year] += row.share
    assert max(totals.values()) <= 1.0


def test_capacity_is_complete_and_without_leaps(facts):
    series = {(row.state, row.year): row.gdp_per_head for row in facts.capacity}
    for state in facts.states:
        values = [series[state.id, year] for year in range(1991, 2024)]
        assert all(0.6 < later / earlier < 1.6 for earlier, later in itertools.pairwise(values))


def test_issue_weights_cover_all_issues(facts):
    assert Counter(row.state for row in facts.issue_weights) == {state.id: len(ISSUES) for state in facts.states}


def test_parameters_with_a_spread_are_uncertain_ones(facts):
    for row in facts.parameters:
        assert not (row.spread and row.status == "fixed"), row.name
        assert row.status != "claims-only" or row.value == 0


def test_the_core_states_are_those_with_a_seat_at_the_consultative_meetings(facts):
    assert facts.core_states == facts.index("formats")["consultative"].parties
