"""Tasks on a Dask cluster: workers on any machines that share the results folder under one path.

The scheduler sees tasks and a few words of each result; it gives the tasks of a lost worker to others by itself.
"""

import math
import re
import socket
import time
from concurrent.futures import CancelledError, Future

from sim.errors import printable
from sim.runs.errors import LostWorkerError, SchedulerError
from sim.runs.executors.base import Completed, Executor
from sim.runs.work import Task, perform

_CONNECT_SECONDS = 5.0
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})")
_ASK_EVERY_SECONDS = 2.0
#: Where workers come and go, tasks are queued for at least so many.
_FEWEST = 2


class Dask(Executor):
    """Tasks on the cluster whose scheduler is at ``address``.

    Raises SchedulerError if the address makes no sense, if nobody answers there within five seconds, or if the extra
    `casim[cluster]` is not installed.
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
        """Threads of all workers; they may come and go."""
        return max(_FEWEST, sum(self._nthreads().values()))

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

    def drain(self) -> None:
        """Does not wait: a worker may be far away, and what it still writes is as good as what it wrote before."""
        for future in self._under_way:
            future.cancel()
        self._under_way.clear()

    def close(self) -> None:
        self.drain()
        self._pool.shutdown(wait=False)
        self._client.close(timeout=_CONNECT_SECONDS)


def _client(address: str):
    try:
        from distributed import Client
    except ImportError:
        raise SchedulerError("--scheduler needs the extra casim[cluster]: pip install 'casim[cluster]'") from None
    _check_somebody_listens(address)
    try:
        return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SchedulerError(
            f"what answers at {address} is no Dask scheduler that this version understands ({error})."
        ) from None


def _check_somebody_listens(address: str) -> None:
    """Told at once and in words, before a client tries for long."""
    matched = _ADDRESS.fullmatch(address)
    if not matched:
        raise SchedulerError(f"{printable(address)} is not the address of a scheduler, such as tcp://127.0.0.1:8786.")
    try:
        socket.create_connection((matched[1].strip("[]"), int(matched[2])), timeout=_CONNECT_SECONDS).close()
    except (OSError, OverflowError, UnicodeError):
        raise SchedulerError(
            f"no Dask scheduler answers at {address}.  Start one with dask scheduler, or correct the address."
        ) from None
