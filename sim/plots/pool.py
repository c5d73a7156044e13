"""A second process that draws plots beside this one.

Started when a run begins, it loads the plotting libraries while the model is still getting ready, on the core that is
idle then. Both take plots from one list, it from the front and this process from the back, until none is left.
"""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path

#: Draws one plot of a run by its name and returns the files written.
Drawing = Callable[[Path, str], list[Path]]


class Pool(AbstractContextManager):
    """Draws the plots of a run with a second process, or alone if so wanted or where there is no core for one."""

    def __init__(self, alone: bool = False) -> None:
        self._pool = None
        if not alone and (os.cpu_count() or 1) > 1:
            # not forked: this process has threads
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_leave_ctrl_c_to_the_parent)
            self._pool.submit(_load)

    def draw(self, draw_one: Drawing, run_folder: Path, names: Sequence[str]) -> dict[str, list[Path] | Exception]:
        """The files of every plot by name, or what went wrong with it."""
        futures: dict[str, Future] = {}
        if self._pool is not None:
            futures = {name: self._pool.submit(draw_one, run_folder, name) for name in names}
        found = {
            name: _attempt(draw_one, run_folder, name)
            for name in reversed(names)
            if name not in futures or futures[name].cancel()
        }
        for name in names:
            if name not in found:
                found[name] = futures[name].exception() or futures[name].result()
        return {name: found[name] for name in names}

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def _attempt(draw_one: Drawing, run_folder: Path, name: str) -> list[Path] | Exception:
    try:
        return draw_one(run_folder, name)
    except Exception as error:
        return error


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _load() -> None:
    import sim.plots.write  # noqa: F401
