"""Steps of a year as a forecast number: coverage and the randomised probability integral transform.

Given a year's shock the number of steps is close to Poisson, since each month's chance is small; the shock makes a
mixture of it. Thirty-year-old waves cannot be called by a model that does not know the year's shock, so wide intervals
are what is expected here, and what is asked is whether they are wide enough.
"""

import numpy as np
from scipy.stats import poisson

from sim.hindcast.rolling import Score
from sim.inference.ladder_likelihood import quadrature

_NODES, _WEIGHTS = quadrature(61)


def count_distribution(expected: float, spread: float, most: int = 40) -> np.ndarray:
    """(most + 1,) probability of at most 0, 1, ... steps."""
    rates = expected * np.exp(spread * _NODES - 0.5 * spread**2)
    return poisson.cdf(np.arange(most + 1)[:, None], rates) @ _WEIGHTS


def coverage(score: Score, level: float) -> float:
    """Share of units whose number of steps lies inside the central interval of a level."""
    inside = []
    for expected, spread, seen in zip(score.expected, score.spread, score.observed):
        below = count_distribution(expected, spread)
        low, high = np.searchsorted(below, (1 - level) / 2), np.searchsorted(below, (1 + level) / 2)
        inside.append(low <= seen <= high)
    return float(np.mean(inside))


def randomised_pit(score: Score, seed: int = 1) -> np.ndarray:
    """(unit,) uniform if the forecasts are right (Czado, Gneiting & Held 2009)."""
    rng, found = np.random.default_rng(seed), []
    for expected, spread, seen in zip(score.expected, score.spread, score.observed):
        below = count_distribution(expected, spread)
        low, high = (below[int(seen) - 1] if seen else 0.0), below[int(seen)]
        found.append(low + rng.random() * (high - low))
    return np.array(found)
