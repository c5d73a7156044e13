"""Running until an answer is sure enough: a batch of one that grows, up to a cap.

The members are those of a fixed run: a run that stops at N equals ``--members N`` bit for bit and bears its key, since
a member's history depends on its number alone.  While it grows, its parts lie in the folder of the cap's run, which an
interrupted search goes on from; what is reached is moved into a run of its own.
"""

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.outcomes.goal import Estimate, Goal, GoalError
from sim.outcomes.metric import is_outcome
from sim.runs.arrow import read_table, to_numpy
from sim.runs.batch import Callback, run_scenario, work_on
from sim.runs.complete import kept_tables
from sim.runs.errors import RunError
from sim.runs.executors import choose_executor
from sim.runs.files import RunLock, delete, settle
from sim.runs.manifest import new_manifest
from sim.runs.plan import Planned, plan_batch
from sim.runs.read import Run
from sim.runs.resume import sound_parts
from sim.runs.store import RunStore
from sim.runs.work import Work, prepared, simulate_part, work_of

FIRST_LOOK = 200
DEFAULT_CAP = 20_000
_ROUND = 50
_FASTEST = 4


@dataclass(frozen=True)
class Reached:
    """The run that a search ended with, the estimate of each goal, and whether all were reached before the cap."""

    run: Run
    estimates: tuple[Estimate, ...]
    reached: bool


def next_look(members: int, goals: Sequence[Goal], estimates: Sequence[Estimate], cap: int) -> int:
    """Members at which to look again: as many as the widths so far say, at most four times as many.

    The half-width falls with the square root of the members; five per cent are added, since it was itself estimated.
    """
    ratios = [(estimate.half_width / goal.half_width) ** 2 for goal, estimate in zip(goals, estimates)]
    wanted = 1.05 * members * max(ratios)
    wanted = _FASTEST * members if not math.isfinite(wanted) else min(wanted, _FASTEST * members)
    return min(cap, max(members + _ROUND, math.ceil(wanted / _ROUND) * _ROUND))


def run_until(
    scenario: Any,
    goals: Sequence[Goal],
    out: str | Path = "results",
    cap: int = DEFAULT_CAP,
    threads: int | None = None,
    progress: Callback | None = None,
    keep_terms: bool = False,
    keep_monthly: bool = False,
) -> Reached:
    """Run a scenario until every goal is reached, or ``cap`` members.

    Looks are taken after 200 members and then where :func:`next_look` says, so the same call always ends with the same
    members. The other parameters are those of :func:`sim.runs.run_scenario`.

    Raises
    ------
    GoalError for an outcome that there is not; RunError and its kinds as :func:`sim.runs.run_scenario`.
    """
    out, largest = Path(out), _with_members(scenario, cap)
    (planned,) = plan_batch([largest], out, kept_tables(keep_terms, keep_monthly))
    run = planned.runs[0]
    work = work_of(largest, run.folder.absolute(), run.kept, compare=False)
    _check(goals, _outcomes(work))
    members = min(FIRST_LOOK, cap)
    with choose_executor(threads=threads) as executor:
        while True:
            if not run.complete:
                (outcome,) = work_on((planned,), executor, None, progress, upto=members)
                if outcome.error is not None:
                    raise outcome.error
            names = dict.fromkeys(name for goal in goals for name in goal.outcomes)
            columns = _columns(work, planned, list(names), members)
            estimates = tuple(goal.estimate(columns) for goal in goals)
            reached = all(map(Goal.reached, goals, estimates))
            if reached or members == cap:
                break
            members = next_look(members, goals, estimates, cap)
    fixed = _with_members(scenario, members)
    if members < cap and not run.complete:
        _hand_over(work, fixed, out)
    return Reached(run_scenario(fixed, out, threads, None, progress, keep_terms, keep_monthly), estimates, reached)


def _with_members(scenario: Any, members: int) -> Any:
    return replace(scenario, run=scenario.run.model_copy(update={"members": members}))


def _outcomes(work: Work) -> list[str]:
    """Names of the outcomes, from a first member."""
    part = simulate_part(prepared(work), 0, 1)
    if part.failed:
        raise RunError("the first member failed, so nothing can be estimated.  casim run without --until says why.")
    return [name for name in part.table("members").column_names if is_outcome(name)]


def _check(goals: Sequence[Goal], known: Sequence[str]) -> None:
    for goal in goals:
        for condition in goal.conditions:
            if condition.outcome not in known:
                near = difflib.get_close_matches(condition.outcome, known, 3, 0.5)
                guess = f"  Did you mean {' or '.join(near)}?" if near else ""
                raise GoalError(goal.text, condition.position, f"{condition.outcome} is no outcome.{guess}")


def _columns(work: Work, planned: Planned, names: Sequence[str], members: int) -> dict[str, np.ndarray]:
    """Outcomes of the first ``members``, of those that did not fail."""
    wanted = ["member", *names]
    if planned.runs[0].complete:
        tables = [read_table(work.folder / "members.parquet", wanted)]
    else:
        with RunLock(work.folder):
            parts = sound_parts(work.parts, work.history_key, work.needed, planned.members)
            found = [part.table("members") for part in parts if part.first < members]
        tables = [table.select(wanted) for table in found if table is not None]
    kept = [to_numpy(table.column("member")) < members for table in tables]
    return {
        name: np.concatenate([to_numpy(table.column(name))[inside] for table, inside in zip(tables, kept)])
        for name in names
    }


def _hand_over(work: Work, fixed: Any, out: Path) -> None:
    """Move the parts of the run that was reached into its folder; delete what has grown, if none is left."""
    (planned,) = plan_batch([fixed], out)
    folder = planned.folder.absolute()
    content = planned.runs[0].key, work.facts_digest, work.model_version
    with RunLock(work.folder), RunStore(folder, new_manifest(fixed, *content), work.kept, fixed) as target:
        parts = sound_parts(work.parts, work.history_key, work.needed, work.scenario.run.members)
        for part in parts if not target.complete else ():
            target.parts_folder.mkdir(exist_ok=True)
            if part.last <= fixed.run.members and not (target.parts_folder / part.folder.name).exists():
                settle(part.folder, target.parts_folder / part.folder.name)
        if all(part.last <= fixed.run.members for part in parts):
            delete(work.folder)
