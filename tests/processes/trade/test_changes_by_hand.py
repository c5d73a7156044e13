"""What dated events do to the record of trade, on tables written by hand."""

import math
from datetime import date
from types import SimpleNamespace as Some

import numpy as np
import pytest
from tables_by_hand import IDS, NAMES, PAIRS, agreement

from sim.processes.trade import scenario_changes
from sim.processes.trade.scenario_changes import UNION_DEPENDENCE, change_dependence, change_trade, pair_names, union_of

FIRST, YEARS = 2018, 10
AAA_BBB, AAA_CCC, AAA_AFG, BBB_CCC, AFG_BBB, AFG_CCC = range(6)


class Facts(Some):
    """AAA and BBB are members of the union; the league comes second and has none."""

    def __init__(self, agreements=()):
        super().__init__(
            states=[Some(id=name) for name in IDS[:3]], trade_economies=[Some(id=name) for name in IDS],
            borders=[Some(state_a="BBB", state_b="AAA"), Some(state_a="BBB", state_b="CCC")],
            trade_corridors=[
                Some(id="south", cost_cut=0.25, pairs=("AFG-CCC", "AAA-BBB")),
                Some(id="north", cost_cut=0.5, pairs=("AAA-CCC",)),
            ],
            unions=[
                Some(id="union", agreement="customs", power="RRR"), Some(id="league", agreement="pact", power="PPP"),
            ],
            powers=[Some(id="PPP"), Some(id="RRR")],
            trade_agreements=[agreement("BBB", "AAA", (2015, 1), 0.75, "customs"), *agreements],
        )  # fmt: skip

    def index(self, table):
        return {row.id: row for row in getattr(self, table)}

    def union_members(self, union):
        return {"union": ("AAA", "BBB"), "league": ()}[union]


def event(kind, since, until=None, **more):
    given = {"route": None, "power": None, "between": (), "cost_cut": None, "union": None}
    return Some(kind=kind, date=date(*since, 1), until=until and date(*until, 1), **given | more)


def changed(*events, facts=None, branch=(2020, 1)):
    ends = np.array(PAIRS)
    trade = Some(
        first_year=FIRST, end_a=ends[:, 0], end_b=ends[:, 1],
        **{name: np.zeros((YEARS, 6)) for name in ("imposed", "quicker", "tariff")},
        growth_set=np.full((YEARS, 4), np.nan),
    )  # fmt: skip
    change_trade(trade, events, Some(branch=date(*branch, 1)), facts or Facts())
    return trade


def test_pairs_by_their_ends_in_alphabetical_order():
    ends = np.array(PAIRS)
    assert pair_names(Some(end_a=ends[:, 0], end_b=ends[:, 1]), Facts()) == NAMES


def test_a_route_as_long_as_it_is_open():
    """From October 2019 to March 2021: a quarter of 2019 and of 2021, all of 2020; a quarter of the price is saved."""
    trade = changed(event("corridor", (2019, 10), (2021, 3), route="south"))
    expected = np.zeros((YEARS, 6))
    expected[1:4, [AAA_BBB, AFG_CCC]] = np.array([[1 - 0.75**0.25], [0.25], [1 - 0.75**0.25]])
    assert trade.imposed == pytest.approx(expected)
    assert not trade.tariff.any() and not trade.quicker.any() and np.isnan(trade.growth_set).all()


def test_a_route_without_an_end_and_one_of_the_scenarios_own():
    trade = changed(
        event("corridor", (2026, 7), route="north", cost_cut=0.0),
        event("corridor", (2026, 1), between=("CCC", "AAA", "AFG"), cost_cut=0.19),
    )
    expected = np.zeros((YEARS, 6))
    expected[8:, [AAA_CCC, AAA_AFG, AFG_CCC]] = 0.19
    assert trade.imposed == pytest.approx(expected)


def test_penalties_and_routes_multiply():
    """A power's sanctions meet every state, those on a route the pairs that it serves."""
    trade = changed(
        event("corridor", (2026, 1), route="north"),
        event("sanction", (2026, 1), power="AFG", penalty=0.5),
        event("sanction", (2027, 1), route="north", penalty=0.25),
        event("sanction", (2027, 1), between=("BBB", "AFG"), penalty=1.0),
    )
    assert trade.imposed[8] == pytest.approx([0, 0.5, -0.5, 0, -0.5, -0.5])
    assert trade.imposed[9] == pytest.approx([0, 1 - 0.5 * 1.25, -0.5, 0, 1 - 1.5 * 2.0, -0.5])


def test_time_at_common_borders():
    """Half of the waits in two events: ln 4 off where both parties of a border take part."""
    one = event("border-time", (2026, 1), (2026, 12), parties=("AAA", "BBB", "CCC"), cut=0.5)
    other = event("border-time", (2026, 7), (2026, 12), parties=("BBB", "CCC"), cut=0.75)
    found = changed(one, other).quicker
    expected = np.zeros((YEARS, 6))
    expected[8, AAA_BBB], expected[8, BBB_CCC] = math.log(2), math.log(2) + math.log(4) / 2
    assert found == pytest.approx(expected)
    assert not changed(event("border-time", (2026, 1), parties=("AAA", "CCC"), cut=0.5)).quicker.any()


def test_growth_of_years_that_are_mostly_held():
    """Seven months of 2019, all of 2020, six of 2021 and five of none."""
    found = changed(event("growth", (2019, 6), (2021, 6), state="CCC", rate=0.03)).growth_set
    assert found[1:4, 2].tolist() == [0.03] * 3 and np.isfinite(found).sum() == 3
    short = changed(event("growth", (2019, 8), (2021, 5), state="CCC", rate=0.03)).growth_set
    assert np.isfinite(short[:, 2]).nonzero()[0].tolist() == [2]


