"""Where tasks are done: on threads of this process, in processes of this machine, or on a Dask cluster."""

from sim.runs.executors.base import Completed, Executor
from sim.runs.executors.choose import choose_executor

__all__ = ["Completed", "Executor", "choose_executor"]
