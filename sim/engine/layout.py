"""Room and fixed lists that compiled code is built for."""

from collections.abc import Iterable, Sequence
from string import Formatter
from typing import NamedTuple

import numpy as np

from sim.facts.order import CLOSABLE as CLOSABLE
from sim.facts.order import ISSUES as ISSUES

REAL, WHOLE, KEY = np.float64, np.int64, np.uint64
# room for accords and years, so that a scenario that tables treaties or ends later needs no new compilation
MAX_ACCORDS = 64
MAX_YEARS = 110
MAX_PROJECTS = 8  # of rival regions
RUNGS = TOP_RUNG = 3
LONG_AGO = -(10**6)  # a month before all others
GRID_POINTS = 41  # of the lasting attitude to an accord
# the named parts of V
PARTS = ("gain", "vulnerability", "sovereignty", "pull", "blocker", "openness", "scepticism")
# what else a decision hangs on
CONTEXT = ("others", "capacity", "declared", "wave", "attitude", "process", "turbulence", "summit")


class Series(NamedTuple):
    """A recorded series: its name, with at most one place such as `{state}` that is filled in, unit and meaning."""

    name: str
    unit: str
    meaning: str


def series_names(declared: Iterable[Series], places: dict[str, Sequence[str]]) -> list[str]:
    """Names of the declared series in their order, each once for every id that its place stands for."""
    found = []
    for series in declared:
        place = next((field for _, field, _, _ in Formatter().parse(series.name) if field), None)
        found += [series.name.format(**{place: name}) for name in places[place]] if place else [series.name]
    return found


def record(fields: list[tuple]) -> np.record:
    """A zeroed record with these fields (name, type, shape)."""
    return np.zeros(1, np.dtype(fields, align=True)).view(np.recarray)[0]


def records(shape: int | tuple[int, ...], kind: np.dtype) -> np.recarray:
    """An array of records, all zero."""
    return np.zeros(shape, dtype=kind).view(np.recarray)
