"""What becomes of a signature: ratification, implementation, withdrawal.

Ratification slows with the number of parties (Wuthrich 2020); implementation approaches full effect at a rate that
institutions raise; withdrawal is rare, likelier after a leader has given way to a less open one, and held down by
institutions.
"""

import math

from sim.compiled import compiled

MONTHS_OF_A_NEW_LEADER = 24


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
def withdrawal_probability(
    yearly_rate, held_by_institutions, institutions, openness_fall, leader_effect, held_by_society, society_identity
):
    """Chance per month that a state leaves an instrument it has signed.

    Parameters
    ----------
    yearly_rate : per year, 0.001-0.005
    held_by_institutions : iota3, log-hazard taken away by full institutions
    institutions : Z in [0, 1]
    openness_fall : by how much a leader new within two years is less open than the last one; 0 for an old leader
    leader_effect : log-hazard per unit of that fall
    held_by_society : log-hazard taken away by a fully shared identity of society
    society_identity : that identity, in [0, 1]
    """
    held = held_by_institutions * institutions + held_by_society * society_identity
    log_factor = leader_effect * openness_fall - held
    return 1.0 - math.exp(-yearly_rate / 12.0 * math.exp(log_factor))
