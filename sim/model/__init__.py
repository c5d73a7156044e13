"""The model: facts and a scenario in, histories out.

`build_world` turns a scenario into arrays, `simulate_members` simulates members of the ensemble, and
`RegionModel` (in `sim.model.region_model`, imported on demand since Mesa is slow to load) is one member as a Mesa
model.  Names are imported when first used: a run that is there already is known by its key, without the engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.build import World, build_world
    from sim.model.simulate import MEMBER_FAULTS, Block, TooManyEvents, simulate_members

# part of every run's key: raise it whenever numbers change
MODEL_VERSION = "19"

__all__ = ["MEMBER_FAULTS", "MODEL_VERSION", "Block", "TooManyEvents", "World", "build_world", "simulate_members"]


def __getattr__(name: str):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "build" if name in ("World", "build_world") else "simulate"
    return getattr(import_module(f"sim.model.{home}"), name)
