"""The month, written once: what happens in which order.

Three stretches, between which every state acts for itself: an ensemble lets the states act by index, `RegionModel`
agent by agent, and the bits are the same.

    open_month       dated events, the year's figures, new leaders, summits, the flow of the rivers
      decide_releases, each state
    act              water, borders and frictions; impacts on trust
      update_trust, each state; commit_trust; appraise, each state
    close_month      treaties, the regional process, trade
"""

from sim.engine.compiled import compiled
from sim.engine.event_types import BORDER_CONFLICT, RATIFICATION, REGION, RIVERS
from sim.model.dispatch import apply_events
from sim.processes.accords import accede, answer_summits, draw_attitudes
from sim.processes.bilateral_treaties import draw_wave, keep_documented_steps, learn_of_wave, step_rungs
from sim.processes.border_conflict import learn_of_frailty, step_section, value_borders
from sim.processes.external_influence import set_capacity, set_pull, set_turbulence
from sim.processes.frictions import step_frictions
from sim.processes.leaders import change_leaders, override_openness
from sim.processes.ratification import (
    end_plans,
    implement_accords,
    implement_rungs,
    ratify_accords,
    ratify_rungs,
    withdraw_from_accords,
    withdraw_from_rungs,
)
from sim.processes.region import hold_summits, somebody_meets, step_region
from sim.processes.rivals import step_rivals
from sim.processes.rivers.past import begin_rivers, step_rivers
from sim.processes.rivers.release_policy import decide_releases
from sim.processes.rivers.step import draw_inflow
from sim.processes.tabling import drop_texts, table_texts
from sim.processes.trade.step import step_trade
from sim.processes.trust import apply_impacts, commit_trust, update_trust
from sim.processes.utility import appraise_rungs, steps_matter
from sim.processes.water_disputes import step_water_disputes


@compiled
def advance_month(region, inputs, params, member, month, log):
    """One month of one member, in place.

    Parameters
    ----------
    region : RegionState of this member
    inputs : Inputs shared by all members
    params : one row of parameters
    member : number of the member
    month : absolute month
    log : EventLog of this member
    """
    n_states = region.beliefs.logit.shape[0]
    open_month(region, inputs, params, member, month, log)
    decide_releases(0, n_states, region, inputs, params, member, month)
    act(region, inputs, params, member, month, log)
    update_trust(0, n_states, region, params)
    commit_trust(region)
    if steps_matter(inputs, month, log):
        appraise_rungs(0, n_states, region, inputs, params, month)
    close_month(region, inputs, params, member, month, log)


@compiled
def open_month(region, inputs, params, member, month, log):
    """What the date brings, and the water of the month; in place."""
    region.environment.summit[:] = 0
    if month == inputs.clock.start or month % 12 == 0:
        draw_wave(region, inputs, params, member, month)
        set_capacity(region.polity, region.commerce, inputs, params, month)
    dated = apply_events(REGION, region, inputs, params, member, month, log)
    if month == inputs.clock.branch:
        if month % 12 != 0:
            draw_wave(region, inputs, params, member, month)
        draw_attitudes(region, inputs, params, member)
        override_openness(region, inputs)
    if month >= inputs.clock.branch:
        change_leaders(region, inputs, params, member, month, log)
    step_rivals(region, inputs, params, member, month, log)
    hold_summits(region, inputs, params, member, month, log)
    table_texts(region, inputs, params, member, month, log)
    set_pull(region, inputs, params, month, dated)
    set_turbulence(region, inputs, month)
    begin_rivers(region, inputs, params, member, month)
    apply_events(RIVERS, region, inputs, params, member, month, log)
    draw_inflow(region, inputs, params, member, month)


@compiled
def act(region, inputs, params, member, month, log):
    """What states do to the water and to each other, documented before the branch, drawn after it; in place."""
    step_rivers(region, inputs, params, member, month)
    if month < inputs.clock.branch and month // 12 == inputs.clock.branch // 12:
        learn_of_frailty(region, inputs, params, month)
    apply_events(BORDER_CONFLICT, region, inputs, params, member, month, log)
    apply_impacts(region, inputs, month)
    if month < inputs.clock.branch:
        return
    step_water_disputes(region, inputs, params, member, month, log)
    for d in range(inputs.borders.exists.shape[0]):
        if inputs.borders.exists[d] == 1:
            step_frictions(region, inputs, params, member, month, d, log)
            step_section(region, inputs, params, member, month, d, log)
    value_borders(region, inputs, params, month)


@compiled
def close_month(region, inputs, params, member, month, log):
    """Treaties are concluded, ratified, implemented and left; then the regional process and trade; in place."""
    if log.terms.shape[0] > 0 and month < inputs.clock.branch:
        keep_documented_steps(region, inputs, params, month, log)
    if month < inputs.clock.branch and month // 12 == inputs.clock.branch // 12:
        learn_of_wave(region, inputs, params, month)
    apply_events(RATIFICATION, region, inputs, params, member, month, log)
    if month >= inputs.clock.branch:
        step_rungs(region, inputs, params, member, month, log)
        if somebody_meets(region):
            answer_summits(region, inputs, params, member, month, log)
            drop_texts(region, inputs, params, member, month)
        accede(region, inputs, params, member, month, log)
        ratify_rungs(region, inputs, params, member, month, log)
        ratify_accords(region, inputs, params, member, month, log)
        if month % 12 == 11:
            withdraw_from_rungs(region, inputs, params, member, month, log)
            withdraw_from_accords(region, inputs, params, member, month, log)
    end_plans(region, inputs, month)
    implement_rungs(region, params)
    implement_accords(region, params)
    step_region(region, inputs, params, month)
    step_trade(region, inputs, params, member, month)
