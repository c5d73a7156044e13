"""The score of the whole calibration: every January a fit of all that scenarios draw from, on the record before it.

The scores of `sim.hindcast.rolling` fit the ladder alone, with what acts between neighbours say of leaders put in as a
prior, so that rivals and variants can be treated alike. Here treaties, answers, frictions, clashes and settlements are
fitted together, as in the calibration that ships, and sampled instead of approximated.
"""

from collections.abc import Callable

import numpy as np

from sim.hindcast.rolling import FIRST, LAST, Ground, Score, assemble, scored
from sim.inference.hamiltonian import posterior_draws
from sim.inference.ladder_likelihood import ladder_arrays, ladder_log_likelihood, quadrature, row_probabilities
from sim.inference.laplace import find_mode
from sim.inference.posterior import Posterior, ladder_columns, posterior_of

NAME = "the whole calibration"
_WAVE = quadrature(61)
_WAVE_SD = 8  # place in the vector


def whole_calibration(
    ground: Ground,
    draws: int = 250,
    first: int = FIRST,
    last: int = LAST,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Score:
    """Score of each year's steps under the posterior of everything decided before it, averaged over its draws.

    Raises
    ------
    FitError : the record before a year has no posterior mode
    """
    parts = []
    for year in range(first, last + 1):
        posterior = posterior_of(ground.panel, ground.history, ground.priors, ground.facts, until=year * 12)
        mask = scored(ground.rows) & (ground.rows.year == year)
        vectors = posterior_draws(posterior, find_mode(posterior), np.random.default_rng([9, year]), draws)
        log_score, chance = _predict(posterior, ground, mask, vectors)
        parts.append((year, log_score, chance, mask, float(np.median(vectors[:, _WAVE_SD]))))
        progress(year - first + 1, last - first + 1)
    return assemble(NAME, "treaties, answers and acts fitted together, sampled", ground, parts, chosen_after=True)


def _predict(posterior: Posterior, ground: Ground, mask: np.ndarray, vectors: np.ndarray) -> tuple[float, np.ndarray]:
    """Log predictive density of the rows of one year and the chance of each, over draws of the posterior."""
    rows = ground.rows.keep(mask)
    arrays = ladder_arrays(rows, ladder_columns(rows, ground.panel))
    values, chance, per_year = np.empty(len(vectors)), np.zeros(len(rows)), np.empty(len(arrays.begins) - 1)
    for k, x in enumerate(vectors):
        openness, strength = posterior.unpack(x)
        known = (x[:4], x[4], x[5:8], x[_WAVE_SD], openness, strength, 0.0, *_WAVE)
        values[k] = ladder_log_likelihood(arrays, *known, per_year, np.empty(0))
        chance += row_probabilities(arrays, *known) / len(vectors)
    return float(np.logaddexp.reduce(values) - np.log(len(vectors))), chance
