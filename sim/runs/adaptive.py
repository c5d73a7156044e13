"""Running until an answer is sure enough: members are added in steps, up to a cap.

The members are those of a fixed run: a run that stops at N equals ``--members N`` bit for bit and bears its key, since
a member's history depends on its number alone. While it grows, its parts lie in the folder of the cap's run, which an
interrupted search goes on from; what is reached is moved into a run of its own.
"""

import difflib
import math
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.outcomes.goal import Estimate, Goal, GoalError
from sim.outcomes.metric import is_outcome
from sim.runs.arrow import read_table, to_numpy
from sim.runs.errors import RunError
from sim.runs.key import folder_name
from sim.runs.manifest import new_manifest
from sim.runs.parts import missing_ranges
from sim.runs.read import Run, open_run
from sim.runs.run import Callback, Progress, available_cores, default_part_size, run_scenario
from sim.runs.simulate import simulate_part
from sim.runs.store import RunStore, kept_tables
from sim.runs.work import key_of, prepare, work_of

FIRST_LOOK = 200
DEFAULT_CAP = 20_000
_ROUND = 50
_FASTEST = 4
_LOADING_SECONDS = 3.0


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


def _with_members(scenario: Any, members: int) -> Any:
    return replace(scenario, run=scenario.run.model_copy(update={"members": members}))


class _Growing:
    """The run of the cap, as far as it has been simulated."""

    def __init__(
        self, scenario: Any, out: Path, kept: tuple[str, ...], threads: int, progress: Callback | None
    ) -> None:
        work = work_of(scenario, out / folder_name(scenario.name, key_of(scenario)), kept, compare=False)
        self.cap, self.kept, self.threads, self.progress = scenario.run.members, kept, threads, progress
        self.ready = prepare(work)
        manifest = new_manifest(scenario, work.key, work.facts_digest, work.model_version, self.ready.catalogue)
        self.store = RunStore(work.folder, manifest, kept)
        self._stop = threading.Event()

    def report(self, stage: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(Progress(stage, done, total, self.store.folder))

    def outcomes(self) -> list[str]:
        """Names of the outcomes, from a first member; loads or compiles the model and says so if that takes long."""
        found: list[dict] = []
        first = threading.Thread(target=lambda: found.append(self._simulate(0, 1)[0]), daemon=True)
        first.start()
        first.join(_LOADING_SECONDS)
        if first.is_alive():
            self.report("compile", 0, self.cap)
        while first.is_alive():
            first.join(0.5)
        if not found or "members" not in found[0]:
            raise RunError("the first member failed, so nothing can be estimated.  casim run without --until says why.")
        return [name for name in found[0]["members"].column_names if is_outcome(name)]

    def _simulate(self, first: int, last: int):
        ready = self.ready
        return simulate_part(
            ready.world,
            ready.catalogue,
            ready.documented,
            first,
            last,
            "terms" in self.kept,
            "monthly_members" in self.kept,
        )

    def _part(self, bounds: tuple[int, int]) -> int:
        if self._stop.is_set():
            return 0
        self.store.write(*bounds, *self._simulate(*bounds))
        return bounds[1] - bounds[0]

    def grow(self, members: int) -> None:
        """Simulate what is missing of the first ``members``."""
        parts = [part for part in self.store.sound_parts() if part.first < members]
        ranges = missing_ranges(parts, members, default_part_size(members, self.threads))
        ranges = [(first, min(last, members)) for first, last in ranges if first < members]
        done = members - sum(last - first for first, last in ranges)
        self.report("simulate", done, members)
        pool = ThreadPoolExecutor(self.threads, thread_name_prefix="members")
        try:
            for count in pool.map(self._part, ranges):
                done += count
                self.report("simulate", done, members)
        finally:
            # parts under way are finished and kept, whatever stopped the others
            self._stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            self._stop.clear()

    def columns(self, names: Sequence[str], members: int) -> dict[str, np.ndarray]:
        """Outcomes of the first ``members``, of those that did not fail."""
        wanted = ["member", *names]
        if self.store.complete:
            tables = [read_table(self.store.folder / "members.parquet", wanted)]
        else:
            tables = [
                read_table(part.folder / "members.parquet", wanted)
                for part in self.store.sound_parts()
                if part.first < members and "members.parquet" in part.files
            ]
        kept = [to_numpy(table.column("member")) < members for table in tables]
        return {
            name: np.concatenate([to_numpy(table.column(name))[inside] for table, inside in zip(tables, kept)])
            for name in names
        }

    def hand_over(self, scenario: Any, folder: Path) -> None:
        """Copy the parts that belong to a run of fewer members into its folder."""
        work = work_of(scenario, folder, self.kept, compare=False)
        manifest = new_manifest(scenario, work.key, work.facts_digest, work.model_version, self.ready.catalogue)
        with RunStore(folder, manifest, self.kept) as target:
            if target.complete:
                return
            for part in self.store.sound_parts():
                if part.last <= scenario.run.members:
                    names = [name.removesuffix(".parquet") for name in part.files]
                    target.write(part.first, part.last, {name: part.table(name) for name in names}, part.failed)

    def clear(self, members: int) -> None:
        """Delete the growing run, unless it holds members beyond those that were reached."""
        if all(part.last <= members for part in self.store.sound_parts()):
            shutil.rmtree(self.store.folder, ignore_errors=True)


def _check(goals: Sequence[Goal], known: Sequence[str]) -> None:
    for goal in goals:
        for condition in goal.conditions:
            if condition.outcome not in known:
                near = difflib.get_close_matches(condition.outcome, known, 3, 0.5)
                guess = f"  Did you mean {' or '.join(near)}?" if near else ""
                raise GoalError(goal.text, condition.position, f"{condition.outcome} is no outcome.{guess}")


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
    threads, out = threads or available_cores(), Path(out)
    kept = kept_tables(keep_terms or scenario.run.keep_terms, keep_monthly)
    growing = _Growing(_with_members(scenario, cap), out, kept, threads, progress)
    _check(goals, growing.outcomes())
    with growing.store as store:
        members, estimates = min(FIRST_LOOK, cap), ()
        while True:
            if not store.complete:
                growing.grow(members)
            estimates = tuple(goal.estimate(growing.columns(goal.outcomes, members)) for goal in goals)
            if all(map(Goal.reached, goals, estimates)) or members == cap:
                break
            members = next_look(members, goals, estimates, cap)
        reached = _with_members(scenario, members)
        folder = out / folder_name(reached.name, key_of(reached))
        if members < cap and not store.complete:
            growing.hand_over(reached, folder)
            growing.clear(members)
    run = run_scenario(reached, out, threads, None, progress, keep_terms, keep_monthly)
    return Reached(open_run(run.path), estimates, all(map(Goal.reached, goals, estimates)))
