"""Running scenarios and the folders that runs live in."""

from sim.runs.errors import DamagedError, DiskFullError, LockedError, OutputError, RunError
from sim.runs.key import content_key, folder_name
from sim.runs.read import Run, open_run
from sim.runs.run import Progress, run_scenario

__all__ = ["DamagedError", "DiskFullError", "LockedError", "OutputError", "Progress", "Run", "RunError", "content_key",
           "folder_name", "open_run", "run_scenario"]  # fmt: skip
