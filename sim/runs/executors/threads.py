"""Tasks on threads of this process: no start-up, shared memory; compiled code runs beside the interpreter."""

from concurrent.futures import Future, ThreadPoolExecutor

from sim.runs.executors.base import Executor
from sim.runs.work import Task, perform


class Threads(Executor):
    """Tasks on ``workers`` threads."""

    def __init__(self, workers: int) -> None:
        super().__init__()
        self.workers = workers
        self.where = f"on {workers} thread{'s' if workers > 1 else ''} of this process"
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="members")

    def _start(self, task: Task) -> Future:
        return self._pool.submit(perform, task)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
