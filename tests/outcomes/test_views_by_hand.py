"""What a view of a run tells of histories written by hand: the record beside it, its borders, rates and years."""

from dataclasses import replace

import numpy as np
import pytest
from histories_by_hand import PARTIES
from views_by_hand import FREE, YEARS, coded, section, view_of

from sim.facts import load_facts
from sim.outcomes import Histories, record, water
from sim.outcomes.against_record import SHARES, Count, counts, passages, patterns, table
from sim.outcomes.borders import clash_counts, clashes, counting_span, documented_clashes, settlement
from sim.outcomes.posterior_checks import Check, check_sentence
from sim.outcomes.record import Meeting, Step
from sim.outcomes.view import month_name

STEPS = (
    Step("KGZ-TJK", "friendship", 2011.0, False),
    Step("KGZ-UZB", "friendship", 2014.5, True),
    Step("KGZ-UZB", "partnership", 2022.75, False),
    Step("TJK-UZB", "partnership", 2018.0, False),
)


@pytest.fixture
def climbed():
    """KGZ-UZB become friends in 2012, 2013, 2013 and never; TJK-UZB partners in 2018, 2019, 2021.92 and 2022."""
    friends = [(k, year, "rung", "KGZ", "UZB", "friendship", 0) for k, year in enumerate((2012, 2013, 2013))]
    partners = [
        (k, year, "rung", "UZB", "TJK", "partnership", 0) for k, year in enumerate((2018, 2019, 2021 + 11 / 12, 2022))
    ]
    return view_of(*friends, *partners, documented=[(-1, 2011, "rung", "KGZ", "TJK", "friendship", 0)], steps=STEPS)


def test_first_passages_of_what_was_open_at_the_branch(climbed):
    found = {(each.dyad, each.rung): each for each in passages(climbed)}
    assert ("KGZ-TJK", "friendship") not in found  # taken before the branch
    assert len(found) == 8
    friends = found["KGZ-UZB", "friendship"]
    assert friends.dates.tolist() == [2012, 2013, 2013, np.inf] and friends.record == 2014.5 and friends.assumed
    assert friends.quantiles.tolist() == [2012, 2012, 2012, 2013, 2013, np.inf, np.inf]
    never = found["TJK-UZB", "alliance"]
    assert never.record is None and not never.assumed and np.isinf(never.dates).all()
    short = view_of(steps=STEPS, catalogue=replace(FREE, end=2022 * 12 + 8))
    assert {(each.dyad, each.rung): each.record for each in passages(short)}["KGZ-UZB", "partnership"] is None


def test_what_begins_where_the_record_ends_has_nothing_to_show():
    late = view_of(steps=STEPS, catalogue=replace(FREE, branch=2025 * 12 + 6))
    assert passages(late) == counts(late) == patterns(late) == table(late) == []


def test_counts_of_epochs_between_branch_and_the_end_of_the_record(climbed, monkeypatch):
    monkeypatch.setattr(record, "regional_summits", lambda facts: (Meeting(2018.25, False), Meeting(2024.5, True)))
    found = {(each.what, each.first): each for each in counts(climbed)}
    # 2010-2016 begins before the branch, 2026 after the record
    assert {first for _, first in found} == {2017, 2018, 2022}
    partners = found["partnership", 2017]
    assert partners.simulated.tolist() == [1, 1, 1, 0] and (partners.record, partners.assumed) == (1, 0)
    assert partners.span == "2017-2021"
    later = found["partnership", 2022]
    assert later.simulated.tolist() == [0, 0, 0, 1] and later.record == 1 and later.span == "2022 to June 2025"
    assert found["friendship", 2017].record == 0
    summits = found["regional summits", 2018]
    assert (summits.record, summits.assumed, summits.until) == (2, 1, 2025.0) and summits.simulated.tolist() == [0] * 4
    assert Count("x", 2018, 2018 + 1 / 12, np.zeros(1), 0, 0).span == "2018 to January 2018"


def test_joint_patterns(monkeypatch):
    """Five summits after a gap in member 1; clashes and then a settlement in member 0."""
    meetings = [Meeting(2018.0 + k, False) for k in range(5)]
    monkeypatch.setattr(record, "regional_summits", lambda facts: tuple(meetings))
    clashed = [(0, 2021 + k / 4, "clash", "KGZ", "TJK", "", 1) for k in range(3)]
    summits = [(1, 2018 + k, "summit", "", "", "regional", 0) for k in range(5)]
    settled = (0, 2025, "settlement", "KGZ", "TJK", "", 1.0)
    gap, fought = patterns(view_of(*clashed, *summits, settled))
    assert gap.column == "pattern.summit_gap" and gap.happened and gap.probability.value == 0.25
    assert fought.column == "pattern.clash_then_settlement" and fought.probability.value == 0.25
    assert fought.happened  # as the record that ships has it
    assert [each.column for each in patterns(view_of(*summits))] == ["pattern.summit_gap"]  # without clashes
    meetings.append(Meeting(2012.0, False))
    assert not patterns(view_of(*summits))[0].happened
    del meetings[0], meetings[-1]
    assert not patterns(view_of(*summits))[0].happened


