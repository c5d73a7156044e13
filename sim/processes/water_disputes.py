"""Disputes over water: a downstream state turns on an upstream one, more or less gravely.

A monthly hazard for every ordered pair of states, and an intensity on the BAR scale from -1, mild words, to -5, small
military acts (Wolf, Yoffe & Giordano 2003), by an ordered logit. The record since 1992 has three interstate cases, so
none of the coefficients is identified; that of the basin institution may be of either sign (Dinar et al. 2019).
"""

import math

from sim.engine.compiled import compiled
from sim.engine.event_log import add_mutual_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.hazard import happens, linear
from sim.engine.process import Predictor, Process
from sim.engine.random import four_uniforms
from sim.processes.rivers.release_policy import basin_institution

DISPUTE_RATE = Predictor(
    "dispute", ("disputes.base", "disputes.deficit", "disputes.trust", "disputes.institution", "disputes.flood")
)
PROCESS = Process("water_disputes", parameters=("disputes",), predictors=(DISPUTE_RATE,))

DISPUTE = CODE["dispute"]


@compiled
def dispute_covariates(deficit, trust, institution, flood):
    """Covariates of the log rate per month at which a downstream state starts a dispute with an upstream one.

    In the order of `DISPUTE_RATE`; `sim.engine.hazard.linear` adds them up.

    Parameters
    ----------
    deficit : unmet share of the downstream state's demand over the last twelve months; 0-1
    trust : log-odds that the upstream state keeps its word, as seen downstream; more trust, fewer disputes
    institution : implemented basin institution; 0-1
    flood : km3 spilled downstream this winter
    """
    return 1.0, deficit, -trust, institution, flood


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
    table, account = inputs.rivers.table, region.rivers.account
    for pair in range(table.pair_up.shape[0]):
        down, up = table.pair_down[pair], table.pair_up[pair]
        deficit = account.account_deficit[table.pair_account[pair]]
        trust = region.beliefs.logit[down, up] if up >= 0 else 0.0
        covariates = dispute_covariates(
            deficit, trust, basin_institution(region, inputs, down, up), account.flood[table.pair_basin[pair]]
        )
        draw, graver, _, _ = four_uniforms(table.pair_key[pair], 0, month, member)
        if happens(linear(0.0, params.dispute_coefficients, covariates), draw):
            cuts = (params.disputes_cut_1, params.disputes_cut_2, params.disputes_cut_3, params.disputes_cut_4)
            intensity = dispute_intensity(params.disputes_intensity_deficit * deficit, cuts, graver)
            write_event(log, month, DISPUTE, down, up, -1, intensity)
            if up >= 0:
                weight = inputs.conflict.dispute_weight[-intensity - 1]
                add_mutual_impact(region.beliefs, down, up, inputs.conflict.dispute_class, weight, month)
