"""Who gets water: what is taken first, the cut of a basin and of a section, what a need reservoir is asked for."""

import pytest

from by_hand.small_rivers import small_rivers
from sim.processes.rivers.allocation import (
    basin_shares,
    begin_month,
    expected_release,
    section_share,
    served_share,
    taken_first,
    water_needed,
)
from sim.processes.rivers.network import (
    CLOSED,
    DECISION,
    FILLING,
    FIRST,
    GUIDE,
    INFLOW,
    JUNCTION,
    NEED,
    RESERVOIR,
    SINK,
)

pytestmark = pytest.mark.filterwarnings("error")  # nothing is divided by nought
JULY = 6


@pytest.mark.parametrize(
    ("passing", "found"),
    [
        (10.0, (6.0, 0.5 * 3.0 + 0.2 * 3.0)),  # 2 and a tenth, then 3
        (4.0, (4.0, 0.5 * 2.4 + 0.2 * 1.6)),  # the second gets what the first has left
        (1.0, (1.0, 0.5)),
        (0.0, (0.0, 0.0)),
    ],
)
def test_first_users_take_in_their_order_what_there_is(passing, found):
    given, rivers = small_rivers(
        [{"kind": JUNCTION}, {"kind": JUNCTION}],
        [
            {"node": 0, "kind": FIRST, "diversion": 9.0},
            {"node": 1, "kind": FIRST, "diversion": 2.0, "diversion_share": 0.1, "return_share": 0.5},
            {"node": 1, "demand": 7.0, "diversion": 8.0, "return_share": 1.0},
            {"node": 1, "kind": FIRST, "diversion": 3.0, "return_share": 0.2},
        ],
    )
    assert taken_first(1, given.network, rivers.flows, passing) == pytest.approx(found)


def test_where_nobody_is_first_nothing_is_taken():
    given, rivers = small_rivers([{"kind": JUNCTION}], [{"node": 0, "demand": 7.0, "diversion": 8.0}])
    assert taken_first(0, given.network, rivers.flows, 9.0) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("node", "release"),
    [
        ({"condition": CLOSED}, 6.0),  # all that comes, and what stands there
        ({"condition": FILLING, "fill_share": 0.25}, 1.5),
        ({"rule": GUIDE, "dead": 1.0, "guide": 3.0}, 2.0),  # 4 - 1 + 2 = 5 in store
        ({"rule": GUIDE, "dead": 4.5, "guide": 3.0}, 0.5),
        ({"rule": GUIDE, "dead": 1.0, "guide": 9.0}, 0.0),
        ({"rule": GUIDE, "dead": 9.0, "guide": 3.0}, 0.0),
        ({"rule": NEED, "dead": 1.0, "guide": 3.0}, 4.0),  # whatever its curve
        ({"rule": NEED, "dead": 5.5}, 0.0),
        ({"rule": DECISION, "planned": 1.0, "anomaly_share": 0.5, "mean_inflow": 1.5}, 1.25),
        ({"rule": DECISION, "planned": 1.0, "anomaly_share": 0.5, "mean_inflow": 9.0}, 0.0),
        ({"rule": DECISION, "planned": 6.0, "dead": 3.0}, 2.0),
    ],
)
def test_what_a_reservoir_can_be_expected_to_pass_on(node, release):
    """It holds 4, a quarter of which evaporates in service, and 2 arrive."""
    given, rivers = small_rivers([{"kind": RESERVOIR, "storage": 4.0, "evaporation": 0.25, **node}])
    arguments = given.network.nodes[0], rivers.flows.nodes[0], given.network.months[JULY, 0], 2.0
    assert expected_release(*arguments) == release


def test_a_month_begins_with_what_flows_in_at_the_head():
    nodes = [{"kind": INFLOW, "to": 2, "inflow": 3.0}, {"kind": INFLOW, "to": 3, "inflow": 4.0}]
    nodes += [{"kind": RESERVOIR, "to": 3}, {"kind": INFLOW, "to": 4, "inflow": 5.0}, {"kind": SINK}]
    given, rivers = small_rivers(nodes)
    for scratch in ("plain", "arrived", "taken"):
        rivers.flows.nodes[scratch] = 99.0
    assert begin_month(given.network, rivers.flows) == 2
    assert rivers.flows.nodes["arrived"].tolist() == [3.0, 4.0, 3.0, 9.0, 0.0]
    assert rivers.flows.nodes["plain"][2:].tolist() == [3.0, 9.0, 0.0] and not rivers.flows.nodes["taken"][2:].any()


