"""The manifest of a run: what was run, from which files, with which versions, and how far it is."""

import json
import platform
import subprocess
import time
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.outcomes import Catalogue

#: Version of the run folder's layout; a reader refuses another one.
SCHEMA = 1
MANIFEST = "manifest.json"

_PACKAGES = ("casim", "numpy", "numba", "pandas", "pyarrow")


@cache
def versions() -> dict[str, str]:
    """Version of Python and of every package that numbers or tables depend on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return found


@cache
def code_revision() -> str | None:
    """Commit of the checkout the package runs from, with ``+changes`` if files differ; None outside a checkout."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None
    try:
        commit, status = (
            subprocess.run(["git", "-C", str(root), *command], capture_output=True, text=True, timeout=5)
            for command in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if commit.returncode:
        return None
    return commit.stdout.strip() + ("+changes" if status.stdout.strip() else "")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if it has none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _origins(scenario: Any) -> dict[str, str]:
    """Where each value was set, as ``file:line``."""
    return {str(key): f"{origin.file}:{origin.line}" for key, origin in sorted(scenario.sources.items())}


def presentation(scenario: Any) -> dict[str, Any]:
    """The parts of a manifest that an edit may change without changing a number."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "ancestry": [str(name) for name in scenario.ancestry],
        "origins": _origins(scenario),
        "design": scenario.point.plain() if scenario.point else {},
    }


#: Names of what :func:`presentation` gives.
PRESENTED = ("scenario", "title", "description", "ancestry", "origins", "design")


def new_manifest(scenario: Any, key: str, facts_digest: str, model_version: str, catalogue: Catalogue) -> dict:
    """The manifest of a run that is about to start."""
    return {
        "schema": SCHEMA,
        "key": key,
        "state": "running",
        **presentation(scenario),
        "resolved": scenario.resolved(),
        "members": scenario.run.members,
        "seed": scenario.run.seed,
        "facts_digest": facts_digest,
        "model_version": str(model_version),
        "code_revision": code_revision(),
        "versions": versions(),
        "catalogue": catalogue.as_dict(),
        "started": now(),
        "seconds": {},
        "failed": [],
    }


def now() -> str:
    """Local time with its offset, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
