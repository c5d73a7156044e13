"""Putting claims to the test: every arm under every set of parameters, on common random numbers.

Runs are found by the key of their content, so arms that claims share are run once, what is there is not run again, and
a stopped command goes on.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ScenarioError
from sim.studies.arms import Arm, equipped
from sim.studies.claim_file import Claim, Test
from sim.studies.draws import SETS, Draws, parameter_set, row_of_member, write_draws
from sim.studies.estimate import Estimate, estimate
from sim.studies.expression import ExpressionError, RunColumns
from sim.studies.verdict import Judgement, judge, weakest

#: Rows of parameters in each set, and members of each run: five to a row on average.
ROWS, MEMBERS = 100, 500


@dataclass(frozen=True)
class Size:
    """How many members a run has, how many rows of parameters they share, and the seed of their random numbers."""

    members: int = MEMBERS
    rows: int = ROWS
    seed: int = 2026


@dataclass(frozen=True)
class TestResult:
    """What a test found: levels of the metric and effects by set, effects of placebos, and the judgement.

    ``ours`` and ``theirs`` are means of the metric in the two arms under the posterior.
    """

    test: Test
    ours: float
    theirs: float
    effects: Mapping[str, Estimate]
    placebos: Mapping[str, Estimate]
    excess: Mapping[str, Estimate]
    judgement: Judgement
    is_probability: bool


@dataclass(frozen=True)
class ClaimResult:
    """What became of a claim."""

    claim: Claim
    tests: tuple[TestResult, ...]
    judgement: Judgement


class Laboratory:
    """The folder of an experiment: draws, runs, and the columns read from them.

    Parameters
    ----------
    folder : results lie in its `draws`, `arms` and `runs`
    symmetric : a calibration made under symmetric priors, or None for a normal approximation
    """

    def __init__(self, folder: Path, facts: Any, size: Size = Size(), symmetric: Path | None = None) -> None:
        self.folder, self.facts, self.size, self.symmetric = folder, facts, size, symmetric
        self.remarks: dict[str, None] = {}
        self._draws: dict[tuple, tuple[Path, Draws]] = {}
        self._runs: dict[str, Any] = {}
        self._columns: dict[str, RunColumns] = {}

    def draws(self, kind: str, use: Path, switched_on: tuple[str, ...] = ()) -> tuple[Path, Draws]:
        """The calibration file of a set of parameters, and its draws; written once."""
        key = (kind, use, switched_on)
        if key not in self._draws:
            if switched_on:
                drawn = _with(self.draws(kind, use)[1], switched_on, self.facts, self.size.rows)
            else:
                named = self.symmetric if kind == "symmetric" else use
                drawn = parameter_set(self.facts, kind, self.size.rows, named)
            tag = hashlib.sha256(("+".join(switched_on) + use.stem).encode()).hexdigest()[:6]
            path = write_draws(drawn, self.facts, self.folder / "draws" / f"{kind}-{self.size.rows}-{tag}.json", kind)
            self._draws[key] = path, drawn
            self.remarks |= dict.fromkeys(drawn.remarks)
        return self._draws[key]

    def draws_of(self, arm: Arm, kind: str, switched_on: tuple[str, ...] = ()) -> tuple[Path, Draws]:
        """The calibration file and draws of a set of parameters, on the calibration that an arm names."""
        from sim.scenario.calibration_file import shipped_calibrations

        used = arm.scenario.calibration
        return self.draws(kind, Path(used.path) if used else next(iter(shipped_calibrations().values())), switched_on)

    def scenario(self, arm: Arm, kind: str, switched_on: tuple[str, ...] = ()) -> Any:
        """The scenario of an arm under a set of parameters, named by its content."""
        path, _ = self.draws_of(arm, kind, switched_on)
        made = equipped(arm, path, self.size.members, self.size.seed, "arm")
        return replace(made, name=_name(made))

    def run(self, scenarios: Iterable[Any], progress: Callable | None = None) -> None:
        """Run scenarios, those once that are alike; what is there is not run again.

        Raises RunError where one cannot be finished.
        """
        from sim.runs import OutputError, run_batch

        waiting = {each.name: each for each in scenarios if each.name not in self._runs}
        if not waiting:
            return
        for outcome in run_batch(list(waiting.values()), out=self.folder / "runs", progress=progress):
            if not outcome.complete:
                raise OutputError(f"{outcome.name}: {'; '.join(outcome.causes)}")
            (self._runs[outcome.name],) = outcome.runs()

    def columns(self, scenario: Any) -> RunColumns:
        """The columns of a scenario that was run."""
        if scenario.name not in self._columns:
            self._columns[scenario.name] = RunColumns(self._runs[scenario.name])
        return self._columns[scenario.name]

    def rows(self, members: np.ndarray) -> np.ndarray:
        """(member,) row of parameters of each."""
        return row_of_member(self.size.seed, members, self.size.rows)


def _with(draws: Draws, names: tuple[str, ...], facts: Any, rows: int) -> Draws:
    """Draws with further parameters switched on, by their priors: the same in every set."""
    from sim.studies.draws import quantiles_of_prior, uniforms

    table = {row.name: row for row in facts.parameters}
    more = [quantiles_of_prior(table[name], uniforms(name, rows)) for name in names]
    return Draws((*draws.names, *names), np.column_stack([draws.rows, *more]), draws.remarks)


def _name(scenario: Any) -> str:
    return hashlib.sha256(json.dumps(scenario.resolved(), sort_keys=True, default=str).encode()).hexdigest()[:12]


def scenarios_of(claim: Claim, laboratory: Laboratory) -> dict[tuple[str, str], Any]:
    """(arm, set) -> scenario of every run that a claim needs; placebos are run under the posterior."""
    found = {}
    for kind in SETS:
        for name, arm in claim.arms.items():
            found[name, kind] = laboratory.scenario(arm, kind, claim.parameters)
    for name, arm in claim.placebos.items():
        found[f"placebo {name}", "posterior"] = laboratory.scenario(arm, "posterior", claim.parameters)
    return found


def test_claims(claims: Sequence[Claim], laboratory: Laboratory, progress: Callable | None = None) -> list[ClaimResult]:
    """Run what is missing and judge every claim.

    Raises
    ------
    ScenarioError : a metric names an outcome that no run has, by file and line
    RunError : of running
    """
    check_metrics(claims, laboratory)
    needed = {claim.id: scenarios_of(claim, laboratory) for claim in claims}
    laboratory.run([scenario for each in needed.values() for scenario in each.values()], progress)
    return [judge_claim(claim, needed[claim.id], laboratory) for claim in claims]


def check_metrics(claims: Sequence[Claim], laboratory: Laboratory) -> None:
    """Look at the names in all metrics before anything is run; instruments of a claim's own arms are taken on trust.

    What outcomes there are depends on the branch: a text that was tabled later is not known to a run.
    """
    problems = []
    known: dict[Any, RunColumns] = {}
    for claim in claims:
        first = next(iter(claim.arms.values()))
        span = first.scenario.run.branch, first.scenario.run.end, first.scenario.later
        own = {each.id for arm in claim.arms.values() for each in arm.scenario.instruments}
        for place, test in enumerate(claim.tests):
            if span not in known:
                known[span] = probe(first, laboratory, claim.parameters)
            for said in test.metric.check(known[span]):
                if not any(instrument in said.split(" ")[0] for instrument in own):
                    problems.append(claim.document.problem(("tests", place, "metric"), f"metric: {said}"))
    if problems:
        raise ScenarioError(problems)


def probe(arm: Arm, laboratory: Laboratory, switched_on: tuple[str, ...] = ()) -> RunColumns:
    """The columns of a run of two members of an arm."""
    size = Size(2, laboratory.size.rows, laboratory.size.seed)
    small = Laboratory(laboratory.folder, laboratory.facts, size, laboratory.symmetric)
    scenario = small.scenario(arm, "posterior", switched_on)
    small.run([scenario])
    return small.columns(scenario)


def judge_claim(claim: Claim, scenarios: Mapping[tuple[str, str], Any], laboratory: Laboratory) -> ClaimResult:
    """Effects and judgement of a claim whose runs are there."""
    results = []
    for place, test in enumerate(claim.tests):
        try:
            results.append(_result(test, claim, scenarios, laboratory))
        except ExpressionError as error:
            raise ScenarioError([claim.document.problem(("tests", place, "metric"), f"metric: {error}")]) from None
    return ClaimResult(claim, tuple(results), weakest([each.judgement for each in results]))


def _result(test: Test, claim: Claim, scenarios, laboratory: Laboratory) -> TestResult:
    effects, found = {}, None
    for kind in SETS:
        members, ours, theirs = _levels(
            test, scenarios[test.arm, kind], scenarios.get((test.against, kind)), laboratory
        )
        effects[kind] = estimate(ours - theirs, laboratory.rows(members))
        found = found or (members, ours, theirs)  # the posterior comes first
    members, ours, theirs = found
    placebos, excess = {}, {}
    for name in claim.placebos:
        _, instead, _ = _levels(test, scenarios[f"placebo {name}", "posterior"], None, laboratory)
        placebos[name] = estimate(instead - theirs, laboratory.rows(members))
        excess[name] = estimate(ours - instead, laboratory.rows(members))
    judgement = judge(effects, test.expected, test.matters, excess)
    is_probability = test.metric.evaluate(laboratory.columns(scenarios[test.arm, "posterior"])).dtype == bool
    levels = float(ours.mean()), float(np.mean(theirs))
    return TestResult(test, *levels, effects, placebos, excess, judgement, is_probability)


def _levels(test: Test, scenario, other, laboratory: Laboratory) -> tuple[np.ndarray, np.ndarray, Any]:
    """Members, the metric in an arm, and in the one it is compared with, or the bound."""
    columns = laboratory.columns(scenario)
    ours = _numbers(test.metric.evaluate(columns), test)
    if other is None:
        return columns.members, ours, test.bound
    beside = laboratory.columns(other)
    if not np.array_equal(columns.members, beside.members):
        raise ExpressionError("the two arms lost different members; look at their manifests.")
    return columns.members, ours, _numbers(test.metric.evaluate(beside), test)


def _numbers(values: np.ndarray, test: Test) -> np.ndarray:
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise ExpressionError(
            f"{test.metric.text!r} is empty in some members: say 'by YEAR' or 'ever' for a probability, or capped(...) "
            "to count what never comes as the year after the end."
        )
    return values
