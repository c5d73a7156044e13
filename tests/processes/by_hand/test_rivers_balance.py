"""A month of water: what users get, what is lost, what returns, and that nothing goes missing."""

import pytest

from by_hand.small_rivers import small_rivers
from sim.processes.rivers.balance import balance_error, deliver, reach_loss, river_month, underground
from sim.processes.rivers.network import FIRST, INFLOW, JUNCTION, NEED, RESERVOIR, SINK

JULY = 6


def test_loss_of_a_reach():
    assert [reach_loss(flow, 1.0, 0.25) for flow in (5.0, 0.5)] == [2.0, 0.5]


@pytest.mark.parametrize(
    ("arrived", "share", "first", "scale"),
    [
        (10.0, 0.5, 3.0, 0.5),  # 2 and a tenth first; 7 are there for half of 4 - 1 and 6
        (7.5, 0.5, 2.75, 0.5),
        (5.0, 0.5, 2.5, 0.5 * 2.5 / 4.5),  # 2.5 for 4.5
        (1.5, 0.5, 1.5, 0.0),
        (10.0, 0.0, 3.0, 0.0),
    ],
)
def test_users_of_a_junction(arrived, share, first, scale):
    given, rivers = small_rivers(
        [{"kind": JUNCTION, "arrived": 99.0}, {"kind": JUNCTION, "arrived": arrived, "spared": 1.0}],
        [
            {"node": 0, "demand": 5.0},
            {"node": 1, "kind": FIRST, "diversion": 2.0, "diversion_share": 0.1, "return_share": 0.5},
            {"node": 1, "demand": 4.0, "spared": 1.0, "return_share": 0.25},
            {"node": 1, "demand": 6.0},
            {"node": 1, "kind": FIRST, "return_share": 1.0},
        ],
        [(0, 2, 0.0)],
    )
    rivers.flows.shares[0] = share
    rivers.flows.users["wanted"] = rivers.flows.users["delivered"] = 99.0
    left, returned = deliver(1, given.network, JULY, rivers.flows)
    delivered = [99.0, first, 3.0 * scale, 6.0 * scale, 0.0]
    assert rivers.flows.users["delivered"].tolist() == pytest.approx(delivered)
    assert rivers.flows.users["wanted"].tolist() == pytest.approx([99.0, 2.0 + 0.1 * arrived, 4.0, 6.0, 0.0])
    assert left == pytest.approx(arrived - first - 9.0 * scale, abs=1e-15)
    assert returned == pytest.approx(0.5 * first + 0.25 * 3.0 * scale)


def test_no_water_is_left_below_zero():
    given, rivers = small_rivers([{"kind": JUNCTION, "arrived": 0.0}], [{"node": 0, "demand": 3.0}], [(0, 1, 0.0)])
    rivers.flows.shares[0] = 1.0
    assert deliver(0, given.network, JULY, rivers.flows) == (0.0, 0.0)
    assert rivers.flows.users[0].delivered == 0.0


@pytest.fixture
def month():
    """A guided reservoir above a junction, with a lake for what it spills; a second source and sea.

    In store 4, of which a quarter evaporates, and 6 come; above the curve of 3 are 6, and all of them are passed on.
    The basin supplies 5 + 1 and 2 for 4 - 0.5 at the junction and 12.5 at the second sea, a half; the section by itself
    could have all. With a quarter of the advantage its share is 0.625.
    """
    nodes = [
        {"kind": INFLOW, "to": 1, "inflow": 6.0},
        {"kind": RESERVOIR, "to": 2, "spill_to": 6, "storage": 4.0, "evaporation": 0.25, "guide": 3.0, "full": 8.0},
        {"kind": JUNCTION, "to": 4, "fixed_loss": 1.0, "drainage": 0.5, "groundwater": 2.0},
        {"kind": INFLOW, "to": 5, "inflow": 2.0},
        {"kind": SINK},
        {"kind": SINK, "environment": 12.5},
        {"kind": SINK, "basin": 1},
    ]
    return small_rivers(nodes, [{"node": 2, "demand": 4.0, "return_share": 0.5}], [(2, 3, 0.25)], basins=2)


def run(month):
    given, rivers = month
    before = rivers.flows.nodes["storage"].copy(), underground(rivers.flows.nodes)
    rivers.flows.shares[:] = 99.0
    river_month(given.network, JULY, rivers.flows)
    return given, rivers.flows, before


def test_a_month_by_hand(month):
    """Of 6 the users get 2.5 and 1 is lost; half of 1.25 that return joins 2 in the ground, half of it comes back."""
    _, flows, _ = run(month)
    assert flows.basins["share"].tolist() == [0.5, 1.0] and flows.shares.tolist() == [0.625]
    dam, junction = flows.nodes[1], flows.nodes[2]
    assert (dam.arrived, dam.release, dam.spill, dam.evaporation, dam.storage) == (6.0, 6.0, 0.0, 1.0, 3.0)
    assert (junction.arrived, junction.loss) == (6.0, 1.0)
    assert (junction.soil_water, junction.groundwater) == (0.625, 1.3125)
    assert flows.users[0].delivered == 2.5
    assert flows.nodes["arrived"][4:].tolist() == [6.0 - 2.5 - 1.0 + 1.3125, 2.0, 0.0]


