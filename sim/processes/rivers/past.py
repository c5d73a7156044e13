"""The rivers before the branch: every member has a past of its own, given what is on record.

Recorded flows are the same for all; years and rivers without one are drawn from the model of the flows, given what is
recorded of the other rivers in the same year (simple kriging) and the year before. What else moved releases is drawn
too. Storages on record from before the years that the release rules are fitted to are put in, since they were decisions
that nothing here explains; later ones are left for comparison. The spread of the past is therefore that of the future,
and nothing jumps at the branch but what is meant to.
"""

from sim.engine.compiled import compiled
from sim.engine.months import DECEMBER, MARCH, OCTOBER, SEPTEMBER
from sim.engine.random import normal
from sim.engine.side_by_side import anywhere
from sim.processes.rivers.deficits import unserved, value_water
from sim.processes.rivers.inflow import recall_flows, scale_flows
from sim.processes.rivers.release_policy import decide_release, usual_noise
from sim.processes.rivers.state import FIRST_RECORDED, copy_rivers
from sim.processes.rivers.step import begin_account, run_rivers

FIRST_MONTH = FIRST_RECORDED * 12


@compiled
def begin_rivers(region, inputs, params, member, month):
    """At the start of a run the rivers are brought from the first storages to its first month; in place."""
    clock, rivers, given = inputs.clock, region.rivers, inputs.rivers
    if month == clock.start and rivers.account.known_until == 0:
        copy_rivers(given.start, rivers)
        begin_account(rivers, given, params)
        for earlier in range(FIRST_MONTH, min(clock.start, clock.branch)):
            step_past(rivers, given, params, member, earlier, False)
    if month == clock.branch:
        begin_account(rivers, given, params)
        value_water(region, inputs, params)


@compiled
def step_rivers(region, inputs, params, member, month):
    """The water of the month and, when its cost is known, what cooperation is worth; in place."""
    if month < region.rivers.account.known_until:
        return
    if month < inputs.clock.branch:
        recorded = month % 12 == DECEMBER or month == inputs.clock.end
        step_past(region.rivers, inputs.rivers, params, member, month, recorded)
        return
    run_rivers(region.rivers, inputs.rivers, params, month, True)
    if month % 12 == SEPTEMBER or month % 12 == MARCH:
        value_water(region, inputs, params)


@compiled
def step_past(rivers, given, params, member, month, recorded):
    """One month before the branch, in place; nothing flows before the first year with storages.

    Parameters
    ----------
    recorded : whether the run keeps the figures of this month's year
    """
    if month < FIRST_MONTH:
        return
    table, account = given.table, rivers.account
    if month % 12 == 0:
        recall_flows(rivers, given, params, member, month // 12)
        scale_flows(rivers, given, params, month // 12, False)
    for k in range(account.volume.shape[0]):
        if month % 12 == OCTOBER or anywhere(account.volume[k] < 0.0):
            noise = usual_noise(table, k, params) * normal(table.dam_key[k], 0, month // 12, member)
            decide_release(rivers, given, params, k, month, params.water_barter_reference, noise)
    run_rivers(rivers, given, params, month, recorded)
    recall_storages(rivers, given, month)


@compiled
def recall_storages(rivers, given, month):
    """Storages recorded at the end of this month, in place."""
    table = given.table
    for n in range(table.seen_month.shape[0]):
        if table.seen_month[n] < month:
            return
        if table.seen_month[n] == month:
            rivers.flows.nodes[table.seen_node[n]].storage = table.seen_storage[n]


@compiled(allocates=True)
def documented_shortfall(rivers, given, params, last, members):
    """(state, 3) : means of a year's deficit and a winter's unserved power, to the power of damage, and of TWh bought.

    Over some members' years from the first to month `last`; `rivers` is working space.
    """
    shortfall = rivers.account.year_deficit.copy().repeat(3).reshape((-1, 3))
    shortfall[:] = 0.0
    seasons = 0
    for member in range(members):
        copy_rivers(given.start, rivers)
        begin_account(rivers, given, params)
        for month in range(FIRST_MONTH, last + 1):
            step_past(rivers, given, params, member, month, False)
            if month % 12 == SEPTEMBER and month - FIRST_MONTH >= 12:
                seasons += 1
                for i in range(shortfall.shape[0]):
                    shortfall[i, 0] += rivers.account.season_deficit[i] ** params.water_damage_exponent
                    short, limit = rivers.account.power_short[i], given.table.import_limit[i]
                    dark = unserved(short, rivers.account.power_deficit[i], limit)
                    shortfall[i, 1] += dark**params.water_damage_exponent
                    shortfall[i, 2] += min(short, limit)
    return shortfall / max(seasons, 1)
