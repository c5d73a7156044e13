"""Every process of the model, found by its declaration: a file of `sim.processes` with a `PROCESS` takes part.

Of a process that is a folder the file `state` holds it.
"""

import pkgutil
from importlib import import_module

import sim.processes
from sim.engine.process import Field, Process

#: How far the dated events have been carried out.
CALENDAR = Process(
    "calendar",
    state={
        "environment": (
            Field("next_event", (), 0, "next line of the schedule", whole=True),
            Field("next_impact", (), 0, "next impact on trust", whole=True),
        )
    },
)


def declared() -> tuple[Process, ...]:
    """All declarations, in the order of the names of their files."""
    found = sorted(pkgutil.iter_modules(sim.processes.__path__), key=lambda module: module.name)
    modules = [import_module(f"sim.processes.{one.name}{'.state' if one.ispkg else ''}") for one in found]
    return (CALENDAR, *(module.PROCESS for module in modules if hasattr(module, "PROCESS")))


PROCESSES = declared()
#: Random numbers whose keys lie together in `Inputs.channels`.
CHANNELS = tuple(channel for process in PROCESSES for channel in process.channels)
