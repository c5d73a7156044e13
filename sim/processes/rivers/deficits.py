"""What the rivers mean for states: irrigation deficits, hydropower, winter power deficits, and the damage they do."""

from sim.engine.arrays import copy_into
from sim.engine.compiled import compiled
from sim.engine.layout import ISSUES
from sim.engine.months import APRIL, MARCH, OCTOBER, growing_season
from sim.engine.side_by_side import anywhere, ratio_or
from sim.processes.rivers.expected import winter_need
from sim.processes.rivers.network import FILLING, RESERVOIR, SINK
from sim.processes.rivers.release_policy import compliance, performance
from sim.processes.salience import relative_stake

WATER, ENERGY = ISSUES.index("water"), ISSUES.index("energy")
WINTER = 6  # months


@compiled
def count_users(users, state_of_user, wanted, delivered):
    """Add a month's irrigation to (states,) `wanted` and `delivered` in km3, in place.

    Parameters
    ----------
    users : records of `RiverState.users`
    state_of_user : (users,) state index, -1 = none of the states that are counted
    """
    for d in range(users.shape[0]):
        i = state_of_user[d]
        if i >= 0:
            wanted[i] += users[d].wanted
            delivered[i] += users[d].delivered


@compiled
def count_power(network_nodes, nodes, state_of_node, power):
    """Add the hydropower of a month to (states,) `power` in TWh, in place; water spilled makes no power.

    A dam that is still filling makes as much less as it is less full: the head is not yet there.
    """
    for k in range(nodes.shape[0]):
        i = state_of_node[k]
        if i >= 0 and network_nodes[k].energy_per_water > 0.0 and nodes[k].condition > 0:
            head = nodes[k].storage / network_nodes[k].full if nodes[k].condition == FILLING else 1.0
            power[i] += head * network_nodes[k].energy_per_water * nodes[k].release


@compiled
def deficit(wanted, delivered):
    """Unmet share of a demand, 0-1; 0 where nothing was wanted."""
    return max(0.0, 1.0 - ratio_or(delivered, wanted, 1.0))


@compiled
def damage(value, shortfall, exponent):
    """Loss as a share of GDP: `value` is the loss at a full shortfall, `shortfall` 0-1, `exponent` above 1."""
    return value * shortfall**exponent if anywhere(shortfall > 0.0) else 0.0 * shortfall


@compiled
def unserved(short, shortfall, limit):
    """Unmet share of the winter's power when what can be bought has been bought.

    Parameters
    ----------
    short, shortfall : TWh missing, and as a share of the need
    limit : TWh that can be bought
    """
    return ratio_or(shortfall * max(0.0, short - limit), short, 0.0)


@compiled
def twelve_months(by_month):
    """Sum of a rolling year, (12,) by calendar month, added from January on."""
    total = 0.0
    for m in range(12):
        total += by_month[m]
    return total


@compiled
def winter_spill(month, spill):
    """The part of this month's spill (km3) that floods the winter river: October to March (month 0-11 from January)."""
    return 0.0 if growing_season(month) else spill


@compiled
def count_deliveries(rivers, given, m):
    """Deficits of the month by state, in place; the month takes its place in the rolling year."""
    table, account = given.table, rivers.account
    account.month_wanted[:] = 0.0
    account.month_delivered[:] = 0.0
    count_users(rivers.flows.users, table.account_of_user, account.month_wanted, account.month_delivered)
    wanted, delivered = account.state_wanted, account.state_delivered
    wanted[:] = 0.0
    delivered[:] = 0.0
    for a in range(account.wanted.shape[0]):
        i = table.account_state[a]
        account.wanted_by_month[a, m] = account.month_wanted[a]
        account.delivered_by_month[a, m] = account.month_delivered[a]
        wanted[i] += account.month_wanted[a]
        delivered[i] += account.month_delivered[a]
    for i in range(wanted.shape[0]):
        account.month_deficit[i] = deficit(wanted[i], delivered[i])


