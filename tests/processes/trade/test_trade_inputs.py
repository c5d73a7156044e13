"""The record of trade of a run from tables written by hand."""

from datetime import date
from types import SimpleNamespace as Some

import numpy as np
import pytest
from tables_by_hand import FLOWS, GDP, IDS, NAMES, PAIRS, agreement, crossing, tables

from sim.engine.layout import MAX_YEARS
from sim.engine.random import channel_key
from sim.processes.trade import inputs
from sim.processes.trade.inputs import depth_on_record, trade_inputs, trade_record, without_trade

BOTH = np.array([FLOWS[a, b] + FLOWS[b, a] for a, b in PAIRS])  # 32, 80, 128, 112, 64, 88
DEPTH = [0.25, 0.5, 0.75]


def recorded(first_year=2017, last_known=2019, changed=None, **more):
    return trade_record(tables(**changed or {}), 5, first_year, last_known, "partner", DEPTH, **more)


def test_pairs_in_the_order_of_the_economies():
    table = recorded()
    assert list(zip(table.end_a.tolist(), table.end_b.tolist())) == PAIRS
    assert table.dyad.tolist() == [0, 1, -1, 2, -1, -1] and table.regional.tolist() == [1, 0, 0, 0, 0, 0]
    assert table.depth_base.tolist() == [0.25, 0.5, 0.0, 0.75, 0.0, 0.0]
    assert table.spread_factor.tolist() == [1, 1, 1, 1, 1.5, 1]
    assert (table.axis, table.exists, table.first_year) == (1, 1, 2017)
    assert recorded(changed={"axis": ""}).axis == -1
    wide = recorded(changed={"core": frozenset({"AAA", "CCC", "AFG"})})
    assert wide.regional.tolist() == [0, 1, 1, 0, 0, 1]


def test_figures_of_the_years_that_a_run_may_know():
    """2017 has none and begins with the sizes and prices of 2018; 2020 may not be known."""
    table = recorded()
    for row, (scale, price) in {1: (0.25, 0.5), 2: (1.0, 2.0)}.items():
        assert table.usd[row] == pytest.approx(BOTH * scale / price)
        assert table.documented[row] == pytest.approx(np.log(BOTH * scale / price))
        assert table.deflator[row] == price
        assert table.log_volume[row] == pytest.approx(np.arange(4) + 0.5 * (row - 2))
    assert np.isnan(table.documented[[0, 3, 4]]).all() and np.isnan(table.documented[5:]).all()
    assert (table.deflator[0], *np.isnan(table.deflator[3:])) == (0.5, *[True] * (MAX_YEARS - 3))
    assert table.log_volume[0] == pytest.approx(np.arange(4) - 0.5) and np.isnan(table.log_volume[3:]).all()
    assert table.last_sized.tolist() == [2] * 4 and np.isnan(table.growth_set).all()


def test_a_run_that_starts_after_the_record():
    table = recorded(first_year=2025, last_known=2024)
    assert table.deflator[0] == 4.0 and table.log_volume[0] == pytest.approx(np.arange(4) + 0.5)
    assert np.isnan(table.deflator[1:]).all() and table.last_sized.tolist() == [0] * 4 and table.shocks_from == 0


def test_a_run_that_knows_nothing_of_the_record():
    """It begins with the sizes of its first year, of which BBB's are unknown."""
    sizes = [row for row in tables().sizes if (row.economy, row.year) != ("BBB", 2018)]
    table = recorded(first_year=2018, last_known=2017, changed={"sizes": sizes})
    assert table.deflator[0] == 0.5 and table.last_sized.tolist() == [0, -1, 0, 0]
    assert np.isnan(table.documented).all() and table.shocks_from == 0


def test_last_years_of_economies_and_of_pairs():
    """BBB has no size of 2020, and AAA-CCC no figure of it."""
    sizes = [row for row in tables().sizes if (row.economy, row.year) != ("BBB", 2020)]
    flows = [row for row in tables().flows if (row.exporter, row.importer, row.year) != ("AAA", "CCC", 2020)]
    table = recorded(2018, 2020, {"sizes": sizes, "flows": flows})
    assert table.last_sized.tolist() == [2, 1, 2, 2]
    assert np.isnan(table.documented[2]).tolist() == [False, True, False, False, False, False]
    assert table.shocks_from == 2  # the first row without a figure of some pair
    assert recorded(2018, 2020).shocks_from == 3 and recorded(2018, 2018).shocks_from == 1


