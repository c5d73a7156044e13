"""Rivers of a few nodes as the engine holds them: what is not said is zero, and every dam is in service."""

import numpy as np

from sim.engine.layout import record
from sim.processes.rivers.network import FIRST, NODE, NODE_MONTH, OPERATING, SHARED, USER
from sim.processes.rivers.state import (
    RiverInputs,
    RiverSizes,
    empty_rivers,
    network_fields,
    river_table_fields,
)


def small_rivers(nodes, users=(), sections=(), states=2, on_rivers=0, **sizes):
    """What is given of some rivers, and one member's rivers.

    Parameters
    ----------
    nodes : a dictionary each, with fields of the network, of its months (the same in all) and of the state
    users : likewise; each has a `node` and, if it shares, a `demand` in km3 a month
    sections : first node, node after the last, weight of the head
    states, on_rivers : how many there are, and how many of them have users, if not all
    sizes : of `RiverSizes`, where it is more than one basin, group and account
    """
    counts = {"basins": 1, "groups": 1, "dams": 0, "accounts": 1, "pairs": 0, "states": on_rivers or states}
    counts |= {"storages": 0, "sinks": 0} | sizes
    sizes = RiverSizes(nodes=len(nodes), users=len(users), sections=len(sections), **counts)
    rivers = empty_rivers(sizes, states)
    table, start = record(river_table_fields(sizes, states)), empty_rivers(sizes, states)
    given = RiverInputs(record(network_fields(sizes)), table, start)
    given.network.order[:] = np.arange(len(nodes))
    _fill_nodes(given.network, rivers.flows, nodes, users)
    for d, user in enumerate(users):
        given.network.demand[:, d] = user.get("demand", 0.0)
        for name, value in user.items():
            if name != "demand":
                (given.network.users if name in USER.names else rivers.flows.users)[name][d] = value
    for s, (first, stop, weight) in enumerate(sections):
        given.network.sections[s] = (first, stop, weight)
        given.network.nodes["section"][first:stop] = s
    return given, rivers


def _fill_nodes(network, flows, nodes, users):
    for k, node in enumerate(nodes):
        flows.nodes[k].condition = OPERATING
        network.nodes[k].to = network.nodes[k].spill_to = node.get("to", -1)
        network.nodes[k].section = -1
        network.months["release_cap"][:, k] = np.inf
        for name, value in node.items():
            if name in NODE_MONTH.names:
                network.months[name][:, k] = value
            else:
                (network.nodes if name in NODE.names else flows.nodes)[name][k] = value
        inside = [d for d, user in enumerate(users) if user["node"] == k]
        network.nodes[k].users_first, network.nodes[k].users_stop = (inside[0], inside[-1] + 1) if inside else (0, 0)
        network.nodes[k].has_first = any(users[d].get("kind") == FIRST for d in inside)
        for d in inside:
            if users[d].get("kind", SHARED) == SHARED:
                amount = users[d].get("demand", 0.0)
                network.months["shared"][:, k] += amount
                back = amount * users[d].get("return_share", 0.0) * network.nodes[k].drainage ** 2
                network.months["shared_return"][:, k] += back
        course = [k]
        while nodes[course[-1]].get("to", -1) >= 0:
            course.append(nodes[course[-1]]["to"])
        network.courses[k] = -1
        network.courses[k, : len(course)] = course[::-1]
