"""Points of a design as a table of two keys."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.comparison.compare import Comparison
from sim.outcomes.metric import chapter_of


def point_of(comparison: Comparison) -> dict[str, Any]:
    """Value of each design key at the point of a comparison's run; empty for a run that is no point of a design."""
    return dict(comparison.run.manifest.get("design") or {})


def design_of(comparison: Comparison) -> str:
    """Name of the scenario whose design a comparison's run is a point of."""
    return re.sub(r"-p\d+$", "", comparison.run.name)


@dataclass(frozen=True)
class Grid:
    """Comparisons by the values of two keys; ``points`` maps (row, column) to a comparison, some may be missing."""

    name: str
    row_key: str
    column_key: str
    rows: tuple[Any, ...]
    columns: tuple[Any, ...]
    points: dict[tuple[int, int], Comparison]

    @cached_property
    def _effects(self) -> dict[tuple[int, int], dict]:
        return {place: {each.outcome: each for each in comparison.effects} for place, comparison in self.points.items()}

    def title(self, outcome: str) -> str:
        """What a table calls an outcome."""
        return next(iter(self.points.values())).title(outcome)

    def values(self, outcome: str) -> tuple[np.ndarray, np.ndarray, bool, float]:
        """Of one outcome: differences (rows, columns), NaN without a run; where the direction is known; more.

        The third is whether the outcome is an event, the last the median half-width of the 95 % intervals.
        """
        found = np.full((len(self.rows), len(self.columns)), np.nan)
        told, event, halves = np.zeros(found.shape, dtype=bool), False, []
        for place, effects in self._effects.items():
            if outcome in effects:
                paired = effects[outcome].paired
                found[place], told[place] = paired.value, bool(paired.direction)
                event |= effects[outcome].is_event
                halves.append((paired.high - paired.low) / 2)
        return found, told, event, float(np.median(halves)) if halves else 0.0


def grid_of(comparisons: Sequence[Comparison]) -> Grid | None:
    """The grid on which the runs of some comparisons lie.

    None unless exactly two keys vary, no point comes twice, and at least a quarter of the grid is filled.
    """
    points = [point_of(each) for each in comparisons]
    if len(points) < 4 or any(point.keys() != points[0].keys() for point in points):
        return None
    varied = [key for key in points[0] if len({repr(point[key]) for point in points}) > 1]
    if len(varied) != 2:
        return None
    levels = [_sorted([point[key] for point in points]) for key in varied]
    places = [tuple(level.index(point[key]) for key, level in zip(varied, levels)) for point in points]
    if len(set(places)) < len(places) or len(levels[0]) * len(levels[1]) > 4 * len(points):
        return None
    names = [key.removeprefix("parameters.") for key in varied]
    return Grid(design_of(comparisons[0]), *names, tuple(levels[0]), tuple(levels[1]), dict(zip(places, comparisons)))


def _sorted(values: list[Any]) -> list[Any]:
    once = [value for place, value in enumerate(values) if value not in values[:place]]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in once)
    return sorted(once) if numbers else once


def most_moved(comparisons: Sequence[Comparison], most: int, of_one_chapter: int = 2) -> list[str]:
    """The outcomes that moved most over all comparisons, ``of_one_chapter`` of the same chapter at most."""
    sizes: dict[str, float] = {}
    for comparison in comparisons:
        for effects in comparison.grouped().values():
            for effect in effects:
                if math.isfinite(effect.paired.size):
                    sizes[effect.outcome] = sizes.get(effect.outcome, 0.0) + abs(effect.paired.size)
    found: list[str] = []
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        if sum(chapter_of(name) == chapter_of(other) for other in found) < of_one_chapter:
            found.append(name)
    return found[:most]