def basins_of(nodes, users=(), **sizes):
    """Supply, demand and share of each basin."""
    given, rivers = small_rivers(nodes, users, **sizes)
    rivers.flows.basins["supply"] = rivers.flows.basins["demand"] = 99.0
    basin_shares(given.network, JULY, rivers.flows, begin_month(given.network, rivers.flows))
    return [tuple(basin) for basin in rivers.flows.basins]


SOURCE = {"kind": INFLOW, "to": 1, "inflow": 10.0}


def test_a_basin_in_which_nobody_wants_water_is_served_in_full():
    assert basins_of([SOURCE, {"kind": SINK}]) == [(10.0, 0.0, 1.0)]


def test_supply_and_demand_of_a_basin_by_hand():
    """A junction takes 1 + 0.3 of 10 first and loses 1 and then a fifth of the rest: 6.16 are left.

    Half of the 0.75 in the soil and of the 0.65 that return join the 4 in the ground, and half of these come back: 8.51
    reach the sea. Users want 6 - 1; four fifths of that would have got there, less what returns of it in the same
    month, 0.3 - 0.1. The sea asks for 20.
    """
    junction = {"kind": JUNCTION, "to": 2, "fixed_loss": 1.0, "flow_loss": 0.2, "drainage": 0.5}
    junction |= {"soil_water": 0.75, "groundwater": 4.0}
    users = [
        {"node": 1, "kind": FIRST, "diversion": 1.0, "diversion_share": 0.03, "return_share": 0.5},
        {"node": 1, "demand": 6.0, "return_share": 0.2},
    ]
    spared = {"spared": 1.0, "spared_return": 0.1}
    found = basins_of([SOURCE, junction | spared, {"kind": SINK, "environment": 20.0}], users)
    reaching = (10.0 - 1.3 - 1.0) * 0.8 + 0.5 * (4.0 + 0.5 * (0.75 + 0.65))
    assert found == [pytest.approx((reaching, 3.8 + 20.0, reaching / 23.8))]


def test_a_fixed_loss_takes_no_more_than_there_is():
    junction = {
        "kind": JUNCTION,
        "to": 2,
        "fixed_loss": 11.0,
        "drainage": 1.0,
        "soil_water": 0.125,
        "groundwater": 0.125,
    }
    assert basins_of([SOURCE, junction, {"kind": SINK, "environment": 1.0}]) == [(0.25, 1.0, 0.25)]


@pytest.mark.parametrize(
    ("dam", "supply", "demand"),
    [
        ({"rule": DECISION, "planned": 3.0, "storage": 5.0}, 3.0, 1.0),  # what is saved above stays in the dam
        ({"rule": GUIDE, "guide": 8.0, "storage": 5.0}, 7.0, 5.0),
        ({"rule": DECISION, "condition": FILLING, "fill_share": 0.5}, 5.0, 5.0),
        ({"rule": DECISION, "condition": CLOSED}, 10.0, 5.0),
    ],
)
def test_what_users_above_a_dam_go_without(dam, supply, demand):
    """4 km3 are wanted above a dam, and 1 by the sea below it."""
    nodes = [SOURCE, {"kind": JUNCTION, "to": 2}, {"kind": RESERVOIR, "to": 3, **dam}, {"kind": SINK, "environment": 1}]
    assert basins_of(nodes, [{"node": 1, "demand": 4.0}]) == [(supply, demand, min(1.0, supply / demand))]


def test_each_basin_by_itself():
    """A source that comes late hands its water on all the same, and two seas of a basin are added up."""
    nodes = [SOURCE, {"kind": RESERVOIR, "to": 4, "storage": 1.0, "guide": 3.0}]
    nodes += [{"kind": INFLOW, "to": 3, "inflow": 2.0, "basin": 1}, {"kind": SINK, "environment": 8.0, "basin": 1}]
    nodes += [{"kind": SINK, "environment": 3.0}, {"kind": SINK, "environment": 13.0}]
    assert basins_of(nodes, basins=2) == [(8.0, 16.0, 0.5), (2.0, 8.0, 0.25)]