def test_the_table_says_never_and_how_far_in_the_tails_the_record_lies(climbed):
    head, *rows = table(climbed)
    assert head[:6] == ["kind", "name", "unit", "documented", "documented_assumed", "members"]
    assert head[6:13] == ["q2.5", "q10", "q25", "q50", "q75", "q90", "q97.5"] and len(SHARES) == 7
    named = {row[1]: dict(zip(head, row, strict=True)) for row in rows}
    friends = named["KGZ-UZB friendship"]
    assert (friends["documented"], friends["documented_assumed"], friends["members"]) == ("2014.5", "1", "4")
    assert (friends["q50"], friends["q97.5"]) == ("2013", "never")
    assert (friends["at_most"], friends["at_least"]) == ("0.7500", "0.2500")
    assert named["TJK-UZB alliance"]["at_most"] == "" and named["TJK-UZB alliance"]["documented"] == ""
    assert (
        named["partnership 2017-2021"]["at_least"] == "0.7500" and named["partnership 2017-2021"]["at_most"] == "1.0000"
    )
    assert {row[0] for row in rows} == {"first passage", "count", "pattern"}


def test_settlement_of_a_section_month_by_month():
    """Half at first; the record settles 0.6 in 2011; a member the whole in 2015, reopened in 2020."""
    view, border = section(
        (2, 2015, "settlement", "TJK", "KGZ", "", 1.0), (2, 2020, "border-reopened", "KGZ", "TJK", "", 0.3),
        (3, 2016, "settlement", "KGZ", "TJK", "", 1.0), (0, 2015, "settlement", "UZB", "TJK", "", 1.0),
        documented=[(-1, 2011, "settlement", "KGZ", "TJK", "", 0.6)],
    )  # fmt: skip
    mean, since = settlement(view, border)
    at = {year: mean[(year - 2010) * 12] for year in (2010, 2011, 2014, 2015, 2016, 2020, 2040)}
    assert at == pytest.approx({2010: 0.5, 2011: 0.6, 2014: 0.6, 2015: 0.7, 2016: 0.8, 2020: 0.725, 2040: 0.725})
    assert mean[12 - 1] == 0.5 and since.tolist() == [np.inf, np.inf, np.inf, 2016.0]


def test_a_section_that_was_settled_before_the_run():
    view, border = section(at_first=1.0)
    mean, since = settlement(view, border)
    assert (mean == 1.0).all() and since.tolist() == [2010.0] * 4
    view, border = section(documented=[(-1, 2005, "settlement", "KGZ", "TJK", "", 1.0)])
    mean, since = settlement(view, border)
    assert (mean == 1.0).all() and since.tolist() == [2010.0] * 4


def test_members_are_found_by_their_numbers():
    view, border = section((7, 2015, "settlement", "TJK", "KGZ", "", 1.0), numbers=[3, 7])
    assert settlement(view, border)[1].tolist() == [np.inf, 2015.0]
    assert view.counts(view.simulated("settlement")).tolist() == [0, 1] and view.n_members == 2


def test_clashes_are_counted_where_the_record_can_be_held_against_them():
    rows = [(0, year, "clash", "KGZ", "TJK", "", 1) for year in (2012, 2024, 2025 + 5 / 12, 2025.5, 2030)]
    view, border = section(*rows, documented=[(-1, 2011, "clash", "KGZ", "TJK", "", 1)])
    assert counting_span(view) == (2012.0, 2025.5)
    assert clash_counts(view, border).tolist() == [3, 0, 0, 0] and clashes(view, border).month.size == 5
    held = [
        each
        for each in load_facts().events
        if each.used and each.kind == "clash" and set(each.parties) == {"KGZ", "TJK"}
    ]
    assert documented_clashes(view, border) == sum(2012 <= record.as_year(each.date) < 2025.5 for each in held) > 0
    late, border = section(*rows, catalogue=replace(FREE, branch=2025 * 12))
    assert counting_span(late) == (2025.0, 2041.0) and documented_clashes(late, border) is None
    assert clash_counts(late, border).tolist() == [3, 0, 0, 0]


