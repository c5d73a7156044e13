"""What a run is called and what is said of it: its key, its folder, and the manifest that tells how it was made.

Same key, same numbers, bit for bit.  What a manifest says can be computed from the scenario, the facts and the model;
wherever it is trusted it is compared with what they give now, and it bears a digest of itself.
"""

import hashlib
import json
import platform
import re
import subprocess
import time
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.runs.errors import DamagedError
from sim.runs.files import read_json, write_json

#: Version of the run folder's layout; a reader refuses another one.
SCHEMA = 1
MANIFEST = "manifest.json"
#: Where a run keeps the analyst's own tables.
RECORD = "record"
#: Where a run keeps a calibration that does not ship.
CALIBRATION = "calibration"

#: Parts of the [run] table that decide what is kept, not what is computed.
_KEPT_ONLY = ("keep_terms",)
_PACKAGES = ("casim", "numpy", "numba", "pandas", "pyarrow")
#: Parts of a manifest that an edit may change without changing a number.
_PRESENTED = ("scenario", "title", "description", "ancestry", "origins", "design")
#: Parts that follow from what is run; a manifest that says otherwise is not to be trusted.
_COMPUTED = ("schema", "key", "resolved", "members", "seed", "facts_digest", "model_version")


def canonical(content: Any) -> bytes:
    """JSON with sorted keys, no spaces and no NaN; equal content gives equal bytes.  ValueError on NaN."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True).encode()


def content_key(
    resolved: Mapping[str, Any], facts_digest: str, model_version: str, without: tuple[str, ...] = ()
) -> str:
    """Sha-256 (64 hex digits) of the resolved scenario (members and seed included), the facts and the model version.

    ``without`` names parts of the [run] table that shall not count: without the members it is the key of a member's
    history, which depends on its number alone.
    """
    plain = dict(resolved)
    if isinstance(plain.get("run"), Mapping):
        left = (*_KEPT_ONLY, *without)
        plain["run"] = {name: value for name, value in plain["run"].items() if name not in left}
    content = {"scenario": plain, "facts": facts_digest, "model": str(model_version)}
    return hashlib.sha256(canonical(content)).hexdigest()


def folder_name(scenario_name: str, key: str) -> str:
    """Name of a run's folder: scenario, hyphen, first eight digits of its key.

    Letters of any script stay, odd characters become hyphens; no more than eighty bytes are taken of the name.
    """
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", scenario_name)).strip(".-")
    return f"{plain.encode()[:80].decode(errors='ignore') or 'scenario'}-{key[:8]}"


@cache
def provenance() -> dict[str, Any]:
    """What this process computes with: versions of Python and the packages, and the commit of the checkout if any."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "unknown"
    return {"versions": versions, "code_revision": _code_revision()}


def _code_revision() -> str | None:
    """Commit of the checkout the package runs from, with ``+changes`` if files differ; None outside a checkout."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--exclude=*", "--abbrev=40", "--dirty=+changes"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return None
    return None if found.returncode else found.stdout.strip()


def _about_record(record: Any) -> dict[str, str]:
    alone = {"base": record.base} if record.base != "ours" else {}
    return {"name": record.name, "digest": record.digest, **alone}


def computed_manifest(scenario: Any, key: str, facts_digest: str, model_version: str) -> dict[str, Any]:
    """What the manifest of a run says that follows from what is run."""
    return {
        "schema": SCHEMA,
        "key": key,
        **_presentation(scenario),
        "resolved": scenario.resolved(),
        **({"record": _about_record(scenario.record)} if scenario.record else {}),
        **_calibration(scenario.calibration),
        "members": scenario.run.members,
        "seed": scenario.run.seed,
        "facts_digest": facts_digest,
        "model_version": str(model_version),
    }


def new_manifest(scenario: Any, key: str, facts_digest: str, model_version: str) -> dict[str, Any]:
    """The manifest of a run that is about to start."""
    return {
        **computed_manifest(scenario, key, facts_digest, model_version),
        "state": "running",
        **provenance(),
        "started": now(),
        "seconds": {},
        "failed": [],
    }


def _calibration(named: Any) -> dict[str, Any]:
    return {"calibration": {"name": named.name, "digest": named.digest}} if named else {}


def _presentation(scenario: Any) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "ancestry": [str(name) for name in scenario.ancestry],
        "origins": {str(key): f"{origin.file}:{origin.line}" for key, origin in sorted(scenario.sources.items())},
        "design": scenario.point.plain() if scenario.point else {},
    }


def agrees(found: Mapping[str, Any], computed: Mapping[str, Any]) -> bool:
    """Whether a manifest found on disk is whole and says of the run what is computed now."""
    plain = json.loads(canonical(computed))
    return found.get("digest") == _digest(found) and all(found.get(name) == plain[name] for name in _COMPUTED)


def presented_as(found: Mapping[str, Any], computed: Mapping[str, Any]) -> dict[str, Any]:
    """A found manifest with title, description and origins as they are now."""
    return {**found, **{name: computed[name] for name in _PRESENTED}}


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical({key: manifest[key] for key in manifest if key != "digest"})).hexdigest()


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Replace the manifest of a folder, with a digest of what it says."""
    write_json(folder / MANIFEST, {**manifest, "digest": _digest(manifest)})


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if it has none that can be read."""
    return read_json(folder / MANIFEST)


def check_whole(folder: Path, manifest: Mapping[str, Any]) -> None:
    """DamagedError if a manifest is not as it was written; one without a digest is taken as it is."""
    if "digest" in manifest and manifest["digest"] != _digest(manifest):
        raise DamagedError(f"{folder / MANIFEST}: is not as it was written.  Delete {folder} and run it again.")


def now() -> str:
    """Local time with its offset, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
