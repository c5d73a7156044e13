"""What KAZ-UZB growth 2016-2023 consists of; `python docs/derivations/trade_decomposition.py` fills docs/trade.md.

In log points of current USD: prices, both sizes, and the rest ("cost"); and how much of the rest lies beyond what both
states' trade with everybody outside the region did over the same years. Under both readings of the trade, and with
sizes as volumes or as current GDP at the exchange rate of the year, deflated. Intervals (80 %) carry the size
elasticity and the noise of single reports.
"""

import numpy as np
from pages import TRADE, put_into_page

from sim.facts import load_trade_facts
from sim.facts.trade_panel import TradePanel, trade_panel
from sim.hindcast.trade_paths import default_effects

AXIS = "KAZ-UZB"
FIRST, LAST = 2016, 2023
DRAWS = 20_000
REPORT_NOISE = 0.15  # of one year's figure for KAZ-UZB; a state's trade with all outsiders is far better known
READINGS = {"partner": "partners' figures", "own": "Uzbekistan's figures"}
TREATMENTS = {"volume": "volumes", "exchange rate": "exchange rate of the year"}


def change(panel: TradePanel, table: np.ndarray) -> np.ndarray:
    """Last less first year along the second axis."""
    first, last = (int(np.flatnonzero(panel.years == year)[0]) for year in (FIRST, LAST))
    return table[..., last] - table[..., first]


def outside(panel: TradePanel, state: str, size: np.ndarray) -> tuple[float, float]:
    """Growth of a state's trade with everybody outside the region, and of the sizes behind it, trade-weighted."""
    s = panel.economies.index(state)
    rows = [p for p, (a, b) in enumerate(panel.pairs) if s in (a, b) and b >= panel.n_states]
    grown = change(panel, np.log(panel.trade_usd[rows].sum(axis=0)))
    weight = panel.trade_usd[rows, panel.base]
    partners = change(panel, size[[panel.pairs[p][1] for p in rows]])
    known = np.isfinite(weight) & np.isfinite(partners)
    return float(grown), float(change(panel, size[s]) + np.average(partners[known], weights=weight[known]))


def decomposition(reading: str, treatment: str) -> list[np.ndarray]:
    """Draws of the parts: growth in current USD, prices, sizes, cost, cost beyond outsiders."""
    panel = trade_panel(load_trade_facts(), reading)
    size = panel.log_volume if treatment == "volume" else np.log(panel.gdp_usd / panel.deflator)
    random = np.random.default_rng(3)
    effects = default_effects()
    elasticity = effects.size + effects.size_spread * random.standard_normal(DRAWS)
    noise = REPORT_NOISE * np.sqrt(2.0) * random.standard_normal(DRAWS)
    prices = float(change(panel, np.log(panel.deflator)))
    real = float(change(panel, np.log(panel.trade_usd[panel.pair(AXIS)]))) + noise
    ends = [panel.economies.index(state) for state in ("KAZ", "UZB")]
    sizes = elasticity * float(change(panel, size[ends]).sum())
    cost = real - sizes
    outsiders = []
    for state in ("KAZ", "UZB"):
        grown, behind = outside(panel, state, size)
        outsiders.append(grown - elasticity * behind)
    return [real + prices, np.full(DRAWS, prices), sizes, cost, cost - np.mean(outsiders, axis=0)]


def cell(draws: np.ndarray) -> str:
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
    return f"{middle:+.2f}" if high - low < 0.005 else f"{middle:+.2f} ({low:+.2f} to {high:+.2f})"


def main() -> None:
    lines = ["| trade | sizes as | growth | prices | sizes | cost | cost beyond outsiders |", "|---" * 7 + "|"]
    for reading, whose in READINGS.items():
        for treatment, how in TREATMENTS.items():
            cells = [cell(draws) for draws in decomposition(reading, treatment)]
            lines.append(f"| {whose} | {how} | " + " | ".join(cells) + " |")
    put_into_page(TRADE, "decomposition", lines)


if __name__ == "__main__":
    main()