@compiled
def count_rolling_year(rivers, given):
    """Deficits of the last twelve months by state and basin, in place."""
    table, account = given.table, rivers.account
    wanted, delivered, needed, served = account.state_wanted, account.state_delivered, account.needed, account.served
    wanted[:] = 0.0
    delivered[:] = 0.0
    needed[:] = 0.0
    served[:] = 0.0
    for a in range(account.wanted.shape[0]):
        i, b = table.account_state[a], table.account_basin[a]
        account.wanted[a] = twelve_months(account.wanted_by_month[a])
        account.delivered[a] = twelve_months(account.delivered_by_month[a])
        account.account_deficit[a] = deficit(account.wanted[a], account.delivered[a])
        wanted[i] += account.wanted[a]
        delivered[i] += account.delivered[a]
        needed[b] += account.wanted[a]
        served[b] += account.delivered[a]
    for i in range(wanted.shape[0]):
        account.year_deficit[i] = deficit(wanted[i], delivered[i])
    for b in range(needed.shape[0]):
        account.performance[b] = performance(served[b], needed[b])


@compiled
def count_energy(rivers, given, params, month):
    """Hydropower of the winter and the loss it leaves, in place; `month` is absolute."""
    account, m = rivers.account, month % 12
    if m == OCTOBER:
        account.power[:] = 0.0
        account.winter_months = 0
    if not growing_season(m):
        account.winter_months += 1
        count_power(given.network.nodes, rivers.flows.nodes, given.table.state, account.power)
    if m == MARCH and account.winter_months == WINTER:
        for i in range(account.power.shape[0]):
            need = winter_need(given, params, i, month)
            account.power_deficit[i] = deficit(need, account.power[i])
            account.power_short[i] = account.power_deficit[i] * need
        count_energy_losses(rivers, given, params)


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
def count_releases(rivers, given, m):
    """Add what deciding dams released between April and September, in place."""
    table, account = given.table, rivers.account
    if growing_season(m):
        for k in range(account.volume.shape[0]):
            account.released[k] += rivers.flows.nodes[table.dam_node[k]].release


@compiled
def close_water_year(rivers, given, params):
    """At the end of September: what the year's deficits cost, and whether the agreed releases were made; in place."""
    account = rivers.account
    copy_into(account.season_deficit, account.year_deficit)
    count_water_losses(account, params)
    for k in range(account.volume.shape[0]):
        account.compliance[k] = compliance(account.released[k], account.agreed[k])


@compiled
def count_water_losses(account, params):
    """Losses of the last water year, shares of GDP, in place."""
    for i in range(account.value.shape[0]):
        if anywhere(account.value[i] > 0.0):  # a parameter, positive for all members or for none
            account.loss_water[i] = damage(account.value[i], account.season_deficit[i], params.water_damage_exponent)


@compiled
def count_energy_losses(rivers, given, params):
    """Losses of the last winter, shares of GDP, in place."""
    account, table = rivers.account, given.table
    for i in range(account.value.shape[0]):
        short, limit = account.power_short[i], table.import_limit[i]
        dark = unserved(short, account.power_deficit[i], limit)
        loss = damage(params.water_damage_winter_power, dark, params.water_damage_exponent)
        account.loss_energy[i] = params.water_import_price * table.import_cost[i] * min(short, limit) + loss


@compiled
def value_water(region, inputs, params):
    """The gains of water and energy: documented weight times today's stake over the documented one, in place."""
    account, table = region.rivers.account, inputs.rivers.table
    weight, gains = inputs.outside.issue_weight, region.polity.gains
    for i in range(gains.shape[0]):
        documented = account.value[i] * table.documented_water[i]
        gains[i, WATER] = weight[i, WATER] * relative_stake(
            account.loss_water[i], documented, params.water_standing_stake
        )
        bought = params.water_import_price * table.import_cost[i] * table.documented_import[i]
        documented = bought + params.water_damage_winter_power * table.documented_energy[i]
        gains[i, ENERGY] = weight[i, ENERGY] * relative_stake(
            account.loss_energy[i], documented, params.water_standing_stake
        )
