"""What all executors have in common: tasks go in, and come back completed in any order."""

from abc import ABC, abstractmethod
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

from sim.runs.work import PartDone, RunDone, Task


@dataclass(frozen=True)
class Completed:
    """A task that has been done, with what it returned, or that could not be done, with the error."""

    task: Task
    done: PartDone | RunDone | None
    error: BaseException | None


class Executor(ABC):
    """Does tasks, several at a time; a context manager.

    Whoever uses it submits while ``free`` says so, and waits for what is completed.  Leaving the context lets what is
    under way finish (it is kept and need not be done again) and drops what has not begun.

    Attributes
    ----------
    workers : tasks done at the same time
    where : in words, for people
    """

    workers: int
    where: str

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

    def drain(self) -> None:
        """Drop what has not begun and wait for what has; what comes of it is kept on disk and not returned."""
        for future in self._under_way:
            future.cancel()
        wait(self._under_way)
        self._under_way.clear()

    @abstractmethod
    def _start(self, task: Task) -> Future:
        """Begin a task, or queue it."""

    @abstractmethod
    def close(self) -> None:
        """Drop what has not begun, let the rest finish, free everything."""