@pytest.mark.parametrize(
    ("columns", "branch", "first"),
    [
        ([[1, 1, 1], [1, 1, 1]], 3, 3), ([[1, 1, 0], [1, 0, 0]], 3, 1), ([[0, 1, 0], [0, 0, 0]], 3, 2),
        ([[1, 1, 1]], 1, 1), ([[0, 0, 0]], -2, 0), ([[0, 0, 0]], 0, 0),
    ],
)  # fmt: skip
def test_the_first_row_without_figures(columns, branch, first):
    """By pair, 1 where there is a figure; a pair that never has one does not count."""
    documented = np.where(np.array(columns).T > 0, 0.0, np.nan)
    assert inputs._first_without_figures(documented, branch) == first


def test_the_base_year():
    table = recorded(output_ratio=3.0)
    assert table.log_base == pytest.approx(np.log(BOTH / 2.0))
    assert table.size_base.tolist() == pytest.approx([a + b for a, b in PAIRS])
    assert table.log_volume_base == pytest.approx(np.arange(4))
    # each economy's trade with all: AAA 32 + 80 + 128, BBB 32 + 112 + 64, CCC 80 + 112 + 88, AFG 128 + 64 + 88
    whole = np.array([240, 208, 280, 280])
    assert table.covers == pytest.approx(
        np.array([[BOTH[k] / whole[a], BOTH[k] / whole[b]] for k, (a, b) in enumerate(PAIRS)])
    )
    # output is three times GDP, of which exports go abroad and the rest stays
    flows = FLOWS + np.diag(3 * GDP - FLOWS.sum(axis=1))
    assert table.output == pytest.approx(3 * GDP) and table.expenditure == pytest.approx(flows.sum(axis=0))
    assert table.home_share == pytest.approx(np.diag(flows) / flows.sum(axis=0))
    assert table.gdp == pytest.approx(GDP) and table.gdp_base == pytest.approx(GDP / 2.0)
    assert table.freeness == pytest.approx(flows * 45_000 / np.outer(3 * GDP, flows.sum(axis=0)))
    # what is missing in ln O, a row, turned by the matrix and sent through a plain round leaves it: all but a constant
    spread = (flows / table.output[:, None]) @ (flows / table.expenditure).T
    missing = np.array([0.3, -0.1, 0.2, 0.0])
    step = missing @ table.correction
    left = missing - step + step @ spread.T
    assert left == pytest.approx(np.full(4, left[0]))


def test_a_base_year_that_was_not_observed_keeps_its_filled_in_figure():
    flows = tables().flows
    (row,) = (row for row in flows if (row.exporter, row.importer, row.year) == ("AAA", "BBB", 2019))
    row.status = "interpolated"
    table = recorded(changed={"flows": flows})
    assert np.isnan(table.documented[2, 0]) and table.log_base == pytest.approx(np.log(BOTH / 2.0))


def test_growth_by_economy_whatever_the_order_of_its_table():
    table = recorded()
    assert table.growth == pytest.approx([0.01, 0.02, 0.03, 0.04])
    assert table.drift_spread == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert table.yearly_spread == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert table.growth_is_state.tolist() == [1, 1, 1, 0]


def test_random_numbers_by_name():
    table = recorded()
    assert (table.pair_key == [channel_key(5, f"trade:{name}") for name in NAMES]).all()
    assert (table.growth_key == [channel_key(5, f"growth:{name}") for name in IDS]).all()
    assert (table.price_key[0] == channel_key(5, "prices")).all() and table.common_key[0].any()


