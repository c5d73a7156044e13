"""A lasting attitude to an instrument: normal among members, and given what is documented, on a grid of its values."""

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, exponential, load, logarithm, store
from sim.engine.layout import GRID_POINTS
from sim.engine.random import normal_quantile

GRID_REACH = 4.0  # standard deviations on either side
_PLACES = 2.0 * np.arange(GRID_POINTS) / (GRID_POINTS - 1) - 1.0  # of the points between both ends


@compiled(apart=True)
def learn_from_refusal(log_likelihood, logit_without_attitude, attitude_sd, asked, times):
    """Add documented refusals to the log-likelihood of the persistent attitude, in place.

    Parameters
    ----------
    log_likelihood : (GRID_POINTS,), over attitudes from -4 to +4 standard deviations
    logit_without_attitude : the signing log-odds at the time with attitude zero
    attitude_sd : standard deviation of the attitude
    asked : chance that the state took it up at all, in [0, 1]
    times : how often it did not sign
    """
    for start in range(0, GRID_POINTS, WIDTH):
        logit = logit_without_attitude + attitude_sd * GRID_REACH * load(_PLACES, start, 0.0)
        chance = 1.0 / (1.0 + exponential(0.0 - logit))
        more = times * logarithm(1.0 - asked * chance)
        store(log_likelihood, start, load(log_likelihood, start, 0.0) + more)


@compiled(apart=True)
def draw_attitude(log_likelihood, known, uniform, attitude_sd, weights):
    """The persistent attitude at quantile `uniform` of its prior, or of its posterior after documented refusals.

    Parameters
    ----------
    log_likelihood : (GRID_POINTS,), see `learn_from_refusal`
    known : whether anything is documented that it left unsigned
    uniform : in (0, 1)
    attitude_sd : prior standard deviation
    weights : (GRID_POINTS,), working space
    """
    if not known:
        return attitude_sd * normal_quantile(uniform)
    total = 0.0
    for start in range(0, GRID_POINTS, WIDTH):
        z = GRID_REACH * load(_PLACES, start, 0.0)
        store(weights, start, exponential(load(log_likelihood, start, 0.0) - 0.5 * z * z))
    for point in range(GRID_POINTS):
        total += weights[point]
    step = 2.0 * GRID_REACH / (GRID_POINTS - 1)
    below = 0.0
    for point in range(GRID_POINTS):
        share = weights[point] / total
        if below + share >= uniform:
            within = (uniform - below) / share - 0.5
            return attitude_sd * (-GRID_REACH + step * (point + within))
        below += share
    return attitude_sd * GRID_REACH
