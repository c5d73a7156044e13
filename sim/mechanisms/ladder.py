"""The ladder: a dyad climbs from friendship to strategic partnership to alliance.

A discrete-time hazard with a complementary log-log link (Prentice & Gloeckler 1978), contagion between the treaties of
the same states (Baldwin & Jaimovich 2012), and a wave shared by all dyads of a year.

eta = theta_rung + beta (V_i + V_j) / 2 + phi contagion + zC (mean capacity - 1/2) + delta declared + wave - sd^2 / 2
P(step this month) = 1 - exp(-exp(eta))
"""

import math

from sim.compiled import compiled

TOP_RUNG = 3


@compiled
def monthly_probability(log_hazard):
    """Probability that a hazard exp(log_hazard) per month strikes within the month."""
    return 1.0 - math.exp(-math.exp(log_hazard))


@compiled
def contagion(dyad, rung_sought, rungs, dyad_a, dyad_b):
    """Share of the other dyads of either state that already stand on the rung sought or above.

    Parameters
    ----------
    dyad : index
    rung_sought : 1-3
    rungs : (dyad,), highest rung held, 0-3
    dyad_a, dyad_b : (dyad,), state indices
    """
    a, b = dyad_a[dyad], dyad_b[dyad]
    neighbours = 0
    above = 0
    for other in range(rungs.shape[0]):
        if other != dyad and (dyad_a[other] == a or dyad_b[other] == a or dyad_a[other] == b or dyad_b[other] == b):
            neighbours += 1
            if rungs[other] >= rung_sought:
                above += 1
    return above / neighbours


@compiled
def wave_effect(standard_normal, wave_sd):
    """A year's common shock to all log-hazards, centred so that the mean hazard does not depend on its spread."""
    return wave_sd * standard_normal - 0.5 * wave_sd * wave_sd
