"""What states want and get of the rivers, in water and in power, and what it costs them to go without."""

import math

import numpy as np
import pytest

from by_hand.small_rivers import small_rivers
from by_hand.three_states import Some
from sim.engine.months import APRIL, MARCH, OCTOBER, SEPTEMBER
from sim.processes.rivers import deficits
from sim.processes.rivers.deficits import ENERGY, WATER
from sim.processes.rivers.expected import SINCE
from sim.processes.rivers.network import CLOSED, FILLING, INFLOW, JUNCTION, OPERATING, RESERVOIR, SINK

JANUARY, JULY, NOVEMBER = 0, 6, 10


def test_users_are_counted_where_they_belong_and_some_nowhere():
    _, rivers = small_rivers([{}], [{"node": 0, "wanted": 10.0**d, "delivered": 0.5 * 10.0**d} for d in range(4)])
    wanted, delivered = np.array([7.0, 0.0]), np.zeros(2)
    deficits.count_users(rivers.flows.users, [1, -1, 0, 1], wanted, delivered)
    assert wanted.tolist() == [107.0, 1001.0] and delivered.tolist() == [50.0, 500.5]


def test_power_of_dams():
    """2 TWh a km3 in full; a dam that holds a quarter of what it can makes a quarter of it, one not built none."""
    dam = {"kind": RESERVOIR, "energy_per_water": 2.0, "release": 3.0, "spill": 9.0, "full": 8.0}
    conditions = (OPERATING, FILLING, CLOSED, OPERATING)
    given, rivers = small_rivers([dam | {"condition": condition, "storage": 2.0} for condition in conditions])
    power = np.array([1.0, 0.0])
    deficits.count_power(given.network.nodes, rivers.flows.nodes, [0, 1, 1, -1], power)
    assert power.tolist() == [7.0, 1.5]


def test_unmet_shares():
    assert [deficits.deficit(*each) for each in ((4.0, 3.0), (4.0, 5.0), (0.0, 0.0), (0.5, 0.0))] == [0.25, 0, 0, 1]
    assert deficits.damage(0.2, 0.25, 1.5) == pytest.approx(0.025)


def test_power_that_is_bought_is_not_missing():
    """A fifth of the need, 4 TWh, is missing; 3 can be bought."""
    assert [deficits.unserved(4.0, 0.2, limit) for limit in (0.0, 3.0, 5.0)] == pytest.approx([0.2, 0.05, 0.0])
    assert deficits.unserved(0.0, 0.2, 0.0) == 0.0


def test_sums_of_a_year_and_of_a_winter():
    assert deficits.twelve_months(2.0 ** np.arange(13)) == 2.0**12 - 1.0
    months = [m for m in range(12) if deficits.winter_spill(m, 1.5) == 1.5]
    assert months == [0, 1, 2, 9, 10, 11]
    assert all(deficits.winter_spill(m, 1.5) == 0.0 for m in range(APRIL, OCTOBER))


@pytest.fixture
def irrigation():
    """Two states; the first has users in two basins. Accounts: first in basin 0, second in 0, first in 1."""
    users = [{"node": 0, "wanted": wanted, "delivered": delivered} for wanted, delivered in ((4.0, 3.0), (8.0, 8.0))]
    users += [{"node": 0, "wanted": 2.0, "delivered": 0.0}, {"node": 0, "wanted": 99.0, "delivered": 99.0}]
    given, rivers = small_rivers([{}], users, accounts=3, basins=2)
    given.table.account_of_user[:] = [0, 1, 2, -1]
    given.table.account_state[:], given.table.account_basin[:] = [0, 1, 0], [0, 0, 1]
    for field in ("month_wanted", "month_delivered", "state_wanted", "state_delivered", "needed", "served"):
        getattr(rivers.account, field)[:] = 55.0
    return given, rivers


def test_deliveries_of_a_month(irrigation):
    given, rivers = irrigation
    for _ in range(2):  # a second count of the same month changes nothing
        deficits.count_deliveries(rivers, given, JULY)
    account = rivers.account
    assert account.month_wanted.tolist() == [4.0, 8.0, 2.0] and account.month_delivered.tolist() == [3.0, 8.0, 0.0]
    assert account.wanted_by_month[:, JULY].tolist() == [4.0, 8.0, 2.0] and account.wanted_by_month.sum() == 14.0
    assert account.delivered_by_month[:, JULY].tolist() == [3.0, 8.0, 0.0] and account.delivered_by_month.sum() == 11.0
    assert account.month_deficit.tolist() == [0.5, 0.0]


