"""Log trade one to five years after an origin: the engine beside random walks and gravity with frozen costs.

The pair that is followed, the other core dyads, and trade within the region. The engine of January Y knows trade,
sizes and prices up to Y - 1, so Y is its first year ahead.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from sim.facts import load_trade_facts
from sim.facts.record import OURS, Record
from sim.facts.trade_panel import TradePanel, trade_panel
from sim.hindcast import trade_paths
from sim.hindcast.origins import Origin
from sim.hindcast.scores import ENGINE, Cases
from sim.hindcast.trade_paths import AHEAD, Effects, default_effects, frozen_gravity
from sim.outcomes.catalogue import shipped_region

CORE = shipped_region().core
AXIS = shipped_region().axis
GROUPS = (AXIS, "intra-regional", "other nine")
_BILLION = 1e9
# Of an origin's index: members' log trade of every core dyad and year ahead, and of the total if the rule has its own.
Rule = Callable[[int], tuple[np.ndarray, np.ndarray | None]]


class Case(NamedTuple):
    """One forecast: (member,) log trade in constant 2021 USD, what came, last year known, years ahead."""

    members: np.ndarray
    truth: float
    origin: int
    ahead: int


def core_names() -> list[str]:
    """The dyads of the core states, that of AXIS first."""
    names = ["-".join(ends) for ends in itertools.combinations(CORE, 2)]
    return sorted(names, key=lambda name: name != AXIS)


def core_dyads(panel: TradePanel) -> list[int]:
    """Indices of the dyads of the core states, that of AXIS first."""
    return [panel.pair(name) for name in core_names()]


def last_figures(panel: TradePanel) -> int:
    """Last year with a figure of AXIS."""
    return int(panel.years[np.isfinite(panel.trade_usd[panel.pair(AXIS)])].max())


def cases(panel: TradePanel, rule: Rule, origins: Iterable[int]) -> dict[str, list[Case]]:
    """Every forecast with what came true; a dyad counts if both years have figures.

    Parameters
    ----------
    origins : last years with figures known

    Returns
    -------
    group -> list of cases
    """
    found: dict[str, list[Case]] = {group: [] for group in GROUPS}
    truth, last = np.log(panel.trade_usd[core_dyads(panel)]), last_figures(panel)
    for origin in origins:
        if origin >= last:
            continue
        start = int(np.flatnonzero(panel.years == origin)[0])
        members, total = rule(start)
        for ahead in range(1, AHEAD + 1):
            if origin + ahead > last:
                continue
            then = truth[:, start + ahead]
            known = np.isfinite(truth[:, start]) & np.isfinite(then)
            for p in np.flatnonzero(known):
                group = AXIS if p == 0 else "other nine"
                found[group].append(Case(members[:, p, ahead - 1], then[p], origin, ahead))
            added = np.log(np.exp(members[:, known, ahead - 1]).sum(axis=1))
            if total is not None:
                added = total[:, ahead - 1] + np.log(np.exp(truth[known, start]).sum())
            found["intra-regional"].append(Case(added, np.log(np.exp(then[known]).sum()), origin, ahead))
    return found


def random_walk(panel: TradePanel, with_drift: bool, members: int) -> Rule:
    """Trade stays where it is, or goes on growing as it did; with the spread of yearly changes so far.

    AXIS, the other dyads of the core (pooled) and the total each have their own spread.
    """
    record = np.log(panel.trade_usd[core_dyads(panel)])
    both = np.isfinite(record[:, 1:]) & np.isfinite(record[:, :-1])
    before = np.where(both, np.exp(record[:, :-1]), 0.0).sum(axis=0)
    after = np.where(both, np.exp(record[:, 1:]), 0.0).sum(axis=0)
    # Until AXIS is known a handful of small dyads would pass for the region.
    growth = np.where(both[0], after / np.where(both[0], before, 1.0), np.nan)
    changes = np.vstack([np.diff(record, axis=1), np.log(growth)])
    n = len(record)

    def rule(start: int) -> tuple[np.ndarray, np.ndarray]:
        normals = np.random.default_rng(11).standard_normal((members, n + 1, AHEAD))
        past = changes[:, :start]
        moved = np.empty(normals.shape)
        for p in range(n + 1):
            alike = past[p] if p in (0, n) else past[1:n]
            drift = np.nanmean(past[p]) if with_drift and np.isfinite(past[p]).any() else 0.0
            moved[:, p] = np.cumsum(drift + np.nanstd(alike) * normals[:, p], axis=1)
        return record[:, start, None] + moved[:, :n], moved[:, n]

    return rule


def path_rule(
    panel: TradePanel, effects: Effects, origins: Iterable[int], members: int, record: Record = OURS, **choices
) -> Rule:
    """The path alone, with sizes known or forecast; see `trade_paths.simulate`."""
    found = trade_paths.simulate(panel, record, effects, origins, members, **choices)
    dyads = core_dyads(panel)
    return lambda start: (found[start][:, dyads], None)


def trade_cases(origins: Sequence[Origin], record: Record = OURS) -> list[Cases]:
    """A quantity for AXIS, for intra-regional trade and for the other dyads of the core; none without figures.

    All rules have as many members as the engine.
    """
    panel = trade_panel(load_trade_facts(record))
    known = [origin.year - 1 for origin in origins if origin.year <= last_figures(panel)]
    if not known:
        return []
    size = len(origins[0].block.members)
    rules = {ENGINE: engine_rule(origins, panel), **rival_rules(panel, known, size, record)}
    found = {rule: cases(panel, forecast, known) for rule, forecast in rules.items()}
    return [_group(group, {rule: lists[group] for rule, lists in found.items()}) for group in GROUPS]


def rival_rules(panel: TradePanel, known: Sequence[int], size: int, record: Record = OURS) -> dict[str, Rule]:
    """Rivals by name; the last is no forecast, since it knows the sizes that came."""
    return {
        "random walk": random_walk(panel, False, size),
        "random walk with drift": random_walk(panel, True, size),
        "gravity, costs frozen": path_rule(panel, frozen_gravity(), known, size, record, sizes_known=False),
        "path alone, borders held": path_rule(
            panel, default_effects(), known, size, record, sizes_known=False, borders_known=False
        ),
        "gravity, costs frozen, sizes known": path_rule(panel, frozen_gravity(), known, size, record),
    }


def engine_rule(origins: Sequence[Origin], panel: TradePanel) -> Rule:
    """The engine's members as a rule: log trade in constant 2021 USD of every core dyad."""
    by_start = {
        int(np.flatnonzero(panel.years == origin.year - 1)[0]): origin
        for origin in origins
        if origin.year <= last_figures(panel)
    }

    def rule(start: int) -> tuple[np.ndarray, None]:
        """Trade of the years after an origin, (member, pair, year ahead)."""
        origin = by_start[start]
        first = origin.world.years.index(origin.year)
        names = [f"trade.{name}" for name in core_names()]
        current = np.stack([origin.block.yearly[name] for name in names], axis=1)
        constant = current / origin.block.yearly["deflator"][:, None, :] * _BILLION
        ahead = np.full((len(current), len(names), AHEAD), np.nan)
        there = constant[:, :, first : first + AHEAD]
        ahead[:, :, : there.shape[2]] = np.log(there)
        return ahead, None

    return rule


def _group(group: str, by_rule: dict) -> Cases:
    lists = list(by_rule.values())
    members = {rule: np.array([case.members for case in found]) for rule, found in by_rule.items()}
    truth = np.array([case.truth for case in lists[0]])
    years = np.array([case.origin + 1 for case in lists[0]])
    return Cases(f"log trade, one to five years ahead: {group}", "log points", truth, members, years, "origins")
