"""The work of a run, cut into tasks that any process can do: simulate some members, or write the finished tables.

A task carries all that is needed to do it, the analyst's own tables and draws included, so that a file that is edited
while a run goes on changes nothing in it.  On this process's threads a part may come back in memory; elsewhere the
numbers go straight to the run's folder, and only a few words come back.
"""

import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.outcomes import Catalogue, Events
from sim.runs.errors import RunError, UnlikeWorkerError
from sim.runs.finish import Finished, finish_parts
from sim.runs.manifest import content_key, read_manifest
from sim.runs.no_effect import compared_with, moved_nothing
from sim.runs.parts import Part, write_part
from sim.runs.resume import sound_parts
from sim.runs.tables import ALWAYS, catalogue_of, from_engine, new_sketch, tables_of

#: Members simulated in one call: few enough for their months to take little memory, many enough for the
#: cost of a call to vanish.
BLOCK = 128
_REMEMBERED = 32


@dataclass(frozen=True)
class Work:
    """A run as those who work on it know it: the same in every process.

    `history_key` is the key without the number of members; `kept` are the tables beyond those that every run has;
    `parent` is the scenario to compare with, or None.
    """

    scenario: Any
    key: str
    history_key: str
    folder: Path
    facts_digest: str
    model_version: str
    kept: tuple[str, ...] = ()
    parent: Any = None

    @property
    def parts(self) -> Path:
        """Where the parts of the run lie."""
        return self.folder / "parts"

    @property
    def needed(self) -> tuple[str, ...]:
        """Tables that a part must have."""
        return (*ALWAYS, *self.kept)


def work_of(scenario: Any, folder: Path, kept: tuple[str, ...] = (), compare: bool = True) -> Work:
    """The work of a run of a scenario in a folder; ``compare`` whether to see if it moves anything."""
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION

    parent = compared_with(scenario) if compare else None
    content = scenario.resolved(), load_facts(scenario.record).digest, MODEL_VERSION
    return Work(
        _bare(scenario),
        content_key(*content),
        content_key(*content, without=("members",)),
        folder,
        *content[1:],
        kept,
        None if parent is None else _bare(parent),
    )


def _bare(scenario: Any) -> Any:
    """Without where it comes from, which no history depends on."""
    return replace(scenario, sources={}, steps=(), settings=(), design=None)


@dataclass(frozen=True)
class Prepared:
    """What is computed once for all tasks of a run in one process."""

    world: Any
    facts: Any
    catalogue: Catalogue
    documented: Events


def prepare(work: Work) -> Prepared:
    """World and names of a run.  UnlikeWorkerError if this process has other facts or another model than the run."""
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION, build_world
    from sim.model.precompile import call_assistant

    facts = load_facts(work.scenario.record)
    for what, mine, needed in (
        ("facts", facts.digest[:16], work.facts_digest[:16]),
        ("model version", MODEL_VERSION, work.model_version),
    ):
        if mine != needed:
            raise UnlikeWorkerError(
                f"a worker on {socket.gethostname()} has {what} {mine}, this casim has {needed}.  "
                "Install the same version of casim everywhere."
            )
    call_assistant()
    world = build_world(work.scenario, facts)
    catalogue = catalogue_of(world, work.scenario, facts)
    return Prepared(world, facts, catalogue, from_engine(world.dated_events, catalogue))


