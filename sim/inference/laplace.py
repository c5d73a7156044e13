"""The posterior mode and its Laplace approximation."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from sim.inference.posterior import Posterior

_JUST_INSIDE = 1e-3
_STEP, _WIDE_STEP = 1e-3, 0.3  # of finite differences; the wide one in prior standard deviations
_KINK = 20.0  # a posterior that much narrower than its prior is no posterior but a kink


class FitError(RuntimeError):
    """No mode was found; the message says what the search came to."""


@dataclass(frozen=True, eq=False)
class Mode:
    """Where the posterior is highest, its covariance there (Laplace), and the log density."""

    x: np.ndarray
    covariance: np.ndarray
    log_density: float

    @property
    def sd(self) -> np.ndarray:
        """Standard deviations of the Laplace approximation."""
        return np.sqrt(np.diag(self.covariance))


def find_mode(posterior: Posterior, start: np.ndarray | None = None, curvature: bool = True) -> Mode:
    """Search for the mode from the centre of the prior, or from `start`.

    Where an effect is capped the density has a kink, and the search may end there a little below the top (0.01 in log
    density on the record): the mode serves as a start and for Laplace approximations, not as an estimate.

    Raises
    ------
    FitError : no finite density, or no maximum (the curvature there is not negative)
    """
    priors = posterior.priors
    low, high = posterior.limits[0] + _JUST_INSIDE, posterior.limits[1] - _JUST_INSIDE
    if start is None:
        start = np.array([prior.mean + (0.5 * prior.sd if prior.lower == prior.mean else 0.0) for prior in priors])

    def downhill(x):
        value, slope = posterior.value_and_gradient(x)
        return (-value, -slope) if np.isfinite(value) else (1e12, np.zeros(len(x)))

    found = minimize(
        downhill,
        np.clip(start, low, high),
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(low, high)),
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6},
    )
    if not np.isfinite(found.fun) or found.fun >= 1e12:
        raise FitError(f"no mode was found: {found.message}")
    root = curvature_root(posterior, found.x) if curvature else np.full((len(found.x),) * 2, np.nan)
    return Mode(found.x, root @ root.T, -float(found.fun))


def _slope_change(posterior: Posterior, x: np.ndarray, k: int, step: float) -> np.ndarray:
    """Change of the gradient along one parameter, per unit."""
    move = np.zeros(len(x))
    move[k] = step
    return (posterior.gradient(x + move) - posterior.gradient(x - move)) / (2 * step)


def curvature_root(posterior: Posterior, x: np.ndarray) -> np.ndarray:
    """A root of the Laplace covariance, the inverse of minus the curvature; at a limit that of just inside.

    Where an effect is capped the density has a kink, and a mode there has a curvature of the kink, not of the hill:
    it is taken over a wider step.

    Raises
    ------
    FitError : no maximum (the curvature there is not negative)
    """
    curvature = np.empty((len(x), len(x)))
    for k, prior in enumerate(posterior.priors):
        curvature[k] = _slope_change(posterior, x, k, _STEP)
        if -curvature[k, k] > (_KINK / prior.sd) ** 2:
            curvature[k] = _slope_change(posterior, x, k, _WIDE_STEP * prior.sd)
    values, vectors = np.linalg.eigh(-(curvature + curvature.T) / 2)
    if values.max() <= 0:
        raise FitError("the posterior has no maximum where the search ended")
    # a direction in which the density does not fall (a wave of nearly zero spread) is given the prior's width
    floor = 1.0 / max(prior.sd for prior in posterior.priors) ** 2
    return vectors / np.sqrt(np.maximum(values, floor))
