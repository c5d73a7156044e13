"""casim: a simulator of Central Asian regional integration.

    import sim
    run = sim.run(sim.load_scenario("baseline"))
    run.members

Names are imported when first used, so that `import sim` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.comparison import compare
    from sim.runs import choose_executor, run_batch
    from sim.runs import open_design as load_design
    from sim.runs import open_run as load_run
    from sim.runs import run_scenario as run
    from sim.scenario import explain, list_scenarios, load_scenario

__version__ = "0.1.0"

_HOME = {
    "choose_executor": ("sim.runs", "choose_executor"),
    "compare": ("sim.comparison", "compare"),
    "explain": ("sim.scenario", "explain"),
    "list_scenarios": ("sim.scenario", "list_scenarios"),
    "load_design": ("sim.runs", "open_design"),
    "load_run": ("sim.runs", "open_run"),
    "load_scenario": ("sim.scenario", "load_scenario"),
    "run": ("sim.runs", "run_scenario"),
    "run_batch": ("sim.runs", "run_batch"),
}

__all__ = [
    "choose_executor",
    "compare",
    "explain",
    "list_scenarios",
    "load_design",
    "load_run",
    "load_scenario",
    "run",
    "run_batch",
]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOME[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    """What there is to use, for tab completion."""
    return [*__all__, "__version__"]
