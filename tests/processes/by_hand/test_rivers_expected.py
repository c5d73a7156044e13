"""What is expected to be built and needed: a canal, two dams, a line, power in winter."""

import math

import pytest

from by_hand.small_rivers import small_rivers
from by_hand.three_states import Some
from sim.processes.rivers.expected import SINCE, build_expected, reached, summer_sales, winter_need
from sim.processes.rivers.network import CLOSED, FILLING, RESERVOIR


def test_expectations_run_from_mid_2025():
    """The record ends with June."""
    assert divmod(SINCE, 12) == (2025, 6)


def test_the_canal_takes_more_month_by_month():
    """Full at the end of 2027: thirty months after mid-2025."""
    assert [reached(SINCE + months, 2028.0) for months in (-1, 0, 15, 30, 31)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert reached(SINCE + 3, 2026.0) == pytest.approx(0.5), "in half a year"
    assert reached(SINCE + 1, 2025.5) == 1.0, "as soon as it may"
    assert reached(SINCE - 1, 2025.5) == 0.0


@pytest.fixture
def params():
    return Some(
        water_qosh_tepa_full=2028.0, water_qosh_tepa_volume=8.0, water_rogun_closed=2030.0, water_rogun_years=5.0,
        water_kambarata_closed=2035.5, water_line_opens=2027.5, water_line_worth=40.0, water_power_growth=0.03,
    )  # fmt: skip


@pytest.fixture
def rivers():
    """Two dams of 8 km3 that are not built, each with 16 a year; two users."""
    dam = {"kind": RESERVOIR, "full": 8.0, "condition": CLOSED}
    given, rivers = small_rivers([dam, dam], [{"node": 0}, {"node": 0}], dams=2)
    given.table.mean_flow[:] = 16.0
    given.table.canal = given.table.rogun = given.table.kambarata = given.table.seller = -1
    return given, rivers


def built(rivers, params, month):
    """What the canals take in full, and condition and share kept of the dams."""
    given, member = rivers
    build_expected(member, given, params, month)
    nodes = member.flows.nodes
    return member.account.diverted.tolist(), nodes["condition"].tolist(), nodes["fill_share"].tolist()


NOTHING = [0.0, 0.0], [CLOSED, CLOSED], [0.0, 0.0]


def test_nothing_is_built_that_is_not_expected(rivers, params):
    assert built(rivers, params, 2100 * 12) == NOTHING


@pytest.mark.parametrize("canal", [0, 1])
def test_the_canal_is_dug(rivers, params, canal):
    rivers[0].table.canal = canal
    taken = [0.0, 0.0]
    taken[canal] = 4.0
    assert built(rivers, params, SINCE + 15)[0] == pytest.approx(taken)


@pytest.mark.parametrize(
    ("name", "first", "share"),
    [("rogun", 2030 * 12, 0.1), ("kambarata", 2035 * 12 + 6, 0.25)],  # in five years, and in two
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_dam_closes_in_its_month(rivers, params, name, first, share, place):
    setattr(rivers[0].table, name, place)
    assert built(rivers, params, first - 1) == NOTHING
    _, conditions, shares = built(rivers, params, first)
    assert (conditions[place], shares[place]) == (FILLING, share)
    assert (conditions[1 - place], shares[1 - place]) == (CLOSED, 0.0)
    assert not rivers[1].flows.nodes["own_share"].any(), "out of the river"


def test_summer_power_is_sold_once_the_line_is_there(rivers, params):
    given, opens = rivers[0], 2027 * 12 + 6
    assert [summer_sales(given, params, k, opens) for k in (0, 1)] == [0.0, 0.0], "nobody sells"
    given.table.seller = 1
    assert [summer_sales(given, params, 1, month) for month in (opens - 1, opens, opens + 1)] == [0.0, 40.0, 40.0]
    assert summer_sales(given, params, 0, opens) == 0.0


def test_power_needed_in_winter(rivers, params):
    given = rivers[0]
    given.table.winter_need[:] = [10.0, 20.0]
    assert winter_need(given, params, 1, SINCE + 120) == 20.0
    given.table.growing_need = 1
    assert winter_need(given, params, 1, SINCE + 120) == pytest.approx(20.0 * math.exp(0.3))
    assert winter_need(given, params, 0, SINCE - 120) == 10.0
    assert winter_need(given, params, 0, SINCE) == 10.0
