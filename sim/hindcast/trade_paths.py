"""Forecasts of the trade path alone from past origins, by the package's own mechanisms.

The path is that of docs/trade.md; every coefficient is the table's, not fitted again at each origin. With costs frozen
and the residual kept for good it is the gravity that forecasts are set beside.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from sim.facts import load_facts, load_trade_facts
from sim.facts.record import OURS, Record
from sim.facts.trade_panel import TradePanel, passage, tariff_content
from sim.processes.trade.costs import CostEffects, cost_term, phase_in
from sim.processes.trade.flows import Path, Rates, trade_year
from sim.processes.trade.growth import drawn_drifts, grow, next_drift

AHEAD = 5


class Effects(NamedTuple):
    """Coefficients of the path; the spreads are what members draw. Log points unless said."""

    size: float
    persistence: float
    level_pace: float
    shock_axis: float
    shock_others: float
    shock_common: float
    depth: float
    documented_tariff: float
    passage: float
    closed: float
    size_spread: float
    passage_spread: float
    closed_spread: float


def default_effects() -> Effects:
    """As the package ships them."""
    rows = {row.name.removeprefix("trade."): row for row in load_trade_facts().parameters}
    return Effects(
        size=rows["size_elasticity"].value,
        persistence=rows["persistence"].value,
        level_pace=rows["level_pace"].value,
        shock_axis=rows["shock_kaz_uzb"].value,
        shock_others=rows["shock_others"].value,
        shock_common=rows["shock_common"].value,
        depth=rows["depth_effect"].value,
        documented_tariff=0.0,
        passage=rows["passage_effect"].value,
        closed=rows["closed_effect"].value,
        size_spread=rows["size_elasticity"].spread,
        passage_spread=rows["passage_effect"].spread,
        closed_spread=rows["closed_effect"].spread,
    )


def frozen_gravity() -> Effects:
    """Gravity whose costs stay as they are: what a pair traded beyond its sizes, it goes on trading for good."""
    return default_effects()._replace(persistence=1.0, level_pace=0.0, passage=0.0, closed=0.0)


class Documented(NamedTuple):
    """What the cost terms read, (pair, year) each."""

    depth: np.ndarray
    tariff: np.ndarray
    passage: np.ndarray
    closed: np.ndarray


def record_of(panel: TradePanel, record: Record = OURS) -> Documented:
    """Political depth, phased documented tariff content, passage and closure of every pair and year."""
    facts = load_trade_facts(record)
    content = tariff_content(facts, panel.names, panel.years)
    phased = np.zeros(content.shape)
    for k in range(1, len(panel.years)):
        for p in range(len(panel.names)):
            phased[p, k] = phase_in(phased[p, k - 1], content[p, k], 10.0)
    return Documented(_political_depth(panel, record), phased, *passage(facts, panel.names, panel.years))


def _political_depth(panel: TradePanel, record: Record) -> np.ndarray:
    facts = load_facts(record)
    depth_of = {rung.id: rung.depth for rung in facts.rungs}
    depth = np.zeros((len(panel.names), len(panel.years)))
    for event in facts.events:
        name = "-".join(sorted(event.parties))
        if event.kind == "rung" and event.used and name in panel.names:
            later = panel.years >= event.date.year
            row = depth[panel.names.index(name)]
            row[later] = np.maximum(row[later], depth_of[event.subject])
    return depth


def costs(record: Documented, effects: Effects) -> np.ndarray:
    """(pair, year), the cost term in log points."""
    term = np.empty(record.depth.shape)
    weights = CostEffects(effects.depth, effects.documented_tariff, effects.passage, effects.closed)
    for p, k in np.ndindex(term.shape):
        inputs = (record.depth[p, k], record.tariff[p, k], record.passage[p, k], record.closed[p, k])
        term[p, k] = cost_term(weights, *inputs, 0.0)
    return term


def simulate(
    panel: TradePanel,
    record: Record,
    effects: Effects,
    origins: Iterable[int],
    members: int,
    sizes_known: bool = True,
    borders_known: bool = True,
) -> dict[int, np.ndarray]:
    """Forecasts from every origin.

    Parameters
    ----------
    record : a user's tables
    origins : last years with figures known
    sizes_known : take volumes of GDP as they came; else draw them from what was known at the origin
    borders_known : take crossings as they came; else hold them as they were at the origin

    Returns
    -------
    index of the origin's year -> (member, pair, year ahead), log of trade in constant 2021 USD
    """
    facts, documented = load_trade_facts(record), record_of(panel, record)
    starts = {int(np.flatnonzero(panel.years == origin)[0]) for origin in origins}
    found = {start: np.full((members, len(panel.names), AHEAD), np.nan) for start in starts}
    for member in range(members):
        random = np.random.default_rng([2026, member])
        drawn = effects._replace(
            size=effects.size + effects.size_spread * random.standard_normal(),
            passage=effects.passage + effects.passage_spread * random.standard_normal() * (effects.passage != 0),
            closed=effects.closed + effects.closed_spread * random.standard_normal() * (effects.closed != 0),
        )
        own = {start: table[member] for start, table in found.items()}
        _one_member(panel, facts, drawn, costs(documented, drawn), random, own, sizes_known, borders_known)
    return found


def _one_member(panel, facts, effects, cost, random, found, sizes_known, borders_known) -> None:
    n, base = len(panel.names), panel.base
    first, second = panel.pairs.T
    size = panel.log_volume[first] + panel.log_volume[second]
    documented = np.log(panel.trade_usd)
    spread = effects.shock_others * panel.spread_factor
    spread[panel.pair(facts.axis)] = effects.shock_axis
    own_spread = np.sqrt(np.maximum(spread**2 - effects.shock_common**2, 0.0))
    rates = Rates(effects.size, effects.persistence, effects.level_pace, effects.shock_common)
    empty, quiet, nothing = np.empty(n), np.zeros(n), np.full(n, np.nan)
    path = Path(empty, empty, own_spread, quiet, nothing.copy(), nothing.copy(), np.empty(n))
    for k in range(max(found) + 1):
        path = path._replace(size_change=size[:, k] - size[:, base], cost_change=cost[:, k] - cost[:, base])
        trade_year(path, documented[:, k], documented[:, base], 0.0, rates)
        if k not in found:
            continue
        ahead = Path(*(part.copy() for part in path))
        sizes = None if sizes_known else forecast_sizes(panel, facts, k, random)
        for h in range(1, AHEAD + 1):
            common, own = random.standard_normal(), random.standard_normal(n)
            then = min(k + h, len(panel.years) - 1)
            sized = size[:, then] if sizes is None else sizes[h - 1][first] + sizes[h - 1][second]
            costed = cost[:, then if borders_known else k]
            change = {"size_change": sized - size[:, base], "cost_change": costed - cost[:, base]}
            trade_year(ahead._replace(normals=own, **change), nothing, documented[:, base], common, rates)
            found[k][:, h - 1] = ahead.log_trade


def recent_growth(panel: TradePanel, k: int) -> np.ndarray:
    """(economy,) mean growth of volume, log points a year, over the ten years up to that of index k."""
    past = panel.log_volume[:, max(0, k - 10) : k + 1]
    return np.array([np.nanmean(np.diff(row)) for row in past])


def forecast_sizes(panel, facts, k, random) -> list[np.ndarray]:
    """Log volumes one to `AHEAD` years on: growth of the last ten years reverts to the world's."""
    n = len(panel.economies)
    median = recent_growth(panel, k)
    spread = np.array([row.drift_spread for row in facts.growth])
    yearly = np.array([row.yearly_spread for row in facts.growth])
    correlation = facts.parameter("trade.growth_correlation")
    drift, departure, log_size, path = np.empty(n), np.empty(n), panel.log_volume[:, k].copy(), []
    drawn_drifts(median, spread, correlation, random.standard_normal(), random.standard_normal(n), drift)
    far, persistence = facts.parameter("trade.world_growth"), facts.parameter("trade.growth_persistence")
    for _ in range(AHEAD):
        grow(log_size, drift, yearly, correlation, random.standard_normal(), random.standard_normal(n))
        drawn_drifts(np.zeros(n), spread, correlation, random.standard_normal(), random.standard_normal(n), departure)
        drift = np.array([next_drift(own, far, persistence, moved) for own, moved in zip(drift, departure)])
        path.append(log_size.copy())
    return path
