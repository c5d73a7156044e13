"""The rivers before the branch: one reconstruction that all members share.

Recorded flows where there are any, the mean elsewhere, and the fitted release rules without noise or politics: what is
uncertain about the past of the rivers hardly matters once recorded years have passed through the reservoirs. Storages
on record from before the years that the release rules are fitted to are put in, since they were decisions that nothing
here explains; later ones are left for comparison. A member's own rivers begin at the branch, with the storages, the
memory of the flow and the plan of the year that it finds.
"""

from sim.engine.compiled import compiled
from sim.engine.months import OCTOBER, SEPTEMBER
from sim.processes.rivers.inflow import recall_flows, scale_flows
from sim.processes.rivers.recording import write_river_month, write_river_year
from sim.processes.rivers.release_policy import decide_release
from sim.processes.rivers.state import copy_rivers
from sim.processes.rivers.step import begin_account, run_rivers


@compiled(allocates=True)
def reconstruct(rivers, given, params, first, last, start, branch, at_branch, past):
    """Run the rivers from month `first` to month `last`, in place.

    Parameters
    ----------
    start : first month of the run: from it on months are kept
    branch : month before which `at_branch` is taken; the same rivers go on for the record's sake
    at_branch : Rivers, written
    past : record of `past_fields`, written from `start` up to the branch; years at their end

    Returns
    -------
    (state, 2) : means of the deficit of a water year and of the winter's power, each to the power of damage
    """
    begin_account(rivers, given, params)
    shortfall = rivers.account.year_deficit.copy().repeat(2).reshape((-1, 2))
    shortfall[:] = 0.0
    seasons = 0
    for month in range(first, last + 1):
        if month == branch:
            copy_rivers(rivers, at_branch)
        if month % 12 == 0 or month == first:
            recall_flows(rivers, given, params, month // 12)
        scale_flows(rivers, given, params, month // 12, False)
        for k in range(rivers.account.volume.shape[0]):
            if month % 12 == OCTOBER or rivers.account.volume[k] < 0.0:
                decide_release(rivers, given, params, k, month, params.water_barter_reference, 0.0)
        run_rivers(rivers, given, params, month)
        recall_storages(rivers, given, month)
        if start <= month < branch:
            write_river_month(rivers, given, past.monthly[month - start])
            if month % 12 == 11 or month == branch - 1:
                write_river_year(rivers, given, past.yearly[month // 12 - start // 12], 0)
        if month % 12 == SEPTEMBER and month - first >= 12:
            seasons += 1
            for i in range(shortfall.shape[0]):
                shortfall[i, 0] += rivers.account.season_deficit[i] ** params.water_damage_exponent
                shortfall[i, 1] += rivers.account.power_deficit[i] ** params.water_damage_exponent
    if last < branch:
        copy_rivers(rivers, at_branch)
    return shortfall / max(seasons, 1)


@compiled
def recall_storages(rivers, given, month):
    """Storages recorded at the end of this month, in place."""
    table = given.table
    for n in range(table.seen_month.shape[0]):
        if table.seen_month[n] == month:
            rivers.flows.nodes[table.seen_node[n]].storage = table.seen_storage[n]