def tariff(*events, agreements=(), branch=(2020, 1)):
    return changed(*events, facts=Facts(agreements), branch=branch).tariff


AREA = {"between": ("AAA", "BBB", "CCC")}


def test_free_trade_beyond_what_stands():
    """AAA and BBB have the union's 0.75 on record, which counts as 1 while both are members; CCC has 0.5 with AAA."""
    stands = [agreement("CCC", "AAA", (2019, 12), 0.5)]
    found = tariff(event("free-trade", (2026, 7), (2026, 12), content=0.625, **AREA), agreements=stands)
    expected = np.zeros((YEARS, 6))
    expected[2:, AAA_BBB] = 0.25  # at once, as members
    expected[8, AAA_CCC], expected[8, BBB_CCC] = 0.125 / 2, 0.625 / 2
    assert found == pytest.approx(expected)
    less = tariff(event("free-trade", (2026, 1), content=0.25, **AREA), agreements=stands)
    assert less[8:, AAA_CCC].tolist() == [0.0, 0.0] and less[8:, BBB_CCC].tolist() == [0.25, 0.25]


def test_the_larger_of_two_areas_counts():
    small, large = (event("free-trade", (2026, 1), content=each, **AREA) for each in (0.25, 0.5))
    assert tariff(small, large)[8, BBB_CCC] == 0.5 == tariff(large, small)[8, BBB_CCC]
    assert tariff(large)[:8, BBB_CCC].tolist() == [0.0] * 8
    two = tariff(event("free-trade", (2026, 1), content=0.5, between=("BBB", "CCC")))
    assert two[8, BBB_CCC] == 0.5 and two[8, AAA_CCC] == 0.0


@pytest.mark.parametrize(
    ("agreements", "standing"),
    [
        ([agreement("BBB", "CCC", (2019, 1), 0.5), agreement("BBB", "CCC", (2018, 1), 0.25)], 0.5),  # the last
        ([agreement("BBB", "CCC", (2019, 12), 0.5), agreement("BBB", "CCC", (2020, 1), 0.25)], 0.5),  # of the record
        ([agreement("AAA", "CCC", (2018, 1), 0.25)], 0.0),
        ([agreement("CCC", "BBB", (2018, 1), 0.25)], 0.25),
    ],
)
def test_what_the_record_leaves(agreements, standing):
    found = tariff(event("free-trade", (2026, 1), content=1.0, **AREA), agreements=agreements)
    assert found[8:, BBB_CCC].tolist() == [1.0 - standing] * 2 and not found[:8, BBB_CCC].any()


def test_events_before_the_branch_change_nothing():
    area = event("free-trade", (2019, 1), content=1.0, **AREA)
    assert tariff(area, branch=(2020, 7))[:4, BBB_CCC].tolist() == [0.0, 0.0, 0.5, 1.0]


def test_joining_and_leaving_a_union():
    """CCC joins in July 2026 and AAA leaves in 2027: what was otherwise agreed, 0.25, remains."""
    stands = [agreement("AAA", "BBB", (2014, 1), 0.25)]
    joins, leaves = event("accession", (2026, 7), state="CCC"), event("exit", (2027, 1), state="AAA")
    found = tariff(event("corridor", (2026, 1), route="north"), joins, leaves, agreements=stands)
    assert found[7:, AAA_BBB] == pytest.approx([0.25, 0.25, 0.25 - 0.75])
    assert found[7:, AAA_CCC].tolist() == [0.0, 0.5, 0.0] and found[7:, BBB_CCC].tolist() == [0.0, 0.5, 1.0]
    assert not found[:, [AAA_AFG, AFG_BBB, AFG_CCC]].any()


def test_two_members_of_different_unions_share_none():
    found = tariff(*(event("accession", (2026, 1), state=name, union="league") for name in ("CCC", "AFG")))
    assert found[8, AFG_CCC] == 1.0 and found[8, AAA_CCC] == found[8, BBB_CCC] == 0.0
    assert tariff(event("exit", (2026, 1), state="AAA", union="league"))[8, AAA_BBB] == 0.25


def test_agreements_are_left_alone_without_events_about_them(monkeypatch):
    monkeypatch.setattr(scenario_changes, "_agree", None)
    assert not changed(event("corridor", (2026, 1), route="north")).tariff.any()


def test_unions_tie_states_to_their_leading_powers():
    dependence = np.full((YEARS, 3, 2), 0.5)
    dependence[:, 0, 1] = 0.75 * UNION_DEPENDENCE
    facts = Facts()
    events = [
        event("accession", (2020, 12), state="CCC"), event("exit", (2024, 1), state="AAA"),
        event("accession", (2022, 1), state="BBB", union="league"), event("corridor", (2021, 1), route="north"),
    ]  # fmt: skip
    change_dependence(dependence, events, FIRST, facts)
    expected = np.full((YEARS, 3, 2), 0.5)
    expected[2:, 2, 1] += UNION_DEPENDENCE
    expected[:, 0, 1] = 0.75 * UNION_DEPENDENCE
    expected[6:, 0, 1] = 0.0  # not below nothing
    expected[4:, 1, 0] += UNION_DEPENDENCE
    assert dependence == pytest.approx(expected) and UNION_DEPENDENCE > 0
    large = np.full((YEARS, 3, 2), 0.5)
    change_dependence(large, [event("exit", (2024, 1), state="BBB")], FIRST, facts)
    assert large[6:, 1, 1] == pytest.approx(0.5 - UNION_DEPENDENCE) and large.sum() == pytest.approx(
        large.size / 2 - 4 * UNION_DEPENDENCE
    )
    assert union_of(events[0], facts) == "union" and union_of(events[2], facts) == "league"
