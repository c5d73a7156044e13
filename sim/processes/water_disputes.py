"""Disputes over water: a downstream and an upstream state fall out, more or less gravely.

A monthly hazard for every pair of states on every river they share, and an intensity on the BAR scale from -1, mild
words, to -5, small military acts (Wolf, Yoffe & Giordano 2003), by an ordered logit. Both are fitted to the record of
disputes (`sim.inference.disputes`) with an allowance for what was never reported: the rate here is that of all of them.
Each pair has its own level, pooled towards that of all. The effect of a basin institution is assumed, of either sign
(Dinar et al. 2019).
"""

import math

from sim.engine.compiled import compiled
from sim.engine.event_log import add_mutual_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.hazard import happens, linear
from sim.engine.months import growing_season
from sim.engine.process import Predictor, Process
from sim.engine.random import four_uniforms
from sim.processes.rivers.past import FIRST_MONTH, step_past
from sim.processes.rivers.release_policy import basin_institution
from sim.processes.rivers.state import copy_rivers
from sim.processes.rivers.step import begin_account

DISPUTE_RATE = Predictor(
    "dispute",
    (
        "disputes.base",
        "disputes.deficit",
        "disputes.trust",
        "disputes.institution",
        "disputes.flood",
        "disputes.season",
        "disputes.openness",
    ),
)
PROCESS = Process("water_disputes", parameters=("disputes",), predictors=(DISPUTE_RATE,))

DISPUTE = CODE["dispute"]


@compiled
def dispute_covariates(deficit, trust, institution, flood, in_season, openness_sum):
    """Covariates of the log rate per month of a dispute of a pair on a river, in the order of `DISPUTE_RATE`.

    What the pair adds comes on top.

    Parameters
    ----------
    deficit : unmet share of the downstream state's demand over the last twelve months; 0-1
    trust : log-odds that the upstream state keeps its word, as seen downstream; more trust, fewer disputes
    institution : implemented basin institution; 0-1
    flood : km3 spilled downstream this winter
    in_season : whether it is April to September
    openness_sum : of both states and leaders; more openness, fewer disputes
    """
    return 1.0, deficit, -trust, institution, flood, 1.0 * in_season, -openness_sum


@compiled
def pair_offset(params, down, up):
    """What a pair adds to the log rate of its disputes; nothing where no calibration speaks of it."""
    offset = params.dispute_offset[down, up]  # an upstream neighbour without treaty agency, -1, stands last
    return 0.0 if math.isnan(offset) else offset


@compiled
def pair_water(rivers, table, pair):
    """Deficit downstream and winter flood of a pair on a river, 0 where the network does not tell."""
    account, basin = table.pair_account[pair], table.pair_basin[pair]
    deficit = rivers.account.account_deficit[account] if account >= 0 else 0.0
    return deficit, rivers.account.flood[basin] if basin >= 0 else 0.0


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
    for k in range(len(cuts)):
        if uniform < 1.0 / (1.0 + math.exp(cuts[k] - severity)):
            level = k + 2
    return -level


@compiled
def step_water_disputes(region, inputs, params, member, month, log):
    """Disputes of downstream states with those above them, in place."""
    table, openness = inputs.rivers.table, region.polity.openness
    for pair in range(table.pair_up.shape[0]):
        down, up = table.pair_down[pair], table.pair_up[pair]
        deficit, flood = pair_water(region.rivers, table, pair)
        trust, openness_sum = 0.0, openness[down]
        if up >= 0:
            trust = region.beliefs.logit[down, up]
            openness_sum += openness[up]
        covariates = dispute_covariates(
            deficit, trust, basin_institution(region, inputs, down, up), flood, growing_season(month), openness_sum
        )
        draw, graver, _, _ = four_uniforms(table.pair_key[pair], 0, month, member)
        if happens(linear(pair_offset(params, down, up), params.dispute_coefficients, covariates), draw):
            cuts = (params.disputes_cut_1, params.disputes_cut_2, params.disputes_cut_3, params.disputes_cut_4)
            intensity = dispute_intensity(params.disputes_intensity_deficit * deficit, cuts, graver)
            write_event(log, month, DISPUTE, down, up, -1, intensity)
            if up >= 0:
                weight = inputs.conflict.dispute_weight[-intensity - 1]
                add_mutual_impact(region.beliefs, down, up, inputs.conflict.dispute_class, weight, month)


@compiled(allocates=True)
def recall_pair_water(rivers, given, params, first, members, found):
    """Add up what every pair could quarrel over in the documented past of some members, in place.

    Parameters
    ----------
    rivers : working space
    first : absolute month
    found : (2, month, pair) deficits and winter floods from month `first` on
    """
    for member in range(members):
        copy_rivers(given.start, rivers)
        begin_account(rivers, given, params)
        for month in range(FIRST_MONTH, first + found.shape[1]):
            step_past(rivers, given, params, member, month, False)
            if month >= first:
                for pair in range(found.shape[2]):
                    deficit, flood = pair_water(rivers, given.table, pair)
                    found[0, month - first, pair] += deficit
                    found[1, month - first, pair] += flood
