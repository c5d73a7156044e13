"""Disputes over water: a downstream state turns on an upstream one, more or less gravely.

A monthly hazard for every ordered pair of states, and an intensity on the BAR scale from -1, mild words, to -5, small
military acts (Wolf, Yoffe & Giordano 2003), by an ordered logit. The record since 1992 has three interstate cases, so
none of the coefficients is identified; that of the basin institution may be of either sign (Dinar et al. 2019).
"""

import math

from sim.compiled import compiled


@compiled
def dispute_log_rate(
    base, deficit_effect, deficit, trust_effect, trust, institution_effect, institution, flood_effect, flood
):
    """Log rate per month at which a downstream state starts a dispute with an upstream one.

    Parameters
    ----------
    base : log rate without deficit, at even trust
    deficit : unmet share of the downstream state's demand over the last twelve months; 0-1
    trust : log-odds that the upstream state keeps its word, as seen downstream; more trust, fewer disputes
    institution : implemented basin institution; 0-1
    flood : km3 spilled downstream this winter
    """
    log_rate = base + deficit_effect * deficit - trust_effect * trust
    return log_rate + institution_effect * institution + flood_effect * flood


@compiled
def dispute_intensity(severity, cuts, uniform):
    """Intensity of a dispute, -1 to -5.

    Parameters
    ----------
    severity : log-odds of a graver dispute
    cuts : (4,) rising thresholds between -1 | -2 | -3 | -4 | -5
    uniform : in [0, 1)
    """
    level = 1
    for k in range(cuts.shape[0]):
        if uniform < 1.0 / (1.0 + math.exp(cuts[k] - severity)):
            level = k + 2
    return -level
