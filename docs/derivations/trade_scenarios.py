"""What shipped scenarios of trade are worth in 2040: `python docs/derivations/trade_scenarios.py`, for docs/trade.md.

Medians over members on common random numbers: trade against the baseline's, each state's gain against a world without
integration, and the Shapley values of what the six gain together. Tails are those of the baseline.
"""

import numpy as np
from pages import TRADE, put_into_page

from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.scenario import load_scenario

MEMBERS = 400
LAST = 2040
SCENARIOS = (
    "baseline",
    "common-market",
    "regional-secretariat",
    "trans-caspian-corridor",
    "xian-tashkent-corridor",
    "greater-central-asia",
    "northern-route-sanctions",
)
TAILS = (0.5, 0.9, 0.99)


def of_last(name: str) -> dict[str, np.ndarray]:
    """Yearly series of one scenario in the last year, (member,) each."""
    world = build_world(load_scenario(name), load_facts())
    return {
        key: values[:, world.years.index(LAST)] for key, values in simulate_members(world, 0, MEMBERS).yearly.items()
    }


def per_cent(value: float) -> str:
    """A share with its sign; nil is 0."""
    return "0" if abs(value) < 5e-5 else f"{value:+.2%}".replace("-", "−").rstrip("%")


def gains(found: dict[str, dict[str, np.ndarray]], states) -> list[str]:
    """One row a scenario: medians of trade against the baseline, gains and Shapley values."""
    lines = [
        "| scenario | intra-regional trade | KAZ-UZB | gain, % of income: "
        + ", ".join(states)
        + " | all six, million USD |",
        "|---|---|---|---|---|",
    ]
    base = found["baseline"]
    for name, series in found.items():
        moved = [
            per_cent(float(np.median(series[key] / base[key])) - 1.0) for key in ("trade_regional", "trade.KAZ-UZB")
        ]
        own = [per_cent(float(np.median(series[f"integration_gain.{state}"]))) for state in states]
        shared = sum(series[f"shapley.{state}"] for state in states)
        lines.append(f"| `{name}` | {moved[0]} | {moved[1]} | {', '.join(own)} | {1e3 * np.median(shared):,.0f} |")
    return lines


def tails(series: dict[str, np.ndarray], states) -> list[str]:
    """Trade of each state with the other five over its GDP."""
    lines = ["| state | median | one in ten above | one in a hundred above | largest |", "|---" * 5 + "|"]
    for state in states:
        share = series[f"trade_gdp.{state}"]
        cells = [f"{value:.0%}" for value in (*np.quantile(share, TAILS), share.max())]
        lines.append(f"| {state} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    states = [row.id for row in load_facts().states]
    found = {name: of_last(name) for name in SCENARIOS}
    put_into_page(TRADE, "scenarios", gains(found, states))
    put_into_page(TRADE, "tails", tails(found["baseline"], states))


if __name__ == "__main__":
    main()
