"""Finding and loading a scenario: its file, all that it extends, tables, settings, and every error in them at once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sim.errors import COMMAND_LINE, FactsError, Origin, Problem, ScenarioError, printable, show, suggestion
from sim.facts import Facts, Rivers, load_facts, load_rivers
from sim.facts.files import label_of, path_inside
from sim.facts.load import load_all
from sim.facts.record import OURS, RECORD_FILES, Record, read_record
from sim.facts.tables import RIVER_FILES
from sim.scenario.calibration_file import CalibrationError, check_calibration
from sim.scenario.check import check_document
from sim.scenario.consistency import check_consistency, check_refused_dates
from sim.scenario.design import check_design
from sim.scenario.design_reading import read_design
from sim.scenario.fields import LAST_YEAR, Names
from sim.scenario.merge import LISTS, Layers, Setting, apply_setting, dropped, layer_of, overlay, parse_setting
from sim.scenario.model import Scenario, Step, build_scenario, calibration_of, merge
from sim.scenario.toml import Document, read_document, setting_document

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
    """Every scenario that ships by name, the baseline first; those in subfolders are named folder/name.

    The folders of claims and levers hold files of another kind (`sim.studies`).
    """
    folder = shipped_folder()
    names = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.toml")}
    names = {name: path for name, path in names.items() if not name.startswith(("claims/", "levers/"))}
    return {name: names[name] for name in sorted(names, key=lambda name: (name != "baseline", "/" in name, name))}


def objection_to(name: str) -> str | None:
    """Why a text can be no name or path of a scenario at all."""
    if not name.strip():
        return "is empty."
    if not name.isprintable():
        return "contains control characters."
    if os.path.basename(name) == ".toml":
        return "has nothing before .toml."
    whole = (name if name.endswith(".toml") else f"{name}.toml").encode(errors="replace")
    if len(whole) > 4096 or any(len(part) > LONGEST_NAME for part in whole.split(b"/")):
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


@dataclass(frozen=True)
class Additions:
    """A user's tables with the facts that they give, and where they were named."""

    record: Record
    facts: Facts
    rivers: Rivers
    origin: Origin | None = None


def read_additions(
    documents: list[Document], given: str | os.PathLike | None, facts: Facts | None, base: str | None = None
) -> tuple[Additions, list[Problem]]:
    """The tables that the command line or the nearest document adds, the facts with them, and what is wrong with them.

    Where something is wrong the facts are those that ship, so that the rest of the scenario can still be checked.
    """
    ours = Additions(OURS, facts or load_facts(), load_rivers())
    named = _named_folder(documents, given, base)
    if named is None:
        alone = next((each for each in documents if _text_of(each, "record", "base") == "none"), None)
        text = '[record] base = "none" needs a folder with the tables of the region, as in folder = "record".'
        return ours, [alone.problem(("record", "base"), text)] if alone else []
    folder, shown, origin, tables, base = named
    if isinstance(folder, str):
        return ours, [Problem(origin.file, origin.line, f"{shown} {folder}")]
    try:
        record = read_record(folder, tables, base)
    except FactsError as error:
        at_folder = [problem for problem in error.problems if problem.file == label_of(folder)]
        listed = [Problem(origin.file, origin.line, f"{shown} {problem.message}") for problem in at_folder]
        return ours, [*listed, *(problem for problem in error.problems if problem not in at_folder)]
    try:
        merged, rivers, _ = load_all(record)
    except FactsError as error:
        return ours, error.problems
    return Additions(record, merged, rivers, origin), []


def _named_folder(documents: list[Document], given: str | os.PathLike | None, base: str | None):
    """Folder (or what is wrong with it), how it is written, where, its tables and base; None where none is named."""
    bases = [*([base] if base else []), *filter(None, (_text_of(document, "record", "base") for document in documents))]
    base = "none" if bases[:1] == ["none"] else "ours"
    if given is not None:
        return Path(given), f'"{printable(given)}"', Origin("--record", 0), RECORD_FILES, base
    for document in documents:
        for table, files in (("record", RECORD_FILES), ("rivers", RIVER_FILES)):
            written = _text_of(document, table, "folder")
            if written:
                shown, origin = f'[{table}] folder = "{printable(written)}"', document.origin((table, "folder"))
                folder = path_inside(Path(document.path).parent, written)
                return (
                    folder or "must be a folder inside the folder of this file, written with /.",
                    shown,
                    origin,
                    files,
                    base if table == "record" else "ours",
                )
    return None


def _set_text(settings: Sequence[str], key: str) -> str | None:
    """What a setting of the record says: a folder, from the working folder, or a base."""
    written = [text.partition("=")[2].strip() for text in settings if text.partition("=")[0].strip() == key]
    return written[-1].strip("\"'") if written else None


def _text_of(document: Document, name: str, key: str) -> str | None:
    table = document.values.get(name)
    text = table.get(key) if isinstance(table, dict) else None
    return text if isinstance(text, str) and text else None


