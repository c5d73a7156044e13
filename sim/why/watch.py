"""Terms of the monthly hazards of conflict, read off members that are simulated once more, month by month.

A hazard of month m reads the beliefs, treaties and borders that month m - 1 left and the rivers and leaders of month m
itself; so the first are taken before the month is simulated and the others after it.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from sim.engine.months import growing_season
from sim.model import World
from sim.model.initial import begin, empty_log
from sim.model.parameters import draw_parameters
from sim.model.step import advance_month
from sim.processes.border_conflict import MONTHS_OF_A_CLASH, at_risk, clash_covariates
from sim.processes.rivers.release_policy import basin_institution
from sim.processes.water_disputes import dispute_covariates, pair_offset, pair_water
from sim.why.target import Target
from sim.why.term_names import CLASH, DISPUTE

Read = Callable[[object, object, int], dict[str, float] | None]


def watch(
    world: World, members: Sequence[int], target: Target, progress: Callable[[int], None] = lambda _: None
) -> dict[str, np.ndarray]:
    """Terms of a conflict hazard in every simulated month of these members.

    Returns ``member`` and ``month`` and an array per term, a row per month in which the hazard exists. The terms add
    up, in their order, to the log rate per month.
    """
    memory, log = world.new_memory(), empty_log()
    region = memory.region
    before, after = (_dispute if target.kind == "dispute" else _clash)(world, target)
    names = tuple(DISPUTE if target.kind == "dispute" else CLASH)
    rows = []
    for done, member in enumerate(members):
        params = draw_parameters(world.scenario, world.facts, member, member + 1)[0]
        begin(memory, world.inputs, params, member, log)
        for month in world.months:
            if month < world.inputs.clock.branch:
                advance_month(region, world.inputs, params, member, month, log)
                continue
            taken = before(region, params, month)
            advance_month(region, world.inputs, params, member, month, log)
            if taken is not None:
                terms = {**taken, **(after(region, params, month) or {})}
                rows.append((member, month, *(terms[name] for name in names)))
        progress(done + 1)
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(names) + 2)
    return {name: table[:, place] for place, name in enumerate(("member", "month", *names))}


def _dispute(world: World, target: Target) -> tuple[Read, Read]:
    inputs, states = world.inputs, world.states
    down = states.index(target.states[0])
    up = states.index(target.states[1]) if target.states[1] in states else -1
    table = inputs.rivers.table
    pairs = [k for k in range(table.pair_up.shape[0]) if table.pair_down[k] == down and table.pair_up[k] == up]

    def before(region, params, _month):
        """What is known before the month's water."""
        trust = region.beliefs.logit[down, up] if up >= 0 else 0.0
        covariates = dispute_covariates(0.0, trust, basin_institution(region, inputs, down, up), 0.0, False, 0.0)
        terms = dict(zip(DISPUTE, params.dispute_coefficients * covariates))
        return {**terms, "intercept": terms["intercept"] + pair_offset(params, down, up)}

    def after(region, params, month):
        """What the month's water adds."""
        # a pair may meet on several rivers; the river that lacks most water is shown, the others are summed up
        waters = [pair_water(region.rivers, table, pair) for pair in pairs]
        deficit, flood = max(waters)
        openness = region.polity.openness[down] + (region.polity.openness[up] if up >= 0 else 0.0)
        covariates = dispute_covariates(deficit, 0.0, 0.0, flood, growing_season(month), openness)
        terms = dict(zip(DISPUTE, params.dispute_coefficients * covariates))
        others = sum(
            math.exp(params.disputes_deficit * (dry - deficit) + params.disputes_flood * (wet - flood))
            for dry, wet in waters
        )
        own = {name: float(terms[name]) for name in ("deficit", "flood", "season", "openness")}
        return {**own, "rivers": math.log(others)}

    return before, after


def _clash(world: World, target: Target) -> tuple[Read, Read]:
    inputs = world.inputs
    a, b = (world.states.index(state) for state in target.states)
    dyad = inputs.ladder.dyad_of[a, b]
    enclaves = bool(inputs.conflict.enclaves[dyad])

    def before(region, params, month):
        """The terms of the hazard of a clash this month; None where none can happen."""
        frontier = region.frontier
        if not inputs.borders.exists[dyad] or not at_risk(frontier.unsettled[dyad], enclaves):
            return None
        offset = params.clash_offset[dyad]
        offset = inputs.conflict.clash_offset[dyad] if np.isnan(offset) else offset
        open_km = inputs.borders.length[dyad] * frontier.unsettled[dyad]
        last = frontier.clash_month[dyad]
        recent = last >= 0 and month - last <= MONTHS_OF_A_CLASH
        trust = 0.5 * (region.beliefs.logit[a, b] + region.beliefs.logit[b, a])
        covariates = clash_covariates(open_km, growing_season(month), recent, trust)
        terms = dict(zip(CLASH, params.clash_coefficients * covariates))
        return {**terms, "intercept": terms["intercept"] + offset}

    def after(region, _params, _month):
        return {"frailty": float(region.frontier.log_frailty[dyad])}

    return before, after
