"""Hazards and odds: whether something happens in a month at a rate, found out without an exponential in most months."""

import math

from sim.engine.compiled import compiled

_RARE = 0.05
_LOG_RARE = -3.0  # below log(0.05)


@compiled
def linear(start, coefficients, covariates):
    """start + the sum of coefficients times covariates, added from the left.

    Parameters
    ----------
    coefficients : (covariate,), of a `sim.engine.process.Predictor`
    covariates : tuple of numbers
    """
    total = start
    for k in range(len(covariates)):
        total += coefficients[k] * covariates[k]
    return total


@compiled
def chance_within_month(rate):
    """Chance of at least one event in a month at a rate per month."""
    return -math.expm1(-rate)


@compiled
def strikes(rate, uniform):
    """Whether a uniform in [0, 1) falls within the chance of a month at this rate per month."""
    # the chance is below the rate
    return uniform < rate and uniform < chance_within_month(rate)


@compiled
def happens(log_rate, uniform):
    """Whether a uniform in [0, 1) falls within the chance of a month at this log rate per month."""
    if uniform > _RARE and log_rate < _LOG_RARE:
        return False  # the chance is below the rate
    return strikes(math.exp(log_rate), uniform)


@compiled
def probability(logit):
    """The probability with these log-odds."""
    return 1.0 / (1.0 + math.exp(-logit))
