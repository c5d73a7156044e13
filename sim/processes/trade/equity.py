"""How evenly gains fall: the Gini coefficient, the smallest gain, and each state's Shapley share.

A coalition integrates among its own members only; its worth is what its members gain then. The Shapley value (1953) is
a state's mean contribution over all orders of joining, computed exactly over the 2**n coalitions.
"""

import numpy as np

from sim.compiled import compiled
from sim.processes.trade.gains import policy_gains


@compiled
def gini(values):
    """Mean absolute difference over twice the mean: 0 for equal gains, nan unless the gains add to more than nothing.

    Parameters
    ----------
    values : (state,), gains in any one unit; with losses among them the figure can exceed one
    """
    n = values.shape[0]
    total = values.sum()
    if not total > 0.0:
        return np.nan
    spread = 0.0
    for i in range(n):
        for j in range(n):
            spread += abs(values[i] - values[j])
    return spread / (2.0 * n * total)


@compiled
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


@compiled
def coalition_worths(
    freeness, log_change, output, expenditure, correction, income, n_states, trade_elasticity, without, worth
):
    """Worth of every coalition of states when only its members give each other the change of costs, in place.

    Parameters
    ----------
    freeness, log_change : (exporter, importer); the states come first, `log_change` is what all of them would agree on
    output, expenditure : (economy,), USD
    correction : (economy, economy), as `solve_resistances`
    income : (state,), USD by which relative gains are turned into worth, usually GDP
    n_states : how many of the first economies can join
    trade_elasticity : positive
    without : (economy,), domestic shares without the policy
    worth : (2**n_states,), USD, filled; the members of a coalition are the set bits of its index

    Returns
    -------
    code : the first failure of `solve_resistances`, else 1
    """
    n = output.shape[0]
    change, shifted = np.zeros((n, n)), np.empty((n, n))
    outward, inward, step = np.ones(n), np.ones(n), np.empty(n)
    shares, gains = np.empty(n), np.empty(n)
    for coalition in range(1 << n_states):
        worth[coalition] = 0.0
        if coalition & (coalition - 1) == 0:
            continue  # nobody, or one state alone: nothing changes
        for i in range(n_states):
            for j in range(n_states):
                both = (coalition >> i) & (coalition >> j) & 1
                change[i, j] = log_change[i, j] if both and i != j else 0.0
        outward[:] = 1.0
        code = policy_gains(
            freeness,
            change,
            output,
            expenditure,
            correction,
            trade_elasticity,
            without,
            shifted,
            outward,
            inward,
            step,
            shares,
            gains,
        )
        if code <= 0:
            return code
        for i in range(n_states):
            if (coalition >> i) & 1:
                worth[coalition] += gains[i] * income[i]
    return 1
