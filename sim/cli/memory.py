"""How a command that runs scenarios asks for memory: what one part has used the next can have, on whichever thread.

By itself the C library keeps a store of memory for each thread and Arrow one of its own, and none takes from another.
"""

import ctypes
from contextlib import suppress

_STORES_AT_MOST = -8  # of glibc's mallopt


def share_memory() -> None:
    """Two stores for all threads, and Arrow's tables in them; does nothing where the C library knows no stores."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_STORES_AT_MOST, 2)
