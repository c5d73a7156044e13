"""Reservoirs: what is released under each kind of rule, and the storage that remains.

Three rules: a guide curve is followed, a need below is met and the surplus above an upper curve released, or a decision
of the upstream state is carried out. A new reservoir retains a fixed share of its inflow until it is full for the first
time, a tax on the river that lasts as long as the filling.
"""

from sim.engine.compiled import compiled
from sim.engine.side_by_side import anywhere, where
from sim.processes.rivers.network import CLOSED, FILLING, GUIDE, NEED, OPERATING

LEAST_SERVED = 0.2  # share of its demand; with less, giving up demand saves no water worth counting


@compiled
def wished_release(rule, water, curve, need, planned):
    """What the rule asks to release, in km3 a month, before any physical limit.

    Parameters
    ----------
    rule : 0 guide curve, 1 need, 2 decision
    water : km3 in store at the end of the month if nothing were released
    curve : km3, end-of-month target of a guide curve, upper curve of a need reservoir
    need : km3, water needed below
    planned : km3, decided release, and what is passed on at once of an unusual inflow
    """
    if rule == GUIDE:
        return max(0.0, water - curve)
    if rule == NEED:
        return max(need, water - curve)
    return planned


@compiled
def allowed_release(wish, water, dead, cap):
    """The wish within the water above dead storage and the capacity of the outlets; km3 a month."""
    return max(0.0, min(min(wish, water - dead), cap))


@compiled
def run_reservoir(node, state, month, need):
    """One month of a reservoir: its storage, release, spill and evaporation (km3) are written to `state`.

    Parameters
    ----------
    node : its record in `Network.nodes`
    state : its record in `RiverState.nodes`; a filling reservoir that gets full is set to operating
    month : its record in `Network.months`
    need : km3, water needed below, for a need reservoir
    """
    state.evaporation = 0.0
    if state.condition == CLOSED:
        state.release = min(state.arrived + state.storage, month.release_cap)
        state.spill = state.arrived + state.storage - state.release
        state.storage = 0.0
        return
    water = state.storage + state.arrived
    state.evaporation = min(month.evaporation * state.storage, water)
    water -= state.evaporation
    if state.condition == FILLING:
        state.release = max(0.0, min((1.0 - state.fill_share) * state.arrived, water))
    else:
        decided = state.planned + node.anomaly_share * (state.arrived - month.mean_inflow)
        wish = wished_release(node.rule, water, month.guide, need, decided)
        state.release = allowed_release(wish, water, node.dead, month.release_cap)
    left = water - state.release
    is_full = left >= node.full
    state.spill = 0.0
    if anywhere(is_full):
        state.spill = where(is_full, left - node.full, 0.0)
        left = where(is_full, node.full, left)
        state.condition = OPERATING  # side by side no dam is filling: that is before the branch
    state.storage = left


@compiled
def build_dam(rivers, given, node, years, own_share):
    """A dam whose switch is turned on begins to fill, in place.

    Parameters
    ----------
    years : it keeps so much of its mean inflow that it is full after these
    own_share : whether its owner takes as much less elsewhere, so that nobody below loses water
    """
    dam = rivers.flows.nodes[node]
    if dam.condition == CLOSED:
        dam.condition = FILLING if years > 0.0 else OPERATING
        dam.fill_share = min(1.0, given.network.nodes[node].full / (years * given.table.mean_flow[node]))
        dam.own_share = 1 if own_share else 0


@compiled
def spare_water(rivers, given, month):
    """What new dams will keep this month out of their owner's share, its fields go without; in place.

    They go without more than the dam keeps, since part of what they take comes back to the river, and in dry months
    they would not have got all of it (the share served is that of the month before).

    Parameters
    ----------
    month : 0-11
    """
    network, nodes, users = given.network, rivers.flows.nodes, rivers.flows.users
    for dam in range(nodes.shape[0]):
        user = given.table.giver[dam]
        if user >= 0 and nodes[dam].own_share == 1:
            kept = 0.0
            if nodes[dam].condition == FILLING:
                for k in range(dam):
                    if network.nodes[k].to == dam:
                        kept += nodes[dam].fill_share * nodes[k].inflow
                kept = min(kept, network.nodes[dam].full - nodes[dam].storage)
            returned = network.users[user].return_share
            fields = network.users[user].node
            served = max(LEAST_SERVED, rivers.flows.shares[network.nodes[fields].section])
            users[user].spared = min(network.demand[month, user], kept / (1.0 - returned) / served)
            nodes[fields].spared = users[user].spared
            nodes[fields].spared_return = users[user].spared * returned * network.nodes[fields].drainage ** 2


@compiled
def open_reservoirs(network_nodes, nodes, month):
    """Reservoirs that are put in service in this absolute month begin to hold water, in place."""
    for k in range(nodes.shape[0]):
        if network_nodes[k].opens == month and network_nodes[k].opens > 0:
            nodes[k].condition = OPERATING
