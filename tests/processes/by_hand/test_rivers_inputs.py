"""From tables to arrays, by hand on two rivers."""

import numpy as np
import pytest

from by_hand.three_states import Some
from by_hand.two_rivers import FIELDS, NODES, NUMBERS, STATES, two_rivers
from sim.engine.layout import record
from sim.engine.months import SEPTEMBER
from sim.engine.random import channel_key
from sim.facts import load_rivers
from sim.processes.rivers import inputs
from sim.processes.rivers.expected import CANAL, KAMBARATA, LINE, POWER, ROGUN
from sim.processes.rivers.network import CLOSED, OPERATING
from sim.processes.rivers.release_policy import FIRST_RIVER, OTHER_RIVER, SECOND_RIVER
from sim.processes.rivers.state import FIRST_RECORDED, MAX_SEEN, empty_rivers, river_table_fields


@pytest.fixture
def world():
    return inputs.gather_rivers(two_rivers(), STATES)


def table_of(world, states=STATES):
    return record(river_table_fields(world.sizes, len(states)))


def by_name(names, values):
    return dict(zip(names, np.asarray(values).tolist(), strict=True))


def test_what_there_is_of_two_rivers(world):
    assert world.names.basins == ("north", "south")
    assert set(world.groups) == {"snow", "ice", "rain"} and len(world.groups) == 3
    assert world.dams == ("high_dam", "lake")
    assert world.names.users == ("fields_b", "fields_a", "more_a", "shared", "canal", "fields_z", "south_a")
    assert world.accounts == (("BB", "north"), ("AA", "north"), ("CC", "north"), ("AA", "south"))
    assert world.states == STATES
    sizes = world.sizes
    assert (sizes.nodes, sizes.users, sizes.sections, sizes.basins, sizes.groups) == (10, 7, 2, 2, 3)
    assert (sizes.dams, sizes.accounts, sizes.pairs, sizes.states, sizes.storages, sizes.sinks) == (2, 4, 5, 3, 2, 2)


def test_states_without_users_are_not_on_the_rivers():
    world = inputs.gather_rivers(two_rivers(), ("DD", "BB", "AA"))
    assert world.states == ("BB", "AA") and world.sizes.states == 2
    assert world.accounts == (("BB", "north"), ("AA", "north"), ("AA", "south"))


def test_names_of_series(world):
    assert world.monthly_names[3:] == ["storage.lake", "storage.high_dam", "inflow.pond", "inflow.sea"]
    # four of three states, two dams, two basins, ten nodes, six fields and a canal
    assert len(world.yearly_names) == 12 + 2 + 2 + 10 + 6 + 1 and world.yearly_names[-1] == "taken.canal"


def test_a_user_is_counted_in_one_state_and_the_basin_of_its_section():
    facts = two_rivers()
    assert [inputs.whose(facts, user) for user in ("fields_a", "shared")] == [("AA",), ()]
    assert [inputs.basin_of_user(facts, user) for user in ("fields_a", "south_a")] == ["north", "south"]


def test_accounts_of_users(world):
    assert inputs.accounts_of_users(world).tolist() == [0, 1, 1, -1, 2, -1, 3]


def test_flow_and_state_of_every_node(world):
    """A km3 a month from the head, half of one from the side, and two in the south."""
    table = table_of(world)
    inputs.fill_places(table, world, STATES)
    nodes = world.names.nodes
    group = {name: world.groups[g] for name, g in by_name(nodes, table.group).items() if g >= 0}
    assert group == {"in_high": "snow", "in_side": "ice", "in_south": "rain"}
    state = dict.fromkeys(("in_high", "in_side", "new_dam", "high_dam"), 0) | dict.fromkeys(
        ("upper", "lake", "lower"), 1
    )
    assert by_name(nodes, table.state) == dict.fromkeys(("sea", "in_south", "pond"), -1) | state
    assert by_name(nodes, table.mean_flow) == {
        "in_high": 12, "new_dam": 12, "high_dam": 12, "in_side": 6, "upper": 18, "sea": 18, "in_south": 24, "lake": 24,
        "lower": 24, "pond": 24,
    }  # fmt: skip
    assert table.climatology.sum() == 12.0 + 6.0 + 24.0
    giver = by_name(nodes, table.giver)
    assert giver.pop("new_dam") == world.names.users.index("more_a") and set(giver.values()) == {-1}


