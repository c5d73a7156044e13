"""What integration is worth to the states and how it is shared, against the same year in a world without it.

In a world without integration the states have no free-trade content between them, no treaty depth, none of a scenario's
corridors and shorter waits, and no border more open than when the record ended. Closed borders, sanctions and trade
with outsiders are the same in both worlds. A coalition integrates among its own members only; its worth is what its
members gain then. The Shapley value (1953) is a state's mean contribution over all orders of joining, computed exactly
over the 2**n coalitions.
"""

import numpy as np

from sim.engine.arrays import copy_into
from sim.engine.compiled import compiled
from sim.engine.products import turn
from sim.processes.trade.gains import Workspace, gains_of_shift, policy_gains
from sim.processes.trade.gravity import domestic_shares, shift_freeness, solve_resistances


@compiled
def gains_of_integration(commerce, trade, trade_elasticity):
    """Relative gain of every economy from integration in one year, `commerce.integration_gain`, in place.

    `commerce.alone` and `commerce.log_integration` are left as the two worlds differ, for `share_out`.

    Returns
    -------
    code : as `solve_resistances`
    """
    for q in range(commerce.cost.shape[0]):
        a, b = trade.end_a[q], trade.end_b[q]
        change = commerce.cost_alone[q] - commerce.cost_branch[q]
        commerce.log_change[a, b] = commerce.log_change[b, a] = change
        worth = commerce.cost[q] - commerce.cost_alone[q]
        commerce.log_integration[a, b] = commerce.log_integration[b, a] = worth
    shift_freeness(trade.freeness, commerce.log_change, commerce.alone, commerce.turned)
    code = solve_resistances(
        commerce.alone, commerce.turned, trade, commerce.outward_alone, commerce.inward, commerce.step
    )
    if code <= 0:
        commerce.outward_alone[:] = 1.0
        return code
    domestic_shares(commerce.alone, trade.output, commerce.outward_alone, commerce.inward, commerce.share_alone)
    copy_into(commerce.outward_integrated, commerce.outward_alone)
    return policy_gains(
        commerce.alone,
        commerce.log_integration,
        trade,
        trade_elasticity,
        commerce.share_alone,
        commerce,
        commerce.outward_integrated,
        commerce.integration_gain,
    )


@compiled(allocates=True, apart=True)
def share_out(commerce, trade, trade_elasticity):
    """Shapley value of every state in the gains that `gains_of_integration` found, `commerce.shapley`, in place.

    Current USD of the base year: relative gains times its GDP. They add to the gain of all six together.

    Returns
    -------
    code : the first failure of `solve_resistances`, else 1
    """
    n_states = commerce.shapley.shape[0]
    worth = np.empty(1 << n_states)
    income = trade.gdp[:n_states]
    code = coalition_worths(
        commerce.alone, commerce.log_integration, trade, income, trade_elasticity, commerce.share_alone, worth
    )
    if code > 0:
        shapley_values(worth, n_states, commerce.shapley)
    return code


@compiled(allocates=True)
def shapley_values(worth, n_states, values):
    """Exact Shapley values from the worth of every coalition, in place.

    Parameters
    ----------
    worth : (2**n_states,), worth of the coalition whose members are the set bits of the index; worth[0] is 0
    n_states : number of players
    values : (n_states,), filled; they add to worth of the grand coalition less worth[0]
    """
    # The weight of a coalition of k others is k! (n - k - 1)! / n!, here built up by ratios.
    weight = np.empty(n_states)
    weight[0] = 1.0 / n_states
    for k in range(1, n_states):
        weight[k] = weight[k - 1] * k / (n_states - k)
    values[:] = 0.0
    for coalition in range(1 << n_states):
        size = 0
        for i in range(n_states):
            size += (coalition >> i) & 1
        for i in range(n_states):
            if not (coalition >> i) & 1:
                values[i] += weight[size] * (worth[coalition | (1 << i)] - worth[coalition])


@compiled(allocates=True, apart=True)
def coalition_worths(freeness, log_change, market, income, trade_elasticity, without, worth):
    """Worth of every coalition of states when only its members give each other the change of costs, in place.

    Parameters
    ----------
    freeness, log_change : (exporter, importer); the states come first, `log_change` is what all of them would agree on
    market : as `solve_resistances`
    income : (state,), USD by which relative gains are turned into worth, usually GDP, of those that can join
    trade_elasticity : positive
    without : (economy,), domestic shares without the policy
    worth : (2**n_states,), USD, filled; the members of a coalition are the set bits of its index

    Returns
    -------
    code : the first failure of `solve_resistances`, else 1
    """
    n, n_states = freeness.shape[0], income.shape[0]
    work = Workspace(np.empty((n, n)), np.empty((n, n)), np.ones(n), np.empty(n), np.empty(n))
    together, unused, outward, gains = np.empty((n, n)), np.empty((n, n)), np.ones(n), np.empty(n)
    shift_freeness(freeness, log_change, together, unused)
    work.shifted[:] = freeness
    turn(freeness, work.turned)
    for coalition in range(1 << n_states):
        worth[coalition] = 0.0
        if coalition & (coalition - 1) == 0:
            continue  # nobody, or one state alone: nothing changes
        for i in range(n_states):
            for j in range(n_states):
                both = (coalition >> i) & (coalition >> j) & 1
                work.shifted[i, j] = together[i, j] if both and i != j else freeness[i, j]
                work.turned[j, i] = work.shifted[i, j]
        outward[:] = 1.0
        code = gains_of_shift(market, trade_elasticity, without, work, outward, gains)
        if code <= 0:
            return code
        for i in range(n_states):
            if (coalition >> i) & 1:
                worth[coalition] += gains[i] * income[i]
    return 1
