"""Draws from a posterior by Hamiltonian Monte Carlo (mici), for fits that are made by the hundred.

The gradient is exact and the Laplace approximation gives the scales, so that a few hundred draws of the No-U-Turn
sampler (Hoffman & Gelman 2014; Betancourt 2017) take seconds, where the ensemble of walkers of the shipped calibration
takes minutes. Beyond the range of a parameter the density is mirrored, so that a trajectory does not end there.
"""

import logging

import emcee
import mici
import numpy as np

from sim.inference.laplace import Mode
from sim.inference.posterior import Posterior

WARM_UP = 100
_STEP_SIZE = 0.4  # in units of the posterior's spread, where the warm-up starts from
_DEEPEST = 4  # doublings of a trajectory: at most 15 steps


def posterior_draws(posterior: Posterior, mode: Mode, rng: np.random.Generator, size: int = 250) -> np.ndarray:
    """(size, parameter) draws from a posterior whose mode is known, weakly correlated from one to the next."""
    # mici says on its log what becomes of every divergence
    logging.getLogger("mici").setLevel(logging.ERROR)
    low, high = np.array([(prior.lower, prior.upper) for prior in posterior.priors]).T
    spread = mode.covariance + 1e-9 * np.eye(len(mode.x))

    def downhill(x):
        inside, side = _folded(x, low, high)
        value, slope = posterior.value_and_gradient(inside)
        return -slope * side, -value

    system = mici.systems.EuclideanMetricSystem(
        neg_log_dens=lambda x: downhill(x)[1],
        grad_neg_log_dens=downhill,
        metric=mici.matrices.DensePositiveDefiniteMatrix(np.linalg.inv(spread)),
    )
    sampler = mici.samplers.DynamicMultinomialHMC(
        system, mici.integrators.LeapfrogIntegrator(system, _STEP_SIZE), rng, max_tree_depth=_DEEPEST
    )
    with np.errstate(over="ignore", invalid="ignore"):  # a trajectory that diverges is given up
        found = sampler.sample_chains(
            WARM_UP,
            size,
            [mode.x],
            trace_funcs=[lambda state: {"x": state.pos}],
            adapters=[mici.adapters.DualAveragingStepSizeAdapter(0.8)],
            display_progress=False,
        )
    return np.array([_folded(x, low, high)[0] for x in found.traces["x"][0]])


def effective_draws(draws: np.ndarray) -> float:
    """How many independent draws these, (draw, parameter), are worth for the parameter that mixes worst."""
    times = emcee.autocorr.integrated_time(draws[:, None, :], tol=0, quiet=True)
    return float(min(len(draws), len(draws) / np.max(times)))


def _folded(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A vector with what lies beyond a range mirrored into it, and -1 where it was."""
    inside = np.where(x < low, 2.0 * low - x, np.where(x > high, 2.0 * high - x, x))
    return inside, np.where(inside == x, 1.0, -1.0)
