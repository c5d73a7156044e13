"""The one runner: scenarios and designs one after the other, in parts, on any executor; what is there is not redone.

A single run is a batch of one; a run until an answer is sure is a batch of one that grows (`sim.runs.until`).  A run
that cannot be finished is recorded with its cause and the others go on.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.runs.complete import kept_tables
from sim.runs.errors import OutputError
from sim.runs.executors import Completed, Executor, choose_executor
from sim.runs.plan import Planned, plan_batch
from sim.runs.read import Run, open_run
from sim.runs.stream import OpenRun, Outcome, Pace, Stream
from sim.runs.work import FinishRun, PartDone, SimulatePart, Task, prepared, simulate_part, work_of

#: Opening, finishing and checking one run, in seconds on one core, and what writing adds to simulating.
_A_RUN, _BESIDES = 0.15, 0.3
_TRIED = 16


@dataclass(frozen=True)
class Progress:
    """How far a batch is: members of one scenario and of all, those found on disk included.

    ``stage`` is begin, compile, simulate, finish or done.
    """

    stage: str
    scenario: str
    done: int
    total: int
    batch_done: int
    batch_total: int


Callback = Callable[[Progress], None]


class _Batch:
    """The streams of all scenarios, and who works on them."""

    def __init__(self, streams: list[Stream], executor: Executor, progress: Callback | None) -> None:
        self.streams, self.executor, self.progress = streams, executor, progress
        self._owners: dict[Task, tuple[Stream, OpenRun]] = {}
        self._concluded: set[int] = set()

    def work(self) -> None:
        """Hand out tasks until every stream is over."""
        for stream in self.streams:
            self.report("begin", stream)
        self._say_if_it_compiles()
        while True:
            self._hand_out()
            self._conclude()
            if not self.executor.under_way:
                break
            for completed in self.executor.wait():
                self._take(completed)

    def _say_if_it_compiles(self) -> None:
        late = [stream for stream in self.streams if not stream.outcome.planned.complete]
        if self.progress is None or not late:
            return
        from sim.engine.compiled import is_warm

        if not is_warm():
            self.report("compile", late[0])

    def _take(self, completed: Completed) -> None:
        stream, run = self._owners.pop(completed.task)
        stream.take(run, completed)
        if isinstance(completed.task, SimulatePart):
            self.report("simulate", stream)

    def _hand_out(self) -> None:
        """As many tasks as the executor has room for: of the first scenario that has any, so that few are under way.

        What a scenario holds in memory until it is finished, two hundred would hold at once if they took turns.
        """
        for stream in self.streams:
            while self.executor.free and (found := stream.next_task(self.executor.threads)):
                run, task = found
                if isinstance(task, FinishRun):
                    self.report("finish", stream)
                self._owners[task] = (stream, run)
                self.executor.submit(task)

    def _conclude(self) -> None:
        for place, stream in enumerate(self.streams):
            if stream.over and place not in self._concluded:
                self._concluded.add(place)
                stream.conclude()
                self.report("done", stream)

    def stop(self) -> None:
        """Let what is under way finish and be kept, whatever stopped the rest."""
        for completed in self.executor.drain():
            _, run = self._owners.pop(completed.task)
            if isinstance(completed.done, PartDone) and run.open:
                run.part_done(completed.done)
        for stream in self.streams:
            stream.close()

    def report(self, stage: str, stream: Stream) -> None:
        """Tell the caller how far things are."""
        if self.progress is not None:
            reached = sum(each.members_done for each in self.streams), sum(each.total for each in self.streams)
            name = stream.outcome.planned.name
            self.progress(Progress(stage, name, stream.members_done, stream.total, *reached))


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
    part_size : members a part, each kept on disk; changes no number
    progress : called from this thread with a :class:`Progress`
    keep_terms, keep_monthly : as in :func:`sim.runs.run_scenario`, for every run
    plan : of :func:`sim.runs.plan_batch`, in place of scenarios and out, where it has been made already

    Returns the outcome of each scenario, in their order; a scenario that failed is among them, with its cause.

    Raises
    ------
    OutputError where the batch makes no sense (see :func:`sim.runs.plan_batch`); DiskFullError, SchedulerError and
    UnlikeWorkerError, which concern every run.  After those, and after KeyboardInterrupt or any end of the process, the
    same call goes on from the last finished part.
    """
    plan = plan if plan is not None else plan_batch(scenarios or (), Path(out), kept_tables(keep_terms, keep_monthly))
    if executor is None:
        with choose_executor() as own:
            return work_on(plan, own, part_size, progress)
    return work_on(plan, executor, part_size, progress)


def work_on(
    plan: Sequence[Planned],
    executor: Executor,
    part_size: int | None,
    progress: Callback | None,
    upto: int | None = None,
) -> list[Outcome]:
    """Do what is planned, or simulate the first ``upto`` members of each run and keep them in parts."""
    missing = sum((upto or planned.members) - min(upto or planned.members, planned.found) for planned in plan)
    pace = Pace(part_size, missing, executor)
    window = 2 * executor.workers + 2
    streams = [Stream(planned, pace, window, upto) for planned in plan]
    batch = _Batch(streams, executor, progress)
    try:
        batch.work()
    finally:
        batch.stop()
    return [stream.outcome for stream in streams]


def run_scenario(
    scenario: Any,
    out: str | Path = "results",
    threads: int | None = None,
    part_size: int | None = None,
    progress: Callback | None = None,
    keep_terms: bool = False,
    keep_monthly: bool = False,
) -> Run:
    """Run a scenario, or go on with it, or find it done: a batch of one, on threads.

    Parameters
    ----------
    scenario : of :func:`sim.scenario.load_scenario`
    out : folder in which the run's own folder is made
    threads : members are simulated on so many; all cores of this process unless given
    part_size : members a part, each kept on disk; changes no number
    progress : called from this thread with a :class:`Progress`
    keep_terms : keep the named terms of every decision
    keep_monthly : keep every member's months, not only their quantiles

    Raises
    ------
    RunError or one of its kinds (see :mod:`sim.runs.errors`).  After KeyboardInterrupt, or any end of the process, the
    same call goes on from what is kept.
    """
    if scenario.design is not None:
        raise OutputError(
            f"{scenario.name} has a [design] of {len(scenario.design):,} points, not one run: use casim batch."
        )
    plan = plan_batch([scenario], Path(out), kept_tables(keep_terms, keep_monthly))
    with choose_executor(threads=threads) as executor:
        (outcome,) = work_on(plan, executor, part_size, progress)
    if outcome.error is not None:
        raise outcome.error
    return open_run(outcome.planned.folder)


def estimate_seconds(plan: Sequence[Planned], workers: int, compiling: Callable[[], None] = lambda: None) -> float:
    """Seconds that the missing part of a batch will take on so many workers as fast as this one; 0 if none is missing.

    A few members are simulated and thrown away, which also readies the compiled model; ``compiling`` is called before
    it is compiled, which happens once on a machine and takes half a minute.
    """
    runs = [run for planned in plan for run in planned.runs if not run.complete]
    if not runs:
        return 0.0
    from sim.engine.compiled import is_warm

    if not is_warm():
        compiling()
    ready = prepared(work_of(runs[0].variant(), runs[0].folder, compare=False))
    simulate_part(ready, 0, 1)
    started = time.perf_counter()
    simulate_part(ready, 0, _TRIED)
    a_member = (time.perf_counter() - started) / _TRIED
    missing = sum(run.members - run.found for run in runs)
    return (missing * a_member * (1 + _BESIDES) + len(runs) * _A_RUN) / workers
