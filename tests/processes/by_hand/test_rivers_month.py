"""A month of a member's rivers: dated events, and what comes after what."""

import numpy as np
import pytest

from by_hand.small_rivers import small_rivers
from by_hand.three_states import Some
from sim.engine.months import APRIL, OCTOBER, SEPTEMBER
from sim.processes.rivers import step
from sim.processes.rivers.network import CLOSED, DECISION, FILLING, FIRST, INFLOW, JUNCTION, OPERATING, RESERVOIR, SINK
from sim.processes.rivers.release_policy import FIRST_RIVER, SECOND_RIVER

JANUARY, JULY = 0, 6
YEAR = 2030 * 12


@pytest.fixture
def params():
    return Some(
        water_barter_naryn=60.0, water_barter_vakhsh=30.0, water_inflow_common=0.0, water_inflow_basin=0.0,
        water_inflow_persistence=0.0, water_other_amu_since_2018=1.0, water_climate_earlier=0.0,
        water_climate_trend=-0.12, water_climate_syr=1.0, water_damage_exponent=1.0, water_damage_winter_power=0.5,
        water_import_price=1.0, water_power_growth=0.0, irrigation_damage=np.array([0.5, 0.25]),
    )  # fmt: skip


@pytest.fixture
def rivers():
    """A source of 8 km3 a month, a dam whose release is decided, a junction with a canal and fields, and a sea."""
    nodes = [
        {"kind": INFLOW, "to": 1},
        {"kind": RESERVOIR, "rule": DECISION, "to": 2, "full": 50.0, "storage": 10.0, "energy_per_water": 2.0},
        {"kind": JUNCTION, "to": 3},
        {"kind": SINK},
    ]
    users = [{"node": 2, "kind": FIRST}, {"node": 2, "demand": 4.0}]
    given, member = small_rivers(nodes, users, [(2, 3, 0.0)], dams=2, groups=2, basins=2)
    table, account = given.table, member.account
    table.climatology[:, 0], table.group[:], table.variation[:] = 8.0, [0, -1, -1, -1], 0.5
    table.account_of_user[:], table.state[:], table.giver[:] = [-1, 0], [-1, 0, -1, -1], -1
    table.canal = table.rogun = table.kambarata = table.seller = -1
    table.dam_node[:], table.dam_river[:], table.basin_of_group[:] = 1, [FIRST_RIVER, SECOND_RIVER], [0, 1]
    table.irrigation[:], table.power[:], table.river_state[:] = 0.25, 0.5, [0, 1]
    table.mean_flow[:] = 96.0
    given.network.season[:] = np.linspace(0.0, 1.1, 12)[:, None]
    account.factor[:] = account.scale[:] = account.climate[:] = account.drought[:] = 1.0
    account.volume[:], account.share[:] = 16.0, 0.5
    return given, member


@pytest.fixture
def place(region, inputs, rivers):
    inputs.rivers, region.rivers = rivers
    inputs.clock.branch = YEAR
    return region, inputs


def happens(place, params, kind, subject, value, a=-1):
    step.apply(Some(kind=kind, subject=subject, a=a, value=value), *place, params)
    return place[0].rivers.account


def test_kinds_of_event_are_told_apart():
    kinds = (step.BARTER, step.DAM, step.DIVERSION, step.DROUGHT, step.INFLOW_TREND, step.RELEASE_CHANGE, step.TRANSFER)
    assert len(set(kinds)) == 7


@pytest.mark.parametrize(("how", "taken"), [(step.BY_VOLUME, (6.0, 0.0)), (step.BY_SHARE, (0.0, 6.0))])
def test_a_canal_takes_an_amount_or_a_share(place, params, how, taken):
    users, account = place[0].rivers.flows.users, place[0].rivers.account
    users[1].diversion_share = account.diverted[1] = 3.0
    happens(place, params, step.DIVERSION, 1, 6.0, how)
    assert (account.diverted[1], users[1].diversion_share) == taken
    assert (account.diverted[0], users[0].diversion_share) == (0.0, 0.0)


@pytest.mark.parametrize(("how", "own"), [(step.OWN_SHARE, 1), (step.OF_THE_RIVER, 0)])
def test_a_dam_begins_to_fill(place, params, how, own):
    """50 km3 in two years of 96."""
    dam = place[0].rivers.flows.nodes[1]
    dam.condition = CLOSED
    happens(place, params, step.DAM, 1, 2.0, how)
    assert (dam.condition, dam.own_share, dam.fill_share) == (FILLING, own, 50.0 / 192.0)


