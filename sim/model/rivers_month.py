"""Phase 2, rivers: the year's flow, what upstream states release, who gets water, and what that costs whom.

The functions take the rivers alone, not the whole region, so that the reconstruction of the years before the branch and
the simulation after it are the same code.
"""

import math

import numpy as np

from sim.chance import normal
from sim.compiled import compiled
from sim.model.rivers_layout import FIRST_RECORDED
from sim.processes.rivers.balance import river_month
from sim.processes.rivers.deficits import count_power, count_users, damage, deficit, remember
from sim.processes.rivers.inflow import draw_year, fill_inflow, shock_of
from sim.processes.rivers.network import CLOSED, FILLING, OPERATING, RESERVOIR, SINK
from sim.processes.rivers.release_policy import annual_volume, compliance, mode_share, performance, planned_release
from sim.processes.water_disputes import winter_spill

OCTOBER, APRIL, SEPTEMBER, MARCH = 9, 3, 8, 2
WINTER = 6  # months
LOWER_AMU_SINCE = 2018
REFERENCE_CHANGED = 2014
NARYN, VAKHSH = 0, 1


@compiled
def group_mean(given, params, group, year):
    """Mean flow of a group of rivers over its long-term mean."""
    return params.water_other_amu_since_2018 if given.table.recent[group] == 1 and year >= LOWER_AMU_SINCE else 1.0


@compiled
def draw_flows(rivers, given, params, member, year):
    """The flow of a new year, in place."""
    table, account = given.table, rivers.account
    groups, basins = account.shock.shape[0], account.flood.shape[0]
    unrecorded, normals = np.full(groups, np.nan), np.empty(1 + basins + groups)
    normals[0] = normal(table.common_key[0], 0, year, member)
    for b in range(basins):
        normals[1 + b] = normal(table.basin_key[b], 0, year, member)
    for g in range(groups):
        normals[1 + basins + g] = normal(table.group_key[g], 0, year, member)
    draw_year(
        account.shock,
        account.factor,
        unrecorded,
        table.variation,
        table.basin_of_group,
        normals,
        params.water_inflow_persistence,
        params.water_inflow_common,
        params.water_inflow_basin,
    )


@compiled
def recall_flows(rivers, given, params, year):
    """The flow of a year of the record, in place; the mean where none is recorded."""
    table, account = given.table, rivers.account
    for g in range(account.shock.shape[0]):
        recorded = table.recorded[year - FIRST_RECORDED, g]
        account.factor[g], account.shock[g] = 1.0, 0.0
        if not np.isnan(recorded):
            account.factor[g] = recorded / group_mean(given, params, g, year)
            account.shock[g] = shock_of(account.factor[g], table.variation[g])


@compiled
def scale_flows(rivers, given, params, year, moving):
    """What stands between the factor of the year and the flow: recent mean, climate, a scenario's drought; in place.

    Parameters
    ----------
    moving : whether the climate has begun to change, which it does at the branch
    """
    account = rivers.account
    for g in range(account.scale.shape[0]):
        if moving:
            account.climate[g] *= math.exp((0.1 * params.water_climate_trend + account.trend[g]) / 12.0)
        account.scale[g] = group_mean(given, params, g, year) * account.climate[g] * account.drought[g]


@compiled
def decide_release(rivers, given, params, k, month, belief, noise):
    """The plan of a year for dam k: its volume, its mode, and what was agreed with those below; in place.

    Parameters
    ----------
    belief : chance that promised compensation comes; 0-1
    noise : km3, what else moved the decision
    """
    table, account = given.table, rivers.account
    storage = rivers.flows.nodes[table.dam_node[k]].storage
    reference = table.earlier_reference[k] if month // 12 < REFERENCE_CHANGED else table.reference[k]
    usual, feedback = table.usual_volume[k], table.feedback[k]
    account.volume[k] = annual_volume(usual, feedback, storage, reference, account.change[k], noise)
    within = params.water_barter_reference * usual_barter(
        table.dam_river[k], params
    )  # what the ordinary share rests on
    ordinary, paid = table.ordinary[k], account.transfer[k] - within
    account.share[k] = mode_share(ordinary, params.water_mode_weight, belief, account.barter[k], paid)
    # the agreement is about the usual volume, and counts on everybody's word
    agreed_volume = annual_volume(usual, feedback, storage, reference, 0.0, 0.0)
    agreed_share = mode_share(ordinary, params.water_mode_weight, 1.0, account.barter[k], paid)
    account.agreed[k] = 0.0
    for m in range(APRIL, OCTOBER):
        account.agreed[k] += planned_release(agreed_volume, agreed_share, table.irrigation[k, m], table.power[k, m])
    account.released[k] = 0.0


