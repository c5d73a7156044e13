"""The work of a run, cut into tasks that any process can do: simulate some members, or write the finished tables.

A task carries all that is needed to do it and returns only a few words: the numbers go straight to the run's folder.
"""

import socket
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.outcomes import Catalogue, Events
from sim.runs.catalogue import catalogue_of
from sim.runs.effect import compared_with, moved_nothing
from sim.runs.errors import RunError, UnlikeWorkerError
from sim.runs.events import from_engine
from sim.runs.finish import Finished, finish_parts
from sim.runs.key import content_key
from sim.runs.manifest import read_manifest
from sim.runs.parts import write_part
from sim.runs.simulate import simulate_part

_REMEMBERED = 32


@dataclass(frozen=True)
class Work:
    """A run as those who work on it know it: small, and the same in every process.

    `kept` are the tables beyond those that every run has; `parent` is the scenario to compare with, or None.
    """

    scenario: Any
    key: str
    folder: Path
    facts_digest: str
    model_version: str
    kept: tuple[str, ...] = ()
    parent: Any = None


@dataclass(frozen=True)
class Prepared:
    """What is computed once for all tasks of a run in one process."""

    world: Any
    facts: Any
    catalogue: Catalogue
    documented: Events


def key_of(scenario: Any) -> str:
    """Content key of a scenario's run with the facts and the model at hand."""
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION

    return content_key(scenario.resolved(), load_facts().digest, MODEL_VERSION)


def work_of(scenario: Any, folder: Path, kept: tuple[str, ...] = (), compare: bool = True) -> Work:
    """The work of a run of a scenario in a folder."""
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION

    parent = compared_with(scenario) if compare else None
    return Work(
        _bare(scenario),
        key_of(scenario),
        folder,
        load_facts().digest,
        MODEL_VERSION,
        kept,
        None if parent is None else _bare(parent),
    )


def _bare(scenario: Any) -> Any:
    """Without where it comes from, which no history depends on."""
    return replace(scenario, sources={}, steps=(), settings=(), design=None)


def prepare(work: Work) -> Prepared:
    """World and names of a run.  UnlikeWorkerError if this process has other facts or another model than the run."""
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION, build_world
    from sim.model.precompile import call_assistant

    facts = load_facts()
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
    return Prepared(world, facts, catalogue, from_engine(world.documented_events, catalogue))


class _Memory:
    """The latest runs prepared in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    def prepared(self, work: Work) -> Prepared:
        with self._lock:
            if work.key not in self._kept:
                self._kept[work.key] = prepare(work)
                while len(self._kept) > _REMEMBERED:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(work.key)
            return self._kept[work.key]


_memory = _Memory()


def _check_folder(work: Work) -> None:
    found = read_manifest(work.folder)
    if found is None or found.get("key") != work.key:
        raise UnlikeWorkerError(
            f"a worker on {socket.gethostname()} does not see the run in {work.folder}.  The "
            "results folder must be one that all workers share, under the same path."
        )


@dataclass(frozen=True, eq=False)
class SimulatePart:
    """Simulate members first..last-1 and keep them as a part."""

    work: Work
    first: int
    last: int

    def perform(self) -> "PartDone":
        """Raises the errors of writing a part, and UnlikeWorkerError."""
        _check_folder(self.work)
        started = time.perf_counter()
        ready = _memory.prepared(self.work)
        tables, failed = simulate_part(
            ready.world,
            ready.catalogue,
            ready.documented,
            self.first,
            self.last,
            "terms" in self.work.kept,
            "monthly_members" in self.work.kept,
        )
        write_part(self.work.folder / "parts", self.work.key, self.first, self.last, tables, failed)
        return PartDone(self.last - self.first, len(failed), time.perf_counter() - started)


@dataclass(frozen=True)
class PartDone:
    """A part has been kept: its members, how many of them failed, and how long it took."""

    members: int
    failed: int
    seconds: float


@dataclass(frozen=True, eq=False)
class FinishRun:
    """Write the finished tables of a run from its parts, and see whether the scenario moved anything."""

    work: Work

    def perform(self) -> "RunDone":
        """Raises DamagedError if a part is missing, the errors of writing, and UnlikeWorkerError."""
        _check_folder(self.work)
        ready = _memory.prepared(self.work)
        members = self.work.scenario.run.members
        finished = finish_parts(
            self.work.folder, self.work.key, members, self.work.kept, ready.catalogue, ready.documented
        )
        moved = None
        if finished.numbers_digest is not None and self.work.parent is not None:
            moved = moved_nothing(ready.world, self.work.scenario, self.work.parent, ready.facts)
        return RunDone(finished, moved)


@dataclass(frozen=True)
class RunDone:
    """The finished tables of a run, and whether it equals its parent (None where there is nothing to compare)."""

    finished: Finished
    no_effect: bool | None


Task = SimulatePart | FinishRun


def perform(task: Task) -> PartDone | RunDone:
    """Do a task in this process; an error becomes one that can be sent back."""
    try:
        return task.perform()
    except (RunError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise RunError(f"{type(error).__name__}: {error}") from None
