"""The runs of one scenario on their way through a batch: opened, handed out part by part, finished, or failed."""

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.runs.complete import refresh_manifest
from sim.runs.design import write_design
from sim.runs.errors import DiskFullError, OutputError, RunError, SchedulerError, UnlikeWorkerError
from sim.runs.executors import Completed, Executor
from sim.runs.manifest import computed_manifest, new_manifest, read_manifest
from sim.runs.no_effect import remarks_on
from sim.runs.parts import Part, write_part
from sim.runs.plan import Planned, PlannedRun
from sim.runs.read import Run, open_run
from sim.runs.resume import gaps, sound_parts
from sim.runs.store import RunStore
from sim.runs.work import FinishRun, PartDone, RunDone, SimulatePart, Task, work_of

#: Whatever stops one of these would stop every other run of the batch too.
_FATAL = (DiskFullError, SchedulerError, UnlikeWorkerError)

_PART_SECONDS = 4.0
_SMALLEST_PART, _LARGEST_PART = 25, 500  # a member's tables take about 50 kB
_FIRST_PART = 250
#: Members whose tables may wait in memory instead of in parts on disk, and for how many seconds of work.
_HELD_MEMBERS, _HELD_SECONDS = 1_200, 10.0


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
    error: BaseException | None = None

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


