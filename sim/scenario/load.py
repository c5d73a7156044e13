"""Loading a scenario: the file, all that it extends, the command line's settings, and every error in them at once."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import COMMAND_LINE, Problem, ScenarioError, printable, show
from sim.facts.files import label_of
from sim.scenario.additions import read_additions
from sim.scenario.calibration import CalibrationError, check_calibration
from sim.scenario.check import check_document
from sim.scenario.consistency import check_consistency
from sim.scenario.design_reading import read_design
from sim.scenario.document import Document, read_document, setting_document
from sim.scenario.library import find_parent, find_scenario
from sim.scenario.merge import Layers, dropped, layer_of, overlay
from sim.scenario.model import Scenario, Step, build_scenario, calibration_of, merge
from sim.scenario.quantities import Names
from sim.scenario.settings import LISTS, Setting, apply_setting, parse_setting
from sim.scenario.variants import check_design


def load_scenario(path_or_name: str | os.PathLike, settings: Sequence[str] = (), facts: Any = None) -> Scenario:
    """Load a scenario by the path of its file or the name of one that ships.

    Parameters
    ----------
    path_or_name : a path that ends in .toml, or a name such as "baseline"
    settings : KEY=VALUE texts that have the last word, such as "run.members=100"
    facts : the documented world to check names and parameters against; loaded when left out

    Raises
    ------
    ScenarioError : with every problem in the file, in the files it extends, and in the settings
    """
    if facts is None:
        from sim.facts import load_facts

        facts = load_facts()
    found = find_scenario(path_or_name)
    if isinstance(found, str):
        label = label_of(path_or_name) if str(path_or_name).isprintable() else printable(path_or_name)
        raise ScenarioError([Problem(printable(label), 0, found)])
    documents, problems, whole = _read_chain(found)
    files, rivers, faults = read_additions(documents)
    problems += faults
    names = Names.of(facts, rivers)
    steps, faults = _check_chain(documents, names, facts)
    given, mistakes = _check_settings(steps, settings, names, facts)
    refused = _check_calibration(steps, given, facts)
    if refused:
        problems += [*faults, *mistakes, refused]
        raise ScenarioError(_in_order(problems, documents))
    if whole and not any("[run]" in fault.message for fault in faults):
        faults += check_consistency(build_scenario(steps, given, files), names)
    problems += faults + mistakes
    design, faults = read_design(documents[0], facts)
    if design and not problems:
        faults = check_design(design, steps, given, names, facts)
    problems += faults
    if problems:
        raise ScenarioError(_in_order(problems, documents))
    return replace(build_scenario(steps, given, files), design=design)


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
