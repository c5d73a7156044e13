"""Running scenarios and the folders that runs live in."""

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
