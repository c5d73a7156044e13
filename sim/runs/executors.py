"""Where tasks are done: on threads of this process, in processes of this machine, or on a Dask cluster."""

import math
import os
import re
import socket
import threading
import time
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from sim.engine.workers import Worker, WorkerLost
from sim.errors import printable
from sim.runs.errors import LostWorkerError, OutputError, RunError, SchedulerError
from sim.runs.work import PartDone, RunDone, Task, perform

_TRIES = 3
_CONNECT_SECONDS = 5.0
_ASK_EVERY_SECONDS = 2.0
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})")


def available_cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@dataclass(frozen=True)
class Completed:
    """A task that has been done, with what it returned, or that could not be done, with the error."""

    task: Task
    done: PartDone | RunDone | None
    error: BaseException | None


class Executor:
    """Does tasks, several at a time; a context manager.

    Whoever uses it submits while ``free`` says so, and waits for what is completed.  Leaving the context lets what is
    under way finish (it is kept and need not be done again) and drops what has not begun.

    Attributes
    ----------
    workers : tasks done at the same time
    where : in words, for people
    holds : whether a part may be handed back in memory
    threads : threads that one task may use
    """

    workers: int
    where: str
    holds = False
    threads = 1

    def __init__(self) -> None:
        self._under_way: dict[Future, Task] = {}

    def __enter__(self) -> "Executor":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def under_way(self) -> int:
        """Tasks submitted and not yet completed."""
        return len(self._under_way)

    @property
    def free(self) -> bool:
        """Whether another task would not have to wait long: one more is queued for every worker."""
        return self.under_way < 2 * self.workers

    def submit(self, task: Task) -> None:
        """Have a task done."""
        self._under_way[self._start(task)] = task

    def wait(self, seconds: float = 0.5) -> list[Completed]:
        """What has been completed since the last call, after at most so many seconds.

        Raises SchedulerError if the executor itself is gone.
        """
        finished, _ = wait(self._under_way, seconds, FIRST_COMPLETED)
        return [self._completed(future) for future in finished]

    def _completed(self, future: Future) -> Completed:
        task = self._under_way.pop(future)
        error = future.exception()
        return Completed(task, None if error else future.result(), error)

    def drain(self) -> list[Completed]:
        """Drop what has not begun, wait for what has, and return what came of it."""
        for future in self._under_way:
            future.cancel()
        wait(self._under_way)
        done = [self._completed(future) for future in list(self._under_way) if not future.cancelled()]
        self._under_way.clear()
        return done

    def _start(self, task: Task) -> Future:
        """Begin a task, or queue it."""
        raise NotImplementedError

    def close(self) -> None:
        """Drop what has not begun, let the rest finish, free everything."""


class Threads(Executor):
    """Tasks on ``workers`` threads of this process: no start-up, shared memory; compiled code runs side by side."""

    holds = True

    def __init__(self, workers: int) -> None:
        super().__init__()
        self.workers = self.threads = workers
        self.where = f"on {workers} thread{'s' if workers > 1 else ''} of this process"
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="members")

    def _start(self, task: Task) -> Future:
        return self._pool.submit(perform, task)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


class Processes(Executor):
    """Tasks in ``workers`` processes: a thread of this one for each, which sends it a task and waits.

    A process that ends abruptly takes only its own task along, which is tried again in a new one.
    """

    def __init__(self, workers: int) -> None:
        super().__init__()
        self.workers = workers
        self.where = f"in {workers} process{'es' if workers > 1 else ''} of this machine"
        self._own = threading.local()
        self._all: list[Worker] = []
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="process")

    def pids(self) -> list[int]:
        """Process ids of the workers that have been started."""
        return [worker.pid for worker in self._all]

    def _start(self, task: Task) -> Future:
        return self._pool.submit(self._perform, task)

    def _perform(self, task: Task) -> PartDone | RunDone:
        for _ in range(_TRIES):
            worker = getattr(self._own, "worker", None) or self._new_worker()
            try:
                return worker.call(perform, task)
            except WorkerLost:
                self._all.remove(worker)
                self._own.worker = None
        raise LostWorkerError(f"the worker process ended abruptly {_TRIES} times (killed, out of memory, or a crash)")

    def _new_worker(self) -> Worker:
        try:
            self._own.worker = Worker()
        except OSError as error:
            raise RunError(f"no worker process could be started: {error}") from error
        self._all.append(self._own.worker)
        return self._own.worker

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for worker in self._all:
            worker.close()


