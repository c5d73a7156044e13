"""The network of some tables: order, basins, numbers of each kind of node, users and sections."""

import numpy as np
import pytest

from by_hand.river_facts import EVEN, river_facts
from sim.engine.layout import records
from sim.processes.rivers.network import (
    DECISION,
    FIRST,
    GUIDE,
    INFLOW,
    JUNCTION,
    NEED,
    NODE,
    RESERVOIR,
    SHARED,
    SINK,
    compile_network,
    in_turns,
    inflow_climatology,
    steady_groundwater,
)

RISING = [m / 66.0 for m in range(12)]  # of a year; 66 = 0 + 1 + ... + 11
ICY = [0, 1, 2, 11]
# two sources, a dam and a lake above two junctions of one stretch, in an order against the water
NODES = {
    "sea": {"kind": "sink", "shape": "rising"},
    "low": {"kind": "junction", "to": "sea", "section": "stretch"},
    "side": {"kind": "inflow", "to": "lake", "group": "rain"},
    "lake": {"kind": "reservoir", "to": "mid", "rule": "need"},
    "source": {"kind": "inflow", "to": "dam", "group": "snow"},
    "dam": {"kind": "reservoir", "to": "mid", "spill_to": "marsh", "rule": "decision"},
    "mid": {"kind": "junction", "to": "low", "section": "stretch"},
    "marsh": {"kind": "sink", "shape": "even"},
    "last_fields": {"kind": "demand", "to": "low", "shape": "rising"},
    "fields": {"kind": "demand", "to": "mid", "shape": "even"},
    "canal": {"kind": "demand", "to": "mid", "shape": "rising", "rule": "first"},
}
ORDER = ("side", "source", "dam", "lake", "mid", "marsh", "low", "sea")
NUMBERS = {
    "shape:even": {"fractions": EVEN},
    "shape:rising": {"fractions": RISING},
    "shape:evaporation": {"fractions": RISING},
    "side": {"inflow": [1.0] * 12},
    "source": {"inflow": [float(m) for m in range(12)], "net_share": 0.5},
    "lake": {"full": 10.0, "dead": 2.0, "guide": [m / 10 for m in range(12)], "evaporation": 0.33},
    "dam": {"full": 8.0, "dead": 1.0, "anomaly_share": 0.25, "energy_per_water": 0.75},
    "sea": {"environment": 6.0, "priority": 0.5},
    "last_fields": {"limit": 6.6, "use": 0.5, "return_share": 0.5},
    "fields": {"limit": 24.0, "return_share": 0.25},
    "canal": {"limit": 6.6, "return_share": 0.125},
    "mid": {"return_delay": 6.0},
}


def network(nodes=NODES, numbers=NUMBERS, sections=None, **more):
    """Network, names, and a function that gives the place of a node; `more` are further numbers of nodes."""
    numbers = {name: numbers.get(name, {}) | more.get(name, {}) for name in numbers | more}
    facts = river_facts(nodes, numbers, sections or {"stretch": ("north", 0.25)})
    found, names = compile_network(facts)
    return facts, found, names, names.nodes.index


def test_every_node_comes_after_what_drains_into_it_and_lakes_that_meet_a_need_late():
    """The lake could come second, but what else comes to those below it is to be known first."""
    _, _, names, place = network()
    assert set(names.nodes) == set(ORDER) and len(names.nodes) == len(ORDER)
    for name, node in NODES.items():
        for target in (node.get("to"), node.get("spill_to")):
            if target and node["kind"] != "demand":
                assert place(name) < place(target), (name, target)
    assert place("lake") > max(place("source"), place("dam"))
    assert place("low") == place("mid") + 1, "a stretch is in one piece"


def test_basins_are_gone_through_in_turns_unless_water_goes_from_one_to_the_other():
    """Sources first; then a share of the one basin's two nodes and of the other's four."""
    nodes = records(8, NODE)
    nodes["kind"], nodes["basin"] = [INFLOW] * 2 + [RESERVOIR] * 6, [0, 1, 0, 0, 1, 1, 1, 1]
    nodes["to"] = nodes["spill_to"] = [2, 4, 3, -1, 5, 6, 7, -1]
    assert in_turns(nodes).tolist() == [0, 1, 4, 2, 5, 6, 3, 7]
    nodes[3].spill_to = 7
    assert in_turns(nodes).tolist() == list(range(8))
    assert in_turns(nodes[:0]).tolist() == [], "a region without rivers"


def test_where_water_and_spill_go():
    _, found, _, place = network()
    at = {name: found.nodes[place(name)] for name in ORDER}
    assert at["dam"].to == at["lake"].to == at["lake"].spill_to == place("mid")
    assert at["dam"].spill_to == place("marsh")
    assert at["sea"].to == at["sea"].spill_to == -1
    kinds = {"side": INFLOW, "dam": RESERVOIR, "mid": JUNCTION, "sea": SINK}
    assert {name: at[name].kind for name in kinds} == kinds and len(set(kinds.values())) == 4
    assert (at["dam"].rule, at["lake"].rule) == (DECISION, NEED) and GUIDE not in (DECISION, NEED)
    assert [at[name].section for name in ("mid", "low", "dam", "sea")] == [0, 0, -1, -1]


