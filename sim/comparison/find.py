"""The run that a user means: a folder, or the newest finished run of a scenario by name; and all runs of a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.errors import COMMAND_LINE, nearest
from sim.runs import OutputError, Run, open_run
from sim.runs.design import INDEX, design_folder, read_index
from sim.runs.manifest import read_manifest
from sim.scenario.load import shipped

LABEL = "label.txt"
#: Values that say how much is simulated, not what.
_HOW_MUCH = ("run.members", "run.keep_terms")
_Tell = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """A run folder and what its manifest says."""

    path: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.manifest.get("scenario"))

    @property
    def is_complete(self) -> bool:
        """Whether the run is finished."""
        return self.manifest.get("state") == "complete"

    @property
    def finished(self) -> datetime:
        """When it ended; runs that do not say so come first."""
        try:
            return datetime.strptime(self.manifest["finished"], "%Y-%m-%dT%H:%M:%S%z")
        except (KeyError, TypeError, ValueError):
            return datetime.min.replace(tzinfo=UTC)

    @property
    def settings(self) -> list[str]:
        """Keys set by ``--set`` for this run alone, and what to: ``trust.decay=0.02``."""
        origins = self.manifest.get("origins")
        keys = [key for key, origin in (origins if isinstance(origins, dict) else {}).items() if _is_set(key, origin)]
        return [f"{key.removeprefix('parameters.')}={_value(self.manifest.get('resolved'), key)}" for key in keys]

    @property
    def label(self) -> str:
        """What the user calls the run, if anything."""
        try:
            return (self.path / LABEL).read_text("utf-8").strip()[:200]
        except (OSError, ValueError):
            return ""


def _is_set(key: str, origin: object) -> bool:
    return str(origin).startswith(f"{COMMAND_LINE}:") and key not in _HOW_MUCH


def _value(resolved: Any, key: str) -> Any:
    """A dotted key's value; keys of parameters have dots of their own."""
    table, _, rest = key.partition(".")
    inner = resolved.get(table) if isinstance(resolved, dict) else None
    if not isinstance(inner, dict):
        return "?"
    return inner[rest] if rest in inner else _value(inner, rest) if "." in rest else "?"


def list_runs(results: Path | str) -> list[Found]:
    """Every run folder in ``results``, by name of the folder; OutputError where that is no folder."""
    results = Path(results).expanduser()
    if not results.exists():
        return []
    if not results.is_dir():
        raise OutputError(f"{results}: is a file, not a folder of runs.")
    found = [(path, read_manifest(path)) for path in sorted(results.iterdir()) if path.is_dir()]
    return [Found(path, manifest) for path, manifest in found if manifest is not None]


def _is_folder(given: Path) -> bool:
    """Whether the user points at a run folder; a folder that merely has a scenario's name is none."""
    if given.is_dir():
        return read_manifest(given) is not None or len(given.parts) > 1
    return given.suffix == ".json" or (given.exists() and given.suffix != ".toml")


def find_run(name: str, results: Path | str = "results", tell: _Tell | None = None) -> Run:
    """The run in the folder ``name``, or the newest finished run of the scenario of that name in ``results``.

    A run as the scenario's file states it goes before one with values ``--set`` for it alone.  A label is a name too.
    ``tell`` hears which of several is meant.  Raises OutputError if there is none, naming what there is.
    """
    given = Path(name).expanduser()
    if _is_folder(given):
        return open_run(given)
    scenario = given.stem if given.suffix == ".toml" else name
    runs = list_runs(results)
    mine = [run for run in runs if scenario in (run.name, run.label)]
    done = [run for run in mine if run.is_complete]
    if done:
        chosen = max(done, key=lambda run: (run.label == scenario, not run.settings, run.finished, run.path.name))
        if tell is not None and (len(done) > 1 or chosen.settings):
            what = f" ({', '.join(chosen.settings[:3])})" if chosen.settings else ""
            tell(f"note: {name} means {chosen.path}{what}, one of {len(done)} finished; casim runs lists them")
        return open_run(chosen.path)
    if mine:
        raise OutputError(
            f"{mine[0].path}: this run is not finished.  Give the command that started it again to go on."
        )
    names = sorted({run.name for run in runs})
    there = f"  There are runs of: {', '.join(names)}." if names else "  There are no runs."
    said = f"{name}: neither a run folder nor a scenario with a finished run in {results}.{there}"
    raise OutputError(said + _guess(name, scenario, names))


def _guess(name: str, scenario: str, names: list[str]) -> str:
    """What the user may have meant: a run there is, or a scenario to run first."""
    known = shipped()
    if scenario in known or Path(name).expanduser().is_file():
        return f"  casim run {name} makes one."
    near = nearest(scenario, names) or nearest(scenario, known)
    if near is None:
        return "  casim list shows the scenarios that can be run."
    return f"  Did you mean {near}?" + ("" if near in names else f"  casim run {near} makes one.")


def find_runs(name: str, results: Path | str = "results", tell: _Tell | None = None) -> list[Run]:
    """The runs that a name means: one run, or every point of a design where it names a design or its folder.

    A scenario that has both a run and a design means the run; ``<scenario>-design`` means the design.  Raises as
    :func:`find_run`.
    """
    for folder in (Path(name).expanduser(), Path(results).expanduser() / name):
        if (folder / INDEX).is_file():
            return _points(folder)
    try:
        return [find_run(name, results, tell)]
    except OutputError:
        folder = design_folder(Path(results).expanduser(), Path(name).stem if name.endswith(".toml") else name)
        if (folder / INDEX).is_file():
            return _points(folder)
        raise


def find_one(name: str, results: Path | str = "results", tell: _Tell | None = None) -> Run:
    """As :func:`find_runs`; OutputError too where the name means several."""
    found = find_runs(name, results, tell)
    if len(found) != 1:
        raise OutputError(f"{name}: means {len(found)} runs.  One of them is wanted here.")
    return found[0]


def _points(folder: Path) -> list[Run]:
    index = read_index(folder)
    if index is None:
        raise OutputError(f"{folder}: its {INDEX} cannot be read.  Run the design again; what is finished is kept.")
    return [open_run(folder / point["folder"]) for point in index["points"]]
