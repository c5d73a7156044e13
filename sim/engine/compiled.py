"""Compilation of the mechanisms: one decorator, one cache folder keyed by the sources.

Numba's on-disk cache notices edits of the decorated file only, not of the modules it calls, so the cache lives in a
folder named after a digest of every source file that can end up in compiled code.
"""

import hashlib
import os
import tempfile
import uuid
from pathlib import Path

# loops over six states gain nothing from vector code: without it members run faster and compile in half the time
for _name, _value in {"NUMBA_OPT": "2", "NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0"}.items():
    os.environ.setdefault(_name, _value)

import numba  # noqa: E402  (reads the settings above when it is imported)
import platformdirs  # noqa: E402

_ROOT = Path(__file__).parents[1]
_COMPILED_SOURCES = ("engine", "processes", "model", "inference", "runs/sketch.py")


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


def compiled(function=None, *, allocates: bool = False):
    """Compile a mechanism: plain loops on arrays, no interpreter lock, strict IEEE arithmetic.

    Nothing compiled makes an array unless it says that it ``allocates``: the others do without numba's counting of
    references, which would take a fifth of a member's time. Working space is part of a region's memory.

    With the environment variable ``NUMBA_DISABLE_JIT=1`` the same functions run as ordinary Python, which the tests
    use to show that compilation changes no bit.
    """
    if function is None:
        return lambda decorated: compiled(decorated, allocates=allocates)
    dispatcher = numba.njit(cache=True, nogil=True, _nrt=allocates, fastmath=False, error_model="numpy")(function)
    if not numba.config.DISABLE_JIT:
        _share_literals(dispatcher)
        _name_files_apart(dispatcher)
    return dispatcher


def _name_files_apart(dispatcher) -> None:
    """Keep two processes that compile versions of one function at the same time from giving their files one name.

    Numba numbers the files of a function; if the index of one process then survives with the file of the other, a call
    would run code made for other types.
    """
    files = dispatcher._cache._cache_file  # numba offers no other way
    own = f"{{number:d}}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    files._data_name_pattern = files._data_name_pattern.replace("{number:d}", own)


def _share_literals(dispatcher) -> None:
    """Let calls with different literal integers share one compiled version; numba would make one for each."""
    resolve = dispatcher.get_call_template
    dispatcher.get_call_template = lambda args, kws: resolve(
        tuple(numba.types.unliteral(a) for a in args), {name: numba.types.unliteral(a) for name, a in kws.items()}
    )