def test_what_lies_below_each_node_the_last_first():
    _, found, _, place = network()
    below = {name: [place(each) for each in ("sea", "low", "mid", name)] for name in ("dam", "lake")}
    below |= {"sea": [place("sea")], "source": [*below["dam"], place("source")]}
    for name, course in below.items():
        assert found.courses[place(name)].tolist() == course + [-1] * (len(ORDER) - len(course)), name


def test_a_basin_is_that_of_the_sections_water_comes_from_or_goes_to():
    """A river that no section touches is a basin of its own."""
    nodes = NODES | {
        "spring": {"kind": "inflow", "to": "pond", "river": "Brook"},
        "pond": {"kind": "sink", "river": "Brook", "shape": "even"},
        "south": {"kind": "junction", "to": "delta", "section": "other"},
        "delta": {"kind": "sink", "river": "Far", "shape": "even"},
    }
    sections = {"stretch": ("north", 0.25), "other": ("amu", 0.5)}
    _, found, names, place = network(nodes, spring={"inflow": EVEN}, sections=sections)
    assert names.basins == ("Brook", "amu", "north")
    basins = {name: names.basins[found.nodes[place(name)].basin] for name in names.nodes}
    assert basins == dict.fromkeys(ORDER, "north") | {
        "spring": "Brook",
        "pond": "Brook",
        "south": "amu",
        "delta": "amu",
    }


def test_numbers_of_a_lake():
    """8 km3 above the 2 that are dead; a third of what is in store evaporates in a year."""
    _, found, _, place = network()
    lake, months = found.nodes[place("lake")], found.months[:, place("lake")]
    assert (lake.full, lake.dead, lake.anomaly_share, lake.energy_per_water, lake.opens) == (10.0, 2.0, 0.0, 0.0, 0)
    assert months["guide"] == pytest.approx([2.0 + 0.8 * m for m in range(12)])
    assert months["evaporation"] == pytest.approx([0.005 * m for m in range(12)])
    assert np.isinf(months["release_cap"]).all() and not months["mean_inflow"].any()


def test_a_river_that_freezes_carries_less():
    _, found, _, place = network(lake={"release_cap": 3.0, "winter_release_cap": 1.5}, dam={"release_cap": 2.0})
    caps = found.months["release_cap"][:, place("lake")]
    assert caps.tolist() == [1.5 if m in ICY else 3.0 for m in range(12)]
    assert found.months["release_cap"][:, place("dam")].tolist() == [2.0] * 12
    _, found, _, place = network(lake={"release_cap": 1.0, "winter_release_cap": 1.5})
    assert found.months["release_cap"][:, place("lake")].tolist() == [1.0] * 12


def test_an_operator_may_stop_above_the_dead_storage():
    """The curve runs between the floor and full."""
    _, found, _, place = network(lake={"operating_floor": 4.0, "opened": 2010.0})
    lake = found.nodes[place("lake")]
    assert (lake.dead, lake.opens) == (4.0, 2010 * 12)
    assert found.months["guide"][:, place("lake")] == pytest.approx([4.0 + 0.6 * m for m in range(12)])


def test_a_dam_that_is_decided_on_knows_its_mean_inflow():
    """Half of what is gauged comes down, past another dam; the side comes elsewhere."""
    above = {"source": {"kind": "inflow", "to": "upper", "group": "snow"}}
    above |= {"upper": {"kind": "reservoir", "to": "dam", "rule": "guide"}}
    numbers = {"upper": {"full": 1.0, "dead": 0.5, "guide": [0.0] * 12}}
    for nodes, more in ((NODES, {}), (NODES | above, numbers)):
        _, found, _, place = network(nodes, **more)
        dam = found.nodes[place("dam")]
        assert (dam.full, dam.dead, dam.anomaly_share, dam.energy_per_water) == (8.0, 1.0, 0.25, 0.75)
        assert found.months["mean_inflow"][:, place("dam")].tolist() == [m / 2 for m in range(12)]
        assert not found.months["guide"][:, place("dam")].any()


def test_inflow_is_net_of_what_valleys_use():
    facts, _, names, place = network()
    climatology = inflow_climatology(facts, names)
    assert climatology.shape == (12, len(ORDER))
    assert climatology[:, place("source")].tolist() == [m / 2 for m in range(12)]
    assert climatology.sum() == 12.0 + 33.0


def test_losses_of_a_reach():
    """Two fifths are lost, of which a quarter is fixed: a tenth of the reference flow."""
    flow = [float(m) for m in range(12)]
    _, found, _, place = network(low={"loss": 0.4, "fixed_loss_share": 0.25, "reference_flow": flow})
    assert found.nodes[place("low")].flow_loss == pytest.approx(0.3)
    assert found.months["fixed_loss"][:, place("low")] == pytest.approx([0.1 * m for m in range(12)])
    _, found, _, place = network(low={"loss": 0.4, "fixed_loss_share": 0.25})
    assert found.nodes[place("low")].flow_loss == 0.4 and not found.months["fixed_loss"].any()
    assert [found.nodes[place(name)].drainage for name in ("mid", "low")] == [
        0.25,
        1.0,
    ]  # three months in each store, and none


