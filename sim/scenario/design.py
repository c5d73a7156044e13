"""A design: one scenario file, many runs that differ in a few values; how its points are made and checked.

Latin hypercube after McKay, Beckman & Conover (1979); Sobol' (1967) with Owen's scrambling, both from scipy. Each key
of a hypercube is drawn by its own name, so that a further key moves no other.
"""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.errors import MOST_REPORTED, Origin, Problem, ScenarioError, show
from sim.scenario.check import check_document
from sim.scenario.consistency import check_consistency
from sim.scenario.fields import SAMPLED, Names
from sim.scenario.merge import LISTS, Layers, Setting, apply_setting
from sim.scenario.model import Scenario, Step, build_scenario, merge
from sim.scenario.toml import setting_document


@dataclass(frozen=True)
class Design:
    """Points of a design, in the order in which they are run.

    `keys` are dotted as in `Scenario.sources`; `points[i]` holds the values of all keys at point i.  `origins` tell
    for each key where it is set; `rows`, if there are any, for each point instead.
    """

    kind: str
    keys: tuple[str, ...]
    points: tuple[tuple[Any, ...], ...]
    origins: tuple[Origin, ...]
    rows: tuple[Origin, ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    def origin(self, point: int, key: int) -> Origin:
        """Where the value of a key at a point was set."""
        return self.rows[point] if self.rows else self.origins[key]


@dataclass(frozen=True)
class Point:
    """One point of a design: its number (from 0) and its value for each dotted key."""

    number: int
    values: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        """The values as JSON can hold them: dates in ISO form."""
        return {
            key: value if isinstance(value, bool | int | float | str) else value.isoformat()
            for key, value in self.values.items()
        }

    def __str__(self) -> str:
        return ", ".join(f"{key.removeprefix('parameters.')} = {value}" for key, value in self.plain().items())


@dataclass(frozen=True)
class Levels:
    """A key that takes one of some values."""

    values: tuple[Any, ...]

    def at(self, share: float) -> Any:
        """The value at a share of the way through the list, 0 <= share < 1."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]


@dataclass(frozen=True)
class Range:
    """A key that lies between two numbers; a grid takes `steps` of them, ends included."""

    lower: float
    upper: float
    steps: int | None = None

    def at(self, share: float) -> float:
        """The number at a share of the way from lower to upper."""
        return self.lower + share * (self.upper - self.lower)

    @property
    def values(self) -> tuple[float, ...]:
        """The numbers of a grid, evenly spaced; the ends are exactly the limits."""
        last = self.steps - 1
        inner = [round(self.at(step / last), 12) for step in range(1, last)]
        return (self.lower, *inner, self.upper)


Spread = Levels | Range


def listed(spreads: Sequence[Spread]) -> list[tuple]:
    """Point i takes the i-th value of every key."""
    return list(zip(*(spread.values for spread in spreads), strict=True))


def grid(spreads: Sequence[Spread]) -> list[tuple]:
    """Every combination; the last key changes fastest."""
    return list(itertools.product(*(spread.values for spread in spreads)))


def latin_hypercube(keys: Sequence[str], spreads: Sequence[Spread], points: int, seed: int) -> list[tuple]:
    """As many points as strata in every key, each stratum met once."""
    from scipy.stats import qmc

    shares = [qmc.LatinHypercube(1, rng=_generator(seed, key)).random(points)[:, 0] for key in keys]
    return _points(spreads, zip(*shares, strict=True))


def sobol(keys: Sequence[str], spreads: Sequence[Spread], points: int, seed: int) -> list[tuple]:
    """A scrambled Sobol' sequence, a power of two of points; the order of the keys changes nothing."""
    from scipy.stats import qmc

    order = sorted(range(len(keys)), key=lambda place: keys[place])
    drawn = qmc.Sobol(len(keys), scramble=True, rng=_generator(seed, "sobol")).random(points)
    return _points(spreads, ([row[order.index(place)] for place in range(len(keys))] for row in drawn))


def _generator(seed: int, name: str):
    import numpy as np

    digest = hashlib.blake2b(f"design:{name}".encode(), digest_size=16, key=seed.to_bytes(8, "little")).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def _points(spreads: Sequence[Spread], rows) -> list[tuple]:
    return [tuple(spread.at(float(share)) for spread, share in zip(spreads, row, strict=True)) for row in rows]


def variant(scenario: Scenario, number: int) -> Scenario:
    """The scenario at a point of its design (from 0), named after it; it has no design of its own."""
    design = scenario.design
    made = build_scenario(scenario.steps, (*scenario.settings, *_settings(design, number)), scenario.record)
    point = Point(number, dict(zip(design.keys, design.points[number], strict=True)))
    return replace(made, name=f"{scenario.name}-p{number:04d}", title=f"{made.title} ({point})", point=point)


def design_points(scenario: Scenario) -> Iterator[Scenario]:
    """Every scenario that a design asks for, in order; the scenario itself if it has no design."""
    if scenario.design is None:
        yield scenario
        return
    for number in range(len(scenario.design)):
        yield variant(scenario, number)


def _settings(design: Design, number: int, keys: tuple[int, ...] | None = None) -> tuple[Setting, ...]:
    """The values of a point as settings, all keys or some by their place."""
    places = range(len(design.keys)) if keys is None else keys
    point = design.points[number]
    return tuple(
        Setting(design.origin(number, place), tuple(design.keys[place].split(".")), point[place]) for place in places
    )


def check_design(
    design: Design, steps: tuple[Step, ...], given: tuple[Setting, ...], names: Names, facts: Any
) -> list[Problem]:
    """Every value that a design may not set, and every point that does not go together."""
    problems = [
        setting.problem(f"{setting.name} is varied by [design]; it cannot be set too.")
        for setting in given
        if setting.name in design.keys
    ]
    alone = [place for place, key in enumerate(design.keys) if not key.startswith(("run.", *(f"{s}." for s in LISTS)))]
    together = tuple(place for place in range(len(design.keys)) if place not in alone)
    problems += _twice(design)
    for place in alone:
        problems += _check_values(design, place, names, facts)
    if together and not problems:
        problems += _check_together(design, together, steps, given, names, facts)
    return problems[:MOST_REPORTED]


def _twice(design: Design) -> list[Problem]:
    """The first point that repeats an earlier one."""
    seen: dict[tuple, int] = {}
    for number, point in enumerate(design.points):
        # true equals 1 in Python but not in a scenario
        marked = tuple((isinstance(value, bool), value) for value in point)
        if marked in seen:
            origin = design.origin(number, 0)
            text = f"has the same point twice, {show(list(point))} (numbers {seen[marked] + 1} and {number + 1})."
            return [Problem(origin.file, origin.line, f"[design] {text}")]
        seen[marked] = number
    return []


def _check_values(design: Design, place: int, names: Names, facts: Any) -> list[Problem]:
    problems, seen = [], set()
    for number, point in enumerate(design.points):
        marked = (type(point[place]), point[place])
        if marked not in seen:
            (setting,) = _settings(design, number, (place,))
            _, faults = check_document(setting_document(setting.origin, setting.nested()), names, facts)
            problems += faults
        seen.add(marked)
        # of the numbers drawn from one wrong range, one is reported
        if len(problems) >= (1 if design.kind in SAMPLED else MOST_REPORTED):
            break
    return problems


def _check_together(design, together, steps, given, names, facts) -> list[Problem]:
    """Values whose admission depends on others: of the span, and of dated entries."""
    problems, seen = [], set()
    base = merge(steps).in_order()
    for setting in given:
        base = apply_setting(base, setting).in_order()
    for number, point in enumerate(design.points):
        values = tuple((type(point[place]), point[place]) for place in together)
        if values in seen:
            continue
        seen.add(values)
        settings = _settings(design, number, together)
        try:
            faults = _faults(base, settings, names, facts)
        except ScenarioError as error:
            faults = error.problems
        problems += faults or check_consistency(build_scenario(steps, (*given, *settings)), names)
        if len(problems) >= MOST_REPORTED:
            break
    return list(dict.fromkeys(problems))


def _faults(layers: Layers, settings: tuple[Setting, ...], names: Names, facts: Any) -> list[Problem]:
    problems = []
    for setting in settings:
        layers = apply_setting(layers, setting)
    for section in dict.fromkeys(setting.key[0] for setting in settings):
        here = [setting for setting in settings if setting.key[0] == section]
        plain, lines = layers.plain()[section], {}
        for setting in here:
            path = setting.key if section == "run" else (section, _index(plain, setting.key[1]), setting.key[2])
            lines[path] = setting.origin.line
        _, faults = check_document(setting_document(here[0].origin, {section: plain}, lines), names, facts)
        problems += faults
    return problems


def _index(entries: list[dict[str, Any]], id_: str) -> int:
    return next(index for index, entry in enumerate(entries) if entry.get("id") == id_)
