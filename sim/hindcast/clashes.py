"""Clashes of the next twelve months on every border section that can have any, against rates of the past.

Before 2010 the record of clashes is silent because nobody kept it, so origins begin in 2011. A rival's rate has a gamma
distribution and its count a negative binomial one: half a clash is added to what was seen, over as many years as half
a clash takes at the mean rate of all sections, so that a quiet year does not forecast that peace is certain.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom

from sim.engine.event_types import CODE
from sim.facts import Facts
from sim.facts.rows import month_of
from sim.hindcast.origins import Origin
from sim.hindcast.scores import ENGINE, crps_of_counts
from sim.hindcast.vintage import happened
from sim.inference.risk_sets import CLASHES_FROM
from sim.processes.border_conflict import at_risk

FIRST_ORIGIN = 2011
LAST_TWELVE, ALL_SECTIONS, EACH_SECTION = "last twelve months", "mean since 2010", "mean since 2010, by section"
_MOST = 60  # clashes of one section in a year


@dataclass(frozen=True, eq=False)
class ClashCases:
    """Forecasts of the number of clashes of a section in twelve months.

    year, section : (case,); seen : (case,) number that came
    at_most : rule -> (case, k), probability of at most k clashes, the engine first
    """

    year: np.ndarray
    section: np.ndarray
    seen: np.ndarray
    at_most: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.seen)

    def any_clash(self, rule: str) -> np.ndarray:
        """(case,) chance of at least one."""
        return 1.0 - self.at_most[rule][:, 0]

    def log_score(self, rule: str) -> np.ndarray:
        """(case,) log of the chance given to what came of "any clash or none", nats."""
        chance = self.any_clash(rule)
        return np.log(np.where(self.seen > 0, chance, 1.0 - chance))

    def brier(self, rule: str) -> np.ndarray:
        """(case,) squared error of that chance."""
        return (self.any_clash(rule) - (self.seen > 0)) ** 2

    def crps(self, rule: str) -> np.ndarray:
        """(case,) of the number of clashes."""
        return crps_of_counts(self.at_most[rule], self.seen)

    def expected(self, rule: str) -> float:
        """Clashes expected over all cases."""
        return float(np.sum(1.0 - self.at_most[rule]))


def clashes_from(origin: Origin, facts: Facts) -> ClashCases | None:
    """Forecasts from an origin; None where the record does not hold the twelve months before and after.

    Parameters
    ----------
    facts : the whole record
    """
    if origin.year < FIRST_ORIGIN or origin.horizon < 12:
        return None
    exposed = sections_at_risk(origin, CLASHES_FROM, origin.month)
    now = np.flatnonzero(sections_at_risk(origin, origin.month, origin.month + 1)[0])
    came = clash_months(facts, origin.world.dyads)
    seen = _count(came, origin.month, origin.month + 12)[now]
    past, last = (_count(came, first, origin.month) for first in (CLASHES_FROM, origin.month - 12))
    years = exposed.sum(axis=0) / 12.0
    mean = (past.sum() + 0.5) / years.sum()
    at_most = {
        ENGINE: engine_counts(origin)[now],
        LAST_TWELVE: gamma_poisson(last[now] + 0.5, 1.0 + 0.5 / mean),
        ALL_SECTIONS: gamma_poisson(np.full(len(now), past.sum() + 0.5), years.sum()),
        EACH_SECTION: gamma_poisson(past[now] + 0.5, years[now] + 0.5 / mean),
    }
    names = np.array(["-".join(pair) for pair in origin.world.dyads])
    return ClashCases(np.full(len(now), origin.year), names[now], seen, at_most)


def gamma_poisson(events: np.ndarray, years: np.ndarray | float) -> np.ndarray:
    """(section, k) probability of at most k clashes in a year, of a rate with gamma(events, years)."""
    events, years = np.broadcast_arrays(np.asarray(events, float), np.asarray(years, float))
    return nbinom.cdf(np.arange(_MOST), events[:, None], (years / (years + 1.0))[:, None])


def engine_counts(origin: Origin) -> np.ndarray:
    """(dyad, k) probability of at most k clashes in twelve months.

    Half a member with a clash is added and half a member without, so that a clash that no member had is not impossible.
    """
    counts, number = engine_clashes(origin), np.arange(_MOST)
    at_most = (counts[:, :, None] <= number).sum(axis=0)
    return (at_most + np.where(number < 1, 0.5, 1.0)) / (len(counts) + 1.0)


def engine_clashes(origin: Origin) -> np.ndarray:
    """(member, dyad) clashes of the twelve months after the origin."""
    events, states = origin.block.events, origin.world.states
    number = {(states.index(a), states.index(b)): d for d, (a, b) in enumerate(origin.world.dyads)}
    near = (events["month"] >= origin.month) & (events["month"] < origin.month + 12)
    clashes = events[(events["kind"] == CODE["clash"]) & near]
    found = np.zeros((len(origin.block.members), len(origin.world.dyads)), np.int64)
    dyads = np.array([number[a, b] for a, b in zip(clashes["a"].tolist(), clashes["b"].tolist())], np.int64)
    np.add.at(found, (clashes["member"] - origin.block.members[0], dyads), 1)
    return found


def sections_at_risk(origin: Origin, first: int, end: int) -> np.ndarray:
    """(month, dyad) whether a section can have clashes, as settlements known at the origin leave it."""
    world, months = origin.world, np.arange(first, end)
    borders, enclaves = world.inputs.borders, world.inputs.conflict.enclaves
    unsettled = np.repeat(borders.unsettled[None, :], len(months), axis=0)
    for event in happened(origin.facts, "settlement"):
        d = world.dyads.index(tuple(sorted(event.parties)))
        unsettled[months >= month_of(event.date), d] = 1.0 - event.value
    risk = [[bool(at_risk(share, inside == 1)) for share, inside in zip(row, enclaves)] for row in unsettled]
    return np.array(risk) & (borders.exists == 1)


def clash_months(facts: Facts, dyads) -> list[np.ndarray]:
    """Absolute months of the documented clashes of each dyad."""
    found: list[list[int]] = [[] for _ in dyads]
    for event in happened(facts, "clash"):
        found[dyads.index(tuple(sorted(event.parties)))].append(month_of(event.date))
    return [np.array(months, np.int64) for months in found]


def _count(months: list[np.ndarray], first: int, end: int) -> np.ndarray:
    return np.array([np.sum((each >= first) & (each < end)) for each in months])


def join_clashes(parts: list[ClashCases]) -> ClashCases:
    """Several origins as one."""
    at_most = {rule: np.concatenate([part.at_most[rule] for part in parts]) for rule in parts[0].at_most}
    year, section, seen = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("year", "section", "seen")
    )
    return ClashCases(year, section, seen, at_most)
