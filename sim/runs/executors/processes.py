"""Tasks in processes of this machine, started afresh (spawned), so that they behave alike on every system.

A process that ends abruptly breaks the whole pool.  The pool is then started again and what was under way is tried once
more, one task at a time, so that a task that kills its worker is found without blaming the others.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from sim.runs.errors import LostWorkerError
from sim.runs.executors.base import Completed, Executor
from sim.runs.work import Task, perform

_TRIES = 3


def _begin_worker() -> None:
    """Ctrl-C is the parent's to answer; and a worker whose parent is gone must not live on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True, name="follow-parent").start()


class Processes(Executor):
    """Tasks in ``workers`` processes."""

    def __init__(self, workers: int) -> None:
        super().__init__()
        self.workers = workers
        self.where = f"in {workers} process{'es' if workers > 1 else ''} of this machine"
        self._waiting: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._tries: dict[Task, int] = {}
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"), _begin_worker)

    @property
    def under_way(self) -> int:
        return len(self._under_way) + len(self._waiting) + len(self._suspects)

    def submit(self, task: Task) -> None:
        self._waiting.append(task)
        self._start_some()

    def _start_some(self) -> None:
        """Suspects one by one; otherwise whatever waits."""
        if self._suspects:
            if not self._under_way:
                task = self._suspects.popleft()
                self._under_way[self._start(task)] = task
            return
        if self._tries and self._under_way:
            return  # the last suspect is still being tried
        self._tries.clear()
        while self._waiting:
            task = self._waiting.popleft()
            self._under_way[self._start(task)] = task

    def _start(self, task: Task) -> Future:
        try:
            return self._pool.submit(perform, task)
        except BrokenProcessPool as error:
            # a worker died while nothing was asked of it: the answer is the same as for one that dies at work
            future: Future = Future()
            future.set_exception(error)
            return future

    def wait(self, seconds: float = 0.5) -> list[Completed]:
        found = super().wait(seconds)
        completed = [each for each in found if not isinstance(each.error, BrokenProcessPool)]
        for each in completed:
            self._tries.pop(each.task, None)
        if len(completed) < len(found):
            completed += self._lost([each.task for each in found if each not in completed])
        self._start_some()
        return completed

    def _lost(self, tasks: list[Task]) -> list[Completed]:
        """A worker ended while these tasks, among others perhaps, were under way: start again, put all on trial."""
        lost = [*tasks, *self._under_way.values()]
        self._under_way.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._new_pool()
        for each in lost:
            self._tries[each] = self._tries.get(each, 0) + 1
        if len(lost) == 1 and self._tries[lost[0]] >= _TRIES:
            del self._tries[lost[0]]
            text = f"the worker process ended abruptly {_TRIES} times (killed, out of memory, or a crash)"
            return [Completed(lost[0], None, LostWorkerError(text))]
        self._suspects.extend(lost)
        return []

    def drain(self) -> None:
        self._waiting.clear()
        self._suspects.clear()
        self._tries.clear()
        super().drain()

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