def test_deliveries_of_twelve_months(irrigation):
    given, rivers = irrigation
    account = rivers.account
    account.wanted_by_month[:], account.delivered_by_month[:] = [[1.0], [2.0], [0.5]], [[0.75], [2.0], [0.0]]
    for _ in range(2):
        deficits.count_rolling_year(rivers, given)
    assert account.wanted.tolist() == [12.0, 24.0, 6.0] and account.delivered.tolist() == [9.0, 24.0, 0.0]
    assert account.account_deficit.tolist() == [0.25, 0.0, 1.0]
    assert account.year_deficit.tolist() == [0.5, 0.0]  # 9 of 18
    assert account.needed.tolist() == [36.0, 6.0] and account.served.tolist() == [33.0, 0.0]
    assert account.performance.tolist() == [33.0 / 36.0, 0.0]


@pytest.fixture
def rates():
    """Missing water and power hurt in proportion, and power is bought at its price."""
    return Some(
        water_damage_exponent=1.0, water_damage_winter_power=0.5, water_import_price=2.0, water_power_growth=0.0
    )  # fmt: skip


@pytest.fixture
def power():
    """A dam of the first state that makes 2 TWh a month; the second makes none, and needs none."""
    given, rivers = small_rivers([{"kind": RESERVOIR, "energy_per_water": 2.0, "release": 1.0}])
    given.table.state[:], given.table.winter_need[:] = [0], [16.0, 0.0]
    rivers.account.power[:], rivers.account.winter_months = 8.0, 4
    rivers.account.power_deficit[:] = rivers.account.power_short[:] = rivers.account.loss_energy[:] = 0.125
    return given, rivers


def energy(power, rates, month):
    given, rivers = power
    deficits.count_energy(rivers, given, rates, month)
    return rivers.account.power.tolist(), rivers.account.winter_months, rivers.account.power_deficit[0]


def test_a_winter_begins_in_october_and_power_of_summer_is_not_counted(power, rates):
    assert energy(power, rates, 300 + JULY) == ([8.0, 8.0], 4, 0.125)
    assert energy(power, rates, 300 + NOVEMBER) == ([10.0, 8.0], 5, 0.125)
    assert energy(power, rates, 300 + OCTOBER) == ([2.0, 0.0], 1, 0.125)


def test_a_winter_is_reckoned_up_in_march(power, rates):
    """10 of 16 TWh in the last of six months; 6 are missing, and half of the damage is done by three eighths."""
    power[1].account.winter_months = 5
    assert energy(power, rates, 300 + MARCH) == ([10.0, 8.0], 6, 0.375)
    account = power[1].account
    assert account.power_deficit.tolist() == [0.375, 0.0] and account.power_short.tolist() == [6.0, 0.0]
    assert account.loss_energy.tolist() == [0.5 * 0.375, 0.0]


def test_a_winter_of_which_months_are_missing_is_not_reckoned_up(power, rates):
    assert energy(power, rates, 300 + MARCH) == ([10.0, 8.0], 5, 0.125)
    assert power[1].account.power_short[0] == power[1].account.loss_energy[0] == 0.125
    power[1].account.winter_months = 5
    assert energy(power, rates, 300) == ([12.0, 8.0], 6, 0.125), "only in March"


def test_a_need_that_grows(power, rates):
    """By half as many doublings a year as there are years in the eight months since mid-2025: twice as much."""
    power[0].table.growing_need, rates.water_power_growth = 1, 1.5 * math.log(2.0)
    power[1].account.winter_months = 5
    assert energy(power, rates, SINCE + 8) == ([10.0, 8.0], 6, pytest.approx(1.0 - 10.0 / 32.0))
    assert power[1].account.power_short[0] == pytest.approx(22.0)


@pytest.fixture
def year():
    """A dam that spills into its own river, one that spills aside, a junction, a source and a sea."""
    nodes = [
        {"kind": INFLOW, "to": 1, "arrived": 7.0},
        {"kind": RESERVOIR, "to": 2, "release": 2.0, "spill": 1.0},
        {"kind": RESERVOIR, "to": 3, "spill_to": 4, "release": 2.0, "spill": 0.5, "basin": 1},
        {"kind": JUNCTION, "to": 4, "arrived": 5.0, "loss": 1.0},
        {"kind": SINK, "arrived": 6.0, "loss": 9.0},
    ]
    users = [{"node": 3, "wanted": 3.0, "delivered": 2.0, "return_share": 0.25}, {"node": 1, "wanted": 1.0}]
    given, rivers = small_rivers(nodes, users, basins=2)
    rivers.account.year_flow[:], rivers.account.flood[:] = 100.0, 100.0
    rivers.account.year_wanted[:] = rivers.account.year_delivered[:] = 100.0
    return given, rivers


