"""Who gets water: a shortage is shared in equal proportion, with an advantage for the section nearer to the source.

The served share of demand in a section is f = f_basin + a (f_section - f_basin): f_section is what the section could
have if it looked only after itself, f_basin what everybody in the basin would have under an equal cut, and a the weight
of being upstream. Strictly upstream-first is contradicted by the shortfalls of 2022. All flows are written A - B f, the
flow if nobody shared were served and how much of it a full service takes, so each share follows from one sweep.
"""

from sim.engine.compiled import compiled
from sim.engine.side_by_side import anywhere, ratio_or, where
from sim.processes.rivers.network import (
    CLOSED,
    DECISION,
    FILLING,
    FIRST,
    GUIDE,
    INFLOW,
    JUNCTION,
    NEED,
    OPERATING,
    RESERVOIR,
    SINK,
)


@compiled
def taken_first(k, network, state, passing):
    """Water in km3 taken at junction k before any is shared, if `passing` km3 arrive, and what returns of it."""
    node = network.nodes[k]
    total = 0.0
    returned = 0.0
    if node.has_first:
        for d in range(node.users_first, node.users_stop):
            if network.users[d].kind == FIRST:
                amount = state.users[d].diversion + state.users[d].diversion_share * passing
                amount = min(amount, max(0.0, passing - total))
                total += amount
                returned += network.users[d].return_share * amount
    return total, returned


@compiled
def draining(node, flow, returned):
    """Water in km3 that drains from the ground to the river this month if `returned` km3 seep from the fields."""
    return node.drainage * (flow.groundwater + node.drainage * (flow.soil_water + returned))


@compiled
def expected_release(node, state, month, arriving):
    """Water in km3 a reservoir is expected to be able to pass on if `arriving` km3 come in.

    The records are those of `run_reservoir`. A need reservoir counts with all it holds above dead storage.
    """
    if state.condition == CLOSED:
        return arriving + state.storage
    if state.condition == FILLING:
        return (1.0 - state.fill_share) * arriving
    water = state.storage * (1.0 - month.evaporation) + arriving
    usable = max(0.0, water - node.dead)
    if node.rule == GUIDE:
        return min(usable, max(0.0, water - month.guide))
    if node.rule == NEED:
        return usable
    return max(0.0, min(usable, state.planned + node.anomaly_share * (arriving - month.mean_inflow)))


@compiled
def begin_month(network, state):
    """The water that flows in, at the nodes where it does and, from the sources at the head, at those below; in place.

    Returns the number of these sources: what is left to be worked out begins after them.
    """
    nodes, flows = network.nodes, state.nodes
    for k in range(flows.shape[0]):
        flows[k].arrived = flows[k].inflow
    first = 0
    while first < flows.shape[0] and nodes[first].kind == INFLOW:
        flows[nodes[first].to].arrived += flows[first].arrived
        first += 1
    for k in range(first, flows.shape[0]):
        flows[k].plain = flows[k].arrived
        flows[k].taken = 0.0
    return first


@compiled
def basin_shares(network, month, state, first):
    """Write to `state.basins` the share of demand that an equal cut of everybody in a basin would leave.

    What comes from the nodes before `first` has been added already (`begin_month`).
    """
    flows = state.nodes
    basins = state.basins
    for b in range(basins.shape[0]):
        basins[b].supply = 0.0
        basins[b].demand = 0.0
    for place in range(first, flows.shape[0]):
        k = network.order[place]
        node = network.nodes[k]
        flow = flows[k]
        table = network.months[month, k]
        out = flow.plain
        out_taken = flow.taken
        if node.kind == RESERVOIR:
            out = expected_release(node, flow, table, flow.plain)
            if flow.condition == OPERATING and node.rule == DECISION:
                out_taken = 0.0
        elif node.kind == JUNCTION:
            first, first_returned = taken_first(k, network, state, flow.plain)
            kept = 1.0 - node.flow_loss
            drained = draining(node, flow, first_returned)
            out = max(0.0, flow.plain - first - table.fixed_loss) * kept + drained
            out_taken = (flow.taken + table.shared - flow.spared) * kept - (table.shared_return - flow.spared_return)
        if node.to >= 0:
            flows[node.to].plain += out
            flows[node.to].taken += out_taken
        else:
            basins[node.basin].supply += flow.plain
            basins[node.basin].demand += flow.taken + table.environment
    for b in range(basins.shape[0]):
        basins[b].share = min(1.0, ratio_or(basins[b].supply, basins[b].demand, 1.0))


