"""Batches: many scenarios and designs, in parts that take turns, on any executor; what is there already is not redone.

A scenario that cannot be finished is recorded with its cause and the others go on.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.runs.batch_run import BatchRun
from sim.runs.design_folder import write_design
from sim.runs.errors import DiskFullError, RunError, SchedulerError, UnlikeWorkerError
from sim.runs.executors import Completed, Executor, choose_executor
from sim.runs.plan import Planned, PlannedRun, plan_batch
from sim.runs.read import Run, open_run
from sim.runs.run import default_part_size
from sim.runs.store import kept_tables, refresh_manifest
from sim.runs.work import PartDone, SimulatePart

#: Whatever stops one of these would stop every other run of the batch too.
_FATAL = (DiskFullError, SchedulerError, UnlikeWorkerError)


@dataclass
class Outcome:
    """How one scenario of a batch fared.

    ``found`` and ``done`` count its runs (one, or one for each point of its design): those that were complete before
    and those completed now.  ``causes`` tell why others are missing; ``failed_members`` counts members that failed in
    runs that are complete all the same, the first of them with its cause in ``member_cause``.
    """

    planned: Planned
    found: int = 0
    done: int = 0
    causes: list[str] = field(default_factory=list)
    failed_members: int = 0
    member_cause: str = ""
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.planned.name

    @property
    def complete(self) -> bool:
        """Whether every run is complete."""
        return not self.causes and self.found + self.done == len(self.planned.runs)

    def runs(self) -> list[Run]:
        """The complete runs, opened."""
        return [open_run(run.folder) for run in self.planned.runs]


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch is: members of one scenario and of all, those found on disk included."""

    stage: str
    scenario: str
    done: int
    total: int
    batch_done: int
    batch_total: int


Callback = Callable[[BatchProgress], None]


class _Stream:
    """The runs of one scenario on their way through the batch, a few open at a time."""

    def __init__(self, planned: Planned, kept: tuple[str, ...], part_size: int, window: int) -> None:
        self.outcome = Outcome(planned)
        self.members_done = 0
        self.open: list[BatchRun] = []
        self._waiting = deque(planned.runs)
        self._kept, self._part_size, self._window = kept, part_size, window
        self._started = time.perf_counter()

    @property
    def over(self) -> bool:
        return not self._waiting and not self.open

    def next_task(self) -> tuple[BatchRun, Any] | None:
        """A task and the run it belongs to; None while there is nothing to hand out."""
        for run in self.open:
            task = run.next_task()
            if task is not None:
                return run, task
        while self._waiting and len(self.open) < self._window:
            run = self._open_next(self._waiting.popleft())
            task = run.next_task() if run is not None else None
            if task is not None:
                return run, task
        return None

    def _open_next(self, planned: PlannedRun) -> BatchRun | None:
        """The run, opened; None if it is complete already or cannot be worked on."""
        if planned.complete:
            self._found(planned)
            return None
        try:
            run = BatchRun(planned, self._kept, self._part_size)
        except _FATAL:
            raise
        except Exception as error:
            self._failed(planned, error)
            return None
        if run.complete:
            run.close()
            self._found(planned)
            return None
        self.members_done += planned.members - run.missing
        self.open.append(run)
        return run

    def _found(self, planned: PlannedRun) -> None:
        self.members_done += planned.members
        try:
            manifest = refresh_manifest(planned.folder, planned.variant())
        except RunError as error:
            self._failed(planned, error)
            return
        self.outcome.found += 1
        self._note_members(manifest)

    def _note_members(self, manifest: dict[str, Any]) -> None:
        failed = manifest["failed"]
        self.outcome.failed_members += len(failed)
        if failed and not self.outcome.member_cause:
            self.outcome.member_cause = f"member {failed[0]['member']}: {failed[0]['cause']}"

    def _failed(self, planned: PlannedRun, error: BaseException) -> None:
        where = "" if planned.point is None else f"point {planned.point}: "
        told = str(error) if isinstance(error, RunError) else f"{type(error).__name__}: {error}"
        self.outcome.causes.append(where + told)

    def take(self, run: BatchRun, completed: Completed) -> None:
        """Take note of a task of one of the runs.  Raises what would stop every other run too."""
        if run not in self.open:  # it was given up while this part was under way
            return
        try:
            if completed.error is not None:
                raise completed.error
            if isinstance(completed.done, PartDone):
                self.members_done += completed.done.members
                run.part_done(completed.done)
                return
            run.run_done(completed.done)
            self.outcome.done += 1
            self._note_members(run.store.manifest)
        except _FATAL:
            raise
        except Exception as error:
            run.give_up()
            self._failed(run.planned, error)
        self._close(run)

    def _close(self, run: BatchRun) -> None:
        run.close()
        self.open.remove(run)
        self.outcome.seconds = time.perf_counter() - self._started

    def conclude(self) -> None:
        """What is left once all runs are over: the table of a design."""
        planned = self.outcome.planned
        if planned.scenario.design is not None and self.outcome.complete:
            try:
                write_design(planned.folder, planned.scenario, planned.point_keys)
            except DiskFullError:
                raise
            except RunError as error:
                self.outcome.causes.append(str(error))

    def close(self) -> None:
        """Let go of all folders."""
        for run in list(self.open):
            self._close(run)


