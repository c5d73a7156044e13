"""What is known of leaders' openness before a forecast: what they did to their neighbours until then, and no treaty.

Treaties are left to the variant that is scored. A forecast of 2016 knows nothing of what came later.
"""

import functools
from dataclasses import replace

import numpy as np

from sim.facts import Facts
from sim.inference.covariates import Panel
from sim.inference.laplace import find_mode
from sim.inference.observations import Act, tidy_history
from sim.inference.posterior import posterior_of
from sim.inference.priors import Prior


@functools.lru_cache(maxsize=64)
def leaders_known(
    panel: Panel, acts: tuple[Act, ...], priors: tuple[Prior, ...], facts: Facts, until: int
) -> tuple[np.ndarray, np.ndarray]:
    """(leader,) mean and standard deviation of openness: mode and Laplace spread on acts before a month.

    Parameters
    ----------
    acts : of a history
    priors : from `sim.inference.posterior.priors_on`
    until : absolute month
    """
    posterior = replace(posterior_of(panel, tidy_history((), (), acts), priors, facts, until=until), treaties=False)
    mode = find_mode(posterior)
    leaders = [k for k, name in enumerate(posterior.names) if name.startswith("openness.")]
    return mode.x[leaders], mode.sd[leaders]
