"""Pareto-smoothed importance weights (Vehtari, Simpson, Gelman, Yao & Gabry 2024).

The largest weights are replaced by the expected order statistics of a generalised Pareto distribution fitted to them
(Zhang & Stephens 2009). Its shape, k-hat, says whether an average under these weights can be trusted: below 0.7 it can.
"""

from typing import NamedTuple

import numpy as np

TRUSTED = 0.7
_LEAST_TAIL = 5  # weights that a fit needs


class Weights(NamedTuple):
    """Smoothed weights (draw,) that sum to one, and the shape of their tail."""

    weights: np.ndarray
    khat: float

    @property
    def effective(self) -> float:
        """Effective sample size: how many equally weighted draws these are worth."""
        return float(1.0 / np.sum(self.weights**2))


def smooth(log_weights: np.ndarray) -> Weights:
    """Pareto-smoothed weights of draws from their log weights, known up to a constant.

    A draw whose log weight is minus infinity counts for nothing. Equal weights have no tail: their k-hat is zero; a
    tail too short to be fitted has one without bound.

    Raises
    ------
    ValueError : no draw has a finite log weight
    """
    if not np.isfinite(log_weights).any():
        raise ValueError("no draw has a finite weight")
    size = len(log_weights)
    weights = np.exp(log_weights - np.max(log_weights))
    order = np.argsort(weights, kind="stable")
    tail = order[-min(int(np.ceil(min(0.2 * size, 3.0 * np.sqrt(size)))), size - 1) :]
    cutoff = weights[order[-len(tail) - 1]]
    excess = weights[tail] - cutoff
    if np.ptp(weights) < 1e-12:
        return Weights(np.full(size, 1.0 / size), 0.0)
    if len(tail) < _LEAST_TAIL or not excess[_quartile(len(tail))] > 0.0:
        return Weights(weights / weights.sum(), np.inf)
    khat, scale = fit_pareto(excess)
    if np.isfinite(khat):
        share = (np.arange(len(tail)) + 0.5) / len(tail)
        weights[tail] = np.minimum(cutoff + _quantile(share, khat, scale), 1.0)
    return Weights(weights / weights.sum(), khat)


def fit_pareto(excess: np.ndarray) -> tuple[float, float]:
    """Shape k and scale of a generalised Pareto distribution, fitted to ordered excesses > 0.

    The posterior mean of Zhang & Stephens (2009), with k drawn towards 1/2 by ten observations' worth.
    """
    n = len(excess)
    grid = np.arange(1, 30 + int(np.sqrt(n)) + 1)
    b = 1.0 / excess[-1] + (1.0 - np.sqrt(len(grid) / (grid - 0.5))) / (3.0 * excess[_quartile(n)])
    k = np.log1p(-b[:, None] * excess).mean(axis=1)
    profile = n * (np.log(-b / k) - k - 1.0)
    weight = np.exp(profile - profile.max())
    mean_b = float(np.sum(b * weight) / weight.sum())
    shape = float(np.log1p(-mean_b * excess).mean())
    return (n * shape + 10 * 0.5) / (n + 10), -shape / mean_b


def _quartile(n: int) -> int:
    """Place of the first quartile among n ordered values."""
    return max(int(n / 4 + 0.5) - 1, 0)


def _quantile(share: np.ndarray, shape: float, scale: float) -> np.ndarray:
    """Of a generalised Pareto distribution that begins at zero."""
    if abs(shape) < 1e-12:
        return -scale * np.log1p(-share)
    return scale * np.expm1(-shape * np.log1p(-share)) / shape


def resample(weights: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """(size,) indices by systematic resampling: each comes as often as its weight says, up to one more or less."""
    places = (rng.random() + np.arange(size)) / size
    return np.minimum(np.searchsorted(np.cumsum(weights), places, side="right"), len(weights) - 1)