@compiled
def usual_barter(river, params):
    """Million USD a year promised for summer water without any scenario."""
    if river == NARYN:
        return params.water_barter_naryn
    return params.water_barter_vakhsh if river == VAKHSH else 0.0


@compiled
def usual_noise(river, params):
    """Standard deviation in km3 of what else moves the annual volume."""
    if river == NARYN:
        return params.water_volume_noise_naryn
    return params.water_volume_noise_vakhsh if river == VAKHSH else 0.0


@compiled
def run_rivers(rivers, given, params, month):
    """Flow, releases, deliveries and accounts of one month, in place."""
    table, account = given.table, rivers.account
    m = month % 12
    for k in range(account.volume.shape[0]):
        rivers.flows.nodes[table.dam_node[k]].planned = planned_release(
            account.volume[k], account.share[k], table.irrigation[k, m], table.power[k, m]
        )
    for d in range(rivers.account.diverted.shape[0]):
        rivers.flows.users[d].diversion = rivers.account.diverted[d] * given.network.season[m, d]
    fill_inflow(rivers.flows.nodes, table.climatology, m, table.group, account.factor, account.scale)
    river_month(given.network, m, rivers.flows)
    count_deliveries(rivers, given, m)
    count_energy(rivers, given, params, m)
    count_flows(rivers, given, m)
    count_releases(rivers, given, m)
    if m == SEPTEMBER:
        close_water_year(rivers, given, params)


@compiled
def count_deliveries(rivers, given, m):
    """Deficits by state and basin, of the month and of the last twelve, in place."""
    table, account = given.table, rivers.account
    account.month_wanted[:] = 0.0
    account.month_delivered[:] = 0.0
    count_users(rivers.flows.users, table.account_of_user, account.month_wanted, account.month_delivered)
    states, basins = account.year_deficit.shape[0], account.performance.shape[0]
    wanted, delivered, needed, served = account.state_wanted, account.state_delivered, account.needed, account.served
    wanted[:] = 0.0
    delivered[:] = 0.0
    needed[:] = 0.0
    served[:] = 0.0
    for a in range(account.wanted.shape[0]):
        i, b = table.account_state[a], table.account_basin[a]
        account.wanted[a] = remember(account.wanted_by_month[a], account.month_wanted[a], m)
        account.delivered[a] = remember(account.delivered_by_month[a], account.month_delivered[a], m)
        account.account_deficit[a] = deficit(account.wanted[a], account.delivered[a])
        wanted[0, i] += account.month_wanted[a]
        delivered[0, i] += account.month_delivered[a]
        wanted[1, i] += account.wanted[a]
        delivered[1, i] += account.delivered[a]
        needed[b] += account.wanted[a]
        served[b] += account.delivered[a]
    for i in range(states):
        account.month_deficit[i] = deficit(wanted[0, i], delivered[0, i])
        account.year_deficit[i] = deficit(wanted[1, i], delivered[1, i])
    for b in range(basins):
        account.performance[b] = performance(served[b], needed[b])


@compiled
def count_energy(rivers, given, params, m):
    """Hydropower of the winter and the loss it leaves, in place."""
    account = rivers.account
    if m == OCTOBER:
        account.power[:] = 0.0
        account.winter_months = 0
    if m >= OCTOBER or m <= MARCH:
        account.winter_months += 1
        count_power(given.network.nodes, rivers.flows.nodes, given.table.state, account.power)
    if m == MARCH and account.winter_months == WINTER:
        for i in range(account.power.shape[0]):
            account.power_deficit[i] = deficit(given.table.winter_need[i], account.power[i])
        count_losses(rivers, params)


@compiled
def count_flows(rivers, given, m):
    """What has left every node this year, and floods below reservoirs that spill aside in winter, in place."""
    nodes, flows, users = given.network.nodes, rivers.flows.nodes, rivers.flows.users
    if m == 0:
        rivers.account.year_flow[:] = 0.0
        rivers.account.year_wanted[:] = 0.0
        rivers.account.year_delivered[:] = 0.0
    if m == APRIL:
        rivers.account.flood[:] = 0.0
    for d in range(users.shape[0]):
        rivers.account.year_wanted[d] += users[d].wanted
        rivers.account.year_delivered[d] += users[d].delivered
        # what a junction hands on is what arrived, less what its users keep
        kept = users[d].delivered * (1.0 - given.network.users[d].return_share)
        rivers.account.year_flow[given.network.users[d].node] -= kept
    for k in range(nodes.shape[0]):
        flow = flows[k]
        if nodes[k].kind == RESERVOIR:
            rivers.account.year_flow[k] += flow.release + flow.spill
            if nodes[k].spill_to != nodes[k].to:
                rivers.account.flood[nodes[k].basin] += winter_spill(m, flow.spill)
        else:
            rivers.account.year_flow[k] += flow.arrived - (0.0 if nodes[k].kind == SINK else flow.loss)