def test_cuts_of_a_release_are_added_up(place, params):
    happens(place, params, step.RELEASE_CHANGE, 1, -3.0)
    assert happens(place, params, step.RELEASE_CHANGE, 1, 1.0).change.tolist() == [0.0, -2.0]


def test_barter_and_transfer_take_the_place_of_what_was(place, params):
    account = place[0].rivers.account
    account.barter[:] = account.transfer[:] = 5.0
    assert happens(place, params, step.BARTER, 1, 0.0).barter.tolist() == [5.0, 0.0], "nothing can be promised too"
    assert happens(place, params, step.BARTER, 0, 9.0).barter.tolist() == [9.0, 0.0]
    assert happens(place, params, step.BARTER, 1, -1.0).barter.tolist() == [9.0, 30.0], "what is usual"
    assert account.transfer.tolist() == [5.0, 5.0]
    assert happens(place, params, step.TRANSFER, 0, 7.0).transfer.tolist() == [7.0, 5.0]
    assert account.barter.tolist() == [9.0, 30.0]


@pytest.mark.parametrize(("subject", "where"), [(0, [1, 0]), (1, [0, 1]), (step.ALL, [1, 1])])
def test_droughts_and_trends_of_a_basin_or_of_all(place, params, subject, where):
    where = np.array(where)
    account = place[0].rivers.account
    account.drought[:], account.trend[:] = 0.5, 0.25
    happens(place, params, step.DROUGHT, subject, 0.5)
    assert account.drought.tolist() == (0.5 - 0.25 * where).tolist() and account.trend.tolist() == [0.25, 0.25]
    happens(place, params, step.INFLOW_TREND, subject, 0.5)
    assert account.trend.tolist() == (0.25 + 0.5 * where).tolist()
    assert account.drought.tolist() == (0.5 - 0.25 * where).tolist()


def test_another_event_leaves_the_climate_alone(place, params):
    account = happens(place, params, step.TRANSFER, 0, 7.0)
    assert account.drought.tolist() == [1.0, 1.0] and account.trend.tolist() == [0.0, 0.0]


def drawn(place, params, monkeypatch, month):
    """Calls of a month, and the logarithm of the climate of the first group."""
    calls = []
    account = place[0].rivers.account
    account.climate[:] = 1.0
    monkeypatch.setattr(step, "build_expected", lambda *given: calls.append(("expected", given[-1])))
    monkeypatch.setattr(step, "draw_flows", lambda *given: calls.append(("flows", *given[-2:])))
    step.draw_inflow(*place, params, 7, month)
    return calls, float(np.log(account.climate[0]))


def test_flows_are_drawn_in_january_and_the_climate_moves_every_month(place, params, monkeypatch):
    """-0.12 a decade, so -0.001 a month."""
    assert drawn(place, params, monkeypatch, YEAR - 1) == ([], 0.0)
    calls, climate = drawn(place, params, monkeypatch, YEAR)
    assert calls == [("expected", YEAR), ("flows", 7, 2030)] and climate == pytest.approx(-0.001)
    calls, climate = drawn(place, params, monkeypatch, YEAR + 13)
    assert calls == [("expected", YEAR + 13)] and climate == pytest.approx(-0.001)


def test_the_recent_mean_is_that_of_the_year(place, params, monkeypatch):
    inputs = place[1]
    inputs.clock.branch, params.water_other_amu_since_2018, inputs.rivers.table.recent[:] = 0, 0.5, 1
    found = []
    for month in (2017 * 12 + 11, 2018 * 12):
        drawn(place, params, monkeypatch, month)
        found.append(place[0].rivers.account.scale[0])
    assert found == pytest.approx([np.exp(-0.001), 0.5 * np.exp(-0.001)])


def run(rivers, params, month, whole_year=True):
    given, member = rivers
    step.run_rivers(member, given, params, month, whole_year)
    return member


def test_a_month_of_water(rivers, params):
    """6 are released of 10 + 8: three eighths of the 16 of a year. A canal takes 0.6 of 2.5, fields 4."""
    rivers[1].account.diverted[0], rivers[1].account.scale[0] = 2.5, 0.75
    member = run(rivers, params, YEAR + JULY)
    nodes, users = member.flows.nodes, member.flows.users
    assert nodes[0].inflow == 6.0 and nodes[1].planned == nodes[1].release == 6.0 and nodes[1].storage == 10.0
    assert users["delivered"].tolist() == pytest.approx([1.5, 4.0]) and nodes[3].arrived == pytest.approx(0.5)
    account = member.account
    assert account.month_wanted[0] == 4.0 and account.wanted_by_month[0, JULY] == 4.0
    assert account.released.tolist() == [6.0, 6.0] and account.year_flow[1] == 6.0
    assert account.winter_months == 0