def load_scenario(
    path_or_name: str | os.PathLike,
    settings: Sequence[str] = (),
    facts: Any = None,
    record: str | os.PathLike | None = None,
) -> Scenario:
    """Load a scenario by the path of its file or the name of one that ships.

    Parameters
    ----------
    path_or_name : a path that ends in .toml, or a name such as "baseline"
    settings : KEY=VALUE texts that have the last word, such as "run.members=100"
    facts : the documented world to check names and parameters against; loaded when left out
    record : a folder of the user's tables, in place of the one that the scenario names

    Raises
    ------
    ScenarioError : with every problem in the file, in the files it extends, and in the settings
    """
    found = find_scenario(path_or_name)
    if isinstance(found, str):
        label = label_of(path_or_name) if str(path_or_name).isprintable() else printable(path_or_name)
        raise ScenarioError([Problem(printable(label), 0, found)])
    documents, problems, whole = _read_chain(found)
    folder = record if record is not None else _set_text(settings, "record.folder")
    added, faults = read_additions(documents, folder, facts, _set_text(settings, "record.base"))
    problems += faults
    facts = added.facts
    names = Names.of(facts, added.rivers)
    if faults:  # how far the tables reach is not known, so no branch can be wrong
        names = replace(names, record_ends=date(LAST_YEAR, 12, 31))
    steps, faults = _check_chain(documents, names, facts)
    given, mistakes = _check_settings(steps, settings, names, facts)
    refused = _check_calibration(steps, given, facts)
    if refused:
        problems += [*faults, *mistakes, refused]
        raise ScenarioError(_in_order(problems, documents))
    if whole and not any("[run]" in fault.message for fault in faults):
        joined = build_scenario(steps, given, added.record)
        for document, step in zip(documents, steps, strict=True):
            faults += check_refused_dates(document, step, joined)
        faults += check_consistency(joined, names)
    problems += faults + mistakes
    design, faults = read_design(documents[0], facts)
    if design and not problems:
        faults = check_design(design, steps, given, names, facts)
    problems += faults
    if problems:
        raise ScenarioError(_in_order(problems, documents))
    made = build_scenario(steps, given, added.record)
    if added.origin:
        made = replace(made, sources={**made.sources, "record.folder": added.origin})
    return replace(made, design=design)


def _check_calibration(steps: tuple[Step, ...], settings: tuple[Setting, ...], facts: Any) -> Problem | None:
    """Why the calibration that the files and settings name cannot be used, at the line that names it."""
    layers = merge(steps).in_order()
    for setting in settings:
        if setting.key[0] == "calibration":
            layers = apply_setting(layers, setting)
    use, origin = layers.calibration.get("use", ("none", None))
    try:
        named = calibration_of(layers, steps)
        if named is not None:
            check_calibration(named, facts)
    except CalibrationError as error:
        return Problem(origin.file, origin.line, f"[calibration] use = {show(use)}: {error}")
    return None


def _in_order(problems: list[Problem], documents: list[Document]) -> list[Problem]:
    """By file, the user's own first and the command line last, and by line."""
    files = [document.label for document in documents]
    files += [*sorted({problem.file for problem in problems} - {*files, COMMAND_LINE}), COMMAND_LINE]
    return sorted(problems, key=lambda problem: (files.index(problem.file), problem.line))


def _read_chain(path: Path) -> tuple[list[Document], list[Problem], bool]:
    """The document and all that it extends, nearest first; what went wrong; and whether the chain is whole.

    Raises ScenarioError if the first file itself cannot be read.
    """
    documents = [read_document(path)]
    seen = {os.path.realpath(path): label_of(path)}
    while isinstance(extends := documents[-1].values.get("extends"), str):
        child = documents[-1]
        parent = find_parent(extends, Path(child.path))
        if isinstance(parent, str):
            return documents, [child.problem(("extends",), parent)], False
        real = os.path.realpath(parent)
        if real in seen:
            circle = " -> ".join([*list(seen.values())[list(seen).index(real) :], label_of(parent)])
            return documents, [child.problem(("extends",), f"extends runs in a circle: {circle}.")], False
        seen[real] = label_of(parent)
        try:
            documents.append(read_document(parent))
        except ScenarioError as error:
            return documents, error.problems, False
    return documents, [], "extends" not in documents[-1].values


def _check_chain(documents: list[Document], names: Names, facts: Any) -> tuple[tuple[Step, ...], list[Problem]]:
    steps, problems = [], []
    for document in documents:
        step, faults = check_document(document, names, facts)
        steps.append(step)
        problems += faults
    layers = Layers()
    for step in reversed(steps):
        layers, faults = dropped(layers, step.document)
        layers = overlay(layers, layer_of(step.document, step.parameters))
        problems += faults
    return tuple(steps), problems


def _check_settings(
    steps: tuple[Step, ...], texts: Sequence[str], names: Names, facts: Any
) -> tuple[tuple[Setting, ...], list[Problem]]:
    """The settings that are sound, and everything wrong with the others."""
    parameters = {row.name for row in facts.parameters}
    layers = merge(steps).in_order()
    sound, problems = [], []
    for ordinal, text in enumerate(texts, start=1):
        try:
            setting = parse_setting(ordinal, str(text), parameters)
            layers, faults = _check_setting(layers, setting, names, facts)
        except ScenarioError as error:
            faults = error.problems
        problems += faults
        if not faults:
            sound.append(setting)
    return tuple(sound), problems


def _check_setting(layers: Layers, setting: Setting, names: Names, facts: Any) -> tuple[Layers, list[Problem]]:
    if setting.key[0] not in LISTS:
        _, faults = check_document(setting_document(setting.origin, setting.nested()), names, facts)
        return (layers, faults) if faults else (apply_setting(layers, setting).in_order(), [])
    edited = apply_setting(layers, setting)
    section = setting.key[0]
    entries = [entry.plain() for entry in getattr(edited, section)]
    _, faults = check_document(setting_document(setting.origin, {section: entries}), names, facts)
    return (layers, faults) if faults else (edited.in_order(), [])
