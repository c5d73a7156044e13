"""Compiled code on disk: one file for each version of a function, with a checksum of what it holds.

Numba's own cache looks at file times, breaks where a file is damaged, and is of no use where it cannot be written. This
one reads from every folder that holds code of these very sources, writes to the first that it can write to, and takes
what does not answer to its checksum for missing.
"""

import hashlib
import os
import stat
import sys
import tempfile
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numba
import platformdirs
from numba.core import sigutils
from numba.core.caching import _Cache
from numba.core.serialize import dumps

from sim.engine.code_library import pack, unpack

_ENDING = ".nbc"
_CHECKSUM_BYTES = 32
_said: set[str] = set()


def say_once(text: str) -> None:
    """Tell the user something on standard error, once."""
    if text not in _said:
        _said.add(text)
        print(f"casim: {text}", file=sys.stderr, flush=True)


def folders(digest: str) -> tuple[tuple[Path, ...], Path | None]:
    """Folders to read compiled code of some sources from, and the one to write to, if there is any.

    The user's cache comes first (that of NUMBA_CACHE_DIR if it is set); where it cannot be written, a folder of the
    user's own below the temporary one, which lasts from one start to the next.
    """
    name = f"compiled-{digest}"
    base = (
        Path(numba.config.CACHE_DIR) / "casim" if numba.config.CACHE_DIR else Path(platformdirs.user_cache_dir("casim"))
    )
    mine = base / name
    if _writable(mine):
        return (mine,), mine
    user = os.getuid() if hasattr(os, "getuid") else ""
    spare = Path(tempfile.gettempdir()) / f"casim-{user}" / name
    usable = _writable(spare) and _private(spare.parent)
    return ((mine, spare) if usable else (mine,)), (spare if usable else None)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def _private(folder: Path) -> bool:
    """Whether nobody else can have put code into a folder in a place that is open to all."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


class CodeCache(_Cache):
    """The versions of one function on disk, in the form in which numba's dispatchers ask for them.

    Parameters
    ----------
    function : the Python function
    read_from, write_to : as of :func:`folders`
    prefix : of file names, which tells versions of one function apart that are compiled in different ways
    """

    def __init__(self, function, read_from: Iterable[Path], write_to: Path | None, prefix: str = "") -> None:
        self._read_from, self._write_to = tuple(read_from), write_to
        self._name = f"{prefix}{function.__module__}.{function.__qualname__}".replace("<", "").replace(">", "")
        code = function.__code__
        cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
        self._own = dumps((numba.__version__, code.co_firstlineno, code.co_code, repr(code.co_consts), cells))

    @property
    def cache_path(self) -> str:
        """Where code is written."""
        return str(self._write_to or "")

    def file_name(self, signature, codegen) -> str:
        """Name of the file of the version for some types of arguments on some processor."""
        arguments, _ = sigutils.normalize_signature(signature)
        key = hashlib.sha256(self._own)
        key.update(repr((arguments, codegen.magic_tuple())).encode())
        return f"{self._name}-{key.hexdigest()[:32]}{_ENDING}"

    def versions(self) -> list[Path]:
        """Files of this function."""
        return [path for folder in self._read_from for path in sorted(folder.glob(f"{self._name}-*{_ENDING}"))]

    def load_overload(self, sig, target_context):
        """The version for some types; None if there is none, or none that is whole.

        Files are named after the types' names. A named tuple of which every process makes a class of its own has one
        name and many types: code for another process's class is none for ours.
        """
        wanted, _ = sigutils.normalize_signature(sig)
        name = self.file_name(sig, target_context.codegen())
        for folder in self._read_from:
            packed = _read(folder / name)
            if packed is not None:
                found = unpack(target_context, packed)
                if found.signature.args == wanted:
                    return found
        return None

    def save_overload(self, sig, data) -> None:
        """Keep a version, if it can be kept."""
        if (
            self._write_to is None
            or data.library.has_dynamic_globals
            or any(not each.can_cache for each in data.lifted)
        ):
            return
        path = self._write_to / self.file_name(sig, data.codegen)
        unfinished = path.with_name(f".tmp-{os.getpid()}-{uuid.uuid4().hex[:8]}")
        packed = dumps(pack(data))
        try:
            unfinished.write_bytes(hashlib.sha256(packed).digest() + packed)
            os.replace(unfinished, path)
        except OSError as error:
            say_once(f"compiled code cannot be kept in {self._write_to} ({error.strerror}); every start compiles again")
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def enable(self) -> None:
        """Nothing to do: it is always on."""

    def disable(self) -> None:
        """Neither read nor write from now on."""
        self._read_from, self._write_to = (), None

    def flush(self) -> None:
        """Delete every version of the function."""
        for path in self.versions():
            with suppress(OSError):
                path.unlink()


def _read(path: Path) -> bytes | None:
    """What a file holds behind its checksum; None if there is no such file, or it is damaged, which is said."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    checksum, packed = content[:_CHECKSUM_BYTES], content[_CHECKSUM_BYTES:]
    if hashlib.sha256(packed).digest() == checksum:
        return packed
    say_once(f"compiled code in {path.parent} is damaged; what is damaged is compiled again")
    with suppress(OSError):
        path.unlink()
    return None
