"""Which figure should be researched next: how much surer an outcome would be if one parameter were known.

The expected value of learning a parameter is the variance of an outcome that goes when its value is known, that of the
conditional mean (Oakley 2009; Strong, Oakley & Brennan 2014). It is estimated by regression on the draws themselves, a
cubic in each parameter, cross-validated so that chance is worth nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.studies.draws import Draws

_FOLDS, _DEGREE = 10, 3


@dataclass(frozen=True)
class Worth:
    """What learning a parameter is worth: share of the variance of each outcome that goes, and the mean of these."""

    parameter: str
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over outcomes."""
        return float(np.mean(self.shares))


def explained(x: np.ndarray, y: np.ndarray, seed: int = 0) -> float:
    """Share of the variance of ``y`` that a cubic in ``x`` explains out of sample; never below zero."""
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    z = (x - x.mean()) / x.std()
    design = np.vander(np.clip(z, -3, 3), _DEGREE + 1)
    fold = np.random.default_rng(seed).permutation(y.size) % _FOLDS
    error = 0.0
    for k in range(_FOLDS):
        held = fold == k
        coefficients, *_ = np.linalg.lstsq(design[~held], y[~held], rcond=None)
        error += float(np.sum((y[held] - design[held] @ coefficients) ** 2))
    return max(0.0, 1.0 - error / float(np.sum((y - y.mean()) ** 2)))


def worth_of_learning(draws: Draws, rows: np.ndarray, outcomes: np.ndarray) -> list[Worth]:
    """Every parameter by what it is worth to learn, the most first.

    Parameters
    ----------
    rows : (member,) row of the draws that each member took
    outcomes : (member, outcome)
    """
    found = [
        Worth(name, tuple(explained(draws.rows[rows, k], column) for column in np.asarray(outcomes, float).T))
        for k, name in enumerate(draws.names)
    ]
    return sorted(found, key=lambda each: -each.mean)


@dataclass(frozen=True)
class Flip:
    """A claim's effect whose sign depends on a parameter within its range: its values at both ends."""

    claim: str
    test: str
    parameter: str
    low: float
    high: float


def flips(
    claim: str, test: str, by_row: dict[int, float], draws: Draws, names: Sequence[str] | None = None
) -> list[Flip]:
    """Parameters with which the sign of an effect turns, by a straight line through the effects of rows.

    The line must be steeper than chance makes it (four standard errors, for there are many parameters), and have both
    signs within the central 90 % of the draws.
    """
    rows, y = np.array(list(by_row)), np.array(list(by_row.values()))
    found = []
    for k, name in enumerate(draws.names):
        x = draws.rows[rows, k]
        if (names is not None and name not in names) or np.ptp(x) == 0 or np.ptp(y) == 0:
            continue
        slope, middle = np.polyfit(x, y, 1)
        rest = y - (middle + slope * x)
        error = np.sqrt(np.sum(rest**2) / max(y.size - 2, 1) / np.sum((x - x.mean()) ** 2))
        low, high = middle + slope * np.quantile(x, [0.05, 0.95])
        if low * high < 0 and abs(slope) > 4 * error:
            found.append(Flip(claim, test, name, float(low), float(high)))
    return found
