"""Running scenarios and the folders that runs live in.

Names are imported when first used: a finished run is recognised and shown without what simulates.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.runs.batch import Outcome, Progress, run_batch, run_scenario
    from sim.runs.design import DesignRun, open_design
    from sim.runs.errors import (
        DamagedError,
        DiskFullError,
        LockedError,
        LostWorkerError,
        OutputError,
        RunError,
        SchedulerError,
        UnlikeWorkerError,
    )
    from sim.runs.executors import Executor, choose_executor
    from sim.runs.manifest import content_key, folder_name
    from sim.runs.plan import Planned, plan_batch
    from sim.runs.read import Run, open_run

_HOME = {
    "batch": "Outcome Progress run_batch run_scenario",
    "design": "DesignRun open_design",
    "errors": "DamagedError DiskFullError LockedError LostWorkerError OutputError RunError SchedulerError "
    "UnlikeWorkerError",
    "executors": "Executor choose_executor",
    "manifest": "content_key folder_name",
    "plan": "Planned plan_batch",
    "read": "Run open_run",
}
_MODULE = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = [
    "DamagedError",
    "DesignRun",
    "DiskFullError",
    "Executor",
    "LockedError",
    "LostWorkerError",
    "Outcome",
    "OutputError",
    "Planned",
    "Progress",
    "Run",
    "RunError",
    "SchedulerError",
    "UnlikeWorkerError",
    "choose_executor",
    "content_key",
    "folder_name",
    "open_design",
    "open_run",
    "plan_batch",
    "run_batch",
    "run_scenario",
]


def __getattr__(name: str):
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"sim.runs.{_MODULE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