class Pace:
    """Members a part, by how long members have taken so far; and what may wait in memory."""

    def __init__(self, part_size: int | None, missing: int, executor: Executor) -> None:
        self.part_size = part_size
        self._fair = max(_SMALLEST_PART, -(-missing // (2 * executor.workers)))
        self._members, self._seconds = 0, 0.0
        self._begun = False
        self._holds = executor.holds and part_size is None
        self.held = 0
        self._began = time.monotonic()

    def took(self, done: PartDone) -> None:
        """Take note of a part that is done."""
        self._members += done.members
        self._seconds += done.seconds

    def size(self) -> int:
        """Members of the next part: about four parts for each worker, but none much longer than a few seconds.

        The very first is half as long: threads that simulate at the same time would write tables at the same time,
        which needs the interpreter, and one would wait for the other each time.
        """
        if self.part_size:
            return self.part_size
        wanted = _PART_SECONDS * self._members / self._seconds if self._seconds else _FIRST_PART
        found = min(self._fair, max(_SMALLEST_PART, min(_LARGEST_PART, int(wanted))))
        begun, self._begun = self._begun, True
        return found if begun else -(-found // 2)

    def reserve(self, members: int) -> bool:
        """Whether parts of a run that misses so many members may wait in memory: if all that waits there is small."""
        if not self._holds or self.held + members > _HELD_MEMBERS:
            return False
        self.held += members
        return True

    @property
    def late(self) -> bool:
        """Whether so much time has gone by that work should be kept on disk."""
        return time.monotonic() - self._began > _HELD_SECONDS


class OpenRun:
    """A run that is being worked on; its folder is locked until :meth:`close`.

    ``upto`` is how many of its members are wanted; only a run of which all are wanted is finished.  Raises what opening
    a run folder can raise (see :class:`sim.runs.store.RunStore`).
    """

    def __init__(self, planned: PlannedRun, pace: Pace, upto: int | None) -> None:
        self.planned, self.pace = planned, pace
        self.scenario = planned.variant()
        members = planned.members if upto is None else upto
        # a point of a design need not move anything
        compare = planned.point is None and upto is None
        self.work = work_of(self.scenario, planned.folder.absolute(), planned.kept, compare)
        content = self.work.key, self.work.facts_digest, self.work.model_version
        self.store = RunStore(self.work.folder, new_manifest(self.scenario, *content), planned.kept, self.scenario)
        self.held: list[Part] = []
        self._hold = False
        self._opened, self._seconds = time.perf_counter(), 0.0
        self._under_way = 0
        self.store.__enter__()
        self.open = True
        try:
            parts = [] if self.store.complete else sound_parts(*self._sound(), planned.members)
            self._missing = deque([] if self.store.complete else gaps([p for p in parts if p.first < members], members))
        except BaseException:
            self.close()
            raise
        self.missing = sum(last - first for first, last in self._missing)
        self._hold = pace.reserve(self.missing)
        self._finishing = self.store.complete or upto is not None

    def _sound(self) -> tuple[Path, str, tuple[str, ...]]:
        return self.work.parts, self.work.history_key, self.work.needed

    def next_task(self, threads: int) -> Task | None:
        """The next thing to do, or None while there is nothing but to wait."""
        if self._missing:
            first, last = self._missing.popleft()
            stop = min(last, first + self.pace.size())
            if stop < last:
                self._missing.appendleft((stop, last))
            self._under_way += 1
            return SimulatePart(self.work, first, stop, self._hold and not self.pace.late)
        if self._under_way or self._finishing:
            return None
        self._finishing = True
        return FinishRun(self.work, tuple(self.held), threads)

    @property
    def over(self) -> bool:
        """Whether nothing is left to hand out or to wait for, of a run that is not to be finished."""
        return self._finishing and not self._missing and not self._under_way

    def part_done(self, done: PartDone) -> None:
        """Take note of a part that is done."""
        self._under_way -= 1
        self._seconds += done.seconds
        self.pace.took(done)
        if done.part is not None:
            self.held.append(done.part)

    def run_done(self, done: RunDone) -> None:
        """Declare the run complete.  RunError if no member came through."""
        seconds = {"elapsed": round(time.perf_counter() - self._opened, 3), "simulate": round(self._seconds, 3)}
        remarks = {**remarks_on(self.scenario, done.no_effect), "catalogue": done.catalogue, "seconds": seconds}
        self.held = []
        self.store.declare(done.finished, remarks)

    def give_up(self) -> None:
        """Hand out nothing more."""
        self._missing.clear()
        self._finishing = True

    def close(self) -> None:
        """Let go of the folder; what is in memory is written, so that the same command goes on from there."""
        if not self.open:
            return
        self.open = False
        try:
            for part in self.held:
                write_part(self.work.parts, self.work.history_key, part)
        finally:
            self.held = []
            self.pace.held -= self.missing if self._hold else 0
            self.store.__exit__()


class Stream:
    """The runs of one scenario on their way through the batch, a few open at a time."""

    def __init__(self, planned: Planned, pace: Pace, window: int, upto: int | None) -> None:
        self.outcome = Outcome(planned)
        self.members_done = 0
        self.open: list[OpenRun] = []
        self._waiting = deque(planned.runs)
        self._pace, self._window, self._upto = pace, window, upto
        self._started = time.perf_counter()

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""
        return not self._waiting and not self.open

    @property
    def total(self) -> int:
        """Members that are wanted."""
        return self._upto or self.outcome.planned.members

    def next_task(self, threads: int) -> tuple[OpenRun, Task] | None:
        """A task and the run it belongs to; None while there is nothing to hand out."""
        for run in self.open:
            task = run.next_task(threads)
            if task is not None:
                return run, task
        while self._waiting and len(self.open) < self._window:
            run = self._open_next(self._waiting.popleft())
            task = run.next_task(threads) if run is not None else None
            if task is not None:
                return run, task
        return None

    def _open_next(self, planned: PlannedRun) -> OpenRun | None:
        """The run, opened; None if nothing is left to do for it, or it cannot be worked on."""
        if planned.complete:
            self._found(planned)
            return None
        try:
            run = OpenRun(planned, self._pace, self._upto)
        except _FATAL:
            raise
        except Exception as error:
            self._failed(planned, error)
            return None
        if run.store.complete or run.over:
            run.close()
            self._found(planned)
            return None
        self.members_done += (self._upto or planned.members) - run.missing
        self.open.append(run)
        return run

    def _found(self, planned: PlannedRun) -> None:
        self.members_done += self._upto or planned.members
        if self._upto is not None:
            return
        scenario, found = planned.variant(), read_manifest(planned.folder)
        if found is None:
            self._failed(planned, OutputError(f"{planned.folder}: the manifest went away."))
            return
        try:
            content = planned.key, found["facts_digest"], found["model_version"]
            manifest = refresh_manifest(planned.folder, found, computed_manifest(scenario, *content))
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
        self.outcome.error = self.outcome.error or error

    def take(self, run: OpenRun, completed: Completed) -> None:
        """Take note of a task of one of the runs.  Raises what would stop every other run too."""
        if run not in self.open:  # it was given up while this part was under way
            return
        try:
            if completed.error is not None:
                raise completed.error
            if isinstance(completed.done, PartDone):
                self.members_done += completed.done.members
                run.part_done(completed.done)
                if not run.over:
                    return
            else:
                run.run_done(completed.done)
                self.outcome.done += 1
                self._note_members(run.store.manifest)
        except _FATAL:
            raise
        except Exception as error:
            run.give_up()
            self._failed(run.planned, error)
        self._close(run)

    def _close(self, run: OpenRun) -> None:
        self.open.remove(run)
        self.outcome.seconds = time.perf_counter() - self._started
        run.close()

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
