"""What the plots of a run were drawn with, kept beside them, to know without matplotlib if they are current."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from sim.runs.manifest import read_manifest

_FILE = ".drawn"


def drawn_before(run_folder: Path, formats: Sequence[str], size: str) -> list[Path]:
    """The files of an earlier drawing of the same run by the same version, if all are there; else none."""
    folder = run_folder / "plots"
    try:
        found = json.loads((folder / _FILE).read_text("utf-8"))
        files = {folder / name: size for name, size in found.pop("files").items()}
        wanted = _made_with(run_folder, formats, size)
        same = found == wanted and all(path.stat().st_size == size for path, size in files.items())
        return list(files) if same else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def stamp(run_folder: Path, formats: Sequence[str], size: str, written: Sequence[Path]) -> None:
    """Note down what was drawn, once every plot has been."""
    files = {path.name: path.stat().st_size for path in written}
    note = _made_with(run_folder, formats, size) | {"files": files}
    (run_folder / "plots" / _FILE).write_text(json.dumps(note, indent=1), "utf-8")


def _made_with(run_folder: Path, formats: Sequence[str], size: str) -> dict:
    manifest = read_manifest(run_folder)
    return {
        "key": manifest["key"] if manifest["state"] == "complete" else "",
        "casim": version("casim"),
        "formats": sorted(formats),
        "size": size,
    }
