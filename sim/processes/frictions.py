"""Unilateral frictions: a state threatens another, closes a border, cuts a supply, or moves troops.

A monthly hazard for every ordered pair. Distrust of the target and a closed leader raise it: this is where leaders
show. A closed border opens again at a steady chance a month.
"""

from sim.compiled import compiled

VERBAL, CUT_OFF, STANDOFF = 0, 1, 2
HIGHEST_DISTRUST_EFFECT = 0.6  # at 1 frictions breed distrust breed frictions without end
LOWEST_OPENNESS = -1.5  # nobody on record was below -1.4; without a floor a few drawn leaders make all the conflict
LOWEST_TRUST = -2.0  # log-odds, 12 %: nobody on record fell below -1.7


@compiled
def friction_log_rate(base, distrust_effect, targets_trust, openness_effect, openness, deficit_effect, deficit):
    """Log rate per month of a unilateral act of an actor against a target.

    Parameters
    ----------
    base : log rate of a neutral actor
    distrust_effect : per log-odds; above 0.6 it counts as 0.6
    targets_trust : log-odds that the target thinks the actor keeps its word; below -2 it counts as -2
    openness : of the actor's state and leader; below -1.5 it counts as -1.5
    deficit : unmet share of the actor's irrigation demand over twelve months; 0-1
    """
    log_rate = base - min(distrust_effect, HIGHEST_DISTRUST_EFFECT) * max(targets_trust, LOWEST_TRUST)
    return log_rate - openness_effect * max(openness, LOWEST_OPENNESS) + deficit_effect * deficit


@compiled
def friction_kind(uniform, verbal_share, cut_off_share):
    """Kind of a friction: 0 verbal, 1 cut-off, 2 stand-off; `uniform` in [0, 1), the shares add up to at most 1."""
    if uniform < verbal_share:
        return VERBAL
    return CUT_OFF if uniform < verbal_share + cut_off_share else STANDOFF


@compiled
def reopens(closed, uniform, chance):
    """Whether a closed border opens this month; an open one does not."""
    return closed and uniform < chance
