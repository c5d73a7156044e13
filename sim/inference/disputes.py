"""Disputes over water: rows at risk, priors and posterior of their hazard, a block of its own beside the treaties.

Every pair of states on every river they share is at risk every month. The hazard is the engine's
(`sim.processes.water_disputes`); what is on record is thinned by the share of disputes that the reporting of the time
shows, log seen + `disputes.seen`, whose error is common to all years. Pairs differ by normal effects of a fixed spread,
most of it what each of the two states brings to all its pairs, which pools those with little record towards the others
of the same states. Trust and water come from the replay of the record; openness of
leaders is held at what treaties and frictions say of it, on the mean, so that nothing flows back into their fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.compiled import plain
from sim.engine.months import growing_season
from sim.facts import Facts
from sim.facts.river_rows import Reporting, seen_share
from sim.inference.covariates import Panel
from sim.inference.laplace import find_mode
from sim.inference.likelihood import hazard_rows
from sim.inference.observations import Act, History
from sim.inference.posterior import HazardTerm, Posterior
from sim.inference.predictors import Predictor, predictor
from sim.inference.priors import Layout, Prior, draw_prior, parse_prior
from sim.inference.risk_sets import Rows, act_columns
from sim.inference.sample import effective_draws, posterior_draws
from sim.processes.water_disputes import DISPUTE_RATE, dispute_covariates

RATE = (
    "disputes.base",
    "disputes.deficit",
    "disputes.trust",
    "disputes.flood",
    "disputes.season",
    "disputes.openness",
)
SEEN = "disputes.seen"
PAIR_SD = 0.7  # of a pair's log rate around that of all: by a factor of two
STATE_SD = 0.45  # of which either state brings so much to all its pairs
_COLUMNS = ("pair", "month", "event", "group", "phase")


@dataclass(frozen=True, eq=False)
class DisputeRows(Rows):
    """Rows ordered so that windows come last, each together.

    pair : row of `Panel.riparians`; month, event, group, phase : as of `sim.inference.risk_sets.LadderRows`
    deficit, flood, season, log_odds : covariates; openness : of both states' leaders, summed
    log_seen : log of the share of disputes that is on record
    """

    pair: np.ndarray
    month: np.ndarray
    event: np.ndarray
    group: np.ndarray
    phase: np.ndarray
    deficit: np.ndarray
    flood: np.ndarray
    season: np.ndarray
    log_odds: np.ndarray
    openness: np.ndarray
    log_seen: np.ndarray
    ids: np.ndarray


def dispute_rows(
    panel: Panel, acts: Sequence[Act], openness: np.ndarray, reporting: Sequence[Reporting] = ()
) -> DisputeRows:
    """Rows of all pairs and months of a panel.

    Parameters
    ----------
    acts : of a history; those that are disputes count
    openness : (leader,) in the order of the panel
    """
    risks = [((k,), [act for act in acts if act.kind == "dispute" and act.place == k]) for k in range(pairs_of(panel))]
    columns, ids = act_columns(panel, _COLUMNS, risks)
    t, pair = columns["month"] - panel.first, columns["pair"]
    down, up = panel.pair_down[pair], panel.pair_up[pair]
    inside, years = up >= 0, np.arange(panel.first // 12, panel.end // 12 + 1)
    seen = np.log([seen_share(reporting, int(year)) for year in years])
    both = _at(openness, panel.leader[t, down]) + inside * _at(openness, panel.leader[t, np.maximum(up, 0)])
    return DisputeRows(
        **columns,
        deficit=panel.pair_deficit[t, pair],
        flood=panel.pair_flood[t, pair],
        season=np.array([growing_season(int(month)) for month in columns["month"]]),
        log_odds=inside * panel.log_odds[t, down, np.maximum(up, 0)],
        openness=both,
        log_seen=seen[columns["month"] // 12 - panel.first // 12],
        ids=ids,
    )


def pairs_of(panel: Panel) -> int:
    """How many pairs share a river."""
    return len(panel.riparians)


def pair_names(panel: Panel) -> tuple[str, ...]:
    """Names of the pairs' effects, one for all rivers that a pair shares."""
    return tuple(dict.fromkeys(f"dispute.{down}-{up}" for down, up, _ in panel.riparians))


