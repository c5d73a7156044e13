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
GOAL_MEMBERS = 4000
GOAL, GOAL_YEARS = 10.0, (2030, 2034)
READINGS = {"partner": "partners' figures", "own": "Uzbekistan's figures"}
REACHED = (0.1, 0.25, 0.5, 0.75)
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


def goal() -> list[str]:
    """Ten billion dollars between Kazakhstan and Uzbekistan under both accounts."""
    columns = []
    for reading in READINGS:
        world = build_world(load_scenario("kaz-uzb-10bn", [f"trade.reading={reading}"]), load_facts())
        trade = simulate_members(world, 0, GOAL_MEMBERS).yearly["trade.KAZ-UZB"]
        high, rows = trade >= GOAL, {}
        for year in GOAL_YEARS:
            at = world.years.index(year)
            rows[f"in {year}"] = f"{high[:, at].mean():.0%}"
            rows[f"by {year}"] = f"{high[:, : at + 1].any(axis=1).mean():.0%}"
        low, middle, top = np.quantile(trade[:, world.years.index(GOAL_YEARS[0])], [0.1, 0.5, 0.9])
        rows[f"median in {GOAL_YEARS[0]}, and 80 % band"] = f"{middle:.1f} ({low:.1f} to {top:.1f})"
        first = np.where(high.any(axis=1), np.array(world.years)[high.argmax(axis=1)], np.inf)
        when = np.quantile(first, REACHED, method="inverted_cdf")
        said = ", ".join("later" if np.isinf(year) else f"{year:.0f}" for year in when)
        rows["a tenth, a quarter, half, three quarters have reached it by"] = said
        columns.append(rows)
    lines = ["| | " + " | ".join(READINGS.values()) + " |", "|---|---|---|"]
    return lines + [f"| {name} | " + " | ".join(rows[name] for rows in columns) + " |" for name in columns[0]]


def main() -> None:
    states = [row.id for row in load_facts().states]
    found = {name: of_last(name) for name in SCENARIOS}
    put_into_page(TRADE, "scenarios", gains(found, states))
    put_into_page(TRADE, "tails", tails(found["baseline"], states))
    put_into_page(TRADE, "goal", goal())


if __name__ == "__main__":
    main()
