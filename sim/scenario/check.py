"""Checking one document by itself: every table, key, value, name and parameter in it."""

import copy
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem
from sim.scenario.document import Document
from sim.scenario.model import Step
from sim.scenario.parameters import read_parameters
from sim.scenario.positions import Path
from sim.scenario.quantities import Names
from sim.scenario.tables import ScenarioFile
from sim.scenario.translate import LISTS, translate


def check_document(document: Document, names: Names, facts: Any) -> tuple[Step, list[Problem]]:
    """What is sound in a document, and everything that is wrong with it.

    Leaving out what is wrong, the rest can still be joined with other files and checked against them, so that a user
    sees all errors at once.
    """
    wrong: list[tuple[Path, Problem]] = []
    try:
        ScenarioFile.model_validate(document.values, context=names)
    except ValidationError as error:
        wrong = translate(error, document)
    wrong += _repeated_ids(document)
    sound = replace(document, values=_without(document.values, [path for path, _ in wrong]))
    parameters, problems = read_parameters(sound, facts)
    return Step(sound, parameters), [problem for _, problem in wrong] + problems


def _repeated_ids(document: Document) -> list[tuple[Path, Problem]]:
    found = []
    for section in LISTS:
        entries = document.values.get(section)
        seen: dict[str, int] = {}
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            id_ = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(id_, str) and id_ in seen:
                path = (section, index, "id")
                text = f"[[{section}]] {index + 1} has the id of [[{section}]] {seen[id_] + 1}, {id_}."
                found.append((path, document.problem(path, text)))
            elif isinstance(id_, str):
                seen[id_] = index
    return found


def _without(values: dict, paths: list[Path]) -> dict:
    """A copy without what is wrong: single values of [run], whole states and entries, else the whole section."""
    values = copy.deepcopy(values)
    for path in paths:
        section = path[0]
        inside = values.get(section)
        if len(path) > 1 and section in ("run", "calibration", "states") and isinstance(inside, dict):
            inside.pop(path[1], None)
        elif len(path) > 1 and section in LISTS and isinstance(inside, list):
            inside[path[1]] = None
        else:
            values.pop(section, None)
    return values
