"""Trade of small histories written by hand: columns, chances of a goal, shares of variance, partners, the summary."""

import math
from dataclasses import replace
from types import SimpleNamespace as Some

import numpy as np
import pytest
from histories_by_hand import CATALOGUE, PARTIES, histories

from sim.facts import load_trade_facts
from sim.outcomes import trade
from sim.outcomes.trade import GOAL_YEARS

#: Its trade is that of KGZ with UZB; simulated from 2032 to 2036.
OURS = replace(
    CATALOGUE, branch=2032 * 12, end=2036 * 12 + 11, region=replace(CATALOGUE.region, axis="KGZ-UZB", goal=10.0)
)
YEARS = OURS.years  # 2010 to 2036
NEVER = math.nan


def by_year(*rows):
    """(m, years): each row a function of the year."""
    return np.array([[float(row(year)) for year in YEARS] for row in rows])


def yearly(**changed):
    """Two members, in which things grow with the years since 2000."""
    found = {f"trade.{dyad}": by_year(lambda year: year - 2000, lambda year: 1) for dyad in OURS.dyads}
    for k, state in enumerate(PARTIES):
        found[f"gdp_volume.{state}"] = by_year(*[lambda year, k=k: np.exp((k + 1) * (year - 2000) / 10)] * 2)
        found[f"integration_gain.{state}"] = by_year(lambda year, k=k: k, lambda year, k=k: year - 2000 - k)
        found[f"shapley.{state}"] = by_year(lambda year: NEVER if year < 2036 else 7, lambda year: 8)
    prices = by_year(lambda year: 2, lambda year: 4)
    return found | {"deflator": prices, "trust_mean": np.ones((2, len(YEARS)))} | changed


def columns(catalogue=OURS, **changed):
    return trade.columns(replace(histories(yearly=yearly(**changed)), catalogue=catalogue))


def test_years_of_trade_are_report_years_and_those_of_the_goal():
    assert trade.trade_years(OURS) == (2010, 2020, 2025, 2030, 2034, 2035, 2036)
    assert set(GOAL_YEARS) <= set(trade.trade_years(OURS))
    short = replace(OURS, branch=2015 * 12, end=2032 * 12)
    assert trade.trade_years(short) == (2010, 2020, 2025, 2030, 2032)


def test_columns_are_values_of_their_years():
    found = columns()
    assert found["trade.TJK-UZB_2035"].tolist() == [35.0, 1.0] and found["deflator_2030"].tolist() == [2.0, 4.0]
    assert "trust_mean_2030" not in found and "trade.TJK-UZB_2031" not in found
    # the goal of 10 is reached in December 2010 by the first
    assert found["goal_month.KGZ-UZB"][0] == pytest.approx(2010 + 11 / 12) and np.isnan(found["goal_month.KGZ-UZB"][1])


@pytest.mark.parametrize(("branch", "anchor"), [((2032, 0), 2031), ((2032, 7), 2031), ((2010, 0), 2010)])
def test_sizes_are_held_against_the_year_before_the_branch(branch, anchor):
    """Log sizes of KGZ and UZB grow by 0.1 and 0.3 a year."""
    found = columns(replace(OURS, branch=branch[0] * 12 + branch[1]))
    assert found["trade_sizes.KGZ-UZB_2036"] == pytest.approx([0.4 * (2036 - anchor)] * 2)


def test_gains_of_the_states_together():
    """2, 1 and 0; and in 2036 36, 35 and 34."""
    found = columns()
    assert found["gain_minimum_2036"].tolist() == [0.0, 34.0]
    # differences 1, 1 and 2, each twice, over 2 * 3 * 3 and over 2 * 3 * 105
    assert found["gain_gini_2036"] == pytest.approx([8 / 18, 8 / 630])
    assert found["gain_gini_2030"][1] == pytest.approx(8 / (6 * (30 + 29 + 28)))
    assert [name for name in found if name.startswith("shapley.")] == [f"shapley.{state}_2036" for state in PARTIES]
    assert found["shapley.TJK_2036"].tolist() == [7.0, 8.0]


def test_a_run_without_trade_has_no_columns_of_it():
    assert trade.columns(replace(histories(yearly={"deflator": np.ones((2, 31))}), catalogue=OURS)) == {}


def test_the_goal_counts_from_its_level_on():
    exactly = by_year(lambda year: 10 * (year == 2020), lambda year: 9.99)
    when = columns(**{"trade.KGZ-UZB": exactly})["goal_month.KGZ-UZB"]
    assert when[0] == pytest.approx(2020 + 11 / 12) and np.isnan(when[1])


