"""Levers as files: what could be done, alone or together, and what should come of it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, suggestion
from sim.facts.reading import is_finite_number
from sim.scenario.toml import read_document
from sim.studies.arms import Arm, read_arm
from sim.studies.expression import Expression, ExpressionError, parse

_KEYS = ("title", "description", "extends", "run", "together", "levers", "outcomes")
_OUTCOME_KEYS = ("what", "metric", "at_least", "at_most", "unit")
_MOST_POLICIES = 64


@dataclass(frozen=True)
class Wish:
    """An outcome and the level that satisfies: at least, or at most, so much."""

    what: str
    metric: Expression
    level: float
    upwards: bool
    unit: str
    place: int


@dataclass(frozen=True)
class Policy:
    """Levers pulled together; none for what happens anyway."""

    levers: tuple[str, ...]
    arm: Arm

    @property
    def name(self) -> str:
        """What tables call it."""
        return " + ".join(self.levers) or "nothing"


@dataclass(frozen=True)
class LeverFile:
    """Policies to compare and what is wished for."""

    title: str
    policies: tuple[Policy, ...]
    wishes: tuple[Wish, ...]
    document: Any


def read_levers(path: Path, folder: Path) -> LeverFile:
    """Read a file of levers; the scenario files of its policies are written to a folder.

    Raises ScenarioError with everything that is wrong.
    """
    document = read_document(path)
    values, problems = document.values, []
    problems += [
        document.problem((key,), f"{key} is not a key of a file of levers." + suggestion(key, _KEYS))
        for key in values
        if key not in _KEYS
    ]
    levers = values.get("levers")
    if not isinstance(levers, Mapping) or not levers:
        raise ScenarioError(
            [*problems, document.problem(("levers",) if "levers" in values else (), "tables [levers.NAME] are needed.")]
        )
    together = values.get("together", 1)
    if isinstance(together, bool) or not isinstance(together, int) or not 1 <= together <= 8:
        problems.append(
            document.problem(("together",), "together must be a whole number from 1 to 8: levers pulled at once.")
        )
        together = 1
    wishes, faults = _wishes(document)
    problems += faults
    policies, faults = _policies(document, levers, min(together, len(levers)), folder)
    problems += faults
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return LeverFile(str(values.get("title", document.name)), policies, wishes, document)


def _wishes(document) -> tuple[tuple[Wish, ...], list[Problem]]:
    tables = document.values.get("outcomes")
    if not isinstance(tables, list) or not tables or not all(isinstance(each, Mapping) for each in tables):
        return (), [
            document.problem(
                ("outcomes",) if tables is not None else (),
                "[[outcomes]] are needed, each with a metric and at_least or at_most.",
            )
        ]
    found, problems = [], []
    for place, table in enumerate(tables):
        at = ("outcomes", place)
        wrong = [
            document.problem((*at, key), f"{key} is not a key of an outcome." + suggestion(key, _OUTCOME_KEYS))
            for key in table
            if key not in _OUTCOME_KEYS
        ]
        metric = None
        try:
            metric = parse(table.get("metric", ""))
        except ExpressionError as error:
            wrong.append(
                document.problem((*at, "metric") if "metric" in table else at, f"an outcome needs a metric: {error}")
            )
        if ("at_least" in table) == ("at_most" in table):
            wrong.append(document.problem(at, "an outcome needs either at_least or at_most: the level that satisfies."))
        else:
            upwards = "at_least" in table
            level = table["at_least" if upwards else "at_most"]
            if not is_finite_number(level):
                wrong.append(
                    document.problem((*at, "at_least" if upwards else "at_most"), "the level must be a number.")
                )
            elif not wrong:
                what, unit = str(table.get("what", metric.text)), str(table.get("unit", ""))
                found.append(Wish(what, metric, float(level), upwards, unit, place))
        problems += wrong
    return tuple(found), problems


def _policies(document, levers: Mapping, together: int, folder: Path) -> tuple[tuple[Policy, ...], list[Problem]]:
    names = list(levers)
    sets = [each for size in range(together + 1) for each in itertools.combinations(names, size)]
    if len(sets) > _MOST_POLICIES:
        return (), [document.problem(("together",), f"{len(sets)} policies; at most {_MOST_POLICIES} are compared.")]
    common = {key: document.values[key] for key in ("extends", "run") if key in document.values}
    found, problems = [], []
    for each in sets:
        table: Any = {}
        for name in each:
            table = _joined(table, levers[name])
        at = ("levers", each[0]) if len(each) == 1 else ("levers",) if each else ()
        arm, faults = read_arm("-".join(each) or "nothing", table, at, common, document, folder)
        problems += faults if len(each) <= 1 else [problem for problem in faults if not problems]
        if arm is not None:
            found.append(Policy(each, arm))
    bare = next((policy.arm.scenario.resolved() for policy in found if not policy.levers), None)
    for policy in found:
        if len(policy.levers) == 1 and policy.arm.scenario.resolved() == bare:
            problems.append(
                document.problem(("levers", policy.levers[0]), f"the lever {policy.levers[0]} changes nothing.")
            )
    return tuple(found), problems


def _joined(ours: Any, theirs: Any) -> Any:
    """Two levers as one: tables key by key, lists one after the other, what is single from the later one."""
    if not isinstance(theirs, Mapping):
        return theirs
    found = dict(ours)
    for key, value in theirs.items():
        if isinstance(value, list) and isinstance(found.get(key), list):
            found[key] = [*found[key], *value]
        elif isinstance(value, Mapping) and isinstance(found.get(key), Mapping):
            found[key] = _joined(found[key], value)
        else:
            found[key] = value
    return found
