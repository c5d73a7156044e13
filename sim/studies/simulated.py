"""The model as a problem of sensitivity analysis: parameters with ranges in, outcomes of members out.

A block of points is one run: a calibration file has a point in each row, and a member takes the row that its random
numbers choose. What is fitted for single leaders, states and borders comes along as a joint draw and counts as chance.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.studies.arms import Arm, equipped
from sim.studies.draws import Draws, quantiles_of_prior, row_of_member, write_draws
from sim.studies.expression import Expression, RunColumns
from sim.studies.sensitivity import Factor, SensitivityError

_CENTRAL = (0.05, 0.95)
_ROOM = 8  # rows of a file for each point, so that few members meet a row that is taken


def factors_of(facts: Any, calibration: Any, whole_range: bool = False, with_claims: bool = False) -> list[Factor]:
    """Every parameter with a range and the range in which it varies.

    That is the central 90 % of the posterior where it is fitted, of its prior where it has one, and from half to twice
    its value where it is fixed, all within the table's limits; or these limits themselves. Left out: choices,
    definitions of units, what a scenario sets, and what only claims switch on.
    """
    found = []
    for row in facts.parameters:
        if row.choices or row.lower is None or row.source.startswith("definition"):
            continue
        if row.status == "claims-only" and not with_claims:
            continue
        found.append(_factor(row, calibration, whole_range))
    return [each for each in found if each.upper > each.lower]


def _factor(row: Any, calibration: Any, whole_range: bool) -> Factor:
    if whole_range:
        return Factor(row.name, row.lower, row.upper, "range of the table")
    if calibration is not None and row.name in calibration.names:
        low, high = np.quantile(calibration.draws[:, calibration.names.index(row.name)], _CENTRAL)
        return Factor(row.name, float(low), float(high), "posterior")
    prior = quantiles_of_prior(row, np.array(_CENTRAL))
    if prior is not None and row.status != "fixed":
        low, high = np.clip(prior, row.lower, row.upper)
        return Factor(row.name, float(low), float(high), "prior")
    low, high = sorted((row.value / 2, row.value * 2))
    return Factor(row.name, max(low, row.lower), min(high, row.upper), "half to twice")


def distinct_rows(seed: int, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Members that take ``points`` different rows of a file of `_ROOM` times as many, and these rows."""
    rows, members, taken = [], [], set()
    block = np.arange(points + points // 2 + 16)
    for member, row in zip(block, row_of_member(seed, block, _ROOM * points)):
        if int(row) not in taken:
            taken.add(int(row))
            rows.append(int(row))
            members.append(int(member))
        if len(rows) == points:
            return np.array(members), np.array(rows)
    raise SensitivityError(f"{points} points do not find rows of their own")  # 1.07 times as many members do


class SimulatedProblem:
    """A scenario as a :class:`sim.studies.sensitivity.Problem`.

    Parameters
    ----------
    metrics : what is asked of each member
    folder : for draws and runs; runs that are there are not run again
    """

    def __init__(
        self,
        scenario: Any,
        facts: Any,
        factors: Sequence[Factor],
        metrics: Sequence[Expression],
        folder: Path,
        seed: int = 2026,
        progress: Callable | None = None,
    ) -> None:
        self.scenario, self.facts, self.metrics, self.folder = scenario, facts, list(metrics), folder
        self.factors = [each for each in factors if each.name not in scenario.parameters]
        self.outcomes = [metric.text for metric in metrics]
        self.seed, self.progress = seed, progress

    def restricted(self, places: Sequence[int]) -> "SimulatedProblem":
        """The same with some of the factors; the others keep what the scenario gives them."""
        some = [self.factors[place] for place in places]
        return SimulatedProblem(self.scenario, self.facts, some, self.metrics, self.folder, self.seed, self.progress)

    def evaluate(self, blocks: Sequence[np.ndarray], chance: Sequence[int]) -> np.ndarray:
        """Outcomes at the points of blocks, (block, point, outcome); a run for each block.

        Raises RunError, ExpressionError, and SensitivityError where members did not take the rows meant for them.
        """
        from sim.runs import OutputError, run_batch

        prepared = [self._prepare(block, stream) for block, stream in zip(blocks, chance)]
        waiting = {scenario.name: scenario for scenario, _ in prepared}
        outcomes = run_batch(list(waiting.values()), out=self.folder / "runs", progress=self.progress)
        runs = {}
        for outcome in outcomes:
            if not outcome.complete:
                raise OutputError(f"{outcome.name}: {'; '.join(outcome.causes)}")
            (runs[outcome.name],) = outcome.runs()
        return np.array(
            [self._read(runs[scenario.name], members, block) for (scenario, members), block in zip(prepared, blocks)]
        )

    def _prepare(self, block: np.ndarray, stream: int) -> tuple[Any, np.ndarray]:
        """The scenario of a block, and the member of each point."""
        seed = self.seed + 7919 * stream
        members, rows = distinct_rows(seed, len(block))
        names, persons = self._persons(len(block), stream)
        table = np.empty((_ROOM * len(block), len(self.factors) + len(names)))
        table[:] = np.concatenate([block[0], persons[0]])
        table[rows] = np.column_stack([block, persons])
        draws = Draws((*(each.name for each in self.factors), *names), table)
        tag = hashlib.sha256(table.tobytes() + repr(draws.names).encode()).hexdigest()[:16]
        path = self.folder / "draws" / f"{tag}.json"
        if not path.exists():
            write_draws(draws, self.facts, path, "design")
        arm = Arm("point", self.scenario)
        return equipped(arm, path, int(members[-1]) + 1, seed, f"block-{tag[:12]}"), members

    def _persons(self, points: int, stream: int) -> tuple[tuple[str, ...], np.ndarray]:
        """Joint draws of what is fitted but varied here by no factor, (point, parameter)."""
        if self.scenario.calibration is None:
            return (), np.empty((points, 0))
        found = self.scenario.calibration.read()
        varied = {each.name for each in self.factors}
        places = [k for k, name in enumerate(found.names) if name not in varied]
        chosen = np.random.default_rng(stream).integers(len(found.draws), size=points)
        return tuple(found.names[k] for k in places), found.draws[np.ix_(chosen, places)]

    def _read(self, run: Any, members: np.ndarray, block: np.ndarray) -> np.ndarray:
        """(point, outcome) of a run."""
        columns = RunColumns(run)
        place = {int(member): k for k, member in enumerate(columns.members)}
        try:
            chosen = np.array([place[int(member)] for member in members])
        except KeyError:
            raise SensitivityError(f"{run.path}: some members failed; see its manifest.") from None
        drawn = columns.outcome(f"drawn.{self.factors[0].name}")[chosen]
        if not np.allclose(drawn, block[:, 0], rtol=1e-5, atol=1e-7):
            raise SensitivityError(f"{run.path}: members did not take the rows of parameters meant for them.")
        return np.column_stack([metric.evaluate(columns)[chosen].astype(np.float64) for metric in self.metrics])
