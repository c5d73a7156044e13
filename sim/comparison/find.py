"""The run that a user means: a folder, or the newest finished run of a scenario by name."""

import difflib
from datetime import UTC, datetime
from pathlib import Path

from sim.runs import OutputError, Run, open_run
from sim.runs.design import INDEX, design_folder, read_index
from sim.runs.manifest import read_manifest


def _runs_in(results: Path) -> list[tuple[Path, dict]]:
    if not results.exists():
        return []
    if not results.is_dir():
        raise OutputError(f"{results}: is a file, not a folder of runs.")
    found = [(path, read_manifest(path)) for path in sorted(results.iterdir()) if path.is_dir()]
    return [(path, manifest) for path, manifest in found if manifest is not None]


def _finished(manifest: dict) -> datetime:
    """When a run ended; runs that do not say so come first."""
    try:
        return datetime.strptime(manifest["finished"], "%Y-%m-%dT%H:%M:%S%z")
    except (KeyError, TypeError, ValueError):
        return datetime.min.replace(tzinfo=UTC)


def find_run(name: str, results: Path | str = "results") -> Run:
    """The run in the folder ``name``, or the newest finished run of the scenario of that name in ``results``.

    Raises OutputError if there is none, naming what there is.
    """
    given = Path(name)
    if given.is_dir() or given.suffix == ".json" or (given.exists() and not given.suffix == ".toml"):
        return open_run(given)
    scenario = given.stem if given.suffix == ".toml" else name
    runs = _runs_in(Path(results))
    mine = [(path, manifest) for path, manifest in runs if manifest.get("scenario") == scenario]
    done = [(path, manifest) for path, manifest in mine if manifest.get("state") == "complete"]
    if done:
        return open_run(max(done, key=lambda pair: (_finished(pair[1]), pair[0].name))[0])
    if mine:
        raise OutputError(f"{mine[0][0]}: this run is not finished.  Give the command that started it again to go on.")
    names = sorted({str(manifest.get("scenario")) for _, manifest in runs})
    near = difflib.get_close_matches(scenario, names, 1)
    there = f"  There are runs of: {', '.join(names)}." if names else "  There are no runs."
    guess = f"  Did you mean {near[0]}?" if near else f"  casim run {scenario} makes one."
    raise OutputError(f"{name}: neither a run folder nor a scenario with a finished run in {results}.{there}{guess}")


def find_runs(name: str, results: Path | str = "results") -> list[Run]:
    """The runs that a name means: one run, or every point of a design where it names a design or its folder.

    A scenario that has both a run and a design means the run; ``<scenario>-design`` means the design.  Raises as
    :func:`find_run`.
    """
    for folder in (Path(name), Path(results) / name):
        if (folder / INDEX).is_file():
            return _points(folder)
    try:
        return [find_run(name, results)]
    except OutputError:
        folder = design_folder(Path(results), Path(name).stem if name.endswith(".toml") else name)
        if (folder / INDEX).is_file():
            return _points(folder)
        raise


def _points(folder: Path) -> list[Run]:
    index = read_index(folder)
    if index is None:
        raise OutputError(f"{folder}: its {INDEX} cannot be read.  Run the design again; what is finished is kept.")
    return [open_run(folder / point["folder"]) for point in index["points"]]