CROSSINGS = [
    crossing("BBB", "AAA", (2020, 3), 0.5), crossing("AAA", "BBB", (2018, 7), 0.25, True),
    crossing("CCC", "AFG", (2018, 1), 0.125), crossing("AAA", "CCC", (2020, 4), 0.0, True),
    crossing("BBB", "CCC", (2019, 12), 0.75),
]  # fmt: skip


def test_borders_by_year_are_held_before_and_after_the_record():
    table = recorded(changed={"crossings": CROSSINGS})
    # AAA-BBB is open for half of 2018, then at a quarter and shut; in 2020 for two months, then open by half
    assert table.passage[:5, 0] == pytest.approx([0.625, 0.625, 0.25, 0.25 / 6 + 0.5 * 5 / 6, 0.25 / 6 + 0.5 * 5 / 6])
    assert table.closed[:5, 0] == pytest.approx([0.5, 0.5, 1.0, 1 / 6, 1 / 6])
    assert table.passage[:, 5].tolist() == [0.125] * MAX_YEARS
    assert table.passage_base == pytest.approx([0.25, 1, 1, 11 / 12 + 0.75 / 12, 1, 0.125])
    assert table.closed_base == pytest.approx([1, 0, 0, 0, 0, 0])


def test_borders_when_the_record_ends():
    """The branch is in April 2020, or in January; only dyads count."""
    table = recorded(changed={"crossings": CROSSINGS}, months_before=3)
    assert table.months_before == 3
    assert table.passage_branch.tolist() == [0.5, 1.0, 0.75] and table.closed_branch.tolist() == [0.0, 0.0, 0.0]
    assert table.passage_before.tolist() == [0.25 + 0.25 + 0.5, 3.0, 2.25]
    assert table.closed_before.tolist() == [2.0, 0.0, 0.0]
    late = recorded(changed={"crossings": CROSSINGS}, months_before=4)
    assert late.closed_branch.tolist() == [0, 1, 0] and late.passage_before[1] == 3.0
    january = recorded(changed={"crossings": CROSSINGS})
    assert january.passage_branch.tolist() == [0.25, 1.0, 0.75] and january.closed_branch.tolist() == [1.0, 0.0, 0.0]
    assert not january.passage_before.any() and january.months_before == 0
    before = recorded(last_known=2018, changed={"crossings": CROSSINGS})
    assert before.passage_branch.tolist() == [0.25, 1.0, 1.0]  # BBB-CCC falls in December 2019


def test_agreements_when_the_record_ends():
    found = [agreement("CCC", "AAA", (2019, 6), 0.5), agreement("AAA", "CCC", (2015, 1), 1.0)]
    found += [agreement("AAA", "AFG", (2015, 1), 0.875), agreement("BBB", "CCC", (2020, 2), 0.25)]
    assert recorded(changed={"agreements": found}).standing.tolist() == [0.0, 0.5, 0.0]
    assert recorded(changed={"agreements": found}, months_before=2).standing.tolist() == [0.0, 0.5, 0.25]
    assert recorded(changed={"agreements": found}, months_before=1).standing.tolist() == [0.0, 0.5, 0.0]


def test_states_of_whose_trade_nothing_is_known():
    table = without_trade(3, 1995)
    assert (table.first_year, table.axis, table.exists) == (1995, -1, 0)
    assert (table.end_a.tolist(), table.end_b.tolist()) == ([0, 0, 1], [1, 2, 2])
    assert table.dyad.tolist() == [0, 1, 2] and table.growth_is_state.tolist() == [1, 1, 1]
    for name in ("documented", "usd", "log_base", "log_volume", "deflator", "growth_set"):
        assert np.isnan(getattr(table, name)).all(), name
    for name in ("passage", "passage_base", "passage_branch", "covers"):
        assert (getattr(table, name) == 1.0).all(), name
    assert not table.closed.any() and not table.free_trade.any() and len(table.output) == 3


def event(kind, day, subject="", parties=(), actor="", used=True):
    return Some(kind=kind, date=date(*day), subject=subject, parties=parties, actor=actor, used=used)


