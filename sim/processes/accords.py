"""Accords: who signs what at a summit, under unanimity or opt-in.

A state's answer has a persistent part: whoever declined once is likely to decline again, so that three refusals are one
decision. After a documented refusal that part is therefore drawn from its posterior given the refusals, not afresh.
"""

import math

import numpy as np

from sim.chance import normal_quantile
from sim.compiled import compiled
from sim.processes.trust import probability

GRID_POINTS = 41  # as many as `sim.model.state` has room for
GRID_REACH = 4.0  # standard deviations on either side


@compiled
def signing_logit(intercept, value, bandwagon, share_signed, persistent):
    """Log-odds that a state signs when the accord lies on the table.

    Parameters
    ----------
    intercept : log-odds of an instrument worth nothing that nobody has signed
    value : V, see `sim.processes.utility`
    bandwagon : log-odds if all the others have signed
    share_signed : share of the other parties that have signed, 0-1
    persistent : u, the state's lasting attitude to this accord
    """
    return intercept + value + bandwagon * share_signed + persistent


@compiled
def months_to_text(uniform, yearly_rate):
    """Months until an idea becomes a text to sign: exponential waiting at a yearly rate; a century if the rate is zero.

    Parameters
    ----------
    uniform : in (0, 1), the member's luck
    yearly_rate : per year, >= 0
    """
    if yearly_rate <= 0.0:
        return 1200
    return int(min(-math.log(uniform) / yearly_rate * 12.0, 1200.0))


@compiled
def learn_from_refusal(log_likelihood, logit_without_attitude, attitude_sd):
    """Add one documented refusal to the log-likelihood of the persistent attitude, in place.

    Parameters
    ----------
    log_likelihood : (GRID_POINTS,), over attitudes from -4 to +4 standard deviations
    logit_without_attitude : the signing log-odds at the time with attitude zero
    attitude_sd : standard deviation of the attitude
    """
    for point in range(GRID_POINTS):
        attitude = attitude_sd * GRID_REACH * (2.0 * point / (GRID_POINTS - 1) - 1.0)
        log_likelihood[point] += math.log(1.0 - probability(logit_without_attitude + attitude))


@compiled
def draw_attitude(log_likelihood, has_refused, uniform, attitude_sd):
    """The persistent attitude at quantile `uniform` of its prior, or of its posterior after documented refusals.

    Parameters
    ----------
    log_likelihood : (GRID_POINTS,), see `learn_from_refusal`
    has_refused : whether any refusal is documented
    uniform : in (0, 1)
    attitude_sd : prior standard deviation
    """
    if not has_refused:
        return attitude_sd * normal_quantile(uniform)
    weights = np.empty(GRID_POINTS)
    total = 0.0
    for point in range(GRID_POINTS):
        z = GRID_REACH * (2.0 * point / (GRID_POINTS - 1) - 1.0)
        weights[point] = math.exp(log_likelihood[point] - 0.5 * z * z)
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
