"""The ladder: a dyad climbs from friendship to strategic partnership to alliance.

A discrete-time hazard with a complementary log-log link (Prentice & Gloeckler 1978), contagion between the treaties of
the same states (Baldwin & Jaimovich 2012), and a wave shared by all dyads of a year.

eta = theta_rung + beta (V_i + V_j) / 2 + phi contagion + zC (mean capacity - 1/2) + delta declared + wave - sd^2 / 2
P(step this month) = 1 - exp(-exp(eta))
"""

import math

from sim.compiled import compiled
from sim.processes.hazard import chance_within_month

TOP_RUNG = 3


@compiled
def monthly_probability(log_hazard):
    """Probability that a hazard exp(log_hazard) per month strikes within the month."""
    return chance_within_month(math.exp(log_hazard))


@compiled
def count_standing(rungs, dyad_a, dyad_b, standing):
    """How many dyads of each state stand on each rung or above, into `standing`.

    Parameters
    ----------
    rungs : (dyad,), highest rung held, 0-3
    dyad_a, dyad_b : (dyad,), state indices
    standing : (state, rung), overwritten; column r - 1 counts dyads on rung r or above
    """
    standing[:] = 0
    for dyad in range(rungs.shape[0]):
        for rung in range(rungs[dyad]):
            standing[dyad_a[dyad], rung] += 1
            standing[dyad_b[dyad], rung] += 1


@compiled
def contagion(standing, state_a, state_b, rung_sought):
    """Share of the other dyads of either state that already stand on the rung sought or above.

    Parameters
    ----------
    standing : (state, rung), see `count_standing`; the dyad itself does not yet stand on the rung it seeks
    state_a, state_b : indices of its states
    rung_sought : 1-3
    """
    others = 2 * (standing.shape[0] - 2)
    return (standing[state_a, rung_sought - 1] + standing[state_b, rung_sought - 1]) / others


@compiled
def wave_effect(standard_normal, wave_sd):
    """A year's common shock to all log-hazards, centred so that the mean hazard does not depend on its spread."""
    return wave_sd * standard_normal - 0.5 * wave_sd * wave_sd
