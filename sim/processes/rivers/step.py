"""The month of a member's rivers: dated events, flow, releases, deliveries, the worth of water.

`run_rivers` takes the rivers alone, not the whole region, so that the years before the branch
(`sim.processes.rivers.past`) and the simulation after it are the same code.
"""

from sim.engine.compiled import compiled
from sim.engine.event_types import CODE
from sim.engine.months import SEPTEMBER
from sim.processes.rivers.balance import river_month
from sim.processes.rivers.deficits import (
    close_water_year,
    count_deliveries,
    count_energy,
    count_energy_losses,
    count_flows,
    count_releases,
    count_rolling_year,
    count_water_losses,
)
from sim.processes.rivers.expected import build_expected
from sim.processes.rivers.inflow import draw_flows, fill_inflow, scale_flows
from sim.processes.rivers.release_policy import planned_release, usual_barter
from sim.processes.rivers.reservoirs import build_dam, open_reservoirs, spare_water

BARTER = CODE["barter"]
DAM = CODE["dam"]
DIVERSION = CODE["diversion"]
DROUGHT = CODE["drought"]
INFLOW_TREND = CODE["inflow-trend"]
RELEASE_CHANGE = CODE["release-change"]
TRANSFER = CODE["transfer"]

BY_SHARE, BY_VOLUME = 1, 0  # how a diversion is given
OWN_SHARE, OF_THE_RIVER = 1, 0  # what a dam fills with
ALL = -1


@compiled
def draw_inflow(region, inputs, params, member, month):
    """The flow of a new year, and what stands between it and that of the month; in place."""
    if month < inputs.clock.branch:
        return
    build_expected(region.rivers, inputs.rivers, params, month)
    if month % 12 == 0:
        draw_flows(region.rivers, inputs.rivers, params, member, month // 12)
    scale_flows(region.rivers, inputs.rivers, params, month // 12, True)


@compiled
def apply(event, region, inputs, params):
    """A scenario's dated event on the rivers, in place."""
    rivers, given = region.rivers, inputs.rivers
    account, kind, subject, value = rivers.account, event.kind, event.subject, event.value
    if kind == DIVERSION:
        divert(rivers, given, subject, event.a, value)
    elif kind == DAM:
        build_dam(rivers, given, subject, value, event.a == OWN_SHARE)
    elif kind == RELEASE_CHANGE:
        account.change[subject] += value
    elif kind == BARTER:
        account.barter[subject] = value if value >= 0.0 else usual_barter(given.table, subject, params)
    elif kind == TRANSFER:
        account.transfer[subject] = value
    elif kind == DROUGHT or kind == INFLOW_TREND:
        for g in range(account.trend.shape[0]):
            if subject == ALL or given.table.basin_of_group[g] == subject:
                if kind == DROUGHT:
                    account.drought[g] *= value
                else:
                    account.trend[g] += value


@compiled
def divert(rivers, given, user, how, amount):
    """A canal takes this much from now on: km3 a year after the seasons of its users, or a share of the flow."""
    rivers.flows.users[user].diversion_share = amount if how == BY_SHARE else 0.0
    rivers.account.diverted[user] = amount if how == BY_VOLUME else 0.0


@compiled(apart=True)
def run_rivers(rivers, given, params, month, whole_year):
    """Flow, releases, deliveries and accounts of one month, in place.

    Parameters
    ----------
    whole_year : whether somebody asks for the last twelve months; the water year is counted in any case
    """
    table, account = given.table, rivers.account
    m = month % 12
    if m == 0:  # a reservoir opens with a year
        open_reservoirs(given.network.nodes, rivers.flows.nodes, month)
    for k in range(account.volume.shape[0]):
        rivers.flows.nodes[table.dam_node[k]].planned = planned_release(
            account.volume[k], account.share[k], table.irrigation[k, m], table.power[k, m]
        )
    for d in range(rivers.account.diverted.shape[0]):
        rivers.flows.users[d].diversion = rivers.account.diverted[d] * given.network.season[m, d]
    fill_inflow(rivers.flows.nodes, table, m, account.factor, account.scale, account.earlier)
    spare_water(rivers, given, m)
    river_month(given.network, m, rivers.flows)
    count_deliveries(rivers, given, m)
    if whole_year or m == SEPTEMBER:
        count_rolling_year(rivers, given)
    count_energy(rivers, given, params, month)
    count_flows(rivers, given, m)
    count_releases(rivers, given, m)
    if m == SEPTEMBER:
        close_water_year(rivers, given, params)


@compiled
def begin_account(rivers, given, params):
    """What a member believes the rivers are worth, and what is promised for water; in place."""
    table, account = given.table, rivers.account
    account.value[:] = 0.0
    for k in range(table.river_state.shape[0]):
        account.value[table.river_state[k]] = params.irrigation_damage[table.river_state[k]]
    for k in range(account.barter.shape[0]):
        account.barter[k] = usual_barter(table, k, params)
        account.transfer[k] = 0.0
        account.change[k] = 0.0
    account.climate[:] = 1.0
    account.trend[:] = 0.0
    account.earlier = 0.0
    account.drought[:] = 1.0
    account.diverted[:] = 0.0
    count_water_losses(account, params)
    count_energy_losses(rivers, given, params)
