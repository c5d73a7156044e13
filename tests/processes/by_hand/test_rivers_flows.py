"""Flow of a year: what rivers have in common, what they remember, the record, the climate."""

import math

import numpy as np
import pytest

from by_hand.small_rivers import small_rivers
from by_hand.three_states import Some
from sim.processes.rivers import inflow
from sim.processes.rivers.state import FIRST_RECORDED

UNIT = math.sqrt(math.e - 1.0)  # coefficient of variation of a lognormal factor whose logarithm has spread 1
WIDE = math.sqrt(math.exp(4.0) - 1.0)  # and 2


@pytest.fixture
def params():
    """Shares of 4/9, 4/9 and 1/9: two thirds, two thirds and a third of the normals. Of last year 0.6 remains."""
    return Some(
        water_inflow_common=4 / 9, water_inflow_basin=4 / 9, water_inflow_persistence=0.6,
        water_other_amu_since_2018=0.8, water_climate_earlier=30.4, water_climate_trend=-0.12, water_climate_syr=0.5,
    )  # fmt: skip


def test_factors_and_shocks():
    assert [inflow.log_spread(each) for each in (0.0, UNIT, WIDE)] == pytest.approx([0.0, 1.0, 2.0])
    assert [inflow.factor_of(1.5, each) for each in (0.0, UNIT, WIDE)] == pytest.approx([1.0, math.e, math.e])
    assert [inflow.shock_of(math.e, each) for each in (0.0, UNIT, WIDE)] == pytest.approx([0.0, 1.5, 1.5])


def test_news_of_a_year(params):
    assert inflow.news_of(3.0, 6.0, 9.0, 4 / 9, 4 / 9) == pytest.approx(2.0 + 4.0 + 3.0)
    assert inflow.news_of(3.0, 6.0, 9.0, 5 / 9, 5 / 9) == pytest.approx(9.0 * math.sqrt(5 / 9)), "nothing of its own"
    assert inflow.next_shock(10.0, 3.0, 6.0, 9.0, params) == pytest.approx(0.6 * 10.0 + 0.8 * 9.0)


def test_what_a_record_says_of_other_rivers():
    """Correlations: 0.75 within a basin, 0.25 across. By hand for a recorded pair of one basin and a third river."""
    nan = math.nan
    recorded = np.array([[1.0, nan, nan], [1.0, 1.0, nan], [1.0, 1.0, 1.0], [nan, nan, nan]])
    weights = inflow.recorded_weights(recorded, [0, 0, 1], 0.25, 0.5)
    assert weights.shape == (4, 3, 3)
    assert weights[0] == pytest.approx(np.array([[0, 0, 0], [0.75, 0, 0], [0.25, 0, 0]]))
    # x + 0.75 y = 0.75 x + y = 0.25 has x = y = 1/7
    assert weights[1] == pytest.approx(np.array([[0, 0, 0], [0, 0, 0], [1 / 7, 1 / 7, 0]]))
    assert not weights[2:].any()


def test_a_year_is_drawn_or_recorded(params):
    """Basins 1 and 0; the normals are the common one, those of the basins, and each river's own."""
    shocks, factors = np.array([10.0, 10.0, 10.0]), np.zeros(3)
    normals = np.array([3.0, 6.0, 0.0, 9.0, 4.5, 0.0])
    recorded = np.array([np.nan, np.nan, math.e])
    inflow.draw_year(shocks, factors, recorded, np.full(3, UNIT), np.array([1, 0, 0]), normals, params)
    assert shocks == pytest.approx([6.0 + 0.8 * 5.0, 6.0 + 0.8 * 7.5, 1.5])
    assert factors == pytest.approx([math.exp(9.5), math.exp(11.5), math.e])


@pytest.mark.parametrize(
    ("years", "log"), [(-1.0, 0.0), (0.0, 0.0), (5.0, 0.1), (10.0, 0.2), (30.0, 0.2 - 0.2 * 3.0), (0.5, 0.01)]
)
def test_the_climate_before_and_after_the_melt_has_peaked(years, log):
    assert inflow.climate_factor(years, 0.2, 10.0, -0.3) == pytest.approx(math.exp(log))


def test_flow_of_a_month():
    """A node of no group keeps what it has; December is followed by January."""
    given, rivers = small_rivers([{"inflow": 7.0}, {}, {}])
    given.table.climatology[:] = np.arange(12.0)[:, None] + [0.0, 1.0, 2.0]
    given.table.group[:] = [-1, 1, 0]
    factors, climate = np.array([2.0, 3.0]), np.array([0.5, 0.25])
    inflow.fill_inflow(rivers.flows.nodes, given.table, 4, factors, climate, 0.0)
    assert rivers.flows.nodes["inflow"].tolist() == [7.0, 5.0 * 0.75, 6.0]
    inflow.fill_inflow(rivers.flows.nodes, given.table, 11, factors, climate, 0.25)
    assert rivers.flows.nodes["inflow"].tolist() == [7.0, (0.75 * 12.0 + 0.25) * 0.75, 0.75 * 13.0 + 0.25 * 2.0]


def test_rivers_whose_mean_is_lower_since_2018(params):
    given, _ = small_rivers([{}], groups=2)
    given.table.recent[:] = [0, 1]
    found = [[inflow.group_mean(given, params, g, year) for year in (2017, 2018, 2030)] for g in (0, 1)]
    assert found == [[1.0, 1.0, 1.0], [1.0, 0.8, 0.8]]


