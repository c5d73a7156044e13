"""What casim needs of a machine, looked at without changing it."""

import importlib.util
import os
import platform
import shutil
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_MIB = 2**20
_ROOM_MB = 500  # compiled code, and a run with its plots
_MEMORY_MB = 2000


@dataclass(frozen=True)
class Finding:
    """One line of the report; grade is ``ok``, ``note`` (works, but slower or less) or ``bad`` (does not work)."""

    what: str
    grade: str
    said: str


def examine() -> list[Finding]:
    """Every finding; a check that fails is itself a finding."""
    found = []
    for what, check in _CHECKS.items():
        try:
            grade, said = check()
        except Exception as error:
            grade, said = "note", f"could not be looked at ({type(error).__name__}: {error})"
        found.append(Finding(what, grade, said))
    return found


def _python() -> tuple[str, str]:
    fine = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return ("ok" if fine else "bad"), f"{platform.python_version()}; 3.11 to 3.13 are tested"


def _packages() -> tuple[str, str]:
    missing = []
    for line in metadata.requires("casim") or ():
        if "extra ==" not in line:
            name = line.split(";")[0].strip()
            for sign in "<>=!~ [":
                name = name.split(sign)[0]
            try:
                metadata.version(name)
            except metadata.PackageNotFoundError:
                missing.append(name)
    return ("bad", f"missing: {', '.join(missing)}") if missing else ("ok", "all that is required is installed")


def _threads() -> tuple[str, str]:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ("ok" if count > 1 else "note"), f"{count}; members are simulated side by side"


def _memory() -> tuple[str, str]:
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _MIB
    return ("ok" if free > _MEMORY_MB else "note"), f"{free:,.0f} MB free; a run takes about {_MEMORY_MB // 2:,} MB"


def _results() -> tuple[str, str]:
    folder = Path.cwd()
    if not os.access(folder, os.W_OK):
        return "note", f"{folder} cannot be written; name another folder with --out"
    free = shutil.disk_usage(folder).free / _MIB
    return ("ok" if free > _ROOM_MB else "bad"), f"{free:,.0f} MB free in {folder}"


def _cache() -> tuple[str, str]:
    from sim.engine.compiled import cache_folder, is_warm

    if cache_folder is None and not is_warm():
        return "note", "no folder for compiled code can be written: every start compiles anew (about half a minute)"
    warm = "compiled" if is_warm() else "not yet compiled: the first run takes about half a minute more"
    return ("ok" if is_warm() else "note"), f"{warm} ({cache_folder})"


def _fonts() -> tuple[str, str]:
    from matplotlib import font_manager

    path = font_manager.findfont("DejaVu Sans", fallback_to_default=False)
    return "ok", Path(path).name


def _browser() -> tuple[str, str]:
    try:
        return "ok", webbrowser.get().name if hasattr(webbrowser.get(), "name") else "found"
    except webbrowser.Error:
        return "note", "none found: pages are written, and opened by hand"


def _cluster() -> tuple[str, str]:
    there = importlib.util.find_spec("distributed") is not None
    return "ok", "installed" if there else "not installed; casim batch --scheduler needs casim[cluster]"


_CHECKS: dict[str, Callable[[], tuple[str, str]]] = {
    "Python": _python,
    "packages": _packages,
    "processors": _threads,
    "memory": _memory,
    "disk": _results,
    "compiled model": _cache,
    "fonts": _fonts,
    "browser": _browser,
    "cluster": _cluster,
}
