"""The folder of one run: opened, guarded, filled with parts, finished."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.outcomes import Catalogue, Events
from sim.runs.errors import OutputError, RunError, explained
from sim.runs.files import TEMPORARY, clear_temporaries, write_json
from sim.runs.finish import Finished, finish_parts
from sim.runs.lock import RunLock
from sim.runs.manifest import MANIFEST, PRESENTED, SCHEMA, now, presentation, read_manifest
from sim.runs.parts import ALWAYS, Part, missing_ranges, sound_parts, write_part

#: Tables that a run keeps on request only.
OPTIONAL = ("monthly_members", "terms")


def kept_tables(keep_terms: bool, keep_monthly: bool) -> tuple[str, ...]:
    """Names out of OPTIONAL that are asked for."""
    return tuple(name for name, keep in (("monthly_members", keep_monthly), ("terms", keep_terms)) if keep)


def guard_folder(folder: Path, key: str) -> dict[str, Any] | None:
    """The manifest in a folder that this run may be written to, if there is one.

    Raises OutputError if the folder holds anything but the run of that key.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: a file stands where a folder is needed.  Choose another folder with --out.")
    if not folder.exists():
        return None
    ours = [path.name for path in folder.iterdir() if path.name != ".lock" and not path.name.startswith(TEMPORARY)]
    found = read_manifest(folder)
    if found is None:
        if ours:
            raise OutputError(
                f"{folder}: holds {sorted(ours)[0]} but no readable {MANIFEST}, so it is not a run "
                "folder.  Move it away, or choose another folder with --out."
            )
        return None
    if found.get("schema") != SCHEMA:
        raise OutputError(
            f"{folder}: written in run-folder layout {found.get('schema')}, this version writes {SCHEMA}."
            "  Move it away, or choose another folder with --out."
        )
    if found.get("key") != key:
        raise OutputError(
            f"{folder}: holds another run (key {str(found.get('key'))[:16]}, this one is {key[:16]}).  "
            "Move it away, or choose another folder with --out."
        )
    return found


def is_complete(folder: Path, manifest: Mapping[str, Any], kept: Sequence[str]) -> bool:
    """Whether every table that a run must have is finished and of the size it was written with."""
    if manifest.get("state") != "complete" or not set(kept) <= set(manifest.get("kept", ())):
        return False
    try:
        return all((folder / name).stat().st_size == size for name, size in manifest["files"].items())
    except OSError:
        return False


def refresh_manifest(folder: Path, scenario: Any) -> dict[str, Any]:
    """The manifest of a complete run, with title, description and origins as the scenario has them now."""
    found = read_manifest(folder)
    if found is None:
        raise OutputError(f"{folder}: the manifest went away.")
    presented = presentation(scenario)
    if any(found.get(name) != value for name, value in presented.items()):
        found |= presented
        write_json(folder / MANIFEST, found)
    return found


class RunStore:
    """A run folder opened for writing, as a context manager that holds its lock.

    Parameters
    ----------
    folder : created if missing
    manifest : of :func:`sim.runs.manifest.new_manifest`; an older one of the same key in the folder is kept
    kept : names out of OPTIONAL that this run must end up with

    Raises
    ------
    OutputError if the folder is anything but this run's; LockedError if another process has it; DiskFullError.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], kept: Sequence[str] = ()) -> None:
        self.folder, self.parts_folder = folder, folder / "parts"
        self.manifest = dict(manifest)
        self.kept = tuple(sorted(kept))
        self._lock: RunLock | None = None

    def __enter__(self) -> "RunStore":
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._guard()
        lock = RunLock(self.folder)
        lock.__enter__()
        self._lock = lock
        try:
            self._take_over()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._lock.__exit__()

    def _guard(self) -> None:
        guard_folder(self.folder, self.manifest["key"])

    def _take_over(self) -> None:
        """Go on from what an earlier start left."""
        self._guard()
        with explained(self.folder):
            clear_temporaries(self.folder)
        found = read_manifest(self.folder)
        if found is not None:
            presented = {name: self.manifest[name] for name in PRESENTED}
            changed = any(found.get(name) != value for name, value in presented.items())
            self.manifest = {**found, **presented}
            if self.complete:
                shutil.rmtree(self.parts_folder, ignore_errors=True)
                if changed:
                    self.save()
                return
        self.manifest |= {"state": "running"}
        self.save()

    def save(self) -> None:
        """Write the manifest."""
        write_json(self.folder / MANIFEST, self.manifest)

    @property
    def complete(self) -> bool:
        """Whether every table this run must have is finished and of the size it was written with."""
        return is_complete(self.folder, self.manifest, self.kept)

    def sound_parts(self) -> list[Part]:
        """Parts that can be trusted; others are deleted."""
        return sound_parts(self.parts_folder, self.manifest["key"], (*ALWAYS, *self.kept), self.manifest["members"])

    def missing(self, part_size: int) -> list[tuple[int, int]]:
        """Members still to be simulated, as ranges first..last-1."""
        return missing_ranges(self.sound_parts(), self.manifest["members"], part_size)

    def write(self, first: int, last: int, tables: Mapping[str, pa.Table], failed=()) -> None:
        """Keep members first..last-1; safe to call from several threads for different members."""
        with explained(self.parts_folder):
            self.parts_folder.mkdir(exist_ok=True)
        write_part(self.parts_folder, self.manifest["key"], first, last, tables, failed)

    def finish(self, catalogue: Catalogue, documented: Events, remarks: Mapping[str, Any]) -> None:
        """Write the finished tables, declare the run complete, delete its parts; ``remarks`` go to the manifest."""
        key, members = self.manifest["key"], self.manifest["members"]
        self.declare(finish_parts(self.folder, key, members, self.kept, catalogue, documented), remarks)

    def declare(self, finished: Finished, remarks: Mapping[str, Any]) -> None:
        """Declare the run complete, its tables having been written; RunError if no member came through."""
        if finished.numbers_digest is None:
            self.manifest |= {"state": "failed", "failed": list(finished.failed[:100])}
            self.save()
            shutil.rmtree(self.parts_folder, ignore_errors=True)
            raise RunError(f"{self.folder}: every member failed, the first with {finished.failed[0]['cause']}")
        self.manifest |= {
            **remarks,
            "state": "complete",
            "kept": list(self.kept),
            "files": dict(finished.files),
            "numbers_digest": finished.numbers_digest,
            "failed": list(finished.failed),
            "finished": now(),
        }
        self.save()
        shutil.rmtree(self.parts_folder, ignore_errors=True)
