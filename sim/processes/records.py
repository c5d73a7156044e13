"""Records of fixed-size arrays, which compiled functions hand on at no cost and whose shapes they know."""

import numpy as np

REAL, WHOLE, KEY = np.float64, np.int64, np.uint64
MAX_YEARS = 110  # room, so that a longer run needs no new compilation
MAX_ACCORDS = 64


def record(fields: list[tuple]) -> np.record:
    """A zeroed record with these fields (name, type, shape)."""
    return np.zeros(1, np.dtype(fields, align=True)).view(np.recarray)[0]


def records(shape: int | tuple[int, ...], kind: np.dtype) -> np.recarray:
    """An array of records, all zero."""
    return np.zeros(shape, dtype=kind).view(np.recarray)
