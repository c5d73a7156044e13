"""Arrays without numpy's way of making them, and copying without making one."""

import math
import mmap
from contextlib import suppress

import numpy as np

from sim.engine.compiled import compiled


def untouched(shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    """An array of zeros of which only the pages that are written to take memory and time.

    A large array of numpy's comes in pages of two megabytes, each of which is cleared when its first number is written.
    """
    size = math.prod(shape) * kind.itemsize
    if size == 0:
        return np.zeros(shape, kind)
    memory = mmap.mmap(-1, size)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a kernel without such pages
            memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, kind).reshape(shape)


@compiled
def copy_into(target, source):
    """Every entry of a one-dimensional `source` into `target`, in place: in place of `target[:] = source`."""
    for k in range(target.shape[0]):
        target[k] = source[k]