class Dask(Executor):
    """Tasks on the cluster whose scheduler is at ``address``; its workers share the results folder under one path.

    The scheduler gives the tasks of a lost worker to others by itself.  Raises SchedulerError if the address makes no
    sense, if nobody answers there within five seconds, or if the extra `casim[cluster]` is not installed.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self._client = _client(address)
        self._pool = self._client.get_executor(pure=False)
        self._address = address
        self._threads: dict[str, int] = {}
        self._asked = -math.inf

    def _nthreads(self) -> dict[str, int]:
        """Threads of each worker that is there, as of a moment ago."""
        if time.monotonic() - self._asked > _ASK_EVERY_SECONDS:
            try:
                self._threads = dict(self._client.nthreads())
            except (OSError, TimeoutError, RuntimeError, CancelledError) as error:
                raise SchedulerError(self._gone()) from error
            self._asked = time.monotonic()
        return self._threads

    @property
    def workers(self) -> int:
        """Threads of all workers, which may come and go: tasks are queued for at least two."""
        return max(2, sum(self._nthreads().values()))

    @property
    def where(self) -> str:
        there = len(self._nthreads())
        waiting = " (none yet: it begins when some come)" if not there else ""
        return f"on {there} Dask worker{'s' if there != 1 else ''}{waiting}, scheduler {self._address}"

    def _start(self, task: Task) -> Future:
        try:
            return self._pool.submit(perform, task)
        except (RuntimeError, OSError) as error:
            raise SchedulerError(self._gone()) from error

    def _completed(self, future: Future) -> Completed:
        from distributed.scheduler import KilledWorker

        if future.cancelled():
            raise SchedulerError(self._gone())
        try:
            completed = super()._completed(future)
        except CancelledError:
            raise SchedulerError(self._gone()) from None
        if isinstance(completed.error, KilledWorker):
            text = f"workers ended abruptly while they did it ({completed.error})"
            return Completed(completed.task, None, LostWorkerError(text))
        if isinstance(completed.error, CancelledError):
            raise SchedulerError(self._gone())
        return completed

    def _gone(self) -> str:
        return (
            f"the scheduler at {self._address} went away.  What is finished is kept; start it again and give the "
            "same command."
        )

    def drain(self) -> list[Completed]:
        """Does not wait: a worker may be far away, and what it still writes is as good as what it wrote before."""
        for future in self._under_way:
            future.cancel()
        self._under_way.clear()
        return []

    def close(self) -> None:
        self.drain()
        self._pool.shutdown(wait=False)
        self._client.close(timeout=_CONNECT_SECONDS)


def _client(address: str):
    try:
        from distributed import Client
    except ImportError:
        raise SchedulerError("--scheduler needs the extra casim[cluster]: pip install 'casim[cluster]'") from None
    matched = _ADDRESS.fullmatch(address)
    if not matched:
        raise SchedulerError(f"{printable(address)} is not the address of a scheduler, such as tcp://127.0.0.1:8786.")
    try:  # at once and in words, before a client tries for long
        socket.create_connection((matched[1].strip("[]"), int(matched[2])), timeout=_CONNECT_SECONDS).close()
    except (OSError, OverflowError, UnicodeError):
        raise SchedulerError(
            f"no Dask scheduler answers at {address}.  Start one with dask scheduler, or correct the address."
        ) from None
    try:
        return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SchedulerError(
            f"what answers at {address} is no Dask scheduler that this version understands ({error})."
        ) from None


def choose_executor(workers: int | None = None, scheduler: str | None = None, threads: int | None = None) -> Executor:
    """Processes if ``workers`` are asked for, Dask if a ``scheduler`` is, else threads: as many as there are cores.

    Raises OutputError if more than one of them is given, and SchedulerError if the scheduler is not there.
    """
    if sum(each is not None for each in (workers, scheduler, threads)) > 1:
        raise OutputError("workers, scheduler and threads exclude each other: give one of them.")
    if scheduler is not None:
        return Dask(scheduler)
    return Processes(workers) if workers is not None else Threads(threads or available_cores())