def share_of_section(*junctions, section=(0, 2, 0.0), users=(), sea=0.0):
    """Share of junctions one below the other, of which each is given by what there is of it, above a sea."""
    nodes = [{"kind": JUNCTION, "to": k + 1, **junction} for k, junction in enumerate(junctions)]
    given, rivers = small_rivers([*nodes, {"kind": SINK, "environment": sea}], users, [section])
    rivers.flows.nodes["plain"] = rivers.flows.nodes["taken"] = 99.0
    share = section_share(given.network.sections[0], given.network, JULY, rivers.flows)
    return share, rivers.flows.nodes["plain"].tolist(), rivers.flows.nodes["taken"].tolist()


def test_a_section_with_water_enough_is_served_in_full():
    share, plain, taken = share_of_section({"arrived": 5.0, "shared": 2.0}, {"shared": 2.0})
    assert share == 1.0 and plain[1:] == [5.0, 99.0] and taken[1:] == [2.0, 99.0]


def test_the_scarcest_place_of_a_section_tells_its_share():
    """At the first place 3 - 1 of 4 are free for 2 - 1; at the second 2 + 1 for 1 + 5."""
    users = [{"node": 0, "kind": FIRST, "diversion": 1.0}]
    head = {"arrived": 4.0, "shared": 2.0, "spared": 1.0, "fixed_loss": 1.0}
    share, plain, taken = share_of_section(head, {"arrived": 1.0, "shared": 5.0}, users=users)
    assert (share, plain[1], taken[1]) == (3.0 / 6.0, 3.0, 1.0)
    share, *_ = share_of_section(head | {"arrived": 1.25}, {"arrived": 9.0, "shared": 5.0}, users=users)
    assert share == 0.25


def test_losses_and_returns_within_a_section():
    """5 less 0.5 and a fifth are 3.6, and half of the 2 + 0.4 in the ground comes up: 4.8 for 6 below.

    These 0.4 are half of the 0.4 in the soil and of the 0.4 that return.

    Of the 2 - 0.5 wanted above four fifths would have come down, but 0.3 - 0.1 of it returns in any case.
    """
    head = {"arrived": 5.8, "shared": 2.0, "spared": 0.5, "shared_return": 0.3, "spared_return": 0.1}
    ground = {"fixed_loss": 0.5, "flow_loss": 0.2, "drainage": 0.5, "soil_water": 0.4, "groundwater": 2.0}
    users = [{"node": 0, "kind": FIRST, "diversion": 0.8, "return_share": 0.5}]
    share, plain, taken = share_of_section(head | ground, {"shared": 6.0}, users=users)
    assert plain[1] == pytest.approx(4.5 * 0.8 + 0.5 * 2.4) and taken[1] == pytest.approx(1.5 * 0.8 - 0.2)
    assert share == pytest.approx(4.8 / 7.0)


def test_a_fixed_loss_leaves_nothing_below_zero():
    _, plain, _ = share_of_section({"arrived": 1.0, "fixed_loss": 3.0}, {"shared": 1.0, "arrived": 0.25})
    assert plain[1] == 0.25


def test_a_section_leaves_what_the_sea_below_it_asks_for():
    """6 for a demand of 4 and a sea that asks for 8."""
    assert share_of_section({"arrived": 6.0, "shared": 4.0}, section=(0, 1, 0.0), sea=8.0)[0] == 0.5
    assert share_of_section({"arrived": 6.0}, section=(0, 1, 0.0), sea=8.0)[0] == 0.75, "though nobody is there"
    assert share_of_section({"arrived": 0.25}, section=(0, 1, 0.0), sea=0.5)[0] == 0.5
    assert share_of_section({"arrived": 0.0}, section=(0, 1, 0.0))[0] == 1.0, "nobody asks"


def test_water_that_leaves_a_section_is_not_followed():
    _, plain, taken = share_of_section({"arrived": 6.0, "shared": 4.0}, {"shared": 9.0}, section=(0, 1, 0.0))
    assert plain[1:] == taken[1:] == [99.0, 99.0]


