"""Forecasts of the whole engine from documented origins, and the scores that `casim hindcast --forecasts` prints."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.facts import Facts, load_trade_facts
from sim.facts.trade_panel import trade_panel
from sim.hindcast.clashes import ClashCases, clash_months, clashes_from, engine_clashes, join_clashes
from sim.hindcast.origins import Origin, look_ahead
from sim.hindcast.passages import passages_from
from sim.hindcast.scores import Cases, joined
from sim.hindcast.trade import AXIS, trade_cases
from sim.inference.observations import DECLARATION, record
from sim.model.simulate import Block

FIRST, LAST = 2007, 2024  # origins that can be asked for: before, hardly any trade is on record
DEFAULT = tuple(range(2010, 2025))
_CLASH_RATE = "borders.clash_base"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Fan:
    """What pictures show of an origin.

    years : calendar years of the columns, from the one before the origin on
    rungs : (member, year) rungs held by all dyads together at the year's end
    trade : (member, year) of the pair that is followed, billion constant 2021 USD
    clashes : (member,) of the region in the twelve months after the origin
    """

    origin: int
    years: np.ndarray
    rungs: np.ndarray
    trade: np.ndarray
    clashes: np.ndarray


@dataclass(frozen=True, eq=False)
class Record:
    """What came: rungs and clashes by year, trade of the followed pair where known; record_end : first month after."""

    years: np.ndarray
    rungs: np.ndarray
    trade: np.ndarray
    clashes: np.ndarray
    record_end: int


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Everything scored from a number of origins.

    effective : origin -> independent draws that its fit is worth
    clashes_fitted : whether the fits, and not the table, say how often clashes come
    """

    members: int
    effective: dict[int, float]
    clashes_fitted: bool
    passages: Cases
    clashes: ClashCases | None
    trade: list[Cases]
    fans: list[Fan]
    record: Record


def forecast(
    facts: Facts, years: Sequence[int], members: int, prior_set: str, progress: Progress = lambda done, total: None
) -> Forecasts:
    """Fit, simulate and score from January of every year given."""
    origins, passages, clashes, fans = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for k, year in enumerate(sorted(years)):
            origin = look_ahead(facts, year * 12, members, prior_set, Path(folder))
            recorded = record(facts, origin.panel)
            passages.append(passages_from(origin, recorded))
            clashes.append(clashes_from(origin, facts))
            fans.append(_fan(origin))
            origins.append(_thin(origin))
            progress(k + 1, len(years))
    with_clashes = [part for part in clashes if part is not None]
    return Forecasts(
        members,
        {origin.year: origin.effective for origin in origins},
        _CLASH_RATE in origins[-1].fitted,
        joined(passages),
        join_clashes(with_clashes) if with_clashes else None,
        trade_cases(origins, facts.record),
        fans,
        _record(facts, origins[-1], recorded),
    )


def _fan(origin: Origin) -> Fan:
    block, world = origin.block, origin.world
    first = world.years.index(origin.year) - 1
    rungs = sum(block.yearly[f"rung.{a}-{b}"][:, first:] for a, b in world.dyads)
    trade = (block.yearly[f"trade.{AXIS}"] / block.yearly["deflator"])[:, first:]
    return Fan(origin.year, np.array(world.years[first:]), rungs, trade, engine_clashes(origin).sum(axis=1))


def _thin(origin: Origin) -> Origin:
    """The origin without what is not asked of it any more: fifteen whole ensembles would fill the memory."""
    kept = [name for name in origin.block.yearly if name.startswith("trade.") or name == "deflator"]
    block = Block(
        origin.block.members,
        {},
        {name: origin.block.yearly[name].copy() for name in kept},
        {},
        origin.block.events[:0],
        None,
    )
    return replace(origin, block=block)


def _record(facts: Facts, origin: Origin, recorded) -> Record:
    years = np.arange(1992, origin.panel.end // 12 + 1)
    held = np.zeros((len(years), len(origin.panel.dyads)), np.int64)
    for step in recorded.steps:
        if step.rung != DECLARATION:
            later = years >= step.month // 12
            held[later, step.dyad] = np.maximum(held[later, step.dyad], step.rung)
    panel = trade_panel(load_trade_facts(facts.record))
    figures = dict(zip(panel.years.tolist(), panel.trade_usd[panel.pair(AXIS)] / 1e9))
    months = np.concatenate(clash_months(facts, origin.panel.dyads))
    return Record(
        years,
        held.sum(axis=1),
        np.array([figures.get(int(year), np.nan) for year in years]),
        np.array([np.sum(months // 12 == year) for year in years]),
        origin.panel.end,
    )
