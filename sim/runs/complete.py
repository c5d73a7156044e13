"""Whether a folder holds the finished run of a scenario; known without what simulates it and what reads its tables."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.runs.errors import OutputError
from sim.runs.files import LOCK, TEMPORARY, checksum
from sim.runs.manifest import (
    MANIFEST,
    SCHEMA,
    agrees,
    computed_manifest,
    content_key,
    folder_name,
    presented_as,
    read_manifest,
    write_manifest,
)

#: Tables that a run has only where they are asked for.
OPTIONAL = ("monthly_members", "terms")


def key_of(scenario: Any) -> str:
    """Content key of a scenario's run with the facts and the model at hand."""
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION

    return content_key(scenario.resolved(), load_facts(scenario.record).digest, MODEL_VERSION)


def guard_folder(folder: Path, key: str) -> dict[str, Any] | None:
    """The manifest in a folder that this run may be written to, if there is one.

    Raises OutputError if the folder holds anything but the run of that key.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: a file stands where a folder is needed.  Choose another folder with --out.")
    if not folder.exists():
        return None
    found = read_manifest(folder)
    aside = "Move it away, or choose another folder with --out."
    if found is None:
        ours = sorted(path.name for path in folder.iterdir() if path.name != LOCK)
        ours = [name for name in ours if not name.startswith(TEMPORARY)]
        if ours:
            raise OutputError(
                f"{folder}: holds {ours[0]} but no readable {MANIFEST}, so it is not a run folder.  {aside}"
            )
        return None
    if found.get("schema") != SCHEMA:
        raise OutputError(
            f"{folder}: written in run-folder layout {found.get('schema')}, this version writes {SCHEMA}.  {aside}"
        )
    if found.get("key") != key:
        raise OutputError(
            f"{folder}: holds another run (key {str(found.get('key'))[:16]}, this one is {key[:16]}).  {aside}"
        )
    return found


def is_complete(folder: Path, found: Mapping[str, Any], computed: Mapping[str, Any], kept: Sequence[str]) -> bool:
    """Whether a manifest says what is computed now, and every table a run must have is there as it was written."""
    if found.get("state") != "complete" or not agrees(found, computed) or not set(kept) <= set(found["kept"]):
        return False
    try:
        return all(
            _untouched(folder / name, size, found["changed"][name], found["checksums"][name])
            for name, size in found["files"].items()
        )
    except OSError:
        return False


def _untouched(path: Path, size: int, changed: int, expected: str) -> bool:
    """Whether a file is the one that was written; it is read only where its time has changed, as a copy's has."""
    stat = path.stat()
    return stat.st_size == size and (stat.st_mtime_ns == changed or checksum(path) == expected)


def refresh_manifest(folder: Path, found: Mapping[str, Any], computed: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of a complete run, with title, description and origins as the scenario has them now."""
    shown = presented_as(found, computed)
    if shown != found:
        with suppress(OutputError):  # a share that cannot be written is shown as it is
            write_manifest(folder, shown)
    return shown


def kept_tables(keep_terms: bool, keep_monthly: bool) -> tuple[str, ...]:
    """Names out of OPTIONAL that are asked for."""
    return tuple(name for name, keep in zip(OPTIONAL, (keep_monthly, keep_terms)) if keep)


def wanted_tables(scenario: Any, kept: Sequence[str]) -> tuple[str, ...]:
    """Tables beyond those of every run that a run must have: asked for by the scenario or on ``kept``."""
    return tuple(sorted({*kept, *(["terms"] if scenario.run.keep_terms else [])}))


def find_complete(scenario: Any, out: Path, kept: Sequence[str] = ()) -> Path | None:
    """The folder of a scenario's run if it lies finished and untouched below ``out``; its names are brought up to date.

    Raises OutputError if the folder holds anything but that run.
    """
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION

    if scenario.design is not None:
        return None
    key = key_of(scenario)
    folder = out.expanduser() / folder_name(scenario.name, key)
    found = guard_folder(folder, key)
    computed = computed_manifest(scenario, key, load_facts(scenario.record).digest, MODEL_VERSION)
    if found is None or not is_complete(folder, found, computed, wanted_tables(scenario, kept)):
        return None
    refresh_manifest(folder, found, computed)
    return folder