def giver(nodes, numbers=NUMBERS, dam="new_dam"):
    world = inputs.gather_rivers(two_rivers(nodes, numbers), STATES)
    user = inputs.giving_user(world, dam)
    return None if user < 0 else world.names.users[user]


def test_who_goes_without_what_a_new_dam_keeps():
    """The largest user of its owner in its basin; those of two states, or without a demand, are none."""
    assert giver(NODES) == "more_a"
    assert giver(NODES, NUMBERS | {"more_a": {"limit": 2.0}}) == "fields_a"
    assert giver(NODES, NUMBERS | {"more_a": {"limit": 0.5}, "fields_a": {"limit": 0.0}}) == "more_a"
    assert giver(NODES, NUMBERS | {"more_a": {"limit": 0.0}, "fields_a": {"limit": 0.0}}) is None
    assert giver(NODES | {"new_dam": NODES["new_dam"] | {"states": ("CC",)}}) == "canal"
    assert giver(NODES | {"new_dam": NODES["new_dam"] | {"states": ("AA", "BB")}}) is None
    first = {"aa_fields": FIELDS | {"to": "upper", "states": ("CC",)}} | NODES
    first["new_dam"] = NODES["new_dam"] | {"states": ("CC",)}
    assert giver(first, NUMBERS | {"aa_fields": {"limit": 7.0}}) == "aa_fields", "though it stands first"


def test_a_dam_that_stands_has_nobody_to_go_without():
    assert giver(NODES, dam="high_dam") is None
    assert giver(NODES | {"in_high": NODES["in_high"] | {"switch": "tunnel"}}, dam="in_high") is None, "no reservoir"


def test_the_whole_table(world):
    table = table_of(world)
    for name in ("pair_up", "pair_basin", "pair_account"):
        getattr(table, name)[:] = 99
    inputs.fill_table(table, world, STATES, 5)
    nodes = world.names.nodes
    assert table.n_yearly == len(world.yearly_names)
    assert table.account_of_user.tolist() == [0, 1, 1, -1, 2, -1, 3]
    assert table.account_state.tolist() == [1, 0, 2, 0] and table.account_basin.tolist() == [0, 0, 0, 1]
    assert table.pair_down.tolist() == [1, 2, 1, 1, 2] and table.pair_up.tolist() == [0, -1, 0, 2, 0]
    assert table.pair_basin.tolist() == [0, 0, -1, 1, 0]
    # BB has an account in the north alone; the last pair's shortage is not theirs to quarrel over
    assert table.pair_account.tolist() == [0, 2, -1, -1, -1]
    assert table.winter_need.tolist() == [9.0, 4.0, 0.0]
    assert table.import_limit.tolist() == [2.0, 0.0, 0.0] and table.import_cost.tolist() == [0.01, 0.0, 0.0]
    assert table.river_state.tolist() == [0, 1, 2]
    assert table.storage_node.tolist() == [nodes.index("lake"), nodes.index("high_dam")]
    assert table.sink_node.tolist() == [nodes.index("pond"), nodes.index("sea")]
    assert by_name(nodes, table.group)["in_high"] >= 0 and table.variation.all()
    assert table.seen_month[0] > 0 and table.usual_volume.tolist() == [12.0, 10.0]


def test_random_numbers_are_addressed_by_name(world):
    table = table_of(world)
    inputs.fill_table(table, world, STATES, 5)

    def keys(*names):
        return [channel_key(5, name).tolist() for name in names]

    assert table.common_key.tolist() == keys("inflow")
    assert table.basin_key.tolist() == keys("inflow:north", "inflow:south")
    assert table.group_key.tolist() == keys(*(f"inflow:{group}" for group in world.groups))
    assert table.dam_key.tolist() == keys("release:high_dam", "release:lake")
    assert table.pair_key[:3].tolist() == keys("dispute:BB-AA:north", "dispute:CC-ZZ:north", "dispute:BB-AA:far")


def expected(world, switches, rivers=(FIRST_RIVER, OTHER_RIVER)):
    table = table_of(world)
    table.dam_river[:] = rivers
    inputs.fill_expected(table, world, switches)
    return table.canal, table.rogun, table.kambarata, table.growing_need, table.seller


