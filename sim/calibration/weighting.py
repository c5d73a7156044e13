"""Draws from a posterior without a chain: its Laplace approximation, corrected by importance weights.

Chains for every year of a hindcast or for hundreds of synthetic worlds would take days. A multivariate t around the
mode is fitted to its own weighted draws (population Monte Carlo, Cappe et al. 2004), and the last draws are weighted by
how much more or less likely the exact posterior finds them.
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.calibration.mode import Mode
from sim.calibration.posterior import Posterior

_FREEDOM = 8  # of the t: tails that a skewed posterior does not leave
_WIDER = 1.1  # than Laplace, at the start
_ADAPTATIONS = 2
_SHRUNK = 0.5  # of a refitted covariance towards the last one: some thousand draws in fifty dimensions are few


@dataclass(frozen=True, eq=False)
class Weighted:
    """Draws, (draw, parameter), and their weights, which sum to one."""

    draws: np.ndarray
    weight: np.ndarray

    @property
    def effective(self) -> float:
        """How many independent draws they are worth."""
        return float(1.0 / np.sum(self.weight**2))

    def ranks(self, truth: np.ndarray) -> np.ndarray:
        """(parameter,) share of the posterior below a truth."""
        return np.minimum(self.weight @ (self.draws < truth), 1.0)  # the weights sum to one but for rounding

    def resampled(self, size: int, rng: np.random.Generator) -> np.ndarray:
        """(size, parameter) unweighted draws, by systematic resampling."""
        at = (np.arange(size) + rng.random()) / size
        rows = np.minimum(np.searchsorted(np.cumsum(self.weight), at), len(self.weight) - 1)
        return self.draws[rng.permutation(rows)]


def weighted_draws(posterior: Posterior, mode: Mode, rng: np.random.Generator, size: int = 4000) -> Weighted:
    """Weighted draws from a posterior whose mode is known."""
    centre, spread = mode.x, _WIDER**2 * mode.covariance
    for _ in range(_ADAPTATIONS):
        found = _draw(posterior, centre, spread, rng, size // 2)
        # weights flattened, so that a few lucky draws do not decide where the next ones go
        weight = np.sqrt(found.weight)
        weight /= weight.sum()
        centre = weight @ found.draws
        moved = found.draws - centre
        spread = (1.0 - _SHRUNK) * (moved.T * weight) @ moved + _SHRUNK * spread
    return _draw(posterior, centre, spread, rng, size)


def _draw(posterior: Posterior, centre, spread, rng, size: int) -> Weighted:
    """Weighted draws from a multivariate t."""
    dimension = len(centre)
    values, vectors = np.linalg.eigh(spread)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = rng.standard_normal((size, dimension))
    stretch = np.sqrt(_FREEDOM / rng.chisquare(_FREEDOM, size))[:, None]
    draws = centre + (normal * stretch) @ root.T
    distance = ((normal * stretch) ** 2).sum(axis=1)
    log_proposal = -0.5 * (_FREEDOM + dimension) * np.log1p(distance / _FREEDOM)
    log_weight = posterior.log_densities(draws) - log_proposal
    highest = log_weight.max()
    if not math.isfinite(highest):
        raise FloatingPointError("no draw around the mode lies inside the ranges of the parameters")
    weight = np.exp(log_weight - highest)
    return Weighted(draws, weight / weight.sum())
