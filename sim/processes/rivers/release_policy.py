"""What an upstream state decides each October: how much water to release in a year, and in whose season.

Two decisions, because they do different things: the annual volume moves water between years and makes or breaks the
supply downstream, the mode share moves it between winter power and summer irrigation. Power in winter is given up for
what the downstream states offer, as far as the upstream state believes that they will keep their word; a basin
institution that verifies takes part of the doubt away.
"""

import math

from sim.engine.compiled import compiled
from sim.engine.months import APRIL, OCTOBER
from sim.engine.random import normal
from sim.engine.side_by_side import ratio_or
from sim.processes.rivers.expected import summer_sales

REFERENCE_CHANGED = 2014
FIRST_RIVER, SECOND_RIVER, OTHER_RIVER = 0, 1, 2  # in the order of `sim.facts.Rivers.with_parameters`


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
    return min(1.0, ratio_or(released, agreed, 1.0))


@compiled
def performance(delivered, wanted):
    """How far demand was met, 0-1; 1 where nothing was wanted (Bernauer & Siegfried 2008 keep the two apart)."""
    return min(1.0, ratio_or(delivered, wanted, 1.0))


@compiled
def usual_barter(table, k, params):
    """Million USD a year promised without any scenario for summer water from dam k."""
    if table.dam_river[k] == FIRST_RIVER:
        return params.water_barter_naryn
    return params.water_barter_vakhsh if table.dam_river[k] == SECOND_RIVER else table.own_barter[k]


@compiled
def usual_noise(table, k, params):
    """Standard deviation in km3 of what else moves the annual volume of dam k."""
    if table.dam_river[k] == FIRST_RIVER:
        return params.water_volume_noise_naryn
    return params.water_volume_noise_vakhsh if table.dam_river[k] == SECOND_RIVER else table.own_noise[k]


@compiled
def decide_release(rivers, given, params, k, month, belief, noise):
    """The plan of a year for dam k: its volume, its mode, and what was agreed with those below; in place.

    Parameters
    ----------
    belief : chance that promised compensation comes; 0-1
    noise : km3, what else moved the decision
    """
    table, account = given.table, rivers.account
    storage = rivers.flows.nodes[table.dam_node[k]].storage
    reference = table.earlier_reference[k] if month // 12 < REFERENCE_CHANGED else table.reference[k]
    usual, feedback = table.usual_volume[k], table.feedback[k]
    account.volume[k] = annual_volume(usual, feedback, storage, reference, account.change[k], noise)
    within = params.water_barter_reference * usual_barter(table, k, params)  # what the ordinary share rests on
    ordinary = table.ordinary[k]
    paid = account.transfer[k] + summer_sales(given, params, k, month) - within
    account.share[k] = mode_share(ordinary, params.water_mode_weight, belief, account.barter[k], paid)
    # the agreement is about the usual volume, and counts on everybody's word
    agreed_volume = annual_volume(usual, feedback, storage, reference, 0.0, 0.0)
    agreed_share = mode_share(ordinary, params.water_mode_weight, 1.0, account.barter[k], paid)
    account.agreed[k] = 0.0
    for m in range(APRIL, OCTOBER):
        account.agreed[k] += planned_release(agreed_volume, agreed_share, table.irrigation[k, m], table.power[k, m])
    account.released[k] = 0.0


@compiled
def decide_releases(first, last, region, inputs, params, member, month):
    """Each October the states first..last-1 decide what their dams release in the coming year, in place."""
    account, table = region.rivers.account, inputs.rivers.table
    if month < inputs.clock.branch:
        return
    for k in range(account.volume.shape[0]):
        state = table.dam_state[k]
        if state < first or state >= last or (month % 12 != OCTOBER and account.volume[k] >= 0.0):
            continue
        belief = belief_in_barter(region, inputs, params, k)
        noise = usual_noise(table, k, params) * normal(table.dam_key[k], 0, month // 12, member)
        decide_release(region.rivers, inputs.rivers, params, k, month, belief, noise)


@compiled
def belief_in_barter(region, inputs, params, k):
    """Chance, as the owner of dam k sees it, that those below will deliver what they promise: mean over them."""
    table = inputs.rivers.table
    owner = table.dam_state[k]
    total, count = 0.0, 0
    for pair in range(table.pair_up.shape[0]):
        if table.pair_up[pair] == owner and table.pair_basin[pair] == table.dam_basin[k]:
            below = table.pair_down[pair]
            checked = basin_institution(region, inputs, owner, below)
            total += expected_barter(region.beliefs.trust[owner, below], params.water_verification, checked)
            count += 1
    return total / count if count > 0 else 0.0


@compiled
def basin_institution(region, inputs, a, b):
    """Implemented depth, 0-1, of the new basin institutions that both states have signed; 0 with a neighbour.

    The bodies of the record are not counted: whatever they do is part of what was observed.
    """
    if a < 0 or b < 0:
        return 0.0
    missing, treaties = 1.0, region.treaties
    for n in range(inputs.conflict.n_basin_accords):
        m = inputs.conflict.basin_accord[n]
        if treaties.lapsed[m] == 0 and treaties.signed[m, a] >= 0 and treaties.signed[m, b] >= 0:
            missing *= 1.0 - inputs.accords.depth[m] * treaties.implemented[m]
    return 1.0 - missing
