"""Reservoirs: rules, limits, filling, dams that are built, and what a new one keeps from its owner's fields."""

import pytest

from by_hand.small_rivers import small_rivers
from sim.processes.rivers.network import (
    CLOSED,
    DECISION,
    FILLING,
    GUIDE,
    INFLOW,
    JUNCTION,
    NEED,
    OPERATING,
    RESERVOIR,
)
from sim.processes.rivers.reservoirs import (
    LEAST_SERVED,
    allowed_release,
    build_dam,
    open_reservoirs,
    run_reservoir,
    spare_water,
    wished_release,
)

APRIL = 3


def of_the_month(need=0.0, **node):
    """Storage, release, spill, evaporation and condition of a single reservoir after a month."""
    given, rivers = small_rivers([{"kind": RESERVOIR, "full": 10.0, **node}])
    flow = rivers.flows.nodes[0]
    flow.spill = flow.evaporation = 99.0
    run_reservoir(given.network.nodes[0], flow, given.network.months[APRIL, 0], need)
    return flow.storage, flow.release, flow.spill, flow.evaporation, flow.condition


def test_what_rules_ask_for():
    assert [wished_release(GUIDE, water, 3.0, 9.0, 9.0) for water in (5.0, 2.5)] == [2.0, 0.0]
    assert [wished_release(NEED, 5.0, 3.0, need, 9.0) for need in (1.5, 2.5)] == [2.0, 2.5]
    assert wished_release(DECISION, 5.0, 3.0, 9.0, 1.25) == 1.25


def test_limits_of_a_release():
    assert [allowed_release(4.0, 6.0, dead, cap) for dead, cap in ((3.0, 9.0), (1.0, 2.5), (7.0, 9.0))] == [3.0, 2.5, 0]
    assert allowed_release(0.5, 6.0, 1.0, 2.5) == 0.5


def test_a_dam_that_is_not_built_lets_the_river_pass_as_far_as_its_bed_carries_it():
    assert of_the_month(condition=CLOSED, storage=1.0, arrived=4.0, evaporation=0.5) == (0.0, 5.0, 0.0, 0.0, CLOSED)
    assert of_the_month(condition=CLOSED, storage=1.0, arrived=4.0, release_cap=3.0) == (0.0, 3.0, 2.0, 0.0, CLOSED)


def test_a_filling_dam_keeps_its_share():
    """A quarter of 4 is kept; of 2 in store a tenth evaporates, and the rule is not asked."""
    node = {"condition": FILLING, "storage": 2.0, "arrived": 4.0, "evaporation": 0.1, "fill_share": 0.25}
    assert of_the_month(**node, rule=GUIDE, guide=0.0) == pytest.approx((2.8, 3.0, 0.0, 0.2, FILLING))


def test_a_filling_dam_that_gets_full_is_in_service_and_spills_the_rest():
    node = {"condition": FILLING, "storage": 9.0, "arrived": 4.0, "fill_share": 0.5}
    assert of_the_month(**node) == (10.0, 2.0, 1.0, 0.0, OPERATING)
    node["arrived"] = 2.0  # keeps one and is full to the brim
    assert of_the_month(**node) == (10.0, 1.0, 0.0, 0.0, OPERATING)


def test_evaporation_takes_no_more_than_there_is():
    """A lake of 4 that loses one and a half of it: all it has and all that has come, so nothing is released."""
    node = {"storage": 4.0, "arrived": 1.0, "evaporation": 1.5}
    assert of_the_month(**node, condition=FILLING, fill_share=0.0) == (0.0, 0.0, 0.0, 5.0, FILLING)


def test_a_guide_curve_is_followed():
    """Of 6 a twelfth evaporates: 5.5 + 2.5 - 5 = 3 is above the curve."""
    node = {"storage": 6.0, "arrived": 2.5, "evaporation": 1 / 12, "guide": 5.0, "dead": 1.0}
    assert of_the_month(**node) == pytest.approx((5.0, 3.0, 0.0, 0.5, OPERATING))
    assert of_the_month(**node, release_cap=2.0) == pytest.approx((6.0, 2.0, 0.0, 0.5, OPERATING))
    assert of_the_month(**node | {"dead": 7.0}) == pytest.approx((7.0, 1.0, 0.0, 0.5, OPERATING))


def test_a_need_is_met():
    assert of_the_month(4.0, rule=NEED, storage=6.0, guide=5.0) == (2.0, 4.0, 0.0, 0.0, OPERATING)


def test_a_decision_is_carried_out_and_a_share_of_an_unusual_inflow_passed_on():
    """2 planned; 5 have come instead of 3, and a quarter of what is unusual goes on at once."""
    node = {"rule": DECISION, "storage": 6.0, "arrived": 5.0, "planned": 2.0, "mean_inflow": 3.0, "anomaly_share": 0.25}
    assert of_the_month(**node) == (8.5, 2.5, 0.0, 0.0, OPERATING)
    assert of_the_month(**node | {"arrived": 1.0}) == (5.5, 1.5, 0.0, 0.0, OPERATING)
    assert of_the_month(**node | {"arrived": 9.0}) == (10.0, 3.5, 1.5, 0.0, OPERATING)