def test_rates_of_disputes_clashes_and_acts():
    """Simulated for 29 years; an upstream neighbour without agency has no second state."""
    two = Histories(
        FREE, np.arange(2), {},
        coded(
            (0, 2013, "dispute", "UZB", "TJK", "", -2), (0, 2014, "dispute", "UZB", "", "", -1),
            (1, 2015, "dispute", "UZB", "KGZ", "", -5), (0, 2016, "clash", "TJK", "KGZ", "", 1),
            (1, 2016, "closure", "UZB", "KGZ", "", 0), (1, 2017, "verbal", "UZB", "KGZ", "", 0),
            (1, 2018, "standoff", "KGZ", "UZB", "", 0),
        ),
        coded((-1, 2011, "dispute", "UZB", "TJK", "", -2)),
    )  # fmt: skip
    found = {name: values * 29 for name, values in water.columns(two).items()}
    assert found["disputes_all"] == pytest.approx([2, 1])
    assert found["disputes.UZB-TJK"] == pytest.approx([1, 0]) and found["disputes.UZB-KGZ"] == pytest.approx([0, 1])
    assert [found[f"disputes_grave.{level}"].round().tolist() for level in water.LEVELS] == [
        [1, 0], [1, 0], [0, 0], [0, 0], [0, 1],
    ]  # fmt: skip
    assert found["clashes.KGZ-TJK"] == pytest.approx([1, 0]) and found["clashes.KGZ-UZB"] == pytest.approx([0, 0])
    assert found["frictions.UZB"] == pytest.approx([0, 2]) and found["frictions.KGZ"] == pytest.approx([0, 1])
    outside = water.pair_filter(PARTIES, "UZB-AFG")(two.simulated)
    assert outside.tolist() == [False, True, False, False, False, False, False]
    assert not water.pair_filter(PARTIES, "AFG-TJK")(two.simulated).any()


def test_deficits_and_seas_of_the_simulated_years():
    after = np.array(FREE.years) >= 2012
    deficit = np.where(after, 0.2, 9.0) * np.ones((2, 1))
    deficit[1, -1] = 0.5
    found = water.columns(
        Histories(FREE, np.arange(2), {"deficit_year.UZB": deficit, "flow.north_aral": deficit}, coded(), coded())
    )
    assert found["deficit_worst.UZB"].tolist() == [0.2, 0.5]
    assert found["deficit_mean.UZB"] == pytest.approx([0.2, (0.2 * 28 + 0.5) / 29])
    assert found["sea_mean.north_aral"] == pytest.approx(found["deficit_mean.UZB"])
    assert water.simulated_years(FREE) == 29 and water.simulated_years(replace(FREE, branch=FREE.end + 5)) == 1 / 12


def test_dry_years_are_whole_simulated_ones():
    deficit = np.tile(np.linspace(0.0, 1.0, YEARS), (4, 1))
    deficit[:, :2] = 9.0
    view = view_of(yearly={"deficit_year.UZB": deficit})
    middle, dry = water.dry_years(view, "UZB")
    simulated = deficit[:, 2:]  # of all members together
    assert (middle, dry) == pytest.approx((np.median(simulated), np.quantile(simulated, 0.9)))
    inside = view_of(yearly={"deficit_year.UZB": deficit}, catalogue=replace(FREE, branch=2040 * 12 + 6))
    assert water.dry_years(inside, "UZB") == pytest.approx((1.0, 1.0))  # no whole year: the one that there is
    assert not water.has_water(view)


def test_years_of_a_view():
    view = view_of(catalogue=replace(FREE, branch=2012 * 12 + 9))
    assert (view.start, view.branch, view.end) == (2010.0, 2012.75, 2041.0)
    assert view.year_middles[:4].tolist() == [2010.5, 2011.5, 2012.75, 2013.5]
    assert view.simulated_part[:4].tolist() == [0.0, 0.0, 0.25, 1.0] and view.simulated_part[-1] == 1.0
    assert month_name(2025.5) == "July 2025" and month_name(2025 + 11 / 12) == "December 2025"
    assert view.leaves_record and not view_of(catalogue=replace(FREE, branch=2025 * 12 + 6)).leaves_record


def test_rates_by_year_are_those_of_a_whole_year():
    rows = [
        (k % 4, year, "clash", "KGZ", "TJK", "", 1) for k, year in enumerate((2012.75, 2012.8, 2013.0, 2013.5, 2013.9))
    ]
    view = view_of(*rows, catalogue=replace(FREE, branch=2012 * 12 + 9))
    assert view.rate_by_year(view.simulated("clash"))[:4].tolist() == [0.0, 0.0, 2 / 4 / 0.25, 3 / 4]
    assert view.simulated_kinds == {"clash"}


