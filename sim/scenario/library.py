"""Where scenarios are found: those that ship with the package, and those that lie next to a file."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.errors import printable, suggestion

LONGEST_NAME = 255


@dataclass(frozen=True)
class ScenarioInfo:
    """A scenario that ships: its name, title, first sentence of its description, and file."""

    name: str
    title: str
    line: str
    path: Path


@cache
def shipped_folder() -> Path:
    """The folder of the scenarios that ship: inside an installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def shipped() -> dict[str, Path]:
    """Every scenario that ships by name, the baseline first; those in subfolders are named folder/name."""
    folder = shipped_folder()
    names = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.toml")}
    return {name: names[name] for name in sorted(names, key=lambda name: (name != "baseline", "/" in name, name))}


def objection_to(name: str) -> str | None:
    """Why a text can be no name or path of a scenario at all."""
    if not name.strip():
        return "is empty."
    if not name.isprintable():
        return "contains control characters."
    if os.path.basename(name) == ".toml":
        return "has nothing before .toml."
    if len(name.encode(errors="replace")) > 4096 or any(len(part) > LONGEST_NAME for part in name.split("/")):
        return "is too long for a file name."
    return None


def find_scenario(path_or_name: str | os.PathLike) -> Path | str:
    """The file that a user means, or a sentence that says why there is none.

    A text that ends in .toml is a path; any other is the name of a scenario that ships, or else of a file in the
    working folder.
    """
    given = os.fspath(path_or_name)
    if not isinstance(given, str):
        given = os.fsdecode(given)
    objection = objection_to(given)
    if objection:
        return f"the name of the scenario {objection}"
    if not given.endswith(".toml") and not isinstance(path_or_name, Path):
        known = shipped()
        if given in known:
            return known[given]
        if os.path.isfile(given + ".toml"):
            return Path(given + ".toml")
        if not os.path.exists(given):
            return "is not a scenario that ships, nor a file." + suggestion(given, known, most_listed=len(known))
    path = Path(given)
    return path if os.path.lexists(path) and path.exists() else f"does not exist.{_near_path(path)}"


def _near_path(path: Path) -> str:
    folder = path.parent
    try:
        beside = [str(other) for other in sorted(folder.glob("*.toml"))[:200]]
    except OSError:
        beside = []
    return suggestion(str(path), [*beside, *shipped()], most_listed=0)


def find_parent(extends: str, child: Path) -> Path | str:
    """The file that `extends` means in the file `child`, or a sentence that says why there is none.

    A name means a file next to the child or a scenario that ships; a text that ends in .toml a path relative to the
    child, which may not leave the child's folder.
    """
    objection = objection_to(extends)
    if objection:
        return f"extends {objection}"
    shown = f'extends = "{printable(extends)}"'
    if extends.endswith(".toml"):
        return _relative_parent(extends, child, shown)
    known = shipped()
    beside = child.parent / f"{extends}.toml"
    is_name = "/" not in extends and "\\" not in extends
    if is_name and beside.is_file() and not (extends in known and os.path.realpath(beside) == os.path.realpath(child)):
        return beside
    if extends in known:
        return known[extends]
    if not is_name:
        return f"{shown} is neither a name nor a path that ends in .toml."
    return f"{shown}: there is no such scenario." + suggestion(extends, _available(child, known))


def _relative_parent(extends: str, child: Path, shown: str) -> Path | str:
    if os.path.isabs(extends) or "\\" in extends or extends[1:2] == ":":
        return f"{shown} must be a path relative to the folder of this file, written with /."
    if os.path.normpath(extends).startswith(".."):
        return f"{shown} leaves the folder of this file.  Scenarios that ship are extended by their name."
    path = child.parent / os.path.normpath(extends)
    if not path.exists():
        return f"{shown} does not exist." + suggestion(extends, _available(child, shipped()))
    return path


def _available(child: Path, known: dict[str, Path]) -> list[str]:
    beside = {path.stem for path in sorted(child.parent.glob("*.toml"))[:200]} - {child.stem}
    return sorted(beside | set(known))


def list_scenarios() -> list[ScenarioInfo]:
    """The scenarios that ship, the baseline first."""
    import tomllib

    found = []
    for name, path in shipped().items():
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        description = " ".join(str(values.get("description", "")).split())
        line = description.split(". ")[0].rstrip(".") + "." if description else ""
        found.append(ScenarioInfo(name, str(values.get("title", name)), line, path))
    return found