@compiled
def close_water_year(rivers, given, params):
    """At the end of September: what the year's deficits cost, and whether the agreed releases were made; in place."""
    account = rivers.account
    account.season_deficit[:] = account.year_deficit
    count_losses(rivers, params)
    for k in range(account.volume.shape[0]):
        account.compliance[k] = compliance(account.released[k], account.agreed[k])


@compiled
def count_losses(rivers, params):
    """Losses of the last water year and of the last winter, shares of GDP, in place."""
    account = rivers.account
    for i in range(account.value.shape[0]):
        if account.value[i] > 0.0:
            account.loss_water[i] = damage(account.value[i], account.season_deficit[i], params.water_damage_exponent)
        account.loss_energy[i] = damage(
            params.water_damage_winter_power, account.power_deficit[i], params.water_damage_exponent
        )


@compiled
def count_releases(rivers, given, m):
    """Add what deciding dams released between April and September, in place."""
    table, account = given.table, rivers.account
    if APRIL <= m <= SEPTEMBER:
        for k in range(account.volume.shape[0]):
            account.released[k] += rivers.flows.nodes[table.dam_node[k]].release


@compiled
def begin_account(rivers, given, params):
    """What a member believes the rivers are worth, and what is promised for water; in place."""
    table, account = given.table, rivers.account
    values = (
        params.water_damage_irrigation_KAZ,
        params.water_damage_irrigation_KGZ,
        params.water_damage_irrigation_TJK,
        params.water_damage_irrigation_TKM,
        params.water_damage_irrigation_UZB,
    )
    account.value[:] = 0.0
    for k in range(table.river_state.shape[0]):
        account.value[table.river_state[k]] = values[k]
    for k in range(account.barter.shape[0]):
        account.barter[k] = usual_barter(table.dam_river[k], params)
        account.transfer[k] = 0.0
        account.change[k] = 0.0
    account.climate[:] = 1.0
    account.trend[:] = 0.0
    account.drought[:] = 1.0
    account.diverted[:] = 0.0
    count_losses(rivers, params)


@compiled
def build_dam(rivers, given, node, years):
    """A dam whose switch is turned on begins to fill, in place.

    Parameters
    ----------
    years : it keeps so much of its mean inflow that it is full after these
    """
    dam = rivers.flows.nodes[node]
    if dam.condition == CLOSED:
        dam.condition = FILLING if years > 0.0 else OPERATING
        dam.fill_share = min(1.0, given.network.nodes[node].full / (years * given.table.mean_flow[node]))


@compiled
def copy_rivers(source, target):
    """All that changes in `source` into `target`, in place."""
    for k in range(source.flows.nodes.shape[0]):
        target.flows.nodes[k] = source.flows.nodes[k]
    for d in range(source.flows.users.shape[0]):
        target.flows.users[d] = source.flows.users[d]
    target.flows.shares[:] = source.flows.shares
    for b in range(source.flows.basins.shape[0]):
        target.flows.basins[b] = source.flows.basins[b]
    copy_account(source.account, target.account)


@compiled
def copy_account(source, target):
    """What an account carries on; the rest follows from it in the next month, or is a member's own."""
    target.shock[:] = source.shock
    target.year_flow[:] = source.year_flow
    target.year_wanted[:] = source.year_wanted
    target.year_delivered[:] = source.year_delivered
    target.factor[:] = source.factor
    target.volume[:] = source.volume
    target.share[:] = source.share
    target.agreed[:] = source.agreed
    target.released[:] = source.released
    target.compliance[:] = source.compliance
    target.wanted_by_month[:] = source.wanted_by_month
    target.delivered_by_month[:] = source.delivered_by_month
    target.season_deficit[:] = source.season_deficit
    target.power[:] = source.power
    target.winter_months = source.winter_months
    target.power_deficit[:] = source.power_deficit
    target.flood[:] = source.flood