def test_where_what_is_expected_stands(world):
    dam, canal = world.names.nodes.index("new_dam"), world.names.users.index("canal")
    assert expected(world, ()) == (-1, -1, -1, 0, -1)
    assert expected(world, (CANAL,)) == (canal, -1, -1, 0, -1)
    assert expected(world, (ROGUN, POWER)) == (-1, dam, -1, 1, -1)
    assert expected(world, (KAMBARATA,)) == (-1, -1, -1, 0, -1), "not on these rivers"
    assert expected(world, (LINE,)) == (-1, -1, -1, 0, 0)
    assert expected(world, (LINE,), (OTHER_RIVER, FIRST_RIVER))[-1] == 1
    assert expected(world, (LINE,), (OTHER_RIVER, SECOND_RIVER))[-1] == -1


def test_groups_of_rivers_and_their_years(world):
    """Only the flow of the ice is lower of late, but its basin is the snow's too. Years beyond the table are left."""
    table = table_of(world)
    inputs.fill_groups(table, world)
    assert by_name(world.groups, table.variation) == {"snow": 0.25, "ice": 0.125, "rain": 0.5}
    assert by_name(world.groups, table.basin_of_group) == {"snow": 0, "ice": 0, "rain": 1}
    assert by_name(world.groups, table.recent) == {"snow": 0, "ice": 1, "rain": 0}
    assert by_name(world.groups, table.recent_basin) == {"snow": 1, "ice": 1, "rain": 0}
    found = {
        (FIRST_RECORDED + year, world.groups[g]): table.recorded[year, g]
        for year, g in np.argwhere(np.isfinite(table.recorded)).tolist()
    }
    assert found == {(1992, "snow"): 0.75, (1994, "ice"): 1.25, (2051, "snow"): 1.5}


def test_recorded_storages_the_last_first(world):
    """One of the first half of a month is that of the end of the month before; after August 2020 none is put in."""
    table = table_of(world)
    inputs.fill_seen(table, world)
    lake, dam = (world.names.nodes.index(name) for name in ("lake", "high_dam"))
    months = [2020 * 12 + 6, 2010 * 12 + 9, 2005 * 12 + 2]  # July 2020, October 2010, March 2005
    assert table.seen_month[:4].tolist() == [*months, -1] and (table.seen_month[3:] == -1).all()
    assert table.seen_node[:3].tolist() == [lake, lake, dam] and table.seen_storage[:3].tolist() == [4.0, 3.0, 2.0]


def test_no_more_storages_than_there_is_room_for():
    rows = [Some(date="2005-04-16", series="lake_storage", value=float(n)) for n in range(MAX_SEEN + 5)]
    world = inputs.gather_rivers(two_rivers(observations=rows), STATES)
    table = table_of(world)
    inputs.fill_seen(table, world)
    assert table.seen_storage.tolist() == [float(n) for n in range(MAX_SEEN)]
    assert (table.seen_month == 2005 * 12 + 3).all()


def test_dams_whose_release_is_decided(world):
    """One on a river with parameters; one that says itself what is bartered. Only the first had another reference."""
    table = table_of(world)
    for k, dam in enumerate(world.dams):
        inputs.fill_dam(table, world, k, dam, STATES)
    assert table.dam_node.tolist() == [world.names.nodes.index(dam) for dam in world.dams]
    assert table.dam_state.tolist() == [0, 1] and table.dam_basin.tolist() == [0, 1]
    assert table.dam_river.tolist() == [SECOND_RIVER, OTHER_RIVER]
    assert table.own_barter.tolist() == [0.0, 20.0] and table.own_noise.tolist() == [0.0, 0.75]
    assert table.usual_volume.tolist() == [12.0, 10.0] and table.feedback.tolist() == [0.25, 0.5]
    assert table.reference.tolist() == [6.0, 3.5] and table.earlier_reference.tolist() == [5.0, 3.5]
    assert table.ordinary.tolist() == [0.375, 0.75]
    summer, even = NUMBERS["high_dam"]["irrigation_profile"], NUMBERS["high_dam"]["power_profile"]
    assert table.irrigation.tolist() == [summer, even] and table.power.tolist() == [even, summer]


def first_storages(nodes=NODES, **lake):
    world = inputs.gather_rivers(two_rivers(nodes, NUMBERS | {"lake": NUMBERS["lake"] | lake}), STATES)
    rivers = empty_rivers(world.sizes, len(STATES))
    inputs.fill_first_storages(rivers, world)
    flows = rivers.flows.nodes
    dams = {
        name: (flows[k].storage, flows[k].condition) for k, name in enumerate(world.names.nodes) if "in" not in name
    }
    return world, rivers, dams