def test_plans_follow_the_month(rivers, params):
    table = rivers[0].table
    table.irrigation[0, JULY], table.power[0, JULY], table.dam_node[:] = 0.75, 0.0, [1, 3]
    assert run(rivers, params, YEAR + JULY).flows.nodes[1].planned == 16.0 * 0.375
    assert run(rivers, params, YEAR + JULY + 1).flows.nodes[1].planned == 6.0


def test_inflow_of_the_month(rivers, params):
    rivers[0].table.climatology[:, 0] = np.arange(12.0)
    rivers[1].account.factor[0], rivers[1].account.earlier = 0.5, 0.25
    assert run(rivers, params, YEAR + JULY).flows.nodes[0].inflow == 0.5 * 6.25


def test_a_reservoir_opens_with_its_year(rivers, params):
    """January 2031 finds it closed and opens it; another month of the same number does not."""
    given, member = rivers
    for opens, month, condition in ((YEAR, YEAR, OPERATING), (YEAR, YEAR + 12, CLOSED), (YEAR + 6, YEAR + 6, CLOSED)):
        given.network.nodes[1].opens, member.flows.nodes[1].condition = opens, CLOSED
        assert run(rivers, params, month).flows.nodes[1].condition == condition


def test_fields_go_without_what_their_dam_keeps(rivers, params):
    """A dam that keeps an eighth of 8; the fields, served in full, want one less."""
    given, member = rivers
    given.table.giver[:] = [-1, 1, -1, -1]
    dam = member.flows.nodes[1]
    dam.condition, dam.own_share, dam.fill_share, member.flows.shares[0] = FILLING, 1, 0.125, 1.0
    member = run(rivers, params, YEAR + JULY)
    assert member.flows.users[1].spared == 1.0 and member.flows.users[1].delivered == 3.0


def test_who_asks_for_the_last_twelve_months(rivers, params):
    """The fields got half of what they wanted, month by month; this July brings all of it."""
    account = rivers[1].account
    account.wanted_by_month[0], account.delivered_by_month[0] = 4.0, 2.0
    assert run(rivers, params, YEAR + JULY, False).account.year_deficit[0] == 0.0
    assert run(rivers, params, YEAR + JULY).account.year_deficit[0] == pytest.approx(1.0 - 26.0 / 48.0)
    assert account.season_deficit[0] == 0.0


def test_a_water_year_ends_in_september(rivers, params):
    account = rivers[1].account
    account.wanted_by_month[0], account.delivered_by_month[0] = 4.0, 2.0
    account.agreed[:], account.value[:] = 12.0, [0.5, 0.0]
    run(rivers, params, YEAR + SEPTEMBER, False)
    missing = 1.0 - 26.0 / 48.0
    assert account.year_deficit[0] == account.season_deficit[0] == pytest.approx(missing)
    assert account.loss_water[0] == pytest.approx(0.5 * missing)
    assert account.compliance.tolist() == [0.5, 0.5], "6 of 12 km3"


def test_power_of_winter_is_counted_by_the_month(rivers, params):
    """6 km3 of 2 TWh each in October; what was made before belongs to another winter."""
    account = rivers[1].account
    account.power[:], account.winter_months = 99.0, 3
    run(rivers, params, YEAR + OCTOBER)
    assert account.power.tolist() == [12.0, 0.0] and account.winter_months == 1
    run(rivers, params, YEAR + APRIL)
    assert account.power.tolist() == [12.0, 0.0] and account.winter_months == 1


def test_an_account_begins(rivers, params):
    given, member = rivers
    account = member.account
    for field in ("value", "barter", "transfer", "change", "climate", "trend", "drought", "diverted"):
        getattr(account, field)[:] = 7.0
    account.earlier, account.season_deficit[:] = 7.0, 0.5
    given.table.river_state[:] = [1, 1]
    step.begin_account(member, given, params)
    assert account.value.tolist() == [0.0, 0.25], "the first state has no users"
    assert account.barter.tolist() == [60.0, 30.0]
    assert account.earlier == 0.0 and (account.climate == 1.0).all() and (account.drought == 1.0).all()
    for field in ("transfer", "change", "trend", "diverted"):
        assert not getattr(account, field).any(), field
    assert account.loss_water.tolist() == [0.0, 0.125]