@pytest.mark.parametrize(
    ("condition", "years", "own", "found"),
    [
        (CLOSED, 4.0, True, (FILLING, 0.25, 1)),  # 10 km3 of 10 a year in four years
        (CLOSED, 0.5, False, (FILLING, 1.0, 0)),  # no more than all there is
        (FILLING, 4.0, True, (FILLING, 0.125, 0)),
        (OPERATING, 4.0, True, (OPERATING, 0.125, 0)),
    ],
)
def test_a_dam_that_is_not_built_begins_to_fill_and_another_goes_on(condition, years, own, found):
    given, rivers = small_rivers([{}, {"kind": RESERVOIR, "full": 10.0, "condition": condition, "fill_share": 0.125}])
    given.table.mean_flow[:] = [99.0, 10.0]
    build_dam(rivers, given, 1, years, own)
    dam = rivers.flows.nodes[1]
    assert (dam.condition, dam.fill_share, dam.own_share) == found


def test_a_dam_without_years_of_filling_is_in_service_at_once():
    given, rivers = small_rivers([{"kind": RESERVOIR, "full": 10.0, "condition": CLOSED}])
    given.table.mean_flow[:] = 10.0
    with pytest.warns(RuntimeWarning, match="divide by zero"):  # compiled, an infinity like any other
        build_dam(rivers, given, 0, given.table.mean_flow[0] * 0.0, False)
    assert rivers.flows.nodes[0].condition == OPERATING


@pytest.fixture
def own_dam():
    """A dam that keeps a quarter of what comes from two sources; its owner's fields lie on the junction below."""
    return small_rivers(
        [
            {"kind": INFLOW, "to": 2, "inflow": 4.0},
            {"kind": INFLOW, "to": 3, "inflow": 50.0},
            {"kind": RESERVOIR, "to": 3, "full": 10.0, "condition": FILLING, "fill_share": 0.25, "own_share": 1},
            {"kind": JUNCTION, "drainage": 0.5},
        ],
        [{"node": 3, "demand": 9.0}, {"node": 3, "demand": 8.0, "return_share": 0.2}],
        [(3, 4, 0.0)],
    )


@pytest.fixture
def spared(own_dam):
    """What the owner's fields give up, the junction's account of it, and what would have come back of it."""
    given, rivers = own_dam
    given.table.giver[:] = [-1, -1, 1, -1]

    def run(share, **dam):
        rivers.flows.shares[0] = share
        for name, value in dam.items():
            rivers.flows.nodes[name][2] = value
        spare_water(rivers, given, APRIL)
        assert rivers.flows.users[0].spared == 0.0 and not rivers.flows.nodes["spared"][:3].any()
        return rivers.flows.users[1].spared, rivers.flows.nodes[3].spared, rivers.flows.nodes[3].spared_return

    return run


def test_fields_give_up_what_the_dam_keeps_and_what_would_have_come_back(spared):
    """The dam keeps 1 of 4. Fields that consume four fifths and get half of what they want give up 1 / 0.8 / 0.5.

    Of the fifth that would have returned half would have come through the soil at once, and half of that to the river.
    """
    assert spared(0.5) == pytest.approx((2.5, 2.5, 2.5 * 0.2 * 0.25))
    assert spared(1.0) == pytest.approx((1.25, 1.25, 0.0625))


def test_fields_give_up_no_more_than_they_want_nor_for_more_than_the_dam_holds(spared):
    assert spared(0.01) == pytest.approx((1 / 0.8 / LEAST_SERVED, 1 / 0.8 / LEAST_SERVED, 0.05 / 0.8 / LEAST_SERVED))
    assert spared(1.0, storage=9.5) == pytest.approx((0.625, 0.625, 0.03125))
    assert spared(0.125, storage=0.0, fill_share=1.0) == pytest.approx((8.0, 8.0, 0.4))


def test_fields_give_up_nothing_for_a_dam_that_is_full_or_fills_from_the_river(spared):
    assert spared(1.0) == pytest.approx((1.25, 1.25, 0.0625))
    assert spared(1.0, own_share=0) == pytest.approx((1.25, 1.25, 0.0625)), "nobody touches it"
    assert spared(1.0, own_share=1, condition=OPERATING) == (0.0, 0.0, 0.0)


def test_a_dam_whose_owner_has_no_fields_takes_from_the_river(own_dam):
    given, rivers = own_dam
    given.table.giver[:] = -1
    spare_water(rivers, given, APRIL)
    assert not rivers.flows.users["spared"].any() and not rivers.flows.nodes["spared"].any()


def test_the_first_user_may_be_the_one_who_gives(own_dam):
    given, rivers = own_dam
    given.table.giver[:] = [-1, -1, 0, -1]
    rivers.flows.shares[0] = 1.0
    spare_water(rivers, given, APRIL)
    assert rivers.flows.users["spared"].tolist() == [1.0, 0.0]


def test_a_reservoir_opens_in_its_month():
    nodes = [{"kind": RESERVOIR, "opens": opens, "condition": CLOSED} for opens in (0, 1, 240)]
    found = []
    for month in (0, 1, 240):
        _, rivers = made = small_rivers(nodes)
        open_reservoirs(made[0].network.nodes, rivers.flows.nodes, month)
        found.append(rivers.flows.nodes["condition"].tolist())
    assert found == [[CLOSED, CLOSED, CLOSED], [CLOSED, OPERATING, CLOSED], [CLOSED, CLOSED, OPERATING]]