class _Batch:
    """The streams of all scenarios, and who works on them."""

    def __init__(self, streams: list[_Stream], executor: Executor, progress: Callback | None) -> None:
        self.streams, self.executor, self.progress = streams, executor, progress
        self._turns = deque(streams)
        self._owners: dict[Any, tuple[_Stream, BatchRun]] = {}
        self._concluded: set[int] = set()

    def work(self) -> None:
        """Hand out tasks in turns until every stream is over."""
        for stream in self.streams:
            self.report("begin", stream)
        while True:
            self._hand_out()
            self._conclude()
            if not self.executor.under_way:
                break
            for completed in self.executor.wait():
                stream, run = self._owners.pop(completed.task)
                stream.take(run, completed)
                self.report("simulate" if isinstance(completed.task, SimulatePart) else "finish", stream)

    def _hand_out(self) -> None:
        """A part of each scenario in turn, as long as the executor has room."""
        idle = 0
        while self.executor.free and idle < len(self._turns):
            stream = self._turns[0]
            self._turns.rotate(-1)
            found = stream.next_task()
            if found is None:
                idle += 1
                continue
            idle = 0
            run, task = found
            self._owners[task] = (stream, run)
            self.executor.submit(task)

    def _conclude(self) -> None:
        for place, stream in enumerate(self.streams):
            if stream.over and place not in self._concluded:
                self._concluded.add(place)
                stream.conclude()
                self.report("done", stream)

    def report(self, stage: str, stream: _Stream) -> None:
        if self.progress is not None:
            planned = stream.outcome.planned
            self.progress(
                BatchProgress(
                    stage,
                    planned.name,
                    stream.members_done,
                    planned.members,
                    sum(each.members_done for each in self.streams),
                    sum(each.outcome.planned.members for each in self.streams),
                )
            )


def run_batch(
    scenarios: Sequence[Any] | None = None,
    out: str | Path = "results",
    executor: Executor | None = None,
    part_size: int | None = None,
    progress: Callback | None = None,
    keep_terms: bool = False,
    keep_monthly: bool = False,
    plan: Sequence[Planned] | None = None,
) -> list[Outcome]:
    """Run many scenarios, or go on with them, or find them done.

    Parameters
    ----------
    scenarios : of :func:`sim.scenario.load_scenario`, each of another name; those with a design give a run a point
    out : folder in which the runs' own folders are made
    executor : of :func:`sim.runs.choose_executor`, which stays open; threads on all cores unless given
    part_size : members a part; changes no number
    progress : called from this thread with a :class:`BatchProgress`
    keep_terms, keep_monthly : as in :func:`sim.runs.run_scenario`, for every run
    plan : of :func:`sim.runs.plan_batch`, in place of scenarios and out, where it has been made already

    Returns the outcome of each scenario, in their order; a scenario that failed is among them, with its cause.

    Raises
    ------
    OutputError where the batch makes no sense (see :func:`sim.runs.plan_batch`); DiskFullError, SchedulerError and
    UnlikeWorkerError, which concern every run.  After those, and after KeyboardInterrupt or any end of the process, the
    same call goes on from the last finished part.
    """
    kept = kept_tables(keep_terms, keep_monthly)
    plan = plan if plan is not None else plan_batch(scenarios or (), Path(out), kept)
    if executor is None:
        with choose_executor() as own:
            return _run(plan, own, kept, part_size, progress)
    return _run(plan, executor, kept, part_size, progress)


def _run(plan: Sequence[Planned], executor: Executor, kept, part_size, progress) -> list[Outcome]:
    missing = sum(planned.members - planned.found for planned in plan)
    size = part_size or default_part_size(missing, executor.workers)
    streams = [_Stream(planned, kept, size, 2 * executor.workers + 2) for planned in plan]
    try:
        _Batch(streams, executor, progress).work()
    finally:
        # parts under way are finished and kept, whatever stopped the others
        executor.drain()
        for stream in streams:
            stream.close()
    return [stream.outcome for stream in streams]
