"""A user's own file of later steps: read strictly, row by row, and scored like any other history.

CSV with the columns date (YYYY-MM-DD, YYYY-MM or YYYY), kind (rung or declaration), parties (two states with a
semicolon) and subject (friendship, partnership or alliance; empty for a declaration). Other columns are left alone.
"""

import re
from datetime import date
from pathlib import Path

from sim.errors import Problem, ScenarioError, printable, suggestion
from sim.facts.files import Unreadable, label_of, read_file
from sim.facts.reading import read_cells
from sim.facts.rows import month_of
from sim.inference.covariates import Panel
from sim.inference.observations import DECLARATION, History, Step, tidy_history
from sim.inference.table import month_text

REQUIRED = ("date", "kind", "parties", "subject")
_KINDS = ("rung", "declaration")
_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def read_milestones(path: Path, panel: Panel, recorded: History, facts, ends: int) -> tuple[Step, ...]:
    """Steps of a user's file, later than the record.

    Parameters
    ----------
    ends : absolute month after the last that a milestone may have

    Raises
    ------
    ScenarioError : with a problem for each row that cannot be used
    """
    rows, problems = _read_rows(path)
    rungs = {row.id: row.rung for row in facts.rungs}
    last_rung = [0] * len(panel.dyads)
    said = [False] * len(panel.dyads)
    for step in recorded.steps:
        if step.rung == DECLARATION:
            said[step.dyad] = True
        else:
            last_rung[step.dyad] = max(last_rung[step.dyad], step.rung)
    steps = []
    for line, row in rows:
        step, wrong = _step_of(row, line, panel, rungs, ends)
        problems += [Problem(label_of(path), line, text) for text in wrong]
        if step is not None:
            steps.append((line, step))
    for line, step in sorted(steps, key=lambda each: (each[1].month, each[1].rung)):
        wrong = _out_of_order(step, last_rung, said, panel)
        if wrong:
            problems.append(Problem(label_of(path), line, wrong))
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line))
    return tuple(step for _, step in steps)


def _read_rows(path: Path) -> tuple[list[tuple[int, dict]], list[Problem]]:
    try:
        lines, problems = read_cells(read_file(path, "a table of milestones"))
    except Unreadable as error:
        raise ScenarioError([Problem(label_of(path), 0, str(error))]) from None
    if problems and not lines:
        raise ScenarioError(problems)
    line, columns = lines[0] if lines else (1, [])
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        text = f"has no column {', '.join(missing)}.  Needed: {', '.join(REQUIRED)}."
        raise ScenarioError([Problem(label_of(path), line, text)])
    rows = [(line, dict(zip(columns, cells))) for line, cells in lines[1:]]
    if not rows:
        problems.append(Problem(label_of(path), 0, "has no rows."))
    return [(line, {name: row.get(name, "") for name in REQUIRED}) for line, row in rows], problems


def _step_of(row: dict, line: int, panel: Panel, rungs: dict[str, int], ends: int) -> tuple[Step | None, list[str]]:
    """The step of a row, or what is wrong with it."""
    wrong = []
    first, last = _months(row["date"], wrong)
    if first is not None:  # of a year, the part that lies after the record and is covered
        first, last = max(first, panel.end), min(last, ends - 1)
    if first is not None and first > last:
        wrong.append(
            f"date {row['date']} must lie from {month_text(panel.end)}, after the record, to {month_text(ends - 1)}."
        )
    if row["kind"] not in _KINDS:
        wrong.append(f"kind {printable(row['kind'])!r} is not known." + suggestion(row["kind"], _KINDS))
    parties = [party.strip() for party in row["parties"].split(";")]
    unknown = [party for party in parties if party not in panel.states]
    if unknown:
        wrong.append(f"parties: {printable(unknown[0])!r} is not a state." + suggestion(unknown[0], panel.states))
    elif len(set(parties)) != 2 or len(parties) != 2:
        wrong.append(f"parties must be two different states, such as {';'.join(panel.states[:2])}.")
    if row["kind"] == "rung" and row["subject"] not in rungs:
        known = suggestion(row["subject"], rungs)
        wrong.append(f"subject {printable(row['subject'])!r} is not a rung." + known)
    if wrong:
        return None, wrong
    rung = DECLARATION if row["kind"] == "declaration" else rungs[row["subject"]]
    month = (first + last) // 2
    return Step(panel.dyads.index(tuple(sorted(parties))), rung, month, first, last, id=f"row {line}"), []


def _months(text: str, wrong: list[str]) -> tuple[int | None, int | None]:
    """First and last absolute month that a date may mean; what is wrong with it is added to `wrong`."""
    found = _DATE.match(text)
    try:
        if not found:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        first = date(year, month or 1, day or 1)
    except ValueError:
        wrong.append(f"date {printable(text)!r} is not a date such as 2026-03-14, 2026-03 or 2026.")
        return None, None
    return month_of(first), month_of(first) + (11 if month is None else 0)


def _out_of_order(step: Step, last_rung: list[int], said: list[bool], panel: Panel) -> str | None:
    """Why a step cannot follow what came before it; notes it otherwise."""
    pair = "-".join(panel.dyads[step.dyad])
    if step.rung == DECLARATION:
        if last_rung[step.dyad] != 2 or said[step.dyad]:
            return f"{pair} cannot declare alliance: it must stand at partnership and not have declared."
        said[step.dyad] = True
    elif step.rung != last_rung[step.dyad] + 1:
        names = ("no treaty", "friendship", "partnership", "alliance")
        return f"{pair} stands at {names[last_rung[step.dyad]]} by then; {names[step.rung]} is not its next step."
    else:
        last_rung[step.dyad] = step.rung
    return None


def with_milestones(recorded: History, steps: tuple[Step, ...]) -> History:
    """The record and a user's steps after it."""
    return tidy_history([*recorded.steps, *steps], recorded.answers, recorded.acts, recorded.years)
