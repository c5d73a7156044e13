"""Every process of the model, found by its declaration: a file of `sim.processes` with a `PROCESS` takes part."""

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
    names = sorted(module.name for module in pkgutil.iter_modules(sim.processes.__path__) if not module.ispkg)
    modules = [import_module(f"sim.processes.{name}") for name in names]
    return (CALENDAR, *(module.PROCESS for module in modules if hasattr(module, "PROCESS")))


PROCESSES = declared()
