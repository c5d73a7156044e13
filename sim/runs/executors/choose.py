"""The executor that a user asks for."""

from sim.runs.errors import OutputError
from sim.runs.executors.base import Executor
from sim.runs.run import available_cores


def choose_executor(workers: int | None = None, scheduler: str | None = None, threads: int | None = None) -> Executor:
    """Processes if ``workers`` are asked for, Dask if a ``scheduler`` is, else threads: as many as there are cores.

    Raises OutputError if more than one of them is given, and SchedulerError if the scheduler is not there.
    """
    if sum(each is not None for each in (workers, scheduler, threads)) > 1:
        raise OutputError("workers, scheduler and threads exclude each other: give one of them.")
    if scheduler is not None:
        from sim.runs.executors.dask import Dask

        return Dask(scheduler)
    if workers is not None:
        from sim.runs.executors.processes import Processes

        return Processes(workers)
    from sim.runs.executors.threads import Threads

    return Threads(threads or available_cores())
