"""How grave disputes over water are: the ordered logit of the BAR scale, fitted to the record by weighted draws.

At the mean deficit of the recorded disputes the shares of the five levels have a flat Dirichlet prior, so that their
posterior is a count; the effect of the deficit has the prior of the table. Draws of both are weighted by the likelihood
of the ordered logit over that of the plain shares, and resampled: exact, and thresholds are in order in every draw.
"""

from collections.abc import Sequence

import numpy as np

from sim.facts import Facts
from sim.inference.covariates import Panel
from sim.inference.observations import Act
from sim.inference.priors import Prior, draw_prior, parse_prior

LEVELS = 5
CUTS = ("disputes.cut_1", "disputes.cut_2", "disputes.cut_3", "disputes.cut_4")
SLOPE = "disputes.intensity_deficit"
_FLAT = np.ones(LEVELS)
_PROPOSALS = 10  # for each draw that is kept


def severity_of(panel: Panel, acts: Sequence[Act]) -> tuple[np.ndarray, np.ndarray]:
    """(dispute,) level 0-4 and deficit downstream, of one known to the year the mean of its months."""
    disputes = [act for act in acts if act.kind == "dispute"]
    level = np.array([round(-act.value) - 1 for act in disputes], np.int64)
    spans = [slice(act.first - panel.first, act.last - panel.first + 1) for act in disputes]
    deficit = [panel.pair_deficit[span, act.place].mean() for act, span in zip(disputes, spans)]
    return level, np.array(deficit)


def draw_severity(
    facts: Facts, level: np.ndarray, deficit: np.ndarray, size: int, rng: np.random.Generator
) -> np.ndarray:
    """(size, 5) thresholds and the effect of the deficit.

    Parameters
    ----------
    level, deficit : of the disputes on record, none for draws from the prior
    """
    row = {each.name: each for each in facts.parameters}[SLOPE]
    slope = draw_prior((parse_prior(SLOPE, row.prior, row.lower, row.upper),), _PROPOSALS * size, rng)[:, 0]
    counts = np.bincount(level, minlength=LEVELS)
    shares = rng.dirichlet(_FLAT + counts, _PROPOSALS * size)
    below = np.clip(np.cumsum(shares, axis=1)[:, :-1], 1e-12, 1.0 - 1e-12)
    mean = deficit.mean() if len(deficit) else 0.0
    cuts = np.log(below / (1.0 - below)) + (slope * mean)[:, None]
    log_weight = ordered_logit(cuts, slope, level, deficit) - np.log(np.maximum(shares, 1e-300)) @ counts
    weight = np.exp(log_weight - log_weight.max())
    chosen = rng.choice(len(weight), size, p=weight / weight.sum())
    return np.column_stack([cuts, slope])[chosen]


def ordered_logit(cuts: np.ndarray, slope: np.ndarray, level: np.ndarray, deficit: np.ndarray) -> np.ndarray:
    """(draw,) log-likelihood of levels 0-4 under thresholds, (draw, 4), as the engine draws them."""
    total = np.zeros(len(cuts))
    for k, dry in zip(level, deficit):
        graver = 1.0 / (1.0 + np.exp(cuts - (slope * dry)[:, None]))  # chance of more than each level
        bounds = np.column_stack([np.ones(len(cuts)), graver, np.zeros(len(cuts))])
        total += np.log(np.maximum(bounds[:, k] - bounds[:, k + 1], 1e-300))
    return total


def severity_priors(facts: Facts) -> tuple[Prior, ...]:
    """Priors of the thresholds and of the effect of the deficit, as a normal of the same mean and spread."""
    draws = draw_severity(facts, np.empty(0, np.int64), np.empty(0), 4000, np.random.default_rng(0))
    return tuple(
        Prior(name, float(column.mean()), float(column.std()), -10.0, 10.0)
        for name, column in zip((*CUTS, SLOPE), draws.T)
    )
