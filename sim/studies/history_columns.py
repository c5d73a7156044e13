"""What the histories of a run differ in: parameters drawn, who governed, and what happened up to a year."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from sim.studies.discovery import Box, Inputs
from sim.studies.draws import Draws, row_of_member, write_draws
from sim.studies.expression import Expression, RunColumns

#: Kinds of events that are counted, and whether by the state that acts, by pair, or in all.
_COUNTED = {
    "leader-change": "state",
    "closure": "state",
    "clash": "pair",
    "dispute": "pair",
    "settlement": "pair",
    "rung-lost": "pair",
    "withdrawal": "state",
    "format-ends": "all",
    "format-born": "all",
}


def until_year(text: str, branch: int, end: int) -> int:
    """The first year after the branch that a condition names, else the last of the run."""
    named = [int(year) for year in re.findall(r"(?<![\d-])(?:19|20)\d\d(?!\d)", text) if branch <= int(year) < end]
    return min(named, default=end)


def inputs_of(run: Any, columns: RunColumns, condition: Expression, until: int) -> Inputs:
    """Inputs of every history, (history, input); what the condition itself speaks of is left out."""
    names = [name for name in columns.outcomes if name.startswith("drawn.") and name not in condition.names]
    values = {name: columns.outcome(name) for name in names}
    place = until - columns.years[0]
    for series in columns.series:
        if series.startswith("openness.") and not any(name.startswith(series) for name in condition.names):
            values[f"{series}@{until}"] = columns.yearly(series)[:, place]
    values |= _counts(run, columns, condition, until)
    kept = {name: v for name, v in values.items() if np.isfinite(v).all() and np.ptp(v) > 0}
    return Inputs(tuple(kept), np.column_stack([np.zeros((len(columns.members), 0)), *kept.values()]))


def _counts(run: Any, columns: RunColumns, condition: Expression, until: int) -> dict[str, np.ndarray]:
    """Events of each kind that is counted, from the branch to the end of a year."""
    asked = " ".join(condition.names)
    events = run.events
    events = events[(events.member >= 0) & (events.month < (until + 1) * 12) & events.kind.isin(list(_COUNTED))]
    place = {int(member): k for k, member in enumerate(columns.members)}
    found: dict[str, np.ndarray] = {}
    for kind, member, a, b in zip(events.kind, events.member, events.a, events.b):
        if kind in asked or (kind == "clash" and "clash" in asked):
            continue
        by = _COUNTED[kind]
        who = "" if by == "all" else f".{a}" if by == "state" else f".{'-'.join(sorted((str(a), str(b))))}"
        column = found.setdefault(f"{kind}{who}@{until}", np.zeros(len(columns.members)))
        column[place[int(member)]] += 1
    return found


def save_box(run: Any, columns: RunColumns, inputs: Inputs, box: Box, where: str, path: Path, facts: Any) -> list[str]:
    """Write a scenario whose parameters are those of the histories in a box; returns the conditions it cannot hold.

    Beside PATH.toml lies a calibration of the same name: the joint draws of the histories inside.
    """
    inside = inputs.inside(box.limits)
    draws = _draws_of(run, columns, inside, facts)
    write_draws(draws, facts, path.with_suffix(".json"), "box")
    loose = [str(limit) for limit in box.limits if limit.name.removeprefix("drawn.") not in draws.names]
    said = "; ".join(str(limit) for limit in box.limits)
    lines = [
        f'extends = "{run.name}"',
        f"title = {_text(f'Histories in which: {where}')}",
        'description = """',
        f"Parameters of the {int(inside.sum())} of {inside.size} histories with {said};",
        f"it happened in {box.density:.0%} of them and in {box.base:.0%} of all.",
        *(["Not held, since they are events or outcomes: " + "; ".join(loose) + "."] if loose else []),
        '"""',
        "",
        "[calibration]",
        f'use = "{path.stem}.json"',
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return loose


def _text(words: str) -> str:
    import json

    return json.dumps(words, ensure_ascii=False)


def _draws_of(run: Any, columns: RunColumns, inside: np.ndarray, facts: Any) -> Draws:
    """Joint draws of the histories inside: what was drawn for each and, where the calibration ships, its whole row."""
    from sim.scenario.calibration_file import read_calibration, shipped_calibrations

    known = {row.name for row in facts.parameters} | {f"blocker.{row.id}" for row in facts.states}
    names, parts = [], []
    digest = run.manifest["resolved"].get("calibration")
    for path in shipped_calibrations().values():
        found = read_calibration(path)
        if found.digest == digest:
            rows = row_of_member(run.manifest["seed"], columns.members[inside], len(found.draws))
            names, parts = list(found.names), [found.draws[rows]]
    for name in columns.outcomes:
        plain = name.removeprefix("drawn.")
        if name != plain and plain in known and plain not in names:
            names.append(plain)
            parts.append(columns.outcome(name)[inside][:, None])
    return Draws(tuple(names), np.column_stack(parts))
