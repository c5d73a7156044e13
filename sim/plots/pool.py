"""A second process that draws plots beside this one.

Both take plots from one list, it from the front and this process from the back, until none is left. It is started when
there is something to draw, and where it cannot be started or does not survive, this process draws alone.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from sim.engine.workers import Worker, WorkerLost

#: Draws one plot of a run by its name, with what else it is given, and returns the files written.
Drawing = Callable[..., list[Path]]


class Pool(AbstractContextManager):
    """Draws the plots of a run with a second process, or alone if so wanted or where there is no core for one."""

    def __init__(self, alone: bool = False) -> None:
        self._alone = alone or (os.cpu_count() or 1) < 2
        self._worker: Worker | None = None
        self._loading: threading.Thread | None = None

    def get_ready(self) -> None:
        """Let the helper load what it draws with while this process is still at something else."""
        if self._loading is None and self._start():
            self._loading = threading.Thread(target=self._load, daemon=True, name="load-beside")
            self._loading.start()

    def _load(self) -> None:
        try:
            self._worker.call(load)
        except WorkerLost:
            self._alone, self._worker = True, None

    def draw(
        self, draw_one: Drawing, run_folder: Path, names: Sequence[str], *how: object
    ) -> dict[str, list[Path] | Exception]:
        """The files of every plot by name, or what went wrong with it."""
        waiting, found = deque(names), {}

        def beside() -> None:
            """Draw in the worker what is waiting, until nothing is or the worker is lost."""
            if self._loading is not None:
                self._loading.join()
            while self._worker is not None and (name := _next(waiting.popleft)):
                try:
                    found[name] = self._worker.call(draw_one, run_folder, name, *how)
                except WorkerLost:
                    self._alone, self._worker = True, None
                    waiting.append(name)
                    return
                except Exception as error:
                    found[name] = error

        helper = threading.Thread(target=beside, daemon=True, name="draw-beside")
        if len(names) > 1 and self._start():
            helper.start()
        while len(found) < len(names):
            if name := _next(waiting.pop):
                found[name] = _attempt(draw_one, run_folder, name, *how)
            else:  # the helper is at its last, or has put it back
                helper.join()
        return {name: found[name] for name in names}

    def _start(self) -> bool:
        """Whether there is a helper, started now if there was none."""
        if not self._alone and self._worker is None:
            try:
                self._worker = Worker()
            except OSError:
                self._alone = True
        return self._worker is not None

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def load() -> None:
    """Load what plots are drawn with, where it is called."""
    import sim.plots.write  # noqa: F401


def _next(take: Callable[[], str]) -> str | None:
    try:
        return take()
    except IndexError:
        return None


def _attempt(draw_one: Drawing, run_folder: Path, name: str, *how: object) -> list[Path] | Exception:
    try:
        return draw_one(run_folder, name, *how)
    except Exception as error:
        return error
