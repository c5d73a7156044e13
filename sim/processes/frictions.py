"""Unilateral frictions: a state threatens another, closes a border, cuts a supply, or moves troops.

A monthly hazard for every ordered pair. Distrust of the target and a closed leader raise it: this is where leaders
show. What is closed opens again at a steady chance a month; what is closed already is not closed once more.
"""

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.event_log import add_event_impact, add_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.hazard import happens, linear
from sim.engine.layout import CLOSABLE
from sim.engine.process import Channel, Field, Predictor, Process
from sim.engine.random import four_uniforms, uniform

FRICTION_RATE = Predictor(
    "friction",
    ("frictions.base", "frictions.distrust", "frictions.openness", "frictions.deficit"),
    most={"frictions.distrust": 0.6},  # at 1 frictions breed distrust breed frictions without end
)
PROCESS = Process(
    "frictions",
    state={
        "frontier": (
            Field("crossing", ("dyad",), 1.0, "share of the crossings that is open"),
            Field("transport", ("dyad",), 1.0, "whether trains and flights run"),
            Field("power", ("dyad",), 1.0, "whether power and gas are supplied"),
        )
    },
    channels=(Channel("friction", "friction:{dyad}", ("dyad",)),),
    parameters=("frictions",),
    predictors=(FRICTION_RATE,),
)

CLOSURE = CODE["closure"]
OPENING = CODE["opening"]
STANDOFF = CODE["standoff"]
VERBAL = CODE["verbal"]

ONLY_VERBAL, CUT_OFF, MENACE = 0, 1, 2
CROSSINGS, TRANSPORT, POWER, WATER_CUT = range(len(CLOSABLE))


LOWEST_OPENNESS = -1.5  # nobody on record was below -1.4; without a floor a few drawn leaders make all the conflict


LOWEST_TRUST = -2.0  # log-odds, 12 %: nobody on record fell below -1.7


@compiled
def friction_covariates(targets_trust, openness, deficit):
    """Covariates of the log rate per month of an act of an actor against a target, in the order of `FRICTION_RATE`.

    Parameters
    ----------
    targets_trust : log-odds that the target thinks the actor keeps its word; below -2 it counts as -2
    openness : of the actor's state and leader; below -1.5 it counts as -1.5
    deficit : unmet share of the actor's irrigation demand over twelve months; 0-1
    """
    return 1.0, -np.maximum(targets_trust, LOWEST_TRUST), -np.maximum(openness, LOWEST_OPENNESS), deficit


@compiled
def friction_kind(uniform, verbal_share, cut_off_share):
    """Kind of a friction: 0 verbal, 1 cut-off, 2 stand-off; `uniform` in [0, 1), the shares add up to at most 1."""
    if uniform < verbal_share:
        return ONLY_VERBAL
    return CUT_OFF if uniform < verbal_share + cut_off_share else MENACE


@compiled
def cut_subject(uniform, crossings_share, transport_share):
    """What a cut-off cuts but for water; `uniform` in [0, 1), the shares add up to at most 1."""
    if uniform < crossings_share:
        return CROSSINGS
    return TRANSPORT if uniform < crossings_share + transport_share else POWER


@compiled
def open_share(frontier, subject, dyad):
    """How far a link between neighbours is open: their crossings, transport or power."""
    if subject == CROSSINGS:
        return frontier.crossing[dyad]
    return frontier.transport[dyad] if subject == TRANSPORT else frontier.power[dyad]


@compiled
def set_open_share(frontier, subject, dyad, share):
    """Open or close a link between neighbours, in place."""
    if subject == CROSSINGS:
        frontier.crossing[dyad] = share
    elif subject == TRANSPORT:
        frontier.transport[dyad] = share
    elif subject == POWER:
        frontier.power[dyad] = share


@compiled
def step_frictions(region, inputs, params, member, month, dyad, log):
    """Unilateral acts of either neighbour against the other, and the reopening of a closed border; in place."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    key = inputs.channels.friction[dyad]
    first, second, crossings, transport = four_uniforms(key, 0, month, member)
    for subject in range(WATER_CUT):
        if open_share(region.frontier, subject, dyad) < 1.0:
            draw = crossings if subject == CROSSINGS else transport
            if subject == POWER:
                draw = uniform(key, 3, month, member)
            if draw < params.frictions_reopening:
                reopen(region, inputs, dyad, subject, month, log)
    for side in range(2):
        actor, target, draw = (a, b, first) if side == 0 else (b, a, second)
        covariates = friction_covariates(
            region.beliefs.logit[target, actor],
            region.polity.openness[actor],
            region.rivers.account.year_deficit[actor],
        )
        if happens(linear(0.0, params.friction_coefficients, covariates), draw):
            which, what, water, _ = four_uniforms(key, 1 + side, month, member)
            kind = friction_kind(which, params.frictions_verbal, params.frictions_cut_off)
            if kind == ONLY_VERBAL:
                hostile_act(region, inputs, actor, target, VERBAL, -1, month, log)
            elif kind == MENACE:
                hostile_act(region, inputs, actor, target, STANDOFF, -1, month, log)
            elif water < params.frictions_cut_water and withhold(region, inputs, params, actor, target):
                hostile_act(region, inputs, actor, target, CLOSURE, WATER_CUT, month, log)
            else:
                subject = cut_subject(what, params.frictions_cut_crossings, params.frictions_cut_transport)
                close(region, inputs, actor, target, subject, month, log)


@compiled
def reopen(region, inputs, dyad, subject, month, log):
    """Open a closed link of a dyad again, in place."""
    set_open_share(region.frontier, subject, dyad, 1.0)
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    write_event(log, month, OPENING, a, b, subject, 0.0)
    add_event_impact(region, inputs, a, b, OPENING, month)


@compiled
def close(region, inputs, actor, target, subject, month, log):
    """Close a link between neighbours that is open, at least in part; in place. Nothing comes of it otherwise."""
    dyad = inputs.ladder.dyad_of[actor, target]
    if open_share(region.frontier, subject, dyad) > 0.0:
        set_open_share(region.frontier, subject, dyad, 0.0)
        hostile_act(region, inputs, actor, target, CLOSURE, subject, month, log)


@compiled
def withhold(region, inputs, params, actor, target):
    """Cut what is left of the year's plan at the actor's first dam above the target; whether there is one."""
    table = inputs.rivers.table
    for pair in range(table.pair_up.shape[0]):
        if table.pair_up[pair] == actor and table.pair_down[pair] == target:
            for k in range(table.dam_state.shape[0]):
                if table.dam_state[k] == actor and table.dam_basin[k] == table.pair_basin[pair]:
                    volume = region.rivers.account.volume[k] - params.water_deliberate_cut
                    region.rivers.account.volume[k] = max(0.0, volume)
                    return True
    return False


@compiled(apart=True)
def hostile_act(region, inputs, actor, target, kind, subject, month, log):
    """What one state does to another moves the target's trust in it."""
    weights = inputs.event_weights
    write_event(log, month, kind, actor, target, subject, 0.0)
    add_impact(region.beliefs, target, actor, weights.kind_class[kind], weights.kind_weight[kind], month)


@compiled
def apply(event, region, inputs):
    """A dated closure or opening, in place; only crossings shut a border, and water has no gate to shut."""
    dyad = inputs.ladder.dyad_of[event.a, event.b]
    set_open_share(region.frontier, event.subject, dyad, 1.0 if event.kind == OPENING else 0.0)
