"""One process at a time works on a run folder.

The kernel holds the lock, so it goes with the process however that ends; the file says who holds it.
"""

import json
import os
import socket
import time
from pathlib import Path

from sim.runs.errors import LockedError, explained

_NAME = ".lock"


def _try_lock(handle: int) -> bool:
    """Take the kernel's lock on an open file without waiting."""
    try:
        import fcntl
    except ImportError:  # Windows has another call for the same thing
        import msvcrt

        try:
            os.lseek(handle, 1 << 20, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(path: Path) -> str:
    try:
        held = json.loads(path.read_text("utf-8"))
        return f"process {held['pid']} on {held['host']}, since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


class RunLock:
    """Context manager that holds a run folder; raises LockedError, saying who has it, if it is taken.

    A file left by a process that is gone is taken over: only a living holder keeps the kernel's lock.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME
        self._handle: int | None = None

    def __enter__(self) -> "RunLock":
        with explained(self.path):
            while self._handle is None:
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
                if not _try_lock(handle):
                    os.close(handle)
                    raise LockedError(
                        f"{self.path.parent}: {_holder(self.path)} is working on this run.  "
                        "Wait for it to end, or stop it; what it has finished is kept."
                    )
                if self._still_named(handle):
                    self._handle = handle
                else:  # its last holder deleted the file between our opening and locking it
                    os.close(handle)
            self._sign()
        return self

    def _still_named(self, handle: int) -> bool:
        try:
            named = os.stat(self.path)
        except OSError:
            return False
        return (named.st_ino, named.st_dev) == (os.fstat(handle).st_ino, os.fstat(handle).st_dev)

    def _sign(self) -> None:
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        note = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since})
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, note.encode())

    def __exit__(self, *_) -> None:
        try:
            os.unlink(self.path)
        except OSError:
            pass
        os.close(self._handle)
        self._handle = None
