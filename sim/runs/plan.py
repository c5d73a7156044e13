"""What a batch is going to do: every run that its scenarios ask for, where it lies, and what of it is there already."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import printable
from sim.runs.complete import guard_folder, is_complete, key_of, wanted_tables
from sim.runs.design import design_folder, point_folder
from sim.runs.errors import OutputError
from sim.runs.manifest import computed_manifest, folder_name
from sim.runs.resume import claimed


@dataclass(frozen=True)
class PlannedRun:
    """One run of a batch: of a scenario, or of the point (from 0) of its design.

    ``kept`` are tables beyond those of every run; ``found`` are members that need not be simulated; ``complete`` is
    whether the finished tables are there too.
    """

    scenario: Any
    point: int | None
    key: str
    folder: Path
    kept: tuple[str, ...]
    found: int
    complete: bool

    @property
    def members(self) -> int:
        """Members the run must have."""
        return self.scenario.run.members

    def variant(self) -> Any:
        """The scenario that is run."""
        from sim.scenario.design import variant

        return self.scenario if self.point is None else variant(self.scenario, self.point)


@dataclass(frozen=True)
class Planned:
    """A scenario of a batch with all its runs, in order.

    ``folder`` is that of its run, or of its design; ``point_keys`` hold the key of each point's run.
    """

    scenario: Any
    folder: Path
    runs: tuple[PlannedRun, ...]
    point_keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    @property
    def members(self) -> int:
        """Members of all runs."""
        return sum(run.members for run in self.runs)

    @property
    def complete(self) -> bool:
        """Whether every run is there already."""
        return all(run.complete for run in self.runs)

    @property
    def found(self) -> int:
        """Members of all runs that need not be simulated."""
        return sum(run.found for run in self.runs)


def plan_batch(scenarios: Sequence[Any], out: Path, kept: Sequence[str] = ()) -> tuple[Planned, ...]:
    """Plan a batch; reads the results folder and changes nothing.

    Raises OutputError if two scenarios have one name or one folder, if there is none, or if a folder holds anything but
    the run that belongs there.
    """
    if not scenarios:
        raise OutputError("a batch needs at least one scenario.")
    by_name: dict[str, Any] = {}
    for scenario in scenarios:
        if scenario.name in by_name:
            raise OutputError(
                f"two scenarios are named {scenario.name}: {by_name[scenario.name].path} and "
                f"{scenario.path}.  Their results would lie in one place: rename a file."
            )
        by_name[scenario.name] = scenario
    out = out.expanduser()
    _check_out(out)
    plan = tuple(_plan(scenario, out, kept) for scenario in scenarios)
    by_folder: dict[Path, Planned] = {}
    for planned in plan:
        first = by_folder.setdefault(planned.folder, planned)
        if first is not planned:
            raise OutputError(
                f"{printable(first.name)} and {printable(planned.name)} ask for the same histories, and their names "
                "give one folder.  Leave one out, or rename a file."
            )
    return plan


def _check_out(out: Path) -> None:
    """OutputError if a file stands where the results folder, or one above it, must be."""
    nearest = next((folder for folder in (out, *out.absolute().parents) if folder.exists()), None)
    if nearest is not None and not nearest.is_dir():
        raise OutputError(f"{nearest}: a file stands where a folder is needed.  Choose another folder with --out.")


def _plan(scenario: Any, out: Path, kept: Sequence[str]) -> Planned:
    if scenario.design is None:
        run = _run(scenario, None, out, kept)
        return Planned(scenario, run.folder, (run,))
    folder = design_folder(out, scenario.name)
    _check_out(folder / "points")
    runs = [_run(scenario, number, folder, kept) for number in range(len(scenario.design))]
    # points that ask for the same histories share a run
    first = {run.key: run for run in reversed(runs)}
    once = sorted(first.values(), key=lambda run: run.point)
    return Planned(scenario, folder, tuple(once), tuple(run.key for run in runs))


def _run(scenario: Any, point: int | None, within: Path, kept: Sequence[str]) -> PlannedRun:
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION

    kept = wanted_tables(scenario, kept)
    asked = PlannedRun(scenario, point, "", within, kept, 0, False).variant()
    key, members = key_of(asked), scenario.run.members
    folder = within / folder_name(scenario.name, key) if point is None else point_folder(within, key)
    manifest = guard_folder(folder, key)
    if manifest is None:
        return PlannedRun(scenario, point, key, folder, kept, 0, False)
    complete = is_complete(
        folder, manifest, computed_manifest(asked, key, load_facts(scenario.record).digest, MODEL_VERSION), kept
    )
    found = members if complete else min(members, claimed(folder / "parts"))
    return PlannedRun(scenario, point, key, folder, kept, found, complete)
