"""Phase 2 for a region: rivers after the branch, the releases that upstream states decide, and what water is worth.

Before the branch the rivers are a reconstruction that all members share (`sim.model.rivers_past`), so nothing is done
for a member until then. `decide_releases` takes a range of states, as `observe` does: a Mesa agent decides for itself.
"""

from sim.chance import normal
from sim.compiled import compiled
from sim.facts import ISSUES
from sim.model.event_types import BARTER, DAM, DIVERSION, DROUGHT, INFLOW_TREND, RELEASE_CHANGE, TRANSFER
from sim.model.rivers_month import (
    OCTOBER,
    begin_account,
    build_dam,
    copy_rivers,
    decide_release,
    draw_flows,
    run_rivers,
    scale_flows,
    usual_barter,
    usual_noise,
)
from sim.processes.rivers.release_policy import expected_barter
from sim.processes.salience import relative_stake

WATER, ENERGY = ISSUES.index("water"), ISSUES.index("energy")
BY_SHARE, BY_VOLUME = 1, 0  # how a diversion is given
ALL = -1


@compiled
def open_rivers(region, inputs, params, member, month):
    """What the month brings to the rivers: the branch, dated events, the flow of a new year; in place."""
    if month < inputs.clock.branch:
        return
    rivers, given = region.rivers, inputs.rivers
    if month == inputs.clock.branch:
        copy_rivers(given.start, rivers)
        begin_account(rivers, given, params)
        value_water(region, inputs, params)
    follow_river_events(region, inputs, params, month)
    if month % 12 == 0:
        draw_flows(rivers, given, params, member, month // 12)
    scale_flows(rivers, given, params, month // 12, True)


@compiled
def follow_river_events(region, inputs, params, month):
    """This month's dated events of a scenario on the rivers, in place."""
    schedule, rivers, given = inputs.schedule, region.rivers, inputs.rivers
    account = rivers.account
    row = region.environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind, subject, value = schedule[row].kind, schedule[row].subject, schedule[row].value
        if kind == DIVERSION:
            divert(rivers, given, subject, schedule[row].a, value)
        elif kind == DAM:
            build_dam(rivers, given, subject, value)
        elif kind == RELEASE_CHANGE:
            account.change[subject] += value
        elif kind == BARTER:
            account.barter[subject] = value if value >= 0.0 else usual_barter(given.table.dam_river[subject], params)
        elif kind == TRANSFER:
            account.transfer[subject] = value
        elif kind == DROUGHT or kind == INFLOW_TREND:
            for g in range(account.trend.shape[0]):
                if subject == ALL or given.table.basin_of_group[g] == subject:
                    if kind == DROUGHT:
                        account.drought[g] *= value
                    else:
                        account.trend[g] += value
        row += 1


@compiled
def divert(rivers, given, user, how, amount):
    """A canal takes this much from now on: km3 a year after the seasons of its users, or a share of the flow."""
    rivers.flows.users[user].diversion_share = amount if how == BY_SHARE else 0.0
    rivers.account.diverted[user] = amount if how == BY_VOLUME else 0.0


@compiled
def decide_releases(first, last, region, inputs, params, member, month):
    """Each October the states first..last-1 decide what their dams release in the coming year, in place."""
    account, table = region.rivers.account, inputs.rivers.table
    if month < inputs.clock.branch:
        return
    for k in range(account.volume.shape[0]):
        state = table.dam_state[k]
        if state < first or state >= last or (month % 12 != OCTOBER and account.volume[k] >= 0.0):
            continue
        belief = belief_in_barter(region, inputs, params, k)
        luck = normal(table.dam_key[k], 0, month // 12, member)
        noise = usual_noise(table.dam_river[k], params) * luck
        decide_release(region.rivers, inputs.rivers, params, k, month, belief, noise)


@compiled
def belief_in_barter(region, inputs, params, k):
    """Chance, as the owner of dam k sees it, that those below will deliver what they promise: mean over them."""
    table = inputs.rivers.table
    owner = table.dam_state[k]
    total, count = 0.0, 0
    for pair in range(table.pair_up.shape[0]):
        if table.pair_up[pair] == owner and table.pair_basin[pair] == table.dam_basin[k]:
            below = table.pair_down[pair]
            checked = basin_institution(region, inputs, owner, below)
            total += expected_barter(region.beliefs.trust[owner, below], params.water_verification, checked)
            count += 1
    return total / count if count > 0 else 0.0


@compiled
def basin_institution(region, inputs, a, b):
    """Implemented depth, 0-1, of the new basin institutions that both states have signed; 0 with a neighbour.

    The bodies of the record are not counted: whatever they do is part of what was observed.
    """
    if a < 0 or b < 0:
        return 0.0
    missing, treaties = 1.0, region.treaties
    for n in range(inputs.conflict.n_basin_accords):
        m = inputs.conflict.basin_accord[n]
        if treaties.lapsed[m] == 0 and treaties.signed[m, a] >= 0 and treaties.signed[m, b] >= 0:
            missing *= 1.0 - inputs.accords.depth[m] * treaties.implemented[m]
    return 1.0 - missing


@compiled
def step_rivers(region, inputs, params, month):
    """The water of the month and, when its cost is known, what cooperation is worth; in place."""
    if month < inputs.clock.branch:
        return
    run_rivers(region.rivers, inputs.rivers, params, month)
    if month % 12 == OCTOBER - 1 or month % 12 == 2:
        value_water(region, inputs, params)


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
        documented = params.water_damage_winter_power * table.documented_energy[i]
        gains[i, ENERGY] = weight[i, ENERGY] * relative_stake(
            account.loss_energy[i], documented, params.water_standing_stake
        )
