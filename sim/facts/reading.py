"""Reading one table strictly: the columns must be exactly those of the row class, every cell of its type and range."""

import csv
import dataclasses
import difflib
import functools
import io
import math
import types
import typing
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sim.facts.errors import FactsError, FactsProblem

# A column named like a Python keyword has another name as an attribute.
COLUMN_OF_ATTRIBUTE = {"event_class": "class"}


def read_table(path: Path, row_class: type) -> tuple:
    """All rows of a table, in the order of the file.

    Raises
    ------
    FactsError : with every problem of the table, if there is any
    """
    try:
        lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True))
    except FileNotFoundError:
        raise FactsError([FactsProblem(path.name, 0, "", "the table is missing")]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise FactsError([FactsProblem(path.name, 0, "", f"cannot be read as a UTF-8 table: {error}")]) from None
    columns = {COLUMN_OF_ATTRIBUTE.get(field.name, field.name): field for field in dataclasses.fields(row_class)}
    problems = _header_problems(path.name, lines[0] if lines else [], list(columns))
    if problems:
        raise FactsError(problems)
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        rows.append(_read_row(path.name, number, dict(zip(lines[0], cells)), columns, row_class, problems))
        if len(cells) != len(lines[0]):
            text = f"{len(cells)} cells where the header has {len(lines[0])}"
            problems.append(FactsProblem(path.name, number, "", text))
    if problems:
        raise FactsError(problems)
    return tuple(rows)


def _header_problems(table: str, header: list[str], expected: list[str]) -> list[FactsProblem]:
    problems = []
    for name in header:
        if name not in expected:
            near = difflib.get_close_matches(name, expected, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            problems.append(FactsProblem(table, 1, name, f"unknown column. Allowed: {', '.join(expected)}.{hint}"))
        elif header.count(name) > 1:
            problems.append(FactsProblem(table, 1, name, "column given twice"))
    missing = [name for name in expected if name not in header]
    problems += [FactsProblem(table, 1, name, "column is missing") for name in missing]
    return problems


def _read_row(table: str, number: int, cells: dict, columns: dict, row_class: type, problems: list[FactsProblem]):
    """The row, or None after adding what is wrong with it to `problems`."""
    values = {}
    found = []
    converters = _converters(row_class)
    for name, field in columns.items():
        try:
            values[field.name] = _check(converters[field.name](cells.get(name, "").strip()), field)
        except ValueError as error:
            found.append(FactsProblem(table, number, name, str(error)))
    problems += found
    return None if found else row_class(**values)


def _check(value, field: dataclasses.Field):
    """The value, if it is within the range and vocabulary of its column."""
    if value == "" and field.default is dataclasses.MISSING:
        raise ValueError("may not be empty")
    allowed = field.metadata.get("allowed")
    if allowed and value not in allowed and value != "":
        raise ValueError(f"'{value}' is not known. Allowed: {', '.join(allowed)}")
    minimum, maximum = field.metadata.get("minimum"), field.metadata.get("maximum")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            low, high = "" if minimum is None else minimum, "" if maximum is None else maximum
            raise ValueError(f"{value} is out of range. Allowed: {low} to {high}")
    return value


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a number") from None
    if not math.isfinite(value):
        raise ValueError(f"'{text}' is not a finite number")
    return value


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a whole number") from None


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"'{text}' is not a flag. Allowed: 0, 1")
    return text == "1"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a date. Allowed: YYYY-MM-DD") from None


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(";"))
    if "" in names:
        raise ValueError("may not be empty; names are joined by semicolons")
    if list(names) != sorted(set(names)):
        raise ValueError(f"'{text}': names must be in alphabetical order, each once")
    return names


def _number_or_word(text: str) -> float | str:
    try:
        return _number(text)
    except ValueError:
        return text


_CONVERTERS: dict[object, Callable] = {
    str: str,
    int: _whole_number,
    float: _number,
    bool: _flag,
    date: _date,
    tuple[str, ...]: _names,
    float | str: _number_or_word,
}


@functools.cache
def _converters(row_class: type) -> dict[str, Callable]:
    """For each attribute of the class the function that turns a cell into its value."""
    hints = typing.get_type_hints(row_class)
    return {field.name: _converter(hints[field.name]) for field in dataclasses.fields(row_class)}


def _converter(annotation: object) -> Callable:
    if annotation in _CONVERTERS:
        return _CONVERTERS[annotation]
    if isinstance(annotation, types.UnionType) and type(None) in annotation.__args__:
        inner = _CONVERTERS[next(kind for kind in annotation.__args__ if kind is not type(None))]
        return lambda text: inner(text) if text else None
    raise TypeError(f"no reader for a column of type {annotation}")
