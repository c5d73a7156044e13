"""Leaders: who governs, and how open they are.

A new leader is a two-sided draw around the state's own disposition, not progress. The disposition is inferred from the
leaders a state has had: with o_k = s + l_k, s ~ N(0, state_sd), l_k ~ N(0, leader_sd), the posterior of s given the o_k
is normal (conjugate updating).
"""

import math

from sim.compiled import compiled
from sim.processes.hazard import strikes


@compiled
def leader_changes(turnover, scale, uniform):
    """Whether a head of state is succeeded this month.

    Parameters
    ----------
    turnover : rate per year
    scale : a scenario's multiplier of it
    uniform : in [0, 1)
    """
    return strikes(turnover * scale / 12.0, uniform)


@compiled
def state_disposition(sum_of_openness, n_leaders, state_sd, leader_sd, standard_normal):
    """Draw the state's lasting openness given the leaders it has had.

    Parameters
    ----------
    sum_of_openness : sum of the total openness of the leaders so far
    n_leaders : how many; zero gives the prior
    state_sd, leader_sd : standard deviations between states and between a state's leaders
    standard_normal : the member's luck
    """
    if state_sd <= 0.0:
        return 0.0
    if leader_sd <= 0.0:
        return sum_of_openness / n_leaders if n_leaders > 0 else state_sd * standard_normal
    precision = 1.0 / (state_sd * state_sd) + n_leaders / (leader_sd * leader_sd)
    return sum_of_openness / (leader_sd * leader_sd) / precision + standard_normal / math.sqrt(precision)
