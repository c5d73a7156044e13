"""Compilation of the mechanisms: one decorator, one cache folder keyed by the sources.

Numba's on-disk cache notices edits of the decorated file only, not of what it calls or of constants it takes from
elsewhere. So the cache lives in a folder named after a digest of all that can end up in compiled code: every file that
compiles a function, and the files from which such functions take constants (a test holds them to these).
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
#: what compiled functions take constants and tuples from, beside files that compile functions themselves
CONSTANTS = (
    "engine/event_types.py",
    "engine/layout.py",
    "facts/event_kinds.py",
    "facts/order.py",
    "facts/tables/event_kinds.csv",
    "inference/answers.py",
    "inference/risk_sets.py",
    "model/state.py",
    "processes/rivers/network.py",
)


def compiled_sources() -> dict[str, bytes]:
    """Path below the package -> contents of every file that can end up in compiled code."""
    found = {name: (_ROOT / name).read_bytes() for name in CONSTANTS}
    for file in _ROOT.rglob("*.py"):
        contents = file.read_bytes()
        if b"@compiled" in contents:
            found[file.relative_to(_ROOT).as_posix()] = contents
    return found


def _source_digest() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for name, contents in sorted(compiled_sources().items()):
        digest.update(f"{name} {len(contents)} ".encode())
        digest.update(contents)
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
    own = f"{{number:d}}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        files = dispatcher._cache._cache_file  # numba offers no other way
        files._data_name_pattern = files._data_name_pattern.replace("{number:d}", own)
    except AttributeError as error:
        raise ImportError(
            f"numba {numba.__version__} keeps compiled code in another way than casim knows ({error}). "
            "Install a version that casim allows: numba>=0.61,<0.69"
        ) from error


def _share_literals(dispatcher) -> None:
    """Let calls with different literal integers share one compiled version; numba would make one for each."""
    resolve = dispatcher.get_call_template
    dispatcher.get_call_template = lambda args, kws: resolve(
        tuple(numba.types.unliteral(a) for a in args), {name: numba.types.unliteral(a) for name, a in kws.items()}
    )
