"""One run of a batch while it is being worked on: opened, handed out part by part, finished, or failed."""

import time
from collections.abc import Iterator
from typing import Any

from sim.runs.effect import remarks_on
from sim.runs.manifest import new_manifest
from sim.runs.plan import PlannedRun
from sim.runs.store import RunStore
from sim.runs.work import FinishRun, PartDone, RunDone, SimulatePart, Task, prepare, work_of


class BatchRun:
    """A planned run, opened: its folder is locked until :meth:`close`.

    Raises what opening a run folder can raise (see :class:`sim.runs.store.RunStore`).
    """

    def __init__(self, planned: PlannedRun, kept: tuple[str, ...], part_size: int) -> None:
        self.planned = planned
        scenario = planned.variant()
        self.scenario = scenario
        folder = planned.folder.absolute()
        # a point of a design need not move anything
        self.work = work_of(scenario, folder, kept, compare=planned.point is None)
        catalogue = prepare(self.work).catalogue
        manifest = new_manifest(scenario, planned.key, self.work.facts_digest, self.work.model_version, catalogue)
        self.store = RunStore(folder, manifest, kept)
        self._opened = time.perf_counter()
        self._seconds = 0.0
        self._open = False
        self._under_way = 0
        self._rest: Iterator[tuple[int, int]] = iter(())
        self._next: tuple[int, int] | None = None
        self._begin(part_size)

    def _begin(self, part_size: int) -> None:
        self.store.__enter__()
        self._open = True
        try:
            self.complete = self.store.complete
            ranges = [] if self.complete else self.store.missing(part_size)
        except BaseException:
            self.close()
            raise
        self.missing = sum(last - first for first, last in ranges)
        self._rest = iter(ranges)
        self._next = next(self._rest, None)
        self._finishing = self.complete

    def next_task(self) -> Task | None:
        """The next thing to do, or None while there is nothing but to wait."""
        if self._next is not None:
            task = SimulatePart(self.work, *self._next)
            self._next = next(self._rest, None)
            self._under_way += 1
            return task
        if self._under_way or self._finishing:
            return None
        self._finishing = True
        return FinishRun(self.work)

    @property
    def handed_out(self) -> bool:
        """Whether every part has been handed out."""
        return self._next is None

    def part_done(self, done: PartDone) -> None:
        """Take note of a part that has been kept."""
        self._under_way -= 1
        self._seconds += done.seconds

    def run_done(self, done: RunDone) -> None:
        """Declare the run complete.  RunError if no member came through."""
        seconds = {"elapsed": round(time.perf_counter() - self._opened, 3), "simulate": round(self._seconds, 3)}
        remarks: dict[str, Any] = {**remarks_on(self.scenario, done.no_effect), "seconds": seconds}
        self.store.declare(done.finished, remarks)

    def give_up(self) -> None:
        """Hand out nothing more."""
        self._next, self._rest, self._finishing = None, iter(()), True

    def close(self) -> None:
        """Let go of the folder."""
        if self._open:
            self._open = False
            self.store.__exit__()
