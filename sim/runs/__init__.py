"""Running scenarios and the folders that runs live in."""

from sim.runs.batch import BatchProgress, Outcome, run_batch
from sim.runs.design_read import DesignRun, open_design
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
from sim.runs.key import content_key, folder_name
from sim.runs.plan import Planned, plan_batch
from sim.runs.read import Run, open_run
from sim.runs.run import Progress, run_scenario

__all__ = [
    "BatchProgress",
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
