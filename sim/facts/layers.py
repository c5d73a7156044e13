"""A user's rows laid over ours: a row takes the place of ours with its key, follows the others, or withdraws one."""

from collections.abc import Iterable
from typing import Any

from sim.errors import Problem, suggestion
from sim.facts.checks import unknown_names
from sim.facts.files import File
from sim.facts.reading import Placed, Withdrawal, read_table
from sim.facts.record import OURS, Record
from sim.facts.tables import TABLES


def lay(
    names: Iterable[str], ours: tuple[File, ...], record: Record = OURS
) -> tuple[dict[str, dict[Any, Placed]], list[Problem]]:
    """Name -> key -> placed row of each table, and what is wrong with single rows; doubles in a file are problems.

    Of `ours` a region of its own takes the tables of the model alone; what it does not have is empty, or a problem
    where nothing could run without it.
    """
    tables: dict[str, dict[Any, Placed]] = {}
    problems: list[Problem] = []
    alone = record.base == "none"
    for name in names:
        table, merged = TABLES[name], {}
        file, own = _find(ours, name), _find(record.files, name)
        if alone and not table.model:
            if table.needed and own is None:
                text = f"the table is missing; a region of its own needs it: {table.needed}"
                problems.append(Problem(f"{record.name}/{name}.csv", 0, text))
        elif file is not None:
            read, faults = read_table(file, table.row)
            problems += faults + _put(merged, read, table.key)
        elif not table.optional:
            problems.append(Problem(f"{name}.csv", 0, "the table is missing"))
        file = own
        if file is not None:
            read, faults = read_table(file, table.row, table.key)
            problems += faults + _put(merged, read, table.key)
            if "since" in table.key:  # later rows of the same hold from their date on
                merged = dict(sorted(merged.items()))
        tables[name] = merged
    return tables, problems or unknown_names(tables)


def key_of(row: Any, columns: tuple[str, ...]) -> Any:
    """What identifies a row: the value of its only key column, or the values of all."""
    if len(columns) == 1:
        return getattr(row, columns[0])
    return tuple(getattr(row, column) for column in columns)


def shown(key: Any) -> str:
    """A key as messages show it."""
    return " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)


def _find(files: tuple[File, ...], name: str) -> File | None:
    return next((file for file in files if file.name == f"{name}.csv"), None)


def _put(merged: dict[Any, Placed], read: list[Placed], columns: tuple[str, ...]) -> list[Problem]:
    """Put the rows of one file into a table, in place, and say what is wrong with their keys."""
    problems: list[Problem] = []
    seen: dict[Any, int] = {}
    for placed in read:
        withdrawn = isinstance(placed.row, Withdrawal)
        key = placed.row.key if withdrawn else key_of(placed.row, columns)
        if key in seen:
            problems.append(placed.problem(columns[0], f"'{shown(key)}' is given twice, first in line {seen[key]}"))
        elif withdrawn and key not in merged:
            near = suggestion(shown(key), map(shown, merged), most_listed=0)
            text = f"used is 0, but there is no row '{shown(key)}' to withdraw.{near}"
            problems.append(placed.problem(columns[0], text))
        elif withdrawn:
            del merged[key]
        else:
            merged[key] = placed
        seen.setdefault(key, placed.line)
    return problems
