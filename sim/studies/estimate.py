"""An effect over parameter draws: what members of one row of parameters have in common, apart from chance.

Members that share a row of parameters differ by their random numbers alone. So the variance of paired differences
splits into one between rows, which is how far the effect depends on the parameters, and one within, which more members
average out (one-way random effects, Searle, Casella & McCulloch 1992). The effect at each row is shrunken towards the
mean accordingly (empirical Bayes, Efron & Morris 1975), and the posterior of the effect is the mixture over rows.
"""

from dataclasses import dataclass

import numpy as np

_SAMPLES = 4000
_INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class Estimate:
    """The posterior of an effect.

    Attributes
    ----------
    value : mean over members
    low, high : 90 % interval over parameter draws
    error : Monte-Carlo standard error of ``value``
    between, within : standard deviations between rows of parameters, and between members of one row
    members, rows : how many were used
    moved : share of members in which anything differs
    samples : draws from the posterior of the effect
    by_row : row -> its effect, drawn towards the mean
    """

    value: float
    low: float
    high: float
    error: float
    between: float
    within: float
    members: int
    rows: int
    moved: float
    samples: np.ndarray
    by_row: dict[int, float]

    def probability(self, low: float = -np.inf, high: float = np.inf) -> float:
        """Posterior probability that the effect lies between two bounds, both excluded."""
        return float(np.mean((self.samples > low) & (self.samples < high)))


def estimate(differences: np.ndarray, rows: np.ndarray, seed: int = 0) -> Estimate:
    """The effect from paired differences of members and the row of parameters of each, (member,) both.

    Raises ValueError if there are fewer than two rows, or a difference is not finite.
    """
    differences, rows = np.asarray(differences, dtype=np.float64), np.asarray(rows)
    names, index, sizes = np.unique(rows, return_inverse=True, return_counts=True)
    if len(names) < 2 or not np.isfinite(differences).all():
        raise ValueError("an effect needs finite differences of members of two rows of parameters or more")
    n, g, mean = differences.size, len(names), float(differences.mean())
    means = np.bincount(index, differences) / sizes
    inside = float(np.sum((differences - means[index]) ** 2)) / max(n - g, 1)
    outside = float(np.sum(sizes * (means - mean) ** 2)) / (g - 1)
    typical = (n - float(np.sum(sizes**2)) / n) / (g - 1)
    between = max(0.0, (outside - inside) / typical)
    error = np.sqrt(max(outside, inside) / n)
    drawn = float(np.sqrt(between / (between + inside / typical))) if between else 0.0  # how much of the way stays
    rng = np.random.default_rng(seed)
    weights = rng.exponential(size=(_SAMPLES, g)) * sizes
    centre = weights @ means / weights.sum(axis=1)
    samples = (1 - drawn) * centre + drawn * means[rng.choice(g, size=_SAMPLES, p=sizes / n)]
    low, high = np.quantile(samples, _INTERVAL)
    return Estimate(
        mean,
        float(low),
        float(high),
        float(error),
        float(np.sqrt(between)),
        float(np.sqrt(inside)),
        n,
        g,
        float(np.mean(differences != 0)),
        samples,
        dict(zip(names.tolist(), ((1 - drawn) * mean + drawn * means).tolist())),
    )
