"""The folder of one run: locked, resumed, declared complete."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.runs.complete import guard_folder, is_complete, refresh_manifest
from sim.runs.errors import RunError, explained
from sim.runs.files import RunLock, clear_temporaries, delete
from sim.runs.finish import Finished
from sim.runs.manifest import CALIBRATION, RECORD, now, write_manifest


class RunStore:
    """A run folder opened for writing, as a context manager that holds its lock.

    Parameters
    ----------
    folder : created if missing
    manifest : of :func:`sim.runs.manifest.new_manifest`
    kept : tables beyond those of every run that this run must end up with
    scenario : its analyst's own tables and calibration are kept with the run, which can then be repeated without them

    Raises
    ------
    OutputError if the folder is anything but this run's; LockedError if another process has it; DiskFullError.
    """

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], kept: Sequence[str] = (), scenario: Any = None
    ) -> None:
        self.folder, self.parts_folder, self.scenario = folder, folder / "parts", scenario
        self.manifest = dict(manifest)
        self.kept = tuple(sorted(kept))
        self.complete = False
        self._lock = RunLock(folder)

    def __enter__(self) -> "RunStore":
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            guard_folder(self.folder, self.manifest["key"])
        self._lock.__enter__()
        try:
            self._take_over()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._lock.__exit__()

    def _take_over(self) -> None:
        """Go on from what an earlier start left; what is computed now has the last word."""
        found = guard_folder(self.folder, self.manifest["key"])
        with explained(self.folder):
            clear_temporaries(self.folder)
        self.complete = found is not None and is_complete(self.folder, found, self.manifest, self.kept)
        if self.complete:
            delete(self.parts_folder)
            self.manifest = refresh_manifest(self.folder, found, self.manifest)
        else:
            if self.scenario is not None:
                with explained(self.folder):
                    keep_sources(self.scenario, self.folder)
            write_manifest(self.folder, self.manifest)

    def declare(self, finished: Finished, remarks: Mapping[str, Any]) -> None:
        """Declare the run complete, its tables having been written; RunError if no member came through."""
        if finished.numbers_digest is None:
            self.manifest |= {"state": "failed", "failed": list(finished.failed[:100])}
            write_manifest(self.folder, self.manifest)
            delete(self.parts_folder)
            raise RunError(f"{self.folder}: every member failed, the first with {finished.failed[0]['cause']}")
        if finished.made_with:
            remarks = {**remarks, "parts_made_with": [dict(each) for each in finished.made_with]}
        self.manifest |= {
            **remarks,
            "state": "complete",
            "kept": list(self.kept),
            "files": dict(finished.files),
            "checksums": dict(finished.checksums),
            "changed": dict(finished.changed),
            "numbers_digest": finished.numbers_digest,
            "failed": list(finished.failed),
            "finished": now(),
        }
        write_manifest(self.folder, self.manifest)
        delete(self.parts_folder)


def keep_sources(scenario: Any, folder: Path) -> None:
    """Copy what a scenario rests on beside its file and this casim: the analyst's own tables and calibration."""
    if scenario.record:
        scenario.record.write(folder / RECORD)
    if scenario.calibration and not scenario.calibration.ships:
        scenario.calibration.write(folder / CALIBRATION)
