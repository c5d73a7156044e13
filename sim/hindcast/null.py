"""How large a gain means anything: gains of a model over a rival in worlds in which the rival is true."""

from collections.abc import Callable

import numpy as np

from sim.hindcast.hazard import fit_variant
from sim.hindcast.rolling import ground_of, rolling
from sim.hindcast.variants import Variant
from sim.inference.covariates import Panel
from sim.inference.observations import History, tidy_history
from sim.inference.priors import Prior
from sim.inference.synthetic import draw_steps


def null_gains(
    model: Variant,
    rival: Variant,
    panel: Panel,
    recorded: History,
    priors: tuple[Prior, ...],
    facts,
    worlds: int,
    seed: int = 1,
    draws: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> np.ndarray:
    """(world,) gain in nats of `model` over `rival` on the rolling origin, where the rival made the history.

    The rival must have no covariates: its worlds are drawn from its constants and its year's shock, fitted to the whole
    record.
    """
    ground = ground_of(panel, recorded, priors, facts)
    problem = ground.pose(rival)
    x = fit_variant(problem, np.ones(len(ground.rows), bool))
    theta, _, _, spread, *_ = problem.unfold(x)
    linear = np.broadcast_to(theta, (panel.n_months, len(panel.dyads), 4))
    ladder = np.concatenate([theta, [0.0, 0.0, 0.0, 0.0, spread]])
    nothing, gains = np.zeros(0), []
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        steps = draw_steps(panel, recorded, ladder, nothing, nothing, rng, linear)
        made = ground_of(panel, tidy_history(steps, (), recorded.acts), priors, facts)
        gains.append(rolling(model, made, draws=draws).total - rolling(rival, made, draws=draws).total)
        progress(world + 1, worlds)
    return np.array(gains)
