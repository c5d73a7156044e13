"""Compilation of the model: one decorator, one cache of compiled code filed under the sources.

Compiled code lies in a folder named after a digest of all that can end up in it: every file that compiles a function,
the files from which such functions take constants (a test holds them to these), and the settings of the compiler.
"""

import functools
import hashlib
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
from numba.core import config
from numba.core.compiler_lock import global_compiler_lock

import sim.engine

try:
    from sim.engine.code_cache import CodeCache, folders
    from sim.engine.code_library import Intermediate, Whole, libraries
except ImportError as error:
    raise ImportError(
        f"numba {numba.__version__} keeps compiled code in another way than casim knows ({error}). "
        "Install a version that casim allows: numba>=0.61,<0.69"
    ) from error

_ROOT = Path(__file__).parents[1]
_FOLDERS = (
    "engine",
    "inference",
    "model",
    "processes",
    "runs",
)  # of files that compile functions; a test looks for others
#: what compiled functions take constants and tuples from, beside files that compile functions themselves, and how they
#: are compiled and kept
CONSTANTS = (
    "engine/code_library.py",
    "engine/compiled.py",
    "engine/event_types.py",
    "engine/layout.py",
    "facts/event_kinds.py",
    "facts/order.py",
    "facts/tables/event_kinds.csv",
    "inference/accord_answers.py",
    "inference/risk_sets.py",
    "model/state.py",
    "processes/rivers/network.py",
)


def compiled_sources() -> dict[str, bytes]:
    """Path below the package -> contents of every file that can end up in compiled code."""
    found = {name: (_ROOT / name).read_bytes() for name in CONSTANTS}
    for file in (file for folder in _FOLDERS for file in (_ROOT / folder).rglob("*.py")):
        contents = file.read_bytes()
        if b"@compiled" in contents:
            found[file.relative_to(_ROOT).as_posix()] = contents
    return found


# loops over six states gain nothing from vector code: without it members run faster and compile in half the time
_SETTINGS = {"OPT": config._OptLevel(2), "LOOP_VECTORIZE": 0, "SLP_VECTORIZE": 0}
_OURS = {name: value for name, value in _SETTINGS.items() if f"NUMBA_{name}" not in os.environ}


def _source_digest() -> str:
    chosen = [(name, str(_OURS.get(name, getattr(config, name)))) for name in _SETTINGS]
    digest = hashlib.sha256(repr((numba.__version__, config.BOUNDSCHECK, chosen)).encode())
    for name, contents in sorted(compiled_sources().items()):
        digest.update(f"{name} {len(contents)} ".encode())
        digest.update(contents)
    return digest.hexdigest()[:16]


_read_from, cache_folder = folders(_source_digest())


def is_warm() -> bool:
    """Whether the compiled model of these very sources is already on disk (else the first run compiles it)."""
    return any(any(folder.glob("*.run_members-*")) for folder in _read_from)


def compiled(function=None, *, allocates: bool = False, apart: bool = False):
    """Compile a mechanism: plain loops on arrays, no interpreter lock, strict IEEE arithmetic.

    Nothing compiled makes an array unless it says that it ``allocates``: the others do without numba's counting of
    references, which would take a fifth of a member's time. Working space is part of a region's memory.

    Whoever calls a compiled function gets a copy of it, unless it stays ``apart``: inputs and state are some eighty
    words, and handing them on would take a sixth of a member's time. Apart stays what is long and called from several
    places.

    With the environment variable ``NUMBA_DISABLE_JIT=1`` the same functions run as ordinary Python, which the tests
    use to show that compilation changes no bit.
    """
    if function is None:
        return lambda decorated: compiled(decorated, allocates=allocates, apart=apart)
    options = {"nogil": True, "fastmath": False, "error_model": "numpy", "forceinline": not apart, "_nrt": allocates}
    return _dispatcher(function, options) if not config.DISABLE_JIT else numba.njit(**options)(function)


def plain(function):
    """A compiled function as ordinary Python, for arguments that are whole columns."""
    return getattr(function, "py_func", function)


def _dispatcher(function, options: dict):
    """What Python calls, and beside it, made when it is first needed, what compiled code calls.

    A version that Python can call is wrapped in hundreds of instructions, which unpack inputs and state. Most functions
    are called by compiled code alone.
    """
    dispatcher = _caching(function, options)
    callee = functools.cache(lambda: _caching(function, options, for_callers=True))

    def template(args, kws):
        """Calls with different literal integers share one version; numba would make one for each."""
        kinds = tuple(numba.types.unliteral(a) for a in args)
        return callee().get_call_template(kinds, {name: numba.types.unliteral(a) for name, a in kws.items()})

    dispatcher.callee = callee
    dispatcher.get_call_template = template
    dispatcher.get_overload = lambda signature: callee().get_overload(signature)
    return dispatcher


def _caching(function, options: dict, for_callers: bool = False):
    """A dispatcher of numba that compiles with our settings and keeps what it compiles."""
    dispatcher = numba.njit(**options, no_cfunc_wrapper=True, no_cpython_wrapper=for_callers)(function)
    dispatcher._cache = CodeCache(function, _read_from, cache_folder, "inner." if for_callers else "")
    genuine, kind = dispatcher.compile, Intermediate if for_callers else Whole

    def compile_ours(signature):
        """As numba does, but our way."""
        with global_compiler_lock, _our_settings(), libraries(kind):
            return genuine(signature)

    dispatcher.compile = compile_ours
    return dispatcher


@contextmanager
def _our_settings() -> Iterator[None]:
    before = {name: getattr(config, name) for name in _OURS}
    try:
        for name, value in _OURS.items():
            setattr(config, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(config, name, value)


def _name_types_shortly() -> None:
    """Let symbols name records and named tuples by a digest: their fields would take kilobytes in every symbol."""
    digests: dict[str, str] = {}

    def short(kind) -> tuple[str, tuple]:
        """The name of a type in symbols, and nothing of its fields."""
        if kind.name not in digests:
            digests[kind.name] = hashlib.sha256(kind.name.encode()).hexdigest()[:24]
        return f"{type(kind).__name__}{digests[kind.name]}", ()

    for kind in (numba.types.Record, numba.types.NamedTuple, numba.types.NamedUniTuple):
        kind.mangling_args = property(short)


def _start_without_linear_algebra() -> None:
    """Keep numba from loading scipy for products of matrices, of which the model has none: a tenth of a start."""
    if "scipy.linalg" not in sys.modules:
        sys.modules["scipy.linalg"] = None
        try:
            importlib.import_module("numba.np.arraymath")
        finally:
            del sys.modules["scipy.linalg"]


_name_types_shortly()
if sim.engine.alone:
    _start_without_linear_algebra()
