"""Files and folders that are whole or not there, and that one process at a time works on."""

import glob
import hashlib
import json
import os
import shutil
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sim.runs.errors import LockedError, explained

#: Prefix of everything that is not finished; a later start may delete what bears it.
TEMPORARY = ".tmp-"
LOCK = ".lock"


def temporary(folder: Path, name: str) -> Path:
    """A path in the folder that no finished file and no other process uses.

    What a process of this machine that was killed left of the same file is deleted.
    """
    stem = f"{TEMPORARY}{name}-{_machine()}-"
    with suppress(OSError):
        for left in folder.glob(f"{glob.escape(stem)}*"):
            if _has_ended(left.name.removeprefix(stem).split("-")[0]):
                delete(left)
    return folder / f"{stem}{os.getpid()}-{uuid.uuid4().hex[:8]}"


@cache
def _machine() -> str:
    """What numbers of processes hold for: this host, or this container on it."""
    try:
        numbered = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbered = ""
    return hashlib.sha256(f"{socket.gethostname()} {numbered}".encode()).hexdigest()[:8]


def _has_ended(pid: str) -> bool:
    """Whether there is no such process; never sure on Windows, where asking would end it."""
    if os.name == "nt" or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


def checksum(path: Path) -> str:
    """Sha-256 of a file, 64 hex digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file, or the list of names of a folder, is on the disk."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(source: Path, target: Path) -> None:
    """Give a finished file or folder its final name, replacing a file; durable when this returns."""
    os.replace(source, target)
    flush(target.parent)


@contextmanager
def replaced(path: Path, durable: bool = False) -> Iterator[Path]:
    """A path to write to; what was written becomes the file as a whole, or nothing of it is left if writing fails.

    Parameters
    ----------
    durable : whether the file is to be on the disk when this returns, also after a power cut
    """
    unfinished = temporary(path.parent, path.name)
    try:
        yield unfinished
        if durable:
            flush(unfinished)
            settle(unfinished, path)
        else:
            os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file, durably; the folder is made if it is not there."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path, durable=True) as unfinished:
            unfinished.write_bytes(content)


def write_json(path: Path, content: Any) -> None:
    """Replace a JSON file, durably."""
    with explained(path), replaced(path, durable=True) as unfinished:
        unfinished.write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def read_json(path: Path) -> dict[str, Any] | None:
    """The table in a JSON file; None if there is none that can be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def delete(path: Path) -> None:
    """Delete a file or a folder, if it is there and can be deleted."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def clear_temporaries(folder: Path) -> None:
    """Delete what an interrupted process left unfinished."""
    for path in folder.glob(f"{TEMPORARY}*"):
        delete(path)


class RunLock:
    """Context manager that holds a folder; raises LockedError, saying who has it, if it is taken.

    The kernel holds the lock, so it goes with the process however that ends; the file says who holds it.  (The library
    filelock truncates the file that it locks, and with it the name of the holder.)
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        self._handle: int | None = None

    def __enter__(self) -> "RunLock":
        with explained(self.path):
            while self._handle is None:
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
                if not _try_lock(handle):
                    os.close(handle)
                    raise LockedError(
                        f"{self.path.parent}: {self._holder()} is working on this run.  "
                        "Wait for it to end, or stop it; what it has finished is kept."
                    )
                if self._still_named(handle):
                    self._handle = handle
                else:  # its last holder deleted the file between our opening and locking it
                    os.close(handle)
            since = time.strftime("%Y-%m-%d %H:%M:%S")
            os.ftruncate(self._handle, 0)
            os.write(
                self._handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}).encode()
            )
        return self

    def _holder(self) -> str:
        held = read_json(self.path) or {}
        if not {"pid", "host", "since"} <= held.keys():
            return "another process"
        return f"process {held['pid']} on {held['host']}, since {held['since']}"

    def _still_named(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(handle))
        except OSError:
            return False

    def __exit__(self, *_) -> None:
        with suppress(OSError):
            os.unlink(self.path)
        os.close(self._handle)
        self._handle = None


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
        os.lseek(handle, 0, os.SEEK_SET)
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
