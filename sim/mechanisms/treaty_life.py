"""What becomes of a signature: ratification, implementation, withdrawal.

Ratification slows with the number of parties (Wuthrich 2020); implementation approaches full effect at a rate that
institutions raise; withdrawal is rare, likelier in the year after a change of leader, and held down by institutions.
"""

import math

from sim.compiled import compiled

MONTHS_OF_A_NEW_LEADER = 12


@compiled
def ratification_probability(rate, slowdown, n_parties):
    """Chance per month that one signatory completes ratification.

    Parameters
    ----------
    rate : r0, log-hazard per month with a single party
    slowdown : r1, its fall per log number of parties
    n_parties : number of signatories, at least 1
    """
    return 1.0 - math.exp(-math.exp(rate - slowdown * math.log(n_parties)))


@compiled
def implement(implemented, rate, institutions_effect, institutions):
    """Next month's implemented share.

    Parameters
    ----------
    implemented : share in [0, 1]
    rate : share of the rest done per month without institutions
    institutions_effect : iota1, relative rise of the rate with full institutions
    institutions : Z in [0, 1]
    """
    return implemented + rate * (1.0 + institutions_effect * institutions) * (1.0 - implemented)


@compiled
def withdrawal_probability(yearly_rate, held_by_institutions, institutions, new_leader, leader_effect,
                           held_by_society, society_identity):  # fmt: skip
    """Chance per month that a state leaves an instrument it has signed.

    Parameters
    ----------
    yearly_rate : per year, 0.001-0.005
    held_by_institutions : iota3, log-hazard taken away by full institutions
    institutions : Z in [0, 1]
    new_leader : whether a leader took office within the last twelve months
    leader_effect : log-hazard added by a new leader
    held_by_society, society_identity : log-hazard taken away by an identity shared by society, and that identity in [0, 1]
    """
    log_factor = -held_by_institutions * institutions - held_by_society * society_identity
    if new_leader:
        log_factor += leader_effect
    return 1.0 - math.exp(-yearly_rate / 12.0 * math.exp(log_factor))
