"""leaders.csv, columns openness_mean and openness_sd: what a leader's documented frictions say of openness.

Frictions (closures, verbal protests, standoffs) that a leader's state started, among the rows in use, are Poisson with
mean exposure x exp(a - qO x o). Exposure is months in office up to July 2025 times the number of other states. The
intercept a, which folds in the level of trust, is common to all leaders: its prior is that of the friction hazard,
widened for the trust term, and it is integrated out over what the counts of all leaders say of it. The prior of o is
normal with mean 0 and the spread of state and leader together.
"""

from datetime import date
from math import hypot

import numpy as np
from common import STATES, TABLES, read, write

OPENNESS_EFFECT = 2.3
PRIOR_SD = hypot(0.7, 0.5)
INTERCEPT_MEAN, INTERCEPT_SD = -6.0, hypot(0.6, 0.8)
FRICTIONS = ("closure", "verbal", "standoff")
START, END = date(1992, 1, 1), date(2025, 8, 1)
GRID = np.linspace(-4.0, 4.0, 1601)


def counts_and_exposure(leaders: list[dict], events: list[dict]) -> tuple[np.ndarray, np.ndarray]:
    """Frictions started under each leader, and months in office times the other states."""
    counts, exposure = [], []
    for leader in leaders:
        later = [row["since"] for row in leaders if row["state"] == leader["state"] and row["since"] > leader["since"]]
        first = max(START, date.fromisoformat(leader["since"]))
        last = date.fromisoformat(min(later)) if later else END
        months = max(1, (last.year - first.year) * 12 + last.month - first.month)
        exposure.append(months * (len(STATES) - 1))
        counts.append(
            sum(
                row["kind"] in FRICTIONS
                and row["used"] == "1"
                and row["actor"] == leader["state"]
                and first <= date.fromisoformat(row["date"]) < last
                for row in events
            )
        )
    return np.array(counts, dtype=float), np.array(exposure, dtype=float)


def log_likelihood(intercept: float, counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """(leader, grid): log-likelihood of the count at each openness, up to a constant."""
    log_rate = intercept - OPENNESS_EFFECT * GRID[None, :]
    return counts[:, None] * log_rate - exposure[:, None] * np.exp(log_rate)


def posterior(counts: np.ndarray, exposure: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Mean and standard deviation of each leader's openness, and the mean of the intercept."""
    log_prior = -0.5 * (GRID / PRIOR_SD) ** 2
    log_prior -= np.logaddexp.reduce(log_prior)
    intercepts = np.linspace(-12.0, -2.0, 251)
    joint = np.array([log_likelihood(a, counts, exposure) + log_prior for a in intercepts])
    evidence = np.logaddexp.reduce(joint, axis=2)
    log_weight = evidence.sum(axis=1) - 0.5 * ((intercepts - INTERCEPT_MEAN) / INTERCEPT_SD) ** 2
    weight = np.exp(log_weight - np.logaddexp.reduce(log_weight))
    density = np.einsum("a,alg->lg", weight, np.exp(joint - evidence[:, :, None]))
    mean = density @ GRID
    return mean, np.sqrt(density @ GRID**2 - mean**2), float(weight @ intercepts)


def main() -> None:
    leaders = read(TABLES / "leaders.csv")
    counts, exposure = counts_and_exposure(leaders, read(TABLES / "events.csv"))
    mean, spread, intercept = posterior(counts, exposure)
    for leader, m, s, n, e in zip(leaders, mean, spread, counts, exposure, strict=True):
        leader["openness_mean"], leader["openness_sd"] = f"{m:.2f}", f"{s:.2f}"
        print(f"{leader['state']} {leader['name']:30} {n:3.0f} frictions, exposure {e:5.0f}: {m:5.2f} +- {s:.2f}")
    print(f"intercept {intercept:.2f}")
    write("leaders", leaders)


if __name__ == "__main__":
    main()