@pytest.fixture
def rivers():
    """Three groups of which the first and last lie in the second basin; their normals by channel."""
    given, member = small_rivers([{}], groups=3, basins=2)
    table = given.table
    table.variation[:], table.basin_of_group[:], table.recorded[:] = UNIT, [1, 0, 1], np.nan
    for keys, base in ((table.common_key, 1), (table.basin_key, 10), (table.group_key, 100)):
        keys[:, 0] = np.arange(base, base + len(keys))
    member.account.shock[:] = [5.0, 5.0, 10.0]
    numbers = {1: 3.0, 10: -3.0, 11: 6.0, 100: 9.0, 101: 0.0, 102: -9.0}
    asked = []

    def normal(key, slot, year, number):
        asked.append((int(key[0]), slot, year, number))
        return numbers[int(key[0])]

    return given, member, normal, asked


def test_normals_of_a_year(rivers, monkeypatch):
    given, member, normal, asked = rivers
    monkeypatch.setattr(inflow, "normal", normal)
    inflow.draw_normals(member, given, 7, 2030)
    assert member.account.normals.tolist() == [3.0, -3.0, 6.0, 9.0, 0.0, -9.0]
    assert asked == [(key, 0, 2030, 7) for key in (1, 10, 11, 100, 101, 102)]


NEWS = [2.0 + 4.0 + 3.0, 2.0 - 2.0 + 0.0, 2.0 + 4.0 - 3.0]


def test_flows_of_a_year_to_come_ask_no_record(rivers, params, monkeypatch):
    given, member, normal, _ = rivers
    monkeypatch.setattr(inflow, "normal", normal)
    given.table.recorded[:] = 0.5
    inflow.draw_flows(member, given, params, 7, 2030)
    shocks = np.array([3.0, 3.0, 6.0]) + 0.8 * np.array(NEWS)
    assert member.account.shock == pytest.approx(shocks)
    assert member.account.factor == pytest.approx(np.exp(shocks - 0.5))


def test_flows_without_any_record_are_drawn(rivers, params, monkeypatch):
    given, member, normal, asked = rivers
    monkeypatch.setattr(inflow, "normal", normal)
    given.table.shared_surprise[:] = 0.5
    member.account.surprise[:] = 99.0
    inflow.recall_flows(member, given, params, 7, FIRST_RECORDED)
    shocks = np.array([3.0, 3.0, 6.0]) + 0.8 * np.array(NEWS)
    assert member.account.shock == pytest.approx(shocks) and asked[0] == (1, 0, FIRST_RECORDED, 7)
    assert member.account.factor == pytest.approx(np.exp(shocks - 0.5))


def test_flows_of_a_recorded_year_take_others_along(rivers, params, monkeypatch):
    """In 2018 the first group had 0.8 e, e of its mean since then: a shock of 1.5, where 3 remained of the last.

    That is -1.5 / 0.8 in news where 9 had been drawn; the second group shares half of the difference, the third none.
    """
    given, member, normal, _ = rivers
    monkeypatch.setattr(inflow, "normal", normal)
    year = 2018 - FIRST_RECORDED
    given.table.recorded[year, 0], given.table.recent[0] = 0.8 * math.e, 1
    given.table.shared_surprise[year, 1, 0] = 0.5
    inflow.recall_flows(member, given, params, 7, 2018)
    surprise = -1.5 / 0.8 - NEWS[0]
    shocks = np.array([1.5, 3.0 + 0.8 * (NEWS[1] + 0.5 * surprise), 6.0 + 0.8 * NEWS[2]])
    assert member.account.shock == pytest.approx(shocks)
    assert member.account.factor == pytest.approx([math.e, *np.exp(shocks[1:] - 0.5)])


def test_before_the_branch_the_climate_stands_still(rivers, params):
    given, member, *_ = rivers
    account = member.account
    account.earlier, account.climate[:], account.drought[:], account.trend[:] = (
        0.25,
        [0.5, 1.0, 2.0],
        [1.0, 0.5, 1.0],
        9.0,
    )
    given.table.recent[:] = [1, 0, 0]
    inflow.scale_flows(member, given, params, 2018, False)
    assert account.scale.tolist() == [0.4, 0.5, 2.0]
    assert account.climate.tolist() == [0.5, 1.0, 2.0] and account.earlier == 0.25


def test_the_climate_moves_month_by_month(rivers, params):
    """-0.12 a decade is -0.001 a month, in full in a basin with a group that is lower of late, else half of it.

    The melt comes forward by 30.4 days in a decade: a hundred and twentieth of a month every month.
    """
    given, member, *_ = rivers
    account = member.account
    account.earlier, account.climate[:], account.drought[:], account.trend[:] = 0.25, 2.0, 0.5, [0.0, 0.0, 0.12]
    given.table.recent_basin[:] = [1, 0, 1]
    inflow.scale_flows(member, given, params, 2030, True)
    climate = 2.0 * np.exp([-0.001, -0.0005, -0.001 + 0.01])
    assert account.climate == pytest.approx(climate) and account.scale == pytest.approx(0.5 * climate)
    assert account.earlier == pytest.approx(0.25 + 1 / 120)


def test_the_melt_comes_forward_by_no_more_than_a_month_and_never_later_than_today(rivers, params):
    given, member, *_ = rivers
    member.account.climate[:] = 1.0
    member.account.earlier = 0.999
    inflow.scale_flows(member, given, params, 2030, True)
    assert member.account.earlier == 1.0
    params.water_climate_earlier, member.account.earlier = -30.4, 0.001
    inflow.scale_flows(member, given, params, 2030, True)
    assert member.account.earlier == 0.0