TREATIES = Some(
    states=[Some(id=name) for name in ("AAA", "BBB", "CCC")],
    rungs=[Some(id="friends", depth=0.125), Some(id="allies", depth=0.5)],
    accords=[
        Some(id="union", format="summit", kind="organisation", depth=0.75),
        Some(id="charter", format="summit", kind="accord", depth=0.25),
    ],
)  # fmt: skip


UNION = event("signature", (2001, 1, 1), "union", ("AAA", "BBB"))
CHARTER = event("signature", (2001, 1, 1), "charter", ("AAA", "BBB"))


@pytest.mark.parametrize(
    ("events", "depth"),
    [
        ([], [0, 0, 0]),
        ([event("rung", (2019, 12, 31), "allies", ("BBB", "AAA"))], [0.5, 0, 0]),
        ([event("rung", (2020, 1, 1), "allies", ("AAA", "BBB"))], [0, 0, 0]),
        ([event("rung", (2001, 1, 1), "allies", ("AAA", "BBB"), used=False)], [0, 0, 0]),
        # a shallower step later takes nothing away
        ([event("rung", (2001, 1, 1), "allies", ("CCC", "BBB")),
          event("rung", (2002, 1, 1), "friends", ("BBB", "CCC"))], [0, 0, 0.5]),
        # two sign, a third joins them
        ([CHARTER], [0.25, 0, 0]),
        ([CHARTER, event("accession", (2002, 1, 1), "charter", ("CCC",))], [0.25, 0.25, 0.25]),
        # a party acts alone, whoever else is named; it leaves, and rungs do not go with it
        ([event("signature", (2001, 1, 1), "union", ("AAA", "BBB", "CCC")),
          event("withdrawal", (2003, 1, 1), "union", ("AAA", "BBB", "CCC"), "BBB"),
          event("rung", (2000, 1, 1), "friends", ("AAA", "BBB"))], [0.125, 0.75, 0]),
        # events count by their dates: it left before it joined again
        ([event("signature", (2004, 1, 1), "union", ("AAA", "BBB"), "BBB"), UNION,
          event("withdrawal", (2003, 1, 1), "union", ("BBB",))], [0.75, 0, 0]),
        # with its format an organisation ends, an accord does not
        ([UNION, CHARTER, event("format-ends", (2005, 1, 1), "summit")], [0.25, 0, 0]),
        ([UNION, event("format-ends", (2005, 1, 1), "others")], [0.75, 0, 0]),
        ([event("summit", (2001, 1, 1), "union", ("AAA", "BBB"))], [0, 0, 0]),
    ],
)  # fmt: skip
def test_the_deepest_treaty_by_the_end_of_a_year(events, depth):
    assert depth_on_record(Some(**vars(TREATIES), events=events), 2019) == depth


def test_a_run_takes_from_the_record_what_came_before_its_branch():
    """To the month: the branch is in April 2020, so that figures of 2019 and borders of March are the last."""
    facts = Some(**vars(TREATIES), events=[event("rung", (2018, 1, 1), "allies", ("AAA", "CCC"))])
    facts.trade_economies, facts.unions = tables().economies, ()
    run = Some(seed=5, start=date(2018, 1, 1), branch=date(2020, 4, 1), end=date(2030, 12, 31))
    held = Some(kind="growth", date=date(2021, 1, 1), until=None, state="BBB", rate=0.07)
    table = trade_inputs(facts, tables(crossings=CROSSINGS), run, [held], [0.5, 0.25], "partner", 2.0)
    assert np.isfinite(table.documented[1]).all() and np.isnan(table.documented[2]).all()
    assert table.months_before == 3 and table.passage_branch.tolist() == [0.5, 1.0, 0.75]
    assert table.free_trade[:3].tolist() == [0.5, 0.25, 0.0] and table.depth_base[1] == 0.5
    assert table.output == pytest.approx(2 * GDP)
    assert table.growth_set[3:, 1].tolist() == [0.07] * (MAX_YEARS - 3) and np.isnan(table.growth_set[2, 1])
    nothing = trade_inputs(facts, Some(economies=()), run, [held], [0.5], "partner", 2.0)
    assert nothing.exists == 0 and nothing.first_year == 2018 and nothing.dyad.size == 3
