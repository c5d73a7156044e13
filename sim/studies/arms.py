"""Scenarios written inside another file: the arms of a claim, or levers.

An arm has the keys of a scenario file. It is written out as a scenario file of its own, so that it is checked like any
other and can be run by hand, and what is wrong with it is reported at its line in the file that it came from.
"""

import datetime
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, suggestion
from sim.scenario import load_scenario

KEYS = ("extends", "run", "parameters", "states", "events", "instruments", "drop_events", "drop_instruments")
_NOT_SET = ("members", "seed", "keep_terms", "parameter_uncertainty")


@dataclass(frozen=True)
class Arm:
    """A scenario of a file: its name there, and the scenario."""

    name: str
    scenario: Any


def read_arm(
    name: str, table: Mapping[str, Any], path: tuple, common: Mapping[str, Any], document: Any, folder: Path
) -> tuple[Arm | None, list[Problem]]:
    """The arm that a table of a document describes, and everything that is wrong with it.

    Parameters
    ----------
    path : of the table in the document
    common : `extends` and `run` of all arms of the file, over which those of the table lie
    folder : where the arm's own scenario file is written
    """
    if not isinstance(table, Mapping):
        return None, [document.problem(path, f"{name} must be a table with keys of a scenario.")]
    problems = [
        document.problem((*path, key), f"{key} is not a key of an arm." + suggestion(key, KEYS))
        for key in table
        if key not in KEYS
    ]
    run = table.get("run", {})
    if isinstance(run, Mapping):
        problems += [
            document.problem(
                (*path, "run", key), f"[run] {key} is the same for all arms; it is set on the command line."
            )
            for key in run
            if key in _NOT_SET
        ]
        run = {**common.get("run", {}), **run}
    if problems:
        return None, problems
    content = {**common, **table, **({"run": run} if run else {})}
    content.setdefault("extends", "baseline")
    written, lines = _as_toml(content)
    target = folder / f"{document.name}--{name}.toml"
    folder.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_text("utf-8") != written:
        target.write_text(written, encoding="utf-8")
    _bring_parents(content["extends"], Path(document.path).parent, folder)
    try:
        return Arm(name, load_scenario(target)), []
    except ScenarioError as error:
        return None, [_placed(problem, target, lines, path, common, document) for problem in error.problems]


def _bring_parents(extends: Any, home: Path, folder: Path) -> None:
    """Copy the files beside the document that the arm extends, which would not be found from the arm's own folder."""
    import tomllib

    while isinstance(extends, str) and "/" not in extends:
        source = home / f"{extends.removesuffix('.toml')}.toml"
        if not source.is_file():
            return
        shutil.copyfile(source, folder / source.name)
        try:
            extends = tomllib.loads(source.read_text("utf-8")).get("extends")
        except (OSError, ValueError):
            return


def _placed(problem: Problem, target: Path, lines: list[tuple], path: tuple, common: Mapping, document: Any) -> Problem:
    """A problem of the arm's own file at the line of the document that it comes from."""
    if Path(problem.file).name != target.name:
        return problem
    inside = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ()
    shared = bool(inside) and inside[0] in common and (*path, *inside) not in document.positions
    return document.problem(tuple(inside) if shared else (*path, *inside), problem.message)


def _as_toml(content: Mapping[str, Any]) -> tuple[str, list[tuple]]:
    """A scenario file with a key a line, and the path of what stands in each line."""
    lines = list(_lines(content))
    return "\n".join(text for text, _ in lines) + "\n", [path for _, path in lines]


def _lines(content: Mapping[str, Any]) -> Iterator[tuple[str, tuple]]:
    plain = {key: value for key, value in content.items() if not _is_table(value)}
    for key, value in plain.items():
        yield f"{_key(key)} = {_value(value)}", (key,)
    for key, value in content.items():
        if key in plain:
            continue
        entries = value if isinstance(value, list) else [value]
        for index, entry in enumerate(entries):
            place = (key, index) if isinstance(value, list) else (key,)
            yield (f"[[{_key(key)}]]" if isinstance(value, list) else f"[{_key(key)}]"), place
            for inner, item in entry.items():
                yield f"{_key(inner)} = {_value(item)}", (*place, inner)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    return f"[{', '.join(_value(item) for item in value)}]" if isinstance(value, list) else repr(value)


def equipped(arm: Arm, calibration: Path, members: int, seed: int, name: str) -> Any:
    """The scenario of an arm with a set of parameters, so many members, and nothing that tells where it came from."""
    from sim.scenario.calibration_file import name_calibration

    run = arm.scenario.run.model_copy(update={"members": members, "seed": seed, "parameter_uncertainty": True})
    use = name_calibration(str(calibration.resolve()), Path("."))
    return replace(arm.scenario, name=name, run=run, calibration=use, steps=(), settings=(), sources={})
