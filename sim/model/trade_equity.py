"""What a history's change of trade costs is worth to each state, as a range, and how it would be shared.

For one member at the end of its run: the states' gains over trade elasticity and domestic-sales basis, in per cent of
income and in dollars, the Gini coefficient, the smallest, and Shapley values over all coalitions of states.
"""

from dataclasses import dataclass

import numpy as np

from sim.facts import load_trade_facts
from sim.facts.trade_panel import base_year_flows
from sim.model.parameters import choice
from sim.processes.trade.equity import coalition_worths, gini, shapley_values
from sim.processes.trade.gains import gains_over_bases
from sim.processes.trade.gravity import check_solution, newton_correction

ELASTICITIES = (4.0, 5.0, 7.0)
OUTPUT_RATIOS = (1.0, 1.8)


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


def equity_of(world, commerce) -> Equity:
    """Gains and shares of a history whose last December has been lived through.

    Parameters
    ----------
    world : of the run
    commerce : record of the member's trade (`RegionModel.region.commerce`)

    Raises
    ------
    GravityError : see `sim.processes.trade.gravity.check_solution`
    """
    n, economies = len(world.states), world.economies
    change = commerce.log_change.copy()
    facts, reading = load_trade_facts(), choice(world.scenario, world.facts, "trade.reading")
    bases = np.array([base_year_flows(facts, reading, ratio) for ratio in OUTPUT_RATIOS])
    gains = gains_over_bases(bases, change, economies, ELASTICITIES)[:, :, :n]
    gdp = bases[0].sum(axis=1)[:n]
    central = gains[0, ELASTICITIES.index(5.0)]
    worth, values = np.empty(1 << n), np.empty(n)
    trade = world.inputs.trade
    code = coalition_worths(
        trade.freeness,
        change,
        trade.output,
        trade.expenditure,
        newton_correction(bases[0]),
        gdp,
        n,
        5.0,
        trade.home_share,
        worth,
    )
    check_solution(code, economies)
    shapley_values(worth, n, values)
    spread = (gains.min(axis=(0, 1)), gains.max(axis=(0, 1)))
    return Equity(central, *spread, central * gdp, values, float(gini(central)), float(central.min()))
