"""Running one scenario: what is missing is simulated on threads, kept part by part, and finished."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.runs.effect import moved_nothing, remarks_on
from sim.runs.errors import OutputError
from sim.runs.key import folder_name
from sim.runs.manifest import new_manifest
from sim.runs.read import Run, open_run
from sim.runs.simulate import simulate_part
from sim.runs.store import RunStore, kept_tables
from sim.runs.work import key_of, prepare, work_of

_LARGEST_PART = 250
_SMALLEST_PART = 25
_LOADING_SECONDS = 3.0


@dataclass(frozen=True)
class Progress:
    """How far a run is: ``stage`` is compile, simulate, compare, finish or done; counts are members."""

    stage: str
    done: int
    total: int
    folder: Path


Callback = Callable[[Progress], None]


def available_cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def default_part_size(members: int, threads: int) -> int:
    """Members a part: about four parts a thread, between 25 and 250."""
    return max(_SMALLEST_PART, min(_LARGEST_PART, -(-members // (4 * threads))))


class _Job:
    """One call of run_scenario: the world, the store and what to keep."""

    def __init__(self, scenario: Any, out: Path, keep_terms: bool, keep_monthly: bool, progress: Callback | None):
        from sim.engine.compiled import is_warm

        self.scenario = scenario
        self.keep_terms, self.keep_monthly = keep_terms, keep_monthly
        key = key_of(scenario)
        work = work_of(scenario, out / folder_name(scenario.name, key), kept_tables(keep_terms, keep_monthly))
        if progress is not None and not is_warm():
            progress(Progress("compile", 0, scenario.run.members, work.folder))
        ready = prepare(work)
        self.world, self.facts = ready.world, ready.facts
        self.catalogue, self.documented, self.parent = ready.catalogue, ready.documented, work.parent
        manifest = new_manifest(scenario, key, work.facts_digest, work.model_version, self.catalogue)
        self.store = RunStore(work.folder, manifest, work.kept)
        self.stop = threading.Event()
        self._progress = progress

    def report(self, stage: str, done: int) -> None:
        if self._progress is not None:
            self._progress(Progress(stage, done, self.scenario.run.members, self.store.folder))

    def part(self, first: int, last: int) -> int:
        """Simulate and keep one part; returns its members, 0 if the run was told to stop before it began."""
        if self.stop.is_set():
            return 0
        tables, failed = simulate_part(
            self.world, self.catalogue, self.documented, first, last, self.keep_terms, self.keep_monthly
        )
        self.store.write(first, last, tables, failed)
        return last - first

    def warm_up(self, done: int) -> None:
        """Let one thread load the compiled model, or compile it; say so if that takes longer than loading does."""
        from sim.model import simulate_members

        first = threading.Thread(target=self._try_member, args=(simulate_members,), daemon=True)
        first.start()
        first.join(_LOADING_SECONDS)
        if first.is_alive():
            self.report("compile", done)
        while first.is_alive():
            first.join(0.5)

    def _try_member(self, simulate_members: Callable) -> None:
        # a member that fails is met again, and recorded, in its part
        with suppress(Exception):
            simulate_members(self.world, 0, 1)

    def simulate(self, threads: int, part_size: int) -> None:
        """Simulate every missing member."""
        ranges = self.store.missing(part_size)
        done = self.scenario.run.members - sum(last - first for first, last in ranges)
        if not ranges:
            return
        self.warm_up(done)
        self.report("simulate", done)
        pool = ThreadPoolExecutor(threads, thread_name_prefix="members")
        try:
            waiting, rest = set(), iter(ranges)
            while True:
                while len(waiting) < 2 * threads and (bounds := next(rest, None)):
                    waiting.add(pool.submit(self.part, *bounds))
                if not waiting:
                    break
                finished, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                done += sum(future.result() for future in finished)
                if finished:
                    self.report("simulate", done)
        finally:
            # parts under way are finished and kept, whatever stopped the others
            self.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def remarks(self, seconds: dict[str, float], threads: int) -> dict[str, Any]:
        """What the manifest says beyond the numbers."""
        unmoved = None
        if self.parent is not None:
            unmoved = moved_nothing(self.world, self.scenario, self.parent, self.facts)
        return {
            **remarks_on(self.scenario, unmoved),
            "threads": threads,
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
        }


def run_scenario(
    scenario: Any,
    out: str | Path = "results",
    threads: int | None = None,
    part_size: int | None = None,
    progress: Callback | None = None,
    keep_terms: bool = False,
    keep_monthly: bool = False,
) -> Run:
    """Run a scenario, or go on with it, or find it done.

    Parameters
    ----------
    scenario : of :func:`sim.scenario.load_scenario`
    out : folder in which the run's own folder is made
    threads : members are simulated on so many; all cores of this process unless given
    part_size : members a part; changes no number
    progress : called from this thread with a :class:`Progress`
    keep_terms : keep the named terms of every decision
    keep_monthly : keep every member's months, not only their quantiles

    Raises
    ------
    RunError or one of its kinds (see :mod:`sim.runs.errors`).  After KeyboardInterrupt, or any end of the process, the
    same call goes on from the last finished part.
    """
    if scenario.design is not None:
        raise OutputError(
            f"{scenario.name} has a [design] of {len(scenario.design):,} points, not one run: use casim batch."
        )
    threads = threads or available_cores()
    part_size = part_size or default_part_size(scenario.run.members, threads)
    started = time.perf_counter()
    job = _Job(scenario, Path(out), keep_terms or scenario.run.keep_terms, keep_monthly, progress)
    with job.store as store:
        if not store.complete:
            seconds = {"start": time.perf_counter() - started}
            job.simulate(threads, part_size)
            seconds["simulate"] = time.perf_counter() - started - seconds["start"]
            job.report("compare", scenario.run.members)
            remarks = job.remarks(seconds, threads)
            job.report("finish", scenario.run.members)
            store.finish(job.catalogue, job.documented, remarks)
    job.report("done", scenario.run.members)
    return open_run(store.folder)