def test_equity_is_bounded_where_somebody_loses():
    assert trade.gini(np.array([[1.0, -1.0], [2.0, 2.0], [0.0, -4.0]])) == pytest.approx([0.5, 0.0, 0.5])
    assert np.isnan(trade.gini(np.zeros((1, 2))))[0]


def variance(sizes, theta, deflator, residual):
    sizes, deflator = np.array(sizes, float), np.array(deflator, float)
    whole = np.asarray(theta) * sizes + np.log(deflator) + np.array(residual, float)
    members = {"trade_sizes.A-B_2030": np.zeros(4), "trade_sizes.A-B_2034": sizes, "deflator_2034": deflator}
    return trade.variance_shares(members | {"trade.A-B_2034": np.exp(whole)}, 2034, theta)


def test_shares_of_variance():
    """Sizes 1, -1, 1, -1 at 0.5 and a residual of 1, 1, -1, -1: 0.25 and 1 of 1.25."""
    found = variance([1, -1, 1, -1], 0.5, np.ones(4), [1, 1, -1, -1])
    assert found == pytest.approx({"growth": 0.2, "elasticity": 0.0, "inflation": 0.0, "residual": 0.8})
    prices = variance([0, 0, 0, 0], 0.5, np.exp([0, 0, 1, 1]), [1, -1, 1, -1])
    assert prices == pytest.approx({"growth": 0.0, "elasticity": 0.0, "inflation": 0.2, "residual": 0.8})


def test_the_elasticity_has_its_own_share():
    """Sizes of one with elasticities of 0.4 and 0.6: all the variance is theirs."""
    found = variance([1, 1, 1, 1], np.array([0.4, 0.6, 0.4, 0.6]), np.ones(4), np.zeros(4))
    assert found == pytest.approx({"growth": 0.0, "elasticity": 1.0, "inflation": 0.0, "residual": 0.0}, abs=1e-9)
    same = variance([1, 1, 1, 1], 0.5, np.ones(4), np.zeros(4))
    assert all(math.isnan(value) for value in same.values()) and tuple(same) == trade.PARTS


def test_what_gains_span():
    """To first order a gain goes with one over the elasticity, here of 5, and with one over the basis of sales."""
    assert trade.has_trade(view())
    broad = next(row.upper for row in load_trade_facts().parameters if row.name == "trade.output_ratio")
    assert trade.SPAN == pytest.approx(((1 / 7) / (1 / 5) / broad, (1 / 4) / (1 / 5)))


# ------------------------------------------------------------------------------------------ views


def view(members=None, catalogue=OURS, manifest=None, **changed):
    """Two members with the columns of their histories, and more."""
    tables = yearly(**changed)
    found = columns(catalogue, **changed) | {name: np.asarray(each, float) for name, each in (members or {}).items()}
    parameters = [Some(name="trade.size_elasticity", value=0.75), Some(name="other", value=9.0)]
    return Some(
        catalogue=catalogue, members=found, run=Some(manifest=manifest or {}), yearly=tables.__getitem__,
        facts=Some(parameters=parameters, record=None),
    )  # fmt: skip


def test_whether_a_run_holds_trade():
    held = view()
    assert trade.has_trade(held)
    del held.members["goal_month.KGZ-UZB"]
    assert not trade.has_trade(held) and trade.trade_summary(held) == {}


@pytest.mark.parametrize(
    ("branch", "end", "years"),
    [(2032, 2036, [2034, 2036]), (2030, 2036, [2030, 2034, 2036]), (2031, 2034, [2034]), (2034, 2036, [2034, 2036])],
)
def test_years_of_the_goal_that_are_simulated(branch, end, years):
    assert trade.goal_years(replace(OURS, branch=branch * 12 + 5, end=end * 12 + 11)) == years


def test_chances_of_the_goal_in_and_by_a_year():
    members = {"trade.KGZ-UZB_2034": [13, 10, 11, 4], "goal_month.KGZ-UZB": [2034.9, 2035.0, NEVER, NEVER]}
    found = trade.goal_chances(view(members), 2034)
    assert (found["in"].value, found["by"].value) == (0.75, 0.25)
    assert (found["mean"], found["median"]) == (9.5, 10.5) and found["band_80"] == (4.0, 13.0)
    assert (found["in"].members, found["by"].members) == (4, 4)


def test_when_shares_of_histories_have_reached_the_goal():
    when = [2030.9, 2031.9, 2032.9, NEVER]
    found = trade.reached(view({"goal_month.KGZ-UZB": when}), (0.25, 0.26, 0.5, 0.75, 0.9))
    assert found == {"25%": 2030.0, "26%": 2031.0, "50%": 2031.0, "75%": 2032.0, "90%": math.inf}
    assert list(trade.reached(view())) == ["10%", "25%", "50%", "75%", "90%"]