def test_a_sea_asks_for_a_weighted_demand():
    _, found, _, place = network()
    assert found.months["environment"][:, place("sea")] == pytest.approx([3.0 * share for share in RISING])
    assert not found.months["environment"][:, place("marsh")].any()


def test_users_stand_in_the_order_of_their_junctions():
    """24 km3 evenly, and half of 6.6 that rises with the months; a canal asks for nothing by itself."""
    _, found, names, place = network()
    assert names.users == ("fields", "canal", "last_fields")
    assert found.users["kind"].tolist() == [SHARED, FIRST, SHARED] and SHARED != FIRST
    assert found.users["node"].tolist() == [place("mid"), place("mid"), place("low")]
    assert found.users["return_share"].tolist() == [0.25, 0.125, 0.5]
    assert found.demand == pytest.approx(np.array([[2.0, 0.1 * m, 0.05 * m] for m in range(12)]))
    assert found.season == pytest.approx(np.array([[1 / 12, m / 66, m / 66] for m in range(12)]))


def test_what_users_come_to_at_each_junction():
    """A quarter of 2 returns at the first junction, a quarter of a quarter of it at once; below all does."""
    _, found, _, place = network()
    mid, low, sea = (found.nodes[place(name)] for name in ("mid", "low", "sea"))
    assert (mid.users_first, mid.users_stop, low.users_first, low.users_stop) == (0, 2, 2, 3)
    assert sea.users_first == sea.users_stop and (mid.has_first, low.has_first, sea.has_first) == (True, False, False)
    months = found.months[:, place("mid")]
    assert months["shared"] == pytest.approx(2.0) and months["shared_return"] == pytest.approx(2.0 * 0.25 * 0.0625)
    months = found.months[:, place("low")]
    assert months["shared"] == pytest.approx([0.05 * m for m in range(12)])
    assert months["shared_return"] == pytest.approx([0.025 * m for m in range(12)])
    others = [place(name) for name in ORDER if name not in ("mid", "low")]
    assert not found.months["shared"][:, others].any()


def test_two_users_of_a_junction_are_added_up():
    nodes = NODES | {"more": {"kind": "demand", "to": "mid", "shape": "even"}}
    _, found, _, place = network(nodes, more={"limit": 12.0, "return_share": 0.5})
    months = found.months[:, place("mid")]
    assert months["shared"] == pytest.approx(3.0) and months["shared_return"] == pytest.approx((0.5 + 0.5) * 0.0625)


def test_water_under_fields_that_are_served_year_after_year():
    """0.25 x 2 and an eighth of 6.6 / 12 return in a month, stay for three in the soil and for three in the ground: of
    x + in a quarter leaves, in = x / 3.

    Where water comes back at once none is left.
    """
    _, found, _, place = network()
    assert steady_groundwater(found, place("mid")) == pytest.approx(3.0 * (0.5 + 0.55 / 8.0))
    assert steady_groundwater(found, place("low")) == steady_groundwater(found, place("sea")) == 0.0


def test_the_last_stretch_of_a_river_looks_after_itself():
    """Nobody is left to save water for; a stretch with users below has the weight of its table."""
    nodes = NODES | {"low": NODES["low"] | {"section": "mouth"}}
    sections = {"stretch": ("north", 0.25), "mouth": ("north", 0.5)}
    _, found, names, place = network(nodes, sections=sections)
    assert names.sections == ("stretch", "mouth")
    assert [tuple(section) for section in found.sections] == [
        (place("mid"), place("mid") + 1, 0.25), (place("low"), place("low") + 1, 1.0),
    ]  # fmt: skip
    without = {name: node for name, node in nodes.items() if name != "last_fields"}
    _, found, _, _ = network(without, sections=sections)
    assert found.sections["head_weight"].tolist() == [1.0, 1.0]
    _, found, _, place = network()
    assert [tuple(section) for section in found.sections] == [(place("mid"), place("low") + 1, 1.0)]


def test_users_far_below_count_and_those_of_another_river_do_not():
    """Between two stretches lies a lake; a third drains into another sea."""
    nodes = NODES | {
        "mid": NODES["mid"] | {"to": "pool"},
        "pool": {"kind": "reservoir", "to": "low", "rule": "guide"},
        "low": NODES["low"] | {"section": "mouth"},
        "away": {"kind": "junction", "to": "marsh", "section": "away"},
    }
    sections = {"stretch": ("north", 0.25), "mouth": ("north", 0.5), "away": ("north", 0.125)}
    numbers = {"pool": {"full": 1.0, "dead": 0.0, "guide": [0.0] * 12}}
    _, found, names, _ = network(nodes, sections=sections, **numbers)
    weights = dict(zip(names.sections, found.sections["head_weight"].tolist(), strict=True))
    assert weights == {"stretch": 0.25, "mouth": 1.0, "away": 1.0}
