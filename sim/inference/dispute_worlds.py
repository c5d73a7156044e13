"""Does the fit of disputes find what is there? Synthetic records on the covariates of ours, and fits to them.

Parameters are drawn from the prior, disputes month by month from the likelihood's own hazard, thinned as the reporting
of the time was; ranks and intervals are those of `sim.inference.sbc` (Talts et al. 2018).
"""

from collections.abc import Callable

import numpy as np

from sim.facts import Facts
from sim.inference.covariates import Panel, panel_of
from sim.inference.disputes import dispute_posterior, dispute_priors, dispute_rows
from sim.inference.laplace import FitError, find_mode
from sim.inference.observations import Act
from sim.inference.posterior import Posterior
from sim.inference.priors import draw_prior
from sim.inference.sample import posterior_draws
from sim.inference.sbc import Recovery

_DRAWS = 250


def draw_disputes(panel: Panel, quiet: Posterior, rows, x: np.ndarray, rng: np.random.Generator) -> list[Act]:
    """Disputes that come to be on record under the parameters of a vector.

    Parameters
    ----------
    quiet, rows : posterior and rows of a history without any dispute
    """
    chance = -np.expm1(-np.exp(quiet.terms["disputes"].predictor.eta(x)))
    found = []
    for r in np.flatnonzero(rng.random(len(chance)) < chance):
        pair, month = int(rows.pair[r]), int(rows.month[r])
        parties = int(panel.pair_down[pair]), int(panel.pair_up[pair])
        found.append(Act("dispute", *parties, month, month, month, -1.0, f"drawn-{r}", place=pair))
    return found


def recover_disputes(
    facts: Facts, worlds: int, seed: int = 1, progress: Callable[[int, int], None] = lambda done, total: None
) -> Recovery:
    """Draw records from the prior and fit each of them; openness of leaders is that of the table."""
    panel = panel_of(facts)
    priors, openness = dispute_priors(facts, panel), np.array([leader.openness_mean for leader in facts.leaders])
    rows = dispute_rows(panel, (), openness, facts.river_reporting)
    quiet, found, failed = dispute_posterior(panel, rows, priors), [], 0
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        truth = draw_prior(priors, 1, rng)[0]
        acts = draw_disputes(panel, quiet, rows, truth, rng)
        posterior = dispute_posterior(panel, dispute_rows(panel, acts, openness, facts.river_reporting), priors)
        try:
            mode = find_mode(posterior)
        except FitError:
            failed += 1
            continue
        draws = posterior_draws(posterior, mode, rng, _DRAWS)
        rank, positive = (draws < truth).mean(axis=0), (draws > 0).mean(axis=0)
        found.append((truth, mode.x, mode.sd, draws.std(axis=0), positive, rank, np.array(len(acts))))
        progress(world + 1, worlds)
    columns = [np.array(column) for column in zip(*found)]
    return Recovery(tuple(p.name for p in priors), np.array([p.sd for p in priors]), *columns, failed, "disputes")
