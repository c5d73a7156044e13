"""Room and fixed lists that compiled code is built for."""

import numpy as np

from sim.facts.order import CLOSABLE as CLOSABLE
from sim.facts.order import ISSUES as ISSUES

REAL, WHOLE = np.float64, np.int64
# room for accords and years, so that a scenario that tables treaties or ends later needs no new compilation
MAX_ACCORDS = 96
MAX_REFUSALS = 256  # documented ones
MAX_YEARS = 110
MAX_PROJECTS = 8  # of rival regions
RUNGS = TOP_RUNG = 3
LONG_AGO = -(10**6)  # a month before all others
GRID_POINTS = 41  # of the lasting attitude to an accord
# the named parts of V
PARTS = ("gain", "vulnerability", "sovereignty", "pull", "blocker", "openness", "scepticism")
# what else a decision hangs on
CONTEXT = ("others", "capacity", "declared", "wave", "attitude", "process", "turbulence", "summit")


def record(fields: list[tuple]) -> np.record:
    """A zeroed record with these fields (name, type, shape)."""
    return np.zeros(1, np.dtype(fields, align=True)).view(np.recarray)[0]


def records(shape: int | tuple[int, ...], kind: np.dtype) -> np.recarray:
    """An array of records, all zero."""
    return np.zeros(shape, dtype=kind).view(np.recarray)
