"""How evenly gains fall: the range of gains, the Gini coefficient, the smallest gain, and each state's Shapley share.

A coalition integrates among its own members only; its worth is what its members gain then. The Shapley value (1953) is
a state's mean contribution over all orders of joining, computed exactly over the 2**n coalitions.
"""

from dataclasses import dataclass

import numpy as np

from sim.engine.compiled import compiled
from sim.processes.trade.gains import gains_over_bases, policy_gains
from sim.processes.trade.gravity import check_solution, newton_correction

ELASTICITIES = (4.0, 5.0, 7.0)
CENTRAL = 5.0
OUTPUT_RATIOS = (1.0, 1.8)  # gross output over GDP, the bases of domestic sales


@dataclass(frozen=True)
class Equity:
    """Gains of the states, (state,) arrays in the order of the world.

    gain : relative, central elasticity and GDP as the basis
    lowest, highest : over ELASTICITIES and OUTPUT_RATIOS
    usd : of the central gain at the base year's GDP, current USD of the base year
    shapley : USD, of what the states give each other; they add to the gain of all together from that
    gini, smallest : of the central gains
    """

    gain: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    usd: np.ndarray
    shapley: np.ndarray
    gini: float
    smallest: float


def equity_of(trade, commerce, bases: np.ndarray, n_states: int, economies: tuple[str, ...]) -> Equity:
    """What one member's change of trade costs is worth to each state at the end of its run, and how it is shared.

    Parameters
    ----------
    trade, commerce : records of the run and of the member (`sim.processes.trade.state`)
    bases : (basis, exporter, importer), USD, base-year flows for every ratio of OUTPUT_RATIOS
    n_states : how many of the first economies are states
    economies : ids, for messages

    Raises
    ------
    GravityError : see `sim.processes.trade.gravity.check_solution`
    """
    change = commerce.log_change.copy()
    gains = gains_over_bases(bases, change, economies, ELASTICITIES)[:, :, :n_states]
    gdp = bases[0].sum(axis=1)[:n_states]
    central = gains[0, ELASTICITIES.index(CENTRAL)]
    worth, values = np.empty(1 << n_states), np.empty(n_states)
    code = coalition_worths(
        trade.freeness,
        change,
        trade.output,
        trade.expenditure,
        newton_correction(bases[0]),
        gdp,
        n_states,
        CENTRAL,
        trade.home_share,
        worth,
    )
    check_solution(code, economies)
    shapley_values(worth, n_states, values)
    spread = (gains.min(axis=(0, 1)), gains.max(axis=(0, 1)))
    return Equity(central, *spread, central * gdp, values, float(gini(central)), float(central.min()))


@compiled(allocates=True)
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


@compiled(allocates=True)
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
