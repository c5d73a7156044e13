"""What freer trade among the six would be worth: `python docs/derivations/trade_gains.py` prints it for docs/trade.md.

A full free-trade area among the six at its prior effect of 0.3 log points, in the economy of the base year: gains per
state over trade elasticity and domestic-sales basis, and how they are shared.
"""

import numpy as np
from pages import TRADE, put_into_page

from sim.facts import load_trade_facts
from sim.facts.trade_panel import base_year_flows
from sim.outcomes.trade import gini
from sim.processes.trade.equity import coalition_worths, shapley_values
from sim.processes.trade.gains import gains_over_bases
from sim.processes.trade.gravity import Market, freeness_of_base, newton_correction, totals

ELASTICITIES = (4.0, 5.0, 7.0)
OUTPUT_RATIOS = (1.0, 1.8)


def shapley(flows: np.ndarray, change: np.ndarray, gdp: np.ndarray) -> np.ndarray:
    """Each state's Shapley value at the central elasticity, USD."""
    n, n_states = len(flows), len(gdp)
    output, expenditure, freeness = np.empty(n), np.empty(n), np.empty((n, n))
    totals(flows, output, expenditure)
    freeness_of_base(flows, output, expenditure, freeness)
    worth, values = np.empty(1 << n_states), np.empty(n_states)
    without = np.diag(flows) / expenditure
    market = Market(output, expenditure, newton_correction(flows))
    coalition_worths(freeness, change, market, gdp, 5.0, without, worth)
    shapley_values(worth, n_states, values)
    return values


def main() -> None:
    facts = load_trade_facts()
    states = [economy.id for economy in facts.economies if economy.kind == "state"]
    n, n_states = len(facts.ids), len(states)
    change = np.zeros((n, n))
    change[:n_states, :n_states] = facts.parameter("trade.tariff_effect") * (1.0 - np.eye(n_states))
    bases = np.array([base_year_flows(facts, output_ratio=ratio) for ratio in OUTPUT_RATIOS])
    gains = gains_over_bases(bases, change, facts.ids, ELASTICITIES)[:, :, :n_states]
    gdp = bases[0].sum(axis=1)[:n_states]
    central = gains[0, 1]
    values = shapley(bases[0], change, gdp)
    lines = ["| state | gain, % of income | range | million USD | Shapley, million USD |", "|---" * 5 + "|"]
    for k, state in enumerate(states):
        low, high = gains[:, :, k].min(), gains[:, :, k].max()
        money = f"{central[k] * gdp[k] / 1e6:.0f} | {values[k] / 1e6:.0f}"
        lines.append(f"| {state} | {central[k]:.2%} | {low:.2%} to {high:.2%} | {money} |")
    evenness = f"Gini of the gains in % of income: {gini(central[None])[0]:.2f}"
    lines += ["", f"{evenness}; the smallest is {central.min():.2%}."]
    put_into_page(TRADE, "gains", lines)


if __name__ == "__main__":
    main()