def _at(openness: np.ndarray, leader: np.ndarray) -> np.ndarray:
    """(row,) openness of leaders, 0 where nobody is on record."""
    return np.where(leader >= 0, openness[leader], 0.0)


def dispute_priors(facts: Facts, panel: Panel) -> tuple[Prior, ...]:
    """Priors of the hazard, of the reporting and of the pairs; none for a region without rivers.

    A pair's effect is centred below zero, so that its spread does not raise the mean rate. Pairs of the same state
    share part of it: the record prefers that by a factor of four to effects that have nothing in common.
    """
    if not pairs_of(panel):
        return ()
    table = {row.name: row for row in facts.parameters}
    known = [parse_prior(name, table[name].prior, table[name].lower, table[name].upper) for name in (*RATE, SEEN)]
    pairs = dict.fromkeys((down, up) for down, up, _ in panel.riparians)
    effects = (
        Prior(name, -0.5 * PAIR_SD**2, PAIR_SD, -5.0, 5.0, pair, STATE_SD)
        for name, pair in zip(pair_names(panel), pairs, strict=True)
    )
    return (*known, *effects)


def dispute_predictor(layout: Layout, panel: Panel, rows: DisputeRows) -> Predictor:
    """The log hazard of disputes that are on record."""
    covariates = plain(dispute_covariates)(rows.deficit, rows.log_odds, 0.0, rows.flood, rows.season, rows.openness)
    columns = {
        name: np.broadcast_to(column, len(rows)).astype(float)
        for name, column in zip(DISPUTE_RATE.coefficients, covariates, strict=True)
        if name in RATE
    }
    columns[SEEN] = np.ones(len(rows))
    names = np.array([f"dispute.{down}-{up}" for down, up, _ in panel.riparians])
    columns |= {name: names[rows.pair] == name for name in pair_names(panel)}
    return predictor(layout, columns, value=rows.log_seen, gain=1.0)


def dispute_posterior(panel: Panel, rows: DisputeRows, priors: tuple[Prior, ...]) -> Posterior:
    """The posterior of the hazard of disputes."""
    layout = Layout(prior.name for prior in priors)
    term = HazardTerm(dispute_predictor(layout, panel, rows), hazard_rows(rows, np.array([0, len(rows)], np.int64)))
    return Posterior(priors, {"disputes": term})


def recorded_openness(panel: Panel, names: Sequence[str], draws: np.ndarray) -> np.ndarray:
    """(leader,) mean of the draws of each leader's openness, in the order of the panel."""
    place = {name: k for k, name in enumerate(names)}
    wanted = [f"openness.{state}.{name.lower().replace(' ', '-')}" for state, name in map(_split, panel.leaders)]
    return np.array([draws[:, place[name]].mean() if name in place else 0.0 for name in wanted])


def _split(leader: str) -> tuple[str, str]:
    state, _, name = leader.partition(" ")
    return state, name


def draw_hazard(
    facts: Facts, panel: Panel, history: History, openness: np.ndarray, size: int, seed: int, with_record: bool = True
) -> tuple[tuple[Prior, ...], np.ndarray, dict]:
    """Priors, (size, parameter) draws from the posterior, or without the record from the priors, and diagnostics."""
    priors, rng = dispute_priors(facts, panel), np.random.default_rng([seed, 2])
    if not with_record or not priors:
        return priors, draw_prior(priors, size, rng) if priors else np.empty((size, 0)), {}
    rows = dispute_rows(panel, history.acts, openness, facts.river_reporting)
    posterior = dispute_posterior(panel, rows, priors)
    draws = posterior_draws(posterior, find_mode(posterior), rng, size)
    count = sum(act.kind == "dispute" for act in history.acts)
    return priors, draws, {"sampler": "mici", "disputes": count, "effective_draws": int(effective_draws(draws))}
