"""What an upstream state decides each October: how much water to let go in a year, and in whose season.

Two decisions, because they do different things: the annual volume moves water between years and makes or breaks the
supply downstream, the mode share moves it between winter power and summer irrigation. Power in winter is given up for
what the downstream states offer, as far as the upstream state believes that they will keep their word; a basin
institution that verifies takes part of the doubt away.
"""

import math

from sim.compiled import compiled


@compiled
def annual_volume(base, feedback, storage, reference, change, noise):
    """Volume in km3 to be released from October to September.

    Parameters
    ----------
    base : km3 a year at the reference storage
    feedback : km3 more for every km3 in store above the reference
    storage, reference : km3 on 1 October
    change : km3, a deliberate cut (negative) or surge
    noise : km3, what else moved the decision
    """
    return max(0.0, base + feedback * (storage - reference) + change + noise)


@compiled
def expected_barter(trust, verification, institution):
    """Chance that a promised compensation comes: trust, plus the part of the doubt that verification removes; 0-1."""
    return trust + (1.0 - trust) * verification * institution


@compiled
def mode_share(ordinary, weight, belief, barter, transfer):
    """Share of the year's volume released in the irrigation profile; the rest follows the power profile.

    Parameters
    ----------
    ordinary : share without any compensation, above 0 and below 1
    weight : log-odds per million USD a year
    belief : chance that the barter is honoured; 0-1
    barter, transfer : million USD a year, promised in kind later and paid beforehand
    """
    log_odds = math.log(ordinary / (1.0 - ordinary)) + weight * (belief * barter + transfer)
    return 1.0 / (1.0 + math.exp(-log_odds))


@compiled
def planned_release(volume, share, irrigation, power):
    """Release of a month in km3, from the year's volume and the month's fractions of both profiles."""
    return volume * (share * irrigation + (1.0 - share) * power)


@compiled
def compliance(released, agreed):
    """How far an agreed release was made, 0-1; 1 where nothing was agreed. Whether it served is another question."""
    return min(1.0, released / agreed) if agreed > 0.0 else 1.0


@compiled
def performance(delivered, wanted):
    """How far demand was met, 0-1; 1 where nothing was wanted (Bernauer & Siegfried 2008 keep the two apart)."""
    return min(1.0, delivered / wanted) if wanted > 0.0 else 1.0
