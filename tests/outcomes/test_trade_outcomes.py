"""Outcomes of trade: a goal reached in a year and by a year, equity, where a forecast's variance comes from."""

import numpy as np
import pytest

from sim.outcomes import describe, member_outcomes, probability_by, variance_shares
from sim.outcomes.trade import PARTS, gini, trade_years
from tests.outcomes.histories_by_hand import CATALOGUE, histories

YEARS = len(CATALOGUE.years)
STATES = CATALOGUE.states


def yearly(trade, gains=None):
    members = len(trade)
    flat = np.ones((members, YEARS))
    found = {"trade.KAZ-UZB": np.asarray(trade, float), "deflator": 1.2 * flat}
    found |= {f"gdp_volume.{state}": flat * 100 for state in ("KAZ", "UZB")}
    gains = gains if gains is not None else np.zeros(len(STATES))
    found |= {f"integration_gain.{state}": flat * gain for state, gain in zip(STATES, gains)}
    return found | {f"shapley.{state}": flat * gain for state, gain in zip(STATES, gains)}


def test_by_a_year_and_in_a_year_are_told_apart():
    trade = np.full((3, YEARS), 5.0)
    at = CATALOGUE.years.index(2020)
    trade[0, at] = 10.0  # there in one year and not later
    trade[1, at - 1 :] = 12.0
    found = member_outcomes(histories(members=3, yearly=yearly(trade)))
    when = found["goal_month.KAZ-UZB"]
    assert when[:2] == pytest.approx([2020 + 11 / 12, 2019 + 11 / 12]) and np.isnan(when[2])
    assert probability_by(when, 2020).value == pytest.approx(2 / 3)
    assert (found["trade.KAZ-UZB_2020"] >= 10).tolist() == [True, True, False]


def test_every_column_is_described():
    found = member_outcomes(histories(members=2, yearly=yearly(np.full((2, YEARS), 5.0))))
    for name in found:
        assert describe(name).meaning
    assert 2020 in trade_years(CATALOGUE)


def test_equity():
    gains = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0], [2.0, -1.0, -1.0]])
    # last row: differences 3, 3 and 0, each twice, over 2 * 3 * (2 + 1 + 1)
    assert gini(gains) == pytest.approx([0.0, 2 / 3, np.nan, 12 / 24], nan_ok=True)
    random = np.random.default_rng(5).normal(size=(200, 6)) * [1, 1e-6, 1, 1, 1, 1e3]
    assert ((gini(random) >= 0) & (gini(random) <= 1)).all()


def test_shares_of_variance_add_up_and_name_the_culprit():
    random = np.random.default_rng(1)
    sizes, theta, shock = random.normal(0.8, 0.2, 5000), random.normal(0.8, 0.1, 5000), random.normal(0, 0.3, 5000)
    members = {"trade_sizes.KAZ-UZB_2030": sizes, "deflator_2030": np.full(5000, 1.2)}
    members["trade.KAZ-UZB_2030"] = np.exp(theta * sizes + np.log(1.2) + shock)
    found = variance_shares(members, 2030, theta)
    assert tuple(found) == PARTS and sum(found.values()) == pytest.approx(1.0)
    total = (0.8 * 0.2) ** 2 + (0.1 * 0.8) ** 2 + 0.3**2
    assert found["residual"] == pytest.approx(0.09 / total, abs=0.05)
    assert found["growth"] == pytest.approx((0.16**2) / total, abs=0.05) and found["inflation"] == pytest.approx(0)