def test_what_a_dam_spills_goes_where_it_spills_to(month):
    """8 are left of 9 when half a km3 is released, 0.5 more than it holds."""
    month[0].network.months["release_cap"][JULY, 1] = 0.5
    _, flows, _ = run(month)
    assert (flows.nodes[1].release, flows.nodes[1].spill, flows.nodes[1].storage) == (0.5, 0.5, 8.0)
    assert flows.nodes["arrived"][2] == flows.nodes["arrived"][6] == 0.5


def test_a_share_of_the_flow_is_lost_after_the_fixed_loss(month):
    month[0].network.nodes["flow_loss"][2] = 0.25
    _, flows, _ = run(month)
    share = flows.shares[0]
    left = 6.0 - 4.0 * share
    assert flows.nodes[2].loss == pytest.approx(1.0 + 0.25 * (left - 1.0))
    assert flows.nodes[4].arrived == pytest.approx(0.75 * (left - 1.0) + 0.5 * (2.0 + 0.5 * 2.0 * share))


def test_a_reservoir_that_meets_a_need_is_asked_for_what_is_missing():
    """4 are wanted at a junction where 1 comes from elsewhere; below its users half of 0.25 for the sea is lost."""
    nodes = [
        {"kind": INFLOW, "to": 2, "inflow": 1.0},
        {"kind": RESERVOIR, "rule": NEED, "to": 2, "storage": 9.0, "full": 20.0, "guide": 20.0},
        {"kind": JUNCTION, "to": 3, "flow_loss": 0.5},
        {"kind": SINK, "environment": 0.25},
    ]
    _, flows, _ = run(small_rivers(nodes, [{"node": 2, "demand": 4.0}], [(2, 3, 0.0)]))
    assert (flows.nodes[1].release, flows.nodes[1].storage) == (3.5, 5.5)
    assert flows.users[0].delivered == 4.0 and flows.nodes[3].arrived == 0.25


def test_a_section_is_shared_when_its_first_junction_is_reached():
    """Two junctions with demands of 2 and 6, and 4 for both: each gets half."""
    nodes = [{"kind": INFLOW, "to": 1, "inflow": 4.0}, {"kind": JUNCTION, "to": 2}, {"kind": JUNCTION, "to": 3}]
    users = [{"node": 1, "demand": 2.0}, {"node": 2, "demand": 6.0}]
    _, flows, _ = run(small_rivers([*nodes, {"kind": SINK}], users, [(1, 3, 0.0)]))
    assert flows.users["delivered"].tolist() == [1.0, 3.0] and flows.shares.tolist() == [0.5]


@pytest.mark.parametrize("cap", [9.0, 0.5])
def test_the_balance_closes(month, cap):
    """Whether the dam spills or not."""
    month[0].network.months["release_cap"][JULY, 1] = cap
    given, flows, before = run(month)
    assert (flows.nodes[1].spill > 0.0) == (cap < 1.0) and balance_error(given.network, flows, *before) == 0.0


@pytest.mark.parametrize(
    ("field", "node", "extra", "error"),
    [
        ("inflow", 0, 0.5, 0.5),
        ("arrived", 4, 0.5, 0.5),
        ("loss", 2, -0.5, 0.5),
        ("groundwater", 2, 0.5, 0.5),
        ("soil_water", 2, 0.5, 0.5),
        ("release", 1, 0.25, 0.25),  # the dam's balance alone
        ("spill", 1, -0.25, 0.25),
        ("arrived", 1, 0.25, 0.25),
        ("evaporation", 1, 0.25, 0.25),
        ("storage", 1, 0.5, 0.5),
    ],
)
def test_water_that_goes_missing_is_found(month, field, node, extra, error):
    given, flows, before = run(month)
    flows.nodes[field][node] += extra
    assert balance_error(given.network, flows, *before) == pytest.approx(error)


def test_evaporation_and_storage_stand_in_the_balance_of_the_whole(month):
    """A dam whose own balance is right, with 0.5 that came from nowhere."""
    for field in ("evaporation", "storage"):
        given, flows, before = run(month)
        flows.nodes["arrived"][1] += 0.5
        flows.nodes[field][1] += 0.5
        assert balance_error(given.network, flows, *before) == pytest.approx(0.5)
        flows.nodes[field][1] -= 0.5
        flows.nodes["storage"][1] = 4.0
        flows.nodes["soil_water"][2], flows.nodes["groundwater"][2] = 0.0, 2.0


def test_what_users_keep_stands_in_the_balance(month):
    given, flows, before = run(month)
    flows.users["delivered"][0] += 1.0
    assert balance_error(given.network, flows, *before) == 0.5, "half of it returns"