def test_rivers_of_january_1992():
    """A dam with a switch is not built. Half a km3 a month returns, after three months in soil and three in ground."""
    world, rivers, dams = first_storages()
    assert (
        dams["new_dam"] == (0.0, CLOSED) and dams["high_dam"] == (4.0, OPERATING) and dams["lake"] == (3.0, OPERATING)
    )
    assert dams["upper"] == dams["pond"] == (0.0, OPERATING)
    for store in ("soil_water", "groundwater"):
        assert by_name(world.names.nodes, rivers.flows.nodes[store]).pop("upper") == pytest.approx(1.5)
        assert np.count_nonzero(rivers.flows.nodes[store]) == 1
    assert (rivers.account.volume == -1.0).all() and (rivers.account.compliance == 1.0).all()


@pytest.mark.parametrize(("opened", "storage"), [(1992.0, (3.0, OPERATING)), (1993.0, (0.0, CLOSED))])
def test_a_dam_that_opens_later_is_not_there_yet(opened, storage):
    assert first_storages(opened=opened)[2]["lake"] == storage


@pytest.fixture
def shortfalls(monkeypatch):
    """Puts a past in place: deficits to the power of two of 0.04, 0.09 and 0.16, and so on; keeps what it is asked."""
    asked = []

    def past(rivers, given, params, last, members):
        asked.append((last, members, given.start.flows.nodes["storage"].max()))
        return np.array([[0.04, 0.01, 1.0], [0.09, 0.0, 2.0], [0.16, 0.25, 3.0]])

    monkeypatch.setattr(inputs, "documented_shortfall", past)
    return asked


PARAMETERS = Some(water_inflow_common=0.25, water_inflow_basin=0.5, water_damage_exponent=2.0)


def given_from(world, branch, *more):
    return inputs.river_inputs(world, STATES, Some(branch=branch), PARAMETERS, 5, *more)


def test_everything_that_is_given_of_the_rivers(world, shortfalls):
    given = given_from(world, 2030 * 12, (ROGUN,))
    for name in given.network.dtype.names:
        assert (np.asarray(given.network[name]) == getattr(world.network, name)).all(), name
    table = given.table
    assert table.rogun == world.names.nodes.index("new_dam") and table.n_yearly == len(world.yearly_names)
    assert shortfalls == [(2030 * 12 - 1, inputs._PASTS, 4.0)], "up to the branch, from the first storages"
    assert table.documented_water.tolist() == [0.04, 0.09, 0.16]
    assert table.documented_energy.tolist() == [0.01, 0.0, 0.25] and table.documented_import.tolist() == [1.0, 2.0, 3.0]
    assert not given.start.account.season_deficit.any() and not given.start.account.power_short.any()
    # the snow's record of 1992 is three quarters the ice's surprise, and a quarter the rain's across the basins
    snow, ice, rain = (world.groups.index(group) for group in ("snow", "ice", "rain"))
    shared = table.shared_surprise[0]
    assert (shared[ice, snow], shared[rain, snow]) == pytest.approx((0.75, 0.25)) and np.count_nonzero(shared) == 2


def test_the_past_is_at_least_that_of_the_record(world, shortfalls):
    given_from(world, 2000 * 12)
    assert shortfalls[0][0] == inputs.RECORD_ENDS


def test_the_record_ends_with_the_last_year_that_is_in_it():
    assert max(row.year for row in load_rivers().inflow_years) * 12 + SEPTEMBER == inputs.RECORD_ENDS


def test_the_past_can_be_left_out(world, shortfalls):
    given = given_from(world, 1992 * 12, (), False)
    assert not shortfalls and not given.table.documented_water.any() and not given.start.account.season_deficit.any()


@pytest.mark.parametrize(("branch", "known"), [(1991 * 12, True), (1992 * 12, True), (1992 * 12 + 1, False)])
def test_where_no_season_has_ended_the_first_are_like_those_on_record(world, shortfalls, branch, known):
    """Deficits are the roots of 0.04, 0.09, 0.16; in winter a share of the need is missing, and what is bought."""
    start = given_from(world, branch).start.account
    seasons, winters, short = [0.2, 0.3, 0.4], [0.1, 0.0, 0.5], [0.1 * 9.0 + 1.0, 2.0, 3.0]
    for found, values in ((start.season_deficit, seasons), (start.power_deficit, winters), (start.power_short, short)):
        assert found == pytest.approx(values if known else [0.0] * 3)