@compiled
def section_share(section, network, month, state):
    """The largest share in [0, 1] of all shared demands of a section that the water now in it can serve.

    What has arrived from outside the section is in `arrived` of its nodes; `plain` and `taken` are scratch.
    """
    flows = state.nodes
    for k in range(section.first + 1, section.stop):
        flows[k].plain = flows[k].arrived
        flows[k].taken = 0.0
    share = 1.0
    for k in range(section.first, section.stop):
        node = network.nodes[k]
        table = network.months[month, k]
        plain, taken = flows[k].plain, flows[k].taken
        if k == section.first:
            plain, taken = flows[k].arrived, 0.0
        first, first_returned = taken_first(k, network, state, plain)
        wanted = taken + table.shared - flows[k].spared
        share = min(share, ratio_or(plain - first, wanted, 1.0))
        kept = 1.0 - node.flow_loss
        drained = draining(node, flows[k], first_returned)
        below = max(0.0, plain - first - table.fixed_loss) * kept + drained
        below_taken = wanted * kept - (table.shared_return - flows[k].spared_return)
        to = node.to
        asked = below_taken + network.months[month, to].environment
        if network.nodes[to].kind == SINK:
            share = min(share, ratio_or(below, asked, 1.0))
        if section.first <= to < section.stop:
            flows[to].plain += below
            flows[to].taken += below_taken
    return max(0.0, share)


@compiled
def served_share(of_section, of_basin, head_weight):
    """The share of its demand a section takes, in [0, 1].

    Parameters
    ----------
    of_section, of_basin : shares served if the section, or the whole basin, were cut equally; 0-1
    head_weight : a in [0, 1]; 0 = equal cut in the basin, 1 = the section serves itself first
    """
    return max(0.0, min(of_section, of_basin + head_weight * (of_section - of_basin)))


@compiled
def water_needed(target, network, month, state):
    """Water in km3 that would have to reach node `target` to serve everybody below, and the sinks, in full.

    What has already arrived is counted in, and so is what need reservoirs further down hold. Reservoirs under another
    rule do not ask for water, and one that is not in service hands on what is asked for. `taken` is scratch and holds
    what is missing at each node.
    """
    flows = state.nodes
    for place in range(flows.shape[0]):
        k = network.courses[target, place]
        if k < 0:
            break
        node = network.nodes[k]
        table = network.months[month, k]
        missing = 0.0
        if node.kind == SINK:
            missing = table.environment
        elif node.kind == JUNCTION:
            drained = draining(node, flows[k], 0.0) + table.shared_return - flows[k].spared_return
            below = flows[node.to].taken
            missing = table.shared - flows[k].spared
            lacks = below > drained
            if anywhere(lacks) and node.flow_loss < 1.0:
                more = (below - drained) / (1.0 - node.flow_loss) + table.fixed_loss
                missing = where(lacks, missing + more, missing)
        elif node.kind == RESERVOIR and flows[k].condition == CLOSED:
            missing = flows[node.to].taken
        elif node.kind == RESERVOIR and node.rule == NEED and flows[k].condition == OPERATING:
            held = flows[k].storage * (1.0 - table.evaporation) - node.dead
            missing = flows[node.to].taken - max(0.0, held)
        flows[k].taken = max(0.0, missing - flows[k].arrived)
    return flows[target].taken