def counted(year, m):
    given, rivers = year
    deficits.count_flows(rivers, given, m)
    account = rivers.account
    return [each.tolist() for each in (account.year_flow, account.year_wanted, account.year_delivered, account.flood)]


def test_what_leaves_a_node_is_added_up_from_january(year):
    """Of the 2 that the users at the junction get 0.5 returns: 5 - 1.5 - 1 go on."""
    flow, wanted, delivered, flood = counted(year, JANUARY)
    assert flow == [7.0, 3.0, 2.5, 2.5, 6.0]
    assert wanted == [3.0, 1.0] and delivered == [2.0, 0.0] and flood == [100.0, 100.5]
    flow, wanted, delivered, flood = counted(year, JANUARY + 1)
    assert flow == [14.0, 6.0, 5.0, 5.0, 12.0]
    assert wanted == [6.0, 2.0] and delivered == [4.0, 0.0] and flood == [100.0, 101.0]


def test_floods_are_those_of_a_winter(year):
    assert counted(year, JULY)[3] == [100.0, 100.0]
    assert counted(year, APRIL) == [[114.0, 106.0, 105.0, 105.0, 112.0], [106.0, 102.0], [104.0, 100.0], [0.0, 0.0]]


def test_what_was_agreed_is_released_in_the_growing_season():
    given, rivers = small_rivers([{"release": 1.0}, {"release": 2.0}, {"release": 4.0}], dams=2)
    given.table.dam_node[:] = [2, 0]
    for m in (MARCH, APRIL, SEPTEMBER, OCTOBER):
        deficits.count_releases(rivers, given, m)
    assert rivers.account.released.tolist() == [8.0, 2.0]


def test_a_water_year_is_closed(rates):
    given, rivers = small_rivers([{}], dams=2)
    account = rivers.account
    account.year_deficit[:], account.season_deficit[:], account.value[:] = [0.25, 0.5], 0.9, [0.125, 0.5]
    account.released[:], account.agreed[:] = [3.0, 5.0], [4.0, 0.0]
    deficits.close_water_year(rivers, given, rates)
    assert account.season_deficit.tolist() == [0.25, 0.5]
    assert account.loss_water.tolist() == [0.25 * 0.125, 0.5 * 0.5]
    assert account.compliance.tolist() == [0.75, 1.0]


def test_losses_are_those_of_water_and_of_power(rates):
    """4 TWh are missing, a fifth of the need: one is bought at 2 x 0.01, three make 0.15 of the dark.

    The third state is short of less than it can buy.
    """
    given, rivers = small_rivers([{}], states=3)
    rates.water_damage_exponent = 2.0
    given.table.import_limit[:], given.table.import_cost[:] = [1.0, 0.0, 6.0], 0.01
    account = rivers.account
    account.value[:], account.season_deficit[:], account.loss_water[:] = [0.125, 0.0, 0.25], 0.5, 0.75
    account.power_short[:], account.power_deficit[:] = [4.0, 0.0, 2.0], [0.2, 0.0, 0.1]
    deficits.count_water_losses(rivers.account, rates)
    deficits.count_energy_losses(rivers, given, rates)
    assert account.loss_water.tolist() == [0.125 / 4.0, 0.75, 0.0625], "a state off the rivers keeps what it has"
    dark = 0.5 * 0.15**2
    assert account.loss_energy.tolist() == pytest.approx([0.02 + dark, 0.0, 2.0 * 0.01 * 2.0])


def test_gains_are_the_documented_weight_times_the_stake():
    """0.02 stand in any case. Water costs 0.04, with 0.5 x 0.02 on record, power 0.01, with 0.03 + 0.1 x 0.1."""
    given, rivers = small_rivers([{}])
    rates = Some(water_standing_stake=0.02, water_import_price=2.0, water_damage_winter_power=0.1)
    rivers.account.value[:], rivers.account.loss_water[:] = [0.5, 0.0], [0.04, 0.0]
    rivers.account.loss_energy[:] = [0.01, 0.0]
    given.table.documented_water[:], given.table.documented_energy[:] = [0.02, 0.9], [0.1, 0.0]
    given.table.documented_import[:], given.table.import_cost[:] = [3.0, 0.0], 0.005
    weight, gains = np.full((2, 5), 0.25), np.full((2, 5), 9.0)
    inputs = Some(rivers=given, outside=Some(issue_weight=weight))
    deficits.value_water(Some(rivers=rivers, polity=Some(gains=gains)), inputs, rates)
    assert gains[:, WATER] == pytest.approx([0.25 * 0.06 / 0.03, 0.25])
    assert gains[:, ENERGY] == pytest.approx([0.25 * 0.03 / 0.06, 0.25])
    assert (np.delete(gains, (WATER, ENERGY), axis=1) == 9.0).all()
