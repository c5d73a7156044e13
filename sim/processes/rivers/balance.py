"""The monthly water balance of the rivers, in one pass from the sources to the seas.

Every node hands on what it received, less what it stores, loses or delivers: reservoirs by their rule, junctions to
their users and, on the reach below, to seepage and evaporation of which a part does not shrink with the flow. Water
returning from the fields passes the soil and the ground, two linear reservoirs in turn (Nash, 1957), and joins at the
end of that reach, below the place it was taken from: what is taken in summer drains into the winter.
"""

from sim.engine.compiled import compiled
from sim.engine.side_by_side import anywhere, where
from sim.processes.rivers.allocation import basin_shares, begin_month, section_share, served_share, water_needed
from sim.processes.rivers.network import FIRST, INFLOW, JUNCTION, NEED, RESERVOIR, SHARED, SINK
from sim.processes.rivers.reservoirs import run_reservoir


@compiled
def reach_loss(flow, fixed, flow_loss):
    """Water lost on a reach in km3: a fixed amount as far as there is water, and a share of the remainder.

    Parameters
    ----------
    flow : km3 entering the reach
    fixed : km3 lost whatever the flow
    flow_loss : share of the remainder; 0-1
    """
    lost = min(flow, fixed)
    return lost + flow_loss * (flow - lost)


@compiled
def deliver(k, network, month, state):
    """Serve the users of junction k from the water that arrived; gives the water left and what will return below.

    Shared demands get the section's share, less if the water does not suffice.
    """
    node = network.nodes[k]
    passing = state.nodes[k].arrived
    left = passing
    returned = 0.0
    share = state.shares[node.section]
    asked = share * (network.months[month, k].shared - state.nodes[k].spared)
    if node.has_first:
        for d in range(node.users_first, node.users_stop):
            user = state.users[d]
            if network.users[d].kind == FIRST:
                user.wanted = user.diversion + user.diversion_share * passing
                user.delivered = min(left, user.wanted)
                left -= user.delivered
                returned += network.users[d].return_share * user.delivered
    scale, short = share, asked > left
    if anywhere(short):
        scale = where(short, share * left / where(short, asked, 1.0), share)
    total = 0.0
    for d in range(node.users_first, node.users_stop):
        if network.users[d].kind == SHARED:
            user = state.users[d]
            user.wanted = network.demand[month, d]
            user.delivered = scale * (user.wanted - user.spared)
            total += user.delivered
            returned += network.users[d].return_share * user.delivered
    return max(0.0, left - total), returned


@compiled
def river_month(network, month, state):
    """Run one month; reads the inputs in `state`, writes its results and carries its storages on.

    Parameters
    ----------
    network : compiled Network
    month : 0-11 from January
    state : RiverState

    The volume into each sink is its `arrived`.
    """
    nodes = state.nodes
    first = begin_month(network, state)
    basin_shares(network, month, state, first)
    for place in range(first, nodes.shape[0]):
        k = network.order[place]
        node = network.nodes[k]
        flow = nodes[k]
        if node.kind == INFLOW:
            nodes[node.to].arrived += flow.arrived
        elif node.kind == RESERVOIR:
            need = 0.0
            if node.rule == NEED:
                need = water_needed(node.to, network, month, state)
            run_reservoir(node, flow, network.months[month, k], need)
            nodes[node.to].arrived += flow.release
            nodes[node.spill_to].arrived += flow.spill
        elif node.kind == JUNCTION:
            section = network.sections[node.section]
            if k == section.first:
                own = section_share(section, network, month, state)
                state.shares[node.section] = served_share(own, state.basins[node.basin].share, section.head_weight)
            left, returned = deliver(k, network, month, state)
            flow.loss = reach_loss(left, network.months[month, k].fixed_loss, node.flow_loss)
            flow.soil_water += returned
            percolated = node.drainage * flow.soil_water
            flow.soil_water -= percolated
            flow.groundwater += percolated
            drained = node.drainage * flow.groundwater
            flow.groundwater -= drained
            nodes[node.to].arrived += left - flow.loss + drained


def underground(nodes):
    """(nodes,) water in km3 under the fields."""
    return nodes["soil_water"] + nodes["groundwater"]


@compiled
def balance_error(network, state, storage_before, underground_before):
    """Largest error in km3 of the month's balance, of any reservoir or of the whole network.

    Parameters
    ----------
    storage_before, underground_before : (nodes,) km3, at the start of the month
    """
    worst = 0.0
    total = 0.0
    for k in range(network.nodes.shape[0]):
        kind = network.nodes[k].kind
        flow = state.nodes[k]
        total += flow.inflow
        if kind == RESERVOIR:
            change = flow.storage - storage_before[k]
            worst = max(worst, abs(flow.arrived - flow.release - flow.spill - flow.evaporation - change))
            total -= change + flow.evaporation
        elif kind == JUNCTION:
            total -= flow.loss + flow.soil_water + flow.groundwater - underground_before[k]
        elif kind == SINK:
            total -= flow.arrived
    for d in range(network.users.shape[0]):
        total -= state.users[d].delivered * (1.0 - network.users[d].return_share)
    return max(worst, abs(total))
