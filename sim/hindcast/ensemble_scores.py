"""Scores of forecasts that are ensembles: members on the last axis, one truth for each.

CRPS after Gneiting & Raftery (2007), coverage of central intervals, and the randomised probability integral transform
of Czado, Gneiting & Held (2009), which also serves quantities with lumps, such as a time cut at a horizon.
"""

import numpy as np

LEVELS = (0.5, 0.8, 0.95)


def crps(members: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of the members' distribution function, in their unit; less is better.

    The mean distance of a member from the truth less half that of two members, by sorting instead of over all pairs.

    Parameters
    ----------
    members : (..., member)
    truth : (...,)
    """
    members, count = np.sort(members, axis=-1), members.shape[-1]
    ranks = 2.0 * np.arange(1, count + 1) - count - 1.0
    away = np.abs(members - np.asarray(truth)[..., None]).mean(axis=-1)
    return away - members @ ranks / count**2


def crps_of_counts(at_most: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """CRPS of a number of events: the sum over k of (P(at most k) - [seen <= k])^2.

    Parameters
    ----------
    at_most : (..., k), probability of at most k events; the last as good as one
    seen : (...,), number that came
    """
    came = np.asarray(seen)[..., None] <= np.arange(at_most.shape[-1])
    return np.sum((at_most - came) ** 2, axis=-1)


def randomised_pit(members: np.ndarray, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(...,) rank of the truth among the members, in (0, 1), ties broken by chance; uniform if forecasts are right."""
    truth = np.asarray(truth)[..., None]
    below, ties = (members < truth).sum(axis=-1), (members == truth).sum(axis=-1)
    return (below + rng.random(below.shape) * (ties + 1)) / (members.shape[-1] + 1)


def covered(members: np.ndarray, truth: np.ndarray, level: float) -> np.ndarray:
    """(...,) whether the truth lies inside the central interval of a level, its ends included."""
    low, high = np.quantile(members, [0.5 - level / 2, 0.5 + level / 2], axis=-1)
    return (low <= truth) & (truth <= high)


def mean_gain(worse: np.ndarray, better: np.ndarray, clusters: np.ndarray, seed: int = 1, resamples: int = 4000):
    """Mean of worse - better over cases, and its 90 % interval from resampling whole clusters of cases.

    Parameters
    ----------
    worse, better : (case,) scores of which less is better
    clusters : (case,) label of the cluster of each; cases of one overlap and are drawn together or not at all

    Returns
    -------
    mean, 5th and 95th percentile
    """
    labels, at = np.unique(clusters, return_inverse=True)
    total, size = np.bincount(at, worse - better), np.bincount(at)
    drawn = np.random.default_rng(seed).integers(0, len(labels), (resamples, len(labels)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    return float(np.mean(worse - better)), float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))
