"""Compilation of the mechanisms: one decorator, one cache folder keyed by the sources.

Numba's on-disk cache notices edits of the decorated file only, not of the modules it calls, so the cache lives in a
folder named after a digest of every source file that can end up in compiled code.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import numba
import platformdirs

_ROOT = Path(__file__).parent
_COMPILED_SOURCES = ("compiled.py", "chance.py", "mechanisms", "model")


def _source_digest() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for name in _COMPILED_SOURCES:
        path = _ROOT / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(_ROOT).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    """The folder for compiled code; a private temporary one if the user's cache cannot be written."""
    folder = Path(platformdirs.user_cache_dir("casim")) / f"compiled-{_source_digest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="casim-compiled-"))


cache_folder = _cache_folder()
numba.config.CACHE_DIR = str(cache_folder)


def is_warm() -> bool:
    """Whether compiled code of these very sources is already on disk (else the first run compiles it)."""
    return any(cache_folder.rglob("*.nbc"))


def compiled(function):
    """Compile a mechanism: plain loops on arrays, no interpreter lock, strict IEEE arithmetic.

    With the environment variable ``NUMBA_DISABLE_JIT=1`` the same functions run as ordinary Python, which the tests
    use to show that compilation changes no bit.
    """
    return numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function)
