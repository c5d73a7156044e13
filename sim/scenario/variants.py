"""The scenarios that a design asks for: its own scenario, with the values of a point laid over it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sim.errors import MOST_REPORTED, Problem, ScenarioError, show
from sim.scenario.check import check_document
from sim.scenario.consistency import check_consistency
from sim.scenario.design import SAMPLED, Design, Point
from sim.scenario.document import setting_document
from sim.scenario.merge import Layers
from sim.scenario.model import Scenario, Step, build_scenario, merge
from sim.scenario.quantities import Names
from sim.scenario.settings import LISTS, Setting, apply_setting


def variant(scenario: Scenario, number: int) -> Scenario:
    """The scenario at a point of its design (from 0), named after it; it has no design of its own."""
    design = scenario.design
    made = build_scenario(scenario.steps, (*scenario.settings, *_settings(design, number)), scenario.rivers)
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
        # of the numbers drawn from one wrong range, one is told
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