@pytest.mark.parametrize(
    ("dates", "branch", "end", "window"),
    [
        ([], 2012 * 12, 2040 * 12 + 11, (2031, 2040)),
        (["2020-05-01", "2018-01-01"], 2012 * 12, 2040 * 12 + 11, (2018, 2027)),
        (["2010-05-01"], 2012 * 12, 2040 * 12 + 11, (2013, 2022)),
        (["2038-01-01"], 2012 * 12, 2040 * 12 + 10, (2030, 2039)),  # 2040 is not whole
        ([], 2035 * 12, 2037 * 12 + 11, (2028, 2037)),
        ([], 2011 * 12, 2013 * 12 + 11, (2010, 2013)),
    ],
)
def test_the_ten_years_that_pictures_show(dates, branch, end, window):
    supposed = [{"kind": "drought", "date": date} for date in dates] + [{"kind": "clash", "date": "2013-01-01"}]
    view = view_of(catalogue=replace(FREE, branch=branch, end=end), manifest={"resolved": {"events": supposed}})
    assert view.window == window
    assert view.window_name == f"{window[0]}\u2013{window[1]}"


def test_means_over_the_window_and_trust():
    values = np.tile(np.arange(YEARS, dtype=float), (4, 1))
    series = {f"trust.{a}.{b}": values / 100 + (a == "KGZ") for a in PARTIES for b in PARTIES if a != b}
    view = view_of(yearly={"x": values, **series})
    assert view.window_mean("x").tolist() == [25.5] * 4
    found = view.median_trust([2010, 2040])
    assert found.shape == (2, 3, 3) and np.isnan(found[:, 1, 1]).all()
    assert found[0, 0, 1] == 1.0 and found[1, 1, 0] == pytest.approx(0.3)


def test_curves_of_adoption_begin_at_the_branch(climbed):
    ends, (value, low, high) = climbed.curve("KGZ-UZB.friendship")
    assert ends[-1] == 2041.0 and ends[0] - 2012.0 <= 3 / 12 and (np.diff(ends) > 0).all()
    assert value[-1] == 0.75 and value[0] in (0.0, 0.25) and (low <= value).all() and (value <= high).all()
    assert climbed.is_open("KGZ-UZB.friendship") and not climbed.is_open("KGZ-TJK.friendship")
    assert climbed.same_dates("KGZ-TJK.alliance", "KGZ-UZB.alliance")
    assert not climbed.same_dates("KGZ-UZB.friendship", "TJK-UZB.partnership")


def test_the_source_says_what_the_run_is():
    manifest = {"facts_digest": "other", "versions": {"casim": "9"}, "scenario": "mine", "seed": 5}
    text = view_of(manifest=manifest).source
    assert "casim 9, scenario mine, 4 members, seed 5, record until December 2011, simulated from January 2012" in text
    assert text.endswith("run 01234567; tables of facts have changed since")
    whole = view_of(
        manifest=manifest | {"facts_digest": load_facts().digest}, catalogue=replace(FREE, branch=2010 * 12)
    )
    assert "no record replayed" in whole.source and whole.source.endswith("run 01234567")


def check(name, recorded, low, middle, high, unit="acts", tails=(0.5, 0.6)):
    quantiles = (
        dict.fromkeys(("q2.5", "q10", "q25"), low) | {"q50": middle} | dict.fromkeys(("q75", "q90", "q97.5"), high)
    )
    return Check(name, unit, recorded, quantiles, *tails, 400, "9")


def test_checks_of_the_calibration_in_a_sentence():
    inside, edge, outside = check("a", 5, 4, 6, 9), check("b", 4, 4, 6, 9), check("c", 3.9, 4, 6.4, 9)
    assert [each.inside for each in (inside, edge, outside)] == [True, True, False]
    assert check_sentence([]) == ""
    assert check_sentence([inside, edge]).endswith("in 2 of 2 checks.")
    assert check_sentence([inside, outside]).endswith("in 1 of 2 checks; not in: c 6 (4 to 9), recorded 4.")
    split = check("outside", 2, 0, 0, 2, "states", (0.976, 0.05))
    assert check_sentence([split]).endswith("in 1 of 1 checks.  Just 2 outside: 2.6 %.")
    assert check("x", 2, 0, 0, 2, tails=(0.3, 0.2)).exact == 0.0