MORE = {
    "trade_regional_2034": [1, 3], "trade_regional_2036": [2, 6],
    **{f"trade_share.{state}_2036": [0.25 * k, 0.5 * k] for k, state in enumerate(PARTIES)},
    **{f"trade_gdp.{state}_2036": np.array([0.1, 0.3]) * k for k, state in enumerate(PARTIES)},
}  # fmt: skip


def test_the_summary_of_trade():
    found = trade.trade_summary(view(MORE))
    assert (found["pair"], found["goal"], list(found["years"])) == ("KGZ-UZB", 10.0, [2034, 2036])
    at = found["years"][2036]
    assert at["mean"] == pytest.approx((36 + 1) / 2) and at["in"].value == 0.5
    # two members apart by ln 36 in trade and ln 1/2 in prices, alike in sizes: one share takes what the other gives
    whole = math.log(36)
    assert at["variance"] == pytest.approx(
        {"growth": 0, "elasticity": 0, "inflation": -math.log(2) / whole, "residual": 1 + math.log(2) / whole}, abs=1e-9
    )
    assert found["regional"] == {2034: (1.0, 3.0), 2036: (2.0, 6.0)}
    assert found["regional_median"] == {2034: 2.0, 2036: 4.0}
    assert found["share"] == pytest.approx({"KGZ": 0.0, "TJK": 0.375, "UZB": 0.75})
    assert found["over_gdp"]["TJK"] == pytest.approx([0.2, 0.28])  # halfway, and nine tenths of the way
    assert found["gain"] == pytest.approx({"KGZ": 18.0, "TJK": 18.0, "UZB": 18.0})
    assert found["shapley"] == {state: 7.5 for state in PARTIES} and found["gain_minimum"] == 17.0
    assert found["gain_gini"] == pytest.approx((8 / 18 + 8 / 630) / 2)
    assert found["reached"]["50%"] == 2010.0 and found["reached"]["90%"] == math.inf


def test_the_size_elasticity_is_drawn_given_or_that_of_the_table():
    name = "trade.size_elasticity"
    assert trade._elasticity(view()) == 0.75
    assert trade._elasticity(view(manifest={"resolved": {"parameters": {name: 0.5}}})) == 0.5
    drawn = view({f"drawn.{name}": [0.25, 0.5]}, manifest={"resolved": {"parameters": {name: 0.5}}})
    assert trade._elasticity(drawn).tolist() == [0.25, 0.5]


def test_the_documented_panel_is_that_of_the_reading(monkeypatch):
    monkeypatch.setattr(trade, "load_trade_facts", lambda record: ("facts", record))
    monkeypatch.setattr(trade, "trade_panel", lambda facts, reading: (*facts, reading))
    assert trade.documented_panel(view()) == ("facts", None, "partner")
    own = view(manifest={"resolved": {"parameters": {"trade.reading": "own"}}})
    assert trade.documented_panel(own)[2] == "own"


def test_documented_trade_of_some_pairs():
    """In 2018 one of two pairs has a figure, in 2019 none; prices double from 2018 to 2020."""
    panel = Some(
        pair=["A-B", "A-C", "B-C"].index, years=np.array([2018, 2019, 2020]), deflator=np.array([1.0, 1.5, 2.0]),
        trade_usd=1e9 * np.array([[3, NEVER, 4], [NEVER, NEVER, 5], [7, 8, 9]]),
    )  # fmt: skip
    middles, billions = trade.documented_trade(panel, ["A-B", "A-C"])
    assert middles.tolist() == [2018.5, 2020.5] and billions == pytest.approx([3.0, 18.0])
    assert trade.documented_trade(panel, ["B-C"])[1] == pytest.approx([7.0, 12.0, 18.0])


def test_who_trades_with_whom():
    """Medians of 2034, in prices of 2021 (deflators 2 and 4): 34 / 2 and 1 / 4 between any two."""
    in_2034 = np.array(YEARS) == 2034
    shares = dict(zip(PARTIES, (0.25, 0.0, 1.0), strict=True))
    series = {f"trade_share.{state}": np.tile(each * in_2034, (2, 1)) for state, each in shares.items()}
    found = trade.partners(view(**series), 2034)
    between = (17 + 0.25) / 2
    expected = np.full((3, 4), between)
    expected[[0, 1, 2], [0, 1, 2]] = np.nan
    # KGZ has a quarter of its trade with the two, so that three times as much goes elsewhere; TJK's share is unknown
    expected[:, 3] = [2 * between * 3, np.nan, 0.0]
    assert found == pytest.approx(expected, nan_ok=True)