def test_a_section_in_the_middle_looks_at_itself():
    share, plain, _ = share_of_section(
        {"arrived": 0.0, "shared": 4.0}, {"arrived": 3.0, "shared": 4.0}, section=(1, 2, 0)
    )
    assert share == 0.75 and plain[0] == 99.0


def test_the_advantage_of_the_head_of_a_river():
    assert [served_share(1.0, 0.6, weight) for weight in (0.0, 0.25, 1.0)] == pytest.approx([0.6, 0.7, 1.0])
    assert served_share(0.5, 0.9, 0.25) == 0.5, "no more than there is"
    assert served_share(-0.5, 0.0, 1.0) == 0.0


def needed(*nodes, target=0):
    """Water that would have to reach the first of some nodes one below the other, and what each is missing."""
    nodes = [{"to": k + 1 if k + 1 < len(nodes) else -1, **node} for k, node in enumerate(nodes)]
    given, rivers = small_rivers(nodes)
    rivers.flows.nodes["taken"] = 99.0
    found = water_needed(target, given.network, JULY, rivers.flows)
    assert found == rivers.flows.nodes["taken"][target]
    return rivers.flows.nodes["taken"].tolist()


SEA = {"kind": SINK, "environment": 3.0}


def test_a_sea_asks_for_what_has_not_arrived():
    assert needed(SEA) == [3.0] and needed(SEA | {"arrived": 1.0}) == [2.0] and needed(SEA | {"arrived": 4.0}) == [0.0]


def test_a_junction_asks_for_its_users_and_for_what_gets_lost_below_them():
    """3 at the sea, of which 0.6 drains up and 0.3 - 0.1 returns: 2.2 below a reach that loses 1 and half of the rest.

    A quarter of 2.4 in the ground, 0.4 of which seep in from the soil, come up. With 2 - 0.25 for the users the
    junction asks for 7.15, of which 0.35 is there.
    """
    junction = {"kind": JUNCTION, "shared": 2.0, "spared": 0.25, "flow_loss": 0.5, "fixed_loss": 1.0, "arrived": 0.35}
    ground = {"drainage": 0.25, "soil_water": 1.6, "groundwater": 2.0, "shared_return": 0.3, "spared_return": 0.1}
    assert needed(junction | ground, SEA) == pytest.approx([1.75 + 2.2 / 0.5 + 1.0 - 0.35, 3.0])


def test_a_junction_does_not_ask_for_what_drains_into_the_river_or_never_gets_there():
    junction = {"kind": JUNCTION, "shared": 2.0, "fixed_loss": 1.0, "drainage": 0.5, "groundwater": 6.0}
    assert needed(junction, SEA) == [2.0, 3.0], "3 come up from the ground"
    lost = {"kind": JUNCTION, "shared": 2.0, "fixed_loss": 1.0, "flow_loss": 1.0}
    assert needed(lost, SEA) == [2.0, 3.0]


@pytest.mark.parametrize(
    ("dam", "missing"),
    [
        ({"condition": CLOSED, "storage": 9.0}, 3.0),  # hands on what is asked for
        ({"condition": CLOSED, "arrived": 1.0}, 2.0),
        ({"rule": NEED, "storage": 4.0, "evaporation": 0.25, "dead": 1.0}, 1.0),  # 4 - 1 - 1 in store
        ({"rule": NEED, "storage": 4.0, "dead": 1.0, "arrived": 1.0}, 0.0),
        ({"rule": NEED, "storage": 1.0, "dead": 2.0}, 3.0),
        ({"rule": NEED, "condition": FILLING, "storage": 0.0}, 0.0),
        ({"rule": GUIDE, "storage": 0.0}, 0.0),
        ({"rule": DECISION, "storage": 0.0}, 0.0),
    ],
)
def test_what_a_dam_asks_of_those_above_it(dam, missing):
    assert needed({"kind": RESERVOIR, **dam}, SEA) == [missing, 3.0]


def test_needs_are_added_up_from_the_sea_to_the_target():
    junctions = [{"kind": JUNCTION, "shared": shared} for shared in (5.0, 2.0, 1.0)]
    assert needed(*junctions, SEA) == [11.0, 6.0, 4.0, 3.0]
    assert needed(*junctions, SEA, target=1) == [99.0, 6.0, 4.0, 3.0]
