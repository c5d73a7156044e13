"""Processes that draw plots beside this one.

A helper loads what it draws with while this process simulates.  When there is something to draw it divides in two,
where the system can do that, so that matplotlib is loaded once for both; they take plots from one list until none is
left.  Where no helper can be started or it does not survive, this process draws.
"""

import os
import pickle
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from sim.engine.workers import Worker, WorkerLost

#: Draws one plot of a run by its name, with what else it is given, and returns the files written.
Drawing = Callable[..., list[Path]]
#: Loads what plots are drawn with, and what a run has for many of them; returns what draws one, and all names.
Loading = Callable[[Path | None], tuple[Drawing, Sequence[str]]]
#: The files of every plot by name, or what went wrong with it.
Found = dict[str, list[Path] | Exception]
_END = 255
_GIVES_WAY = 5  # steps of priority
_PATIENCE = 120.0  # seconds that a copy may be behind, before what it has taken is drawn without it


def plots_of_a_run(run_folder: Path | None) -> tuple[Drawing, Sequence[str]]:
    """What is drawn of a run."""
    from sim.plots.write import PLOTS, TABLE, draw_one, prepare

    with suppress(Exception):  # what is amiss is said by the plot that needs it
        prepare(run_folder)
    return draw_one, (*PLOTS, TABLE)


class Pool(AbstractContextManager):
    """Draws with a helper and its copy, or alone if so wanted or where there is no core for one."""

    def __init__(self, alone: bool = False, loading: Loading = plots_of_a_run) -> None:
        self._alone = alone or (os.cpu_count() or 1) < 2
        self._loading = loading
        self._worker: Worker | None = None
        self._calls = ThreadPoolExecutor(1, "draw-beside")
        self._begun: dict[tuple, Future] = {}

    def get_ready(self) -> None:
        """Let a helper load what it draws with while this process is at something else."""
        if self._worker is None:
            self._start(_load, self._loading)

    def begin(self, run_folder: Path, *how: object) -> None:
        """Let the helper begin to draw, for :meth:`draw` to be called the same way later."""
        begun = self._start(_draw_in_two, self._loading, run_folder, *how)
        if begun is not None:
            self._begun[run_folder, *how] = begun

    def draw(self, run_folder: Path, *how: object) -> Found:
        """The files of every plot by name, or what went wrong with it."""
        if (run_folder, *how) not in self._begun:
            self.begin(run_folder, *how)
        begun = self._begun.pop((run_folder, *how), None)
        if begun is not None:
            with suppress(WorkerLost, OSError):  # it was lost, or there was no room for its copy
                return begun.result()
        draw_one, names = self._loading(run_folder)
        return {name: _attempt(draw_one, run_folder, name, *how) for name in names}

    def _start(self, *call: object) -> Future | None:
        """Start a call of the helper, which is started if there is none; None where there can be none."""
        if not self._alone and self._worker is None:
            try:
                self._worker = Worker()
            except OSError:
                self._alone = True
        return None if self._alone else self._calls.submit(self._call, *call)

    def _call(self, *call: object) -> object:
        if self._worker is None:
            raise WorkerLost
        try:
            return self._worker.call(*call)
        except WorkerLost:
            self._alone, self._worker = True, None
            raise

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        self._calls.shutdown(wait=False)


def _load(loading: Loading) -> None:
    """Load in a thread that gives way to others; on Linux a thread has a priority of its own."""
    thread = threading.Thread(target=_give_way, args=(loading,))
    thread.start()
    thread.join()


def _give_way(loading: Loading) -> None:
    if sys.platform == "linux":
        os.nice(_GIVES_WAY)
    loading(None)


def _draw_in_two(loading: Loading, run_folder: Path, *how: object) -> Found:
    """Draw all, with a copy of this process where there can be one."""
    draw_one, names = loading(run_folder)  # before it divides, so that it is there for both
    if not hasattr(os, "fork"):
        return {name: _attempt(draw_one, run_folder, name, *how) for name in names}

    def draw(numbers: Iterator[int]) -> Found:
        return {names[k]: _attempt(draw_one, run_folder, names[k], *how) for k in numbers}

    numbers, giving = os.pipe()  # one byte is one plot; a read takes it from the other process
    answer, answering = os.pipe()
    os.write(giving, bytes([*range(len(names)), _END, _END]))
    copy = os.fork()
    if copy == 0:
        try:
            os.close(giving)
            threading.Thread(target=_end_with_parent, args=(numbers,), daemon=True).start()
            with open(answering, "wb") as file:
                pickle.dump(draw(_taken(numbers)), file)
        finally:
            os._exit(0)
    os.close(answering)
    found = draw(_taken(numbers))
    if not select.select([answer], [], [], _PATIENCE)[0]:
        os.kill(copy, signal.SIGKILL)
    with open(answer, "rb") as file, suppress(EOFError, pickle.UnpicklingError):  # it may have been killed
        found |= pickle.load(file)
    os.waitpid(copy, 0)
    os.close(numbers)
    os.close(giving)
    found |= draw(k for k, name in enumerate(names) if name not in found)
    return {name: found[name] for name in names}


def _taken(numbers: int) -> Iterator[int]:
    while (number := os.read(numbers, 1)[0]) != _END:
        yield number


def _end_with_parent(numbers: int) -> None:
    """End this process when the one that gives out numbers has ended."""
    hung_up = select.poll()
    hung_up.register(numbers, 0)
    hung_up.poll()
    os._exit(0)


def _attempt(draw_one: Drawing, run_folder: Path, name: str, *how: object) -> list[Path] | Exception:
    try:
        return draw_one(run_folder, name, *how)
    except Exception as error:
        return error
