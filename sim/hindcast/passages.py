"""First passages: how long from an origin until a dyad's next step on the ladder, cut at the end of the record.

A step that has not come by then counts as coming there, for forecasts and record alike, so that CRPS scores the whole
of what the record can decide about a waiting time: min(T, horizon). Gneiting & Raftery (2007) for the score; the cut
time is a time of its own and the score is proper for it.
"""

import numpy as np

from sim.engine.event_types import CODE
from sim.hindcast.hazard_fit import Problem, fit_variant, spread_around
from sim.hindcast.origins import Origin
from sim.hindcast.rolling import ground_of
from sim.hindcast.scores import ENGINE, Cases
from sim.hindcast.variants import Variant, baselines
from sim.inference.observations import DECLARATION, History
from sim.inference.predictors import Predictor
from sim.inference.risk_sets import CERTAIN

TOP = 3
_RIVALS = ("constant + wave", "per rung + wave", "rung + time + wave", "rung + 2016 + declared + wave")


def passages_from(origin: Origin, recorded: History) -> Cases:
    """Waiting times, in years, of the dyads that had a step left at the origin.

    Parameters
    ----------
    recorded : the whole record
    """
    dyads, months = documented_waits(origin, recorded)
    waits = {ENGINE: engine_waits(origin)[:, dyads]}
    for variant in rivals(origin):
        waits[variant.name] = hazard_waits(variant, origin, len(origin.block.members))[:, dyads]
    names = np.array(["-".join(pair) for pair in origin.panel.dyads])
    members = {rule: np.ascontiguousarray(found.T) / 12.0 for rule, found in waits.items()}
    return Cases("first passages: years to a dyad's next step", "years", months / 12.0, members, names[dyads], "dyads")


def rivals(origin: Origin) -> list[Variant]:
    """The rivals of the one-step scores, all with the wave that the engine has too."""
    table = {prior.name: prior for prior in origin.priors}
    return [variant for variant in baselines(table) if variant.name in _RIVALS]


def documented_waits(origin: Origin, recorded: History) -> tuple[np.ndarray, np.ndarray]:
    """Dyads below the highest rung at the origin, and months until the next step of each, at most the horizon."""
    rung = np.zeros(len(origin.panel.dyads), np.int64)
    wait = np.full(len(rung), origin.horizon)
    for step in recorded.steps:
        if step.rung == DECLARATION:
            continue
        if step.month < origin.month:
            rung[step.dyad] = max(rung[step.dyad], step.rung)
        else:
            wait[step.dyad] = min(wait[step.dyad], step.month - origin.month)
    dyads = np.flatnonzero(rung < TOP)
    return dyads, wait[dyads]


def engine_waits(origin: Origin) -> np.ndarray:
    """(member, dyad) months until the first step that a member takes, at most the horizon."""
    events, states = origin.block.events, origin.world.states
    waits = np.full((len(origin.block.members), len(origin.world.dyads)), origin.horizon)
    steps = events[(events["kind"] == CODE["rung"]) & (events["month"] >= origin.month)]
    number = {(states.index(a), states.index(b)): d for d, (a, b) in enumerate(origin.world.dyads)}
    dyads = np.array([number[a, b] for a, b in zip(steps["a"].tolist(), steps["b"].tolist())], np.int64)
    np.minimum.at(waits, (steps["member"] - origin.block.members[0], dyads), steps["month"] - origin.month)
    return waits


def hazard_waits(variant: Variant, origin: Origin, size: int, seed: int = 1) -> np.ndarray:
    """(draw, dyad) months until the next step by a rival's hazard, at most the horizon.

    It is fitted on the record before the origin and drawn from its Laplace approximation; each draw has shocks of its
    own years. Covariates of later months are those of a region in which nothing more is signed: a declaration stays as
    it was, and the months after August 2016 are known for what they are.
    """
    ground = ground_of(origin.panel, origin.history, origin.priors, origin.facts)
    problem = ground.pose(variant)
    before = ground.rows.month < origin.month
    draws = spread_around(problem, before, fit_variant(problem, before), size, seed)
    rows = ground.rows
    later = np.flatnonzero(~before & (rows.kind < TOP) & (rows.phase == CERTAIN))
    rng, n_dyads = np.random.default_rng([seed, origin.year]), len(origin.panel.dyads)
    shocks = rng.standard_normal((size, origin.horizon // 12 + 1))
    until = rng.exponential(size=(size, n_dyads))
    waits, coming = np.full((size, n_dyads), origin.horizon), problem.predictor.keep(later)
    for k, draw in enumerate(draws):
        hazard = np.zeros((n_dyads, origin.horizon))
        log_hazard = _log_hazards(problem, coming, draw, shocks[k][(rows.month[later] - origin.month) // 12])
        hazard[rows.dyad[later], rows.month[later] - origin.month] = np.exp(log_hazard)
        survived = (np.cumsum(hazard, axis=1) < until[k, :, None]).sum(axis=1)
        waits[k] = np.minimum(survived, origin.horizon)
    return waits


def _log_hazards(problem: Problem, coming: Predictor, draw: np.ndarray, shock: np.ndarray) -> np.ndarray:
    """(row,) log hazard a month of the rows to come, with this draw's shock of every year."""
    if not problem.variant.wave:
        return coming.eta(draw)
    spread = problem.spread(draw)
    return coming.eta(draw) + spread * shock - 0.5 * spread**2