class _Memory:
    """The latest runs prepared in this process, each prepared once however many threads ask for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, tuple[threading.Lock, list[Prepared]]] = OrderedDict()

    def prepared(self, work: Work) -> Prepared:
        """The world of a piece of work, built once for each scenario that is remembered."""
        address = work.key, work.scenario.calibration  # the same calibration can lie elsewhere by now
        with self._lock:
            own, found = self._kept.setdefault(address, (threading.Lock(), []))
            self._kept.move_to_end(address)
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        with own:
            if not found:
                found.append(prepare(work))
            return found[0]


prepared = _Memory().prepared


def simulate_part(ready: Prepared, first: int, last: int, kept: tuple[str, ...] = ()) -> Part:
    """Members first..last-1 as a part in memory, without those whose own arithmetic fails.

    Whatever else goes wrong is raised: it is no property of a member, and passes.
    """
    sketch = new_sketch(ready.world.monthly_names, len(ready.world.months))
    found: list[dict[str, pa.Table]] = []
    failed: list[tuple[int, str]] = []
    for start in range(first, last, BLOCK):
        _simulate(ready, start, min(start + BLOCK, last), kept, (found, sketch, failed))
    if not found:
        return Part(first, last, tuple(failed))
    tables = {name: pa.concat_tables([each[name] for each in found]) for name in found[0]}
    return Part(first, last, tuple(failed), tables, sketch)


def _simulate(ready: Prepared, first: int, last: int, kept: tuple[str, ...], into: tuple) -> None:
    """Add members to what is found; a range that fails is halved until the members at fault stand alone."""
    from sim.model import MEMBER_FAULTS, simulate_members

    found, sketch, failed = into
    try:
        block = simulate_members(ready.world, first, last, keep_terms="terms" in kept)
    except MEMBER_FAULTS as error:
        if last - first == 1:
            failed.append((first, f"{type(error).__name__}: {error}"[:500]))
            return
        middle = (first + last) // 2
        _simulate(ready, first, middle, kept, into)
        _simulate(ready, middle, last, kept, into)
        return
    found.append(tables_of(block, ready.world, ready.catalogue, ready.documented, sketch, kept))


def _check_folder(work: Work) -> None:
    found = read_manifest(work.folder)
    if found is None or found.get("key") != work.key:
        raise UnlikeWorkerError(
            f"a worker on {socket.gethostname()} does not see the run in {work.folder}.  The "
            "results folder must be one that all workers share, under the same path."
        )


@dataclass(frozen=True)
class PartDone:
    """A part is done: its members, how many of them failed, how long it took, and its tables if not on disk."""

    members: int
    failed: int
    seconds: float
    part: Part | None = None


@dataclass(frozen=True, eq=False)
class SimulatePart:
    """Simulate members first..last-1 and keep them as a part on disk, or hand them back in memory."""

    work: Work
    first: int
    last: int
    hold: bool = False

    def perform(self) -> PartDone:
        """Raises the errors of writing a part, and UnlikeWorkerError."""
        _check_folder(self.work)
        started = time.perf_counter()
        part = simulate_part(prepared(self.work), self.first, self.last, self.work.kept)
        if not self.hold:
            write_part(self.work.parts, self.work.history_key, part)
        seconds = time.perf_counter() - started
        return PartDone(part.members, len(part.failed), seconds, part if self.hold else None)


@dataclass(frozen=True)
class RunDone:
    """The finished tables of a run, its names, and whether it equals its parent (None: nothing to compare)."""

    finished: Finished
    catalogue: Mapping[str, Any]
    no_effect: bool | None


@dataclass(frozen=True, eq=False)
class FinishRun:
    """Write the finished tables of a run from its parts, and see whether the scenario moved anything.

    ``held`` are parts in memory; the others lie in the run's folder.
    """

    work: Work
    held: tuple[Part, ...] = ()
    threads: int = 1

    def perform(self) -> RunDone:
        """Raises DamagedError if a part is missing, the errors of writing, and UnlikeWorkerError."""
        work = self.work
        _check_folder(work)
        ready, members = prepared(work), work.scenario.run.members
        parts = [*self.held, *sound_parts(work.parts, work.history_key, work.needed, members)]
        parts.sort(key=lambda part: part.first)
        with ThreadPoolExecutor(1) as beside:
            moved = None
            if work.parent is not None:
                moved = beside.submit(moved_nothing, ready.world, work.scenario, work.parent, ready.facts)
            tables = ready.catalogue, ready.documented, self.threads
            finished = finish_parts(work.folder, parts, members, work.kept, *tables)
            return RunDone(finished, ready.catalogue.as_dict(), None if moved is None else moved.result())


Task = SimulatePart | FinishRun


def perform(task: Task) -> PartDone | RunDone:
    """Do a task in this process; an error becomes one that can be sent back."""
    try:
        return task.perform()
    except (RunError, KeyboardInterrupt):
        raise
    except MemoryError:
        raise RunError(f"{_said(task)}: not enough memory.  {_AGAIN}") from None
    except Exception as error:
        raise RunError(f"{_said(task)}: {type(error).__name__}: {error}.  {_AGAIN}") from None


_AGAIN = "Nothing of it is booked: the same command does it again."


def _said(task: Task) -> str:
    if isinstance(task, SimulatePart):
        return f"{task.work.folder}: members {task.first} to {task.last - 1} could not be simulated"
    return f"{getattr(getattr(task, 'work', None), 'folder', 'a task')}: the tables could not be finished"
