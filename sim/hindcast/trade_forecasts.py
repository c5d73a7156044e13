"""Log trade one to five years after an origin: the engine's members beside random walks and gravity with frozen costs.

The engine of January Y knows trade, sizes and prices up to Y - 1, so Y is its first year ahead.
"""

from collections.abc import Sequence

import numpy as np

from sim.facts import load_trade_facts
from sim.facts.trade_panel import TradePanel, trade_panel
from sim.hindcast.cases import ENGINE, Cases
from sim.hindcast.origins import Origin
from sim.hindcast.trade_paths import AHEAD, default_effects, frozen_gravity
from sim.hindcast.trade_rules import GROUPS, LAST_FIGURES, Rule, cases, core_names, path_rule, random_walk

_BILLION = 1e9


def trade_cases(origins: Sequence[Origin]) -> list[Cases]:
    """A quantity for KAZ-UZB, for intra-regional trade and for the other nine dyads of the five; none without figures.

    All rules have as many members as the engine.
    """
    panel = trade_panel(load_trade_facts())
    known = [origin.year - 1 for origin in origins if origin.year <= LAST_FIGURES]
    if not known:
        return []
    size = len(origins[0].block.members)
    rules = {ENGINE: engine_rule(origins, panel), **rival_rules(panel, known, size)}
    found = {rule: cases(panel, forecast, known) for rule, forecast in rules.items()}
    return [_group(group, {rule: lists[group] for rule, lists in found.items()}) for group in GROUPS]


def rival_rules(panel: TradePanel, known: Sequence[int], size: int) -> dict[str, Rule]:
    """Rivals by name; the last is no forecast, since it knows the sizes that came."""
    return {
        "random walk": random_walk(panel, False, size),
        "random walk with drift": random_walk(panel, True, size),
        "gravity, costs frozen": path_rule(panel, frozen_gravity(), known, size, sizes_known=False),
        "path alone, borders held": path_rule(
            panel, default_effects(), known, size, sizes_known=False, borders_known=False
        ),
        "gravity, costs frozen, sizes known": path_rule(panel, frozen_gravity(), known, size),
    }


def engine_rule(origins: Sequence[Origin], panel: TradePanel) -> Rule:
    """The engine's members as a rule: log trade in constant 2021 USD of every core dyad."""
    by_start = {
        int(np.flatnonzero(panel.years == origin.year - 1)[0]): origin
        for origin in origins
        if origin.year <= LAST_FIGURES
    }

    def rule(start: int) -> tuple[np.ndarray, None]:
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
