"""Reading one table strictly: the columns must be exactly those of the row class, every cell of its type and range."""

import csv
import dataclasses
import functools
import io
import itertools
import math
import re
import types
import typing
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from sim.errors import MOST_REPORTED, Problem, printable, suggestion
from sim.facts.files import File, decode, not_utf8

# A column named like a Python keyword has another name as an attribute.
COLUMN_OF_ATTRIBUTE = {"event_class": "class"}
MOST_ROWS = 200_000
_MISSING = "column is missing"


class Withdrawal(NamedTuple):
    """Stands for a row with used = 0 that takes the row with its key out."""

    key: typing.Any


class Placed(NamedTuple):
    """A row and where it was read."""

    row: typing.Any
    file: str
    line: int

    def problem(self, column: str, message: str) -> Problem:
        """A problem of this row."""
        return Problem(self.file, self.line, f"{column}: {message}" if column else message)


def read_cells(file: File) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The rows of a CSV file, header first, each with the line it begins in, and what ends the reading early.

    A byte-order mark, semicolons between the columns (as spreadsheets of many countries write them) and blank lines
    are understood; cells are stripped.
    """
    try:
        text = decode(file.data)
    except UnicodeDecodeError as error:
        return [], [Problem(file.label, *not_utf8(error))]
    header = text.lstrip().partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for cells in lines:
            line, begin = begin, lines.line_num + 1
            if any(map(str.strip, cells)):
                found.append((line, [cell.strip() for cell in cells]))
            if len(found) > MOST_ROWS:
                return found, [Problem(file.label, line, f"is more than {MOST_ROWS:,} rows")]
    except csv.Error as error:
        return found, [Problem(file.label, begin, f"is not CSV: {error}.")]
    return found, []


def read_table(file: File, row_class: type, key: tuple[str, ...] = ()) -> tuple[list[Placed], list[Problem]]:
    """The sound rows of a table in the order of the file, and everything wrong with the others.

    `key` is given for a user's table: there a column `used` may stand in every table, and a row in which it is 0 needs
    nothing but its key columns; it is read as a `Withdrawal`.
    """
    columns = _columns(row_class)
    lines, problems = read_cells(file)
    if problems and not lines:
        return [], problems
    number, header = lines[0] if lines else (1, [])
    withdraws = bool(key) and "used" in header
    optional = ["used"] if withdraws and "used" not in columns else []
    absent = {name for name, field in columns.items() if field.metadata.get("absent")}
    wrong = _header_problems(file.label, number, header, [*columns, *optional], absent)
    if withdraws and wrong and _only_withdrawals(header, lines[1:]):
        wrong = [each for each in wrong if not each.message.endswith(_MISSING)]
    wrong += [Problem(file.label, number, f"{name}: {_MISSING}") for name in key if name not in header and not wrong]
    if wrong:
        return [], problems + wrong
    rows: list[Placed] = []
    readers = _readers(row_class)
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            fault = f"{len(cells)} cells where the header has {len(header)}"
            problems.append(Problem(file.label, line, fault + _decimal_commas(cells, len(header))))
            continue
        given = dict(zip(header, cells))
        row, found = _read_row(file.label, line, given, readers, row_class)
        if optional:
            found += _not_a_flag(file.label, line, given["used"])
        if withdraws and given["used"] == "0" and (row is None or optional):
            values, faults = _read_values(file.label, line, given, {name: readers[name] for name in key})
            row = None if faults else Withdrawal(values[key[0]] if len(key) == 1 else tuple(values.values()))
            found = faults
        problems += found
        if row is not None:
            rows.append(Placed(row, file.label, line))
        if len(problems) > MOST_REPORTED:
            problems.append(Problem(file.label, line, "further lines are not read"))
            break
    return rows, problems


def _only_withdrawals(header: list[str], lines: list[tuple[int, list[str]]]) -> bool:
    place = header.index("used")
    return bool(lines) and all(cells[place : place + 1] == ["0"] for _, cells in lines)


def _not_a_flag(table: str, line: int, text: str) -> list[Problem]:
    try:
        _flag(text or "1")
    except ValueError as error:
        return [Problem(table, line, f"used: {error}")]
    return []


def _decimal_commas(cells: list[str], expected: int) -> str:
    """A hint where too many cells come from numbers written with a comma."""
    digits = sum(a.lstrip("-").isdigit() and b.isdigit() for a, b in itertools.pairwise(cells))
    return "; decimals are written with a point" if len(cells) > expected and digits else ""


def _header_problems(
    table: str, line: int, header: list[str], expected: list[str], absent: set[str] = frozenset()
) -> list[Problem]:
    """What is wrong with a header; columns in `absent` may be missing."""
    problems = []
    for name in header:
        shown = printable(name)
        if name not in expected:
            near = suggestion(name, expected, most_listed=0).strip()
            hint = f" {near}" if near else ""
            problems.append(Problem(table, line, f"{shown}: unknown column. Allowed: {', '.join(expected)}.{hint}"))
        elif header.count(name) > 1:
            problems.append(Problem(table, line, f"{shown}: column given twice"))
    missing = [name for name in expected if name not in header and name not in absent]
    return problems + [Problem(table, line, f"{name}: {_MISSING}") for name in missing]


def _read_row(table: str, line: int, cells: dict, readers: dict, row_class: type):
    """The row, or None, and what is wrong with it."""
    values, problems = _read_values(table, line, cells, readers)
    return None if problems else row_class(**values), problems


def _read_values(table: str, line: int, cells: dict, readers: dict) -> tuple[dict, list[Problem]]:
    """Attribute -> value of the cells of some columns, and what is wrong with them."""
    values, problems = {}, []
    for name, (attribute, read) in readers.items():
        try:
            values[attribute] = read(cells.get(name, ""))
        except ValueError as error:
            problems.append(Problem(table, line, f"{name}: {error}"))
    return values, problems


@functools.cache
def _readers(row_class: type) -> dict[str, tuple[str, Callable[[str], typing.Any]]]:
    """Column -> attribute, and what makes a value of a cell's text; a text that was read before is not read again."""

    def reader(field: dataclasses.Field) -> Callable[[str], typing.Any]:
        convert = _converter(field.type)
        return functools.lru_cache(maxsize=1024)(lambda text: _check(convert(text), field))

    return {name: (field.name, reader(field)) for name, field in _columns(row_class).items()}


def _columns(row_class: type) -> dict[str, dataclasses.Field]:
    return {COLUMN_OF_ATTRIBUTE.get(field.name, field.name): field for field in dataclasses.fields(row_class)}


def _check(value, field: dataclasses.Field):
    """The value, if it is within the range and vocabulary of its column."""
    if value == "" and field.default is dataclasses.MISSING:
        raise ValueError("may not be empty")
    allowed = field.metadata.get("allowed")
    if allowed and value not in allowed and value != "":
        near = suggestion(value, allowed, most_listed=0)
        raise ValueError(f"'{printable(value)}' is not known. Allowed: {', '.join(allowed)}.{near}")
    minimum, maximum = field.metadata.get("minimum"), field.metadata.get("maximum")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            raise ValueError(f"{value} is out of range. Allowed: {_span(minimum, maximum)}")
    return value


def _span(minimum: float, maximum: float | None) -> str:
    return f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"


def is_finite_number(value: object) -> bool:
    """Whether a value is a number that a float can hold: none of nan, infinity, true, or a whole number beyond all."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        comma = ". Decimals are written with a point" if text.count(",") == 1 else ""
        raise ValueError(f"'{printable(text)}' is not a number{comma}") from None
    if not math.isfinite(value):
        raise ValueError(f"'{printable(text)}' is not a finite number")
    return value


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"'{printable(text)}' is not a whole number") from None


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"'{printable(text)}' is not a flag. Allowed: 0, 1")
    return text == "1"


def _date(text: str) -> date:
    try:
        if len(text) != 10:  # Python reads further forms
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{printable(text)}' is not a date. Allowed: YYYY-MM-DD{_in_our_form(text)}") from None


def _in_our_form(text: str) -> str:
    """What a date in another form would be in ours, or why that cannot be known."""
    unfinished = re.fullmatch(r"(\d{4})(?:[-./](\d{1,2}))?", text)
    if unfinished:
        known = "month" if unfinished[2] else "year"
        first = f"{unfinished[1]}-{int(unfinished[2] or 1):02d}-01"
        return f". Where only the {known} is known, write {first}, with precision {known} if the table has that column"
    parts = re.fullmatch(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})", text)
    if not parts:
        return ""
    first, middle, last = (int(part) for part in parts.groups())
    readings = {(first, middle, last)} if first > 999 else {(last, middle, first), (last, first, middle)}
    possible = sorted(f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in readings if y > 999 and _is_a_day(y, m, d))
    return f". Write {' or '.join(possible)}" if possible else ""


def _is_a_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(";"))
    if "" in names:
        raise ValueError("may not be empty; names are joined by semicolons")
    if list(names) != sorted(set(names)):
        raise ValueError(f"'{printable(text)}': names must be in alphabetical order, each once")
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
def _converter(annotation: object) -> Callable:
    if annotation in _CONVERTERS:
        return _CONVERTERS[annotation]
    if isinstance(annotation, types.UnionType) and type(None) in annotation.__args__:
        inner = _CONVERTERS[next(kind for kind in annotation.__args__ if kind is not type(None))]
        return lambda text: inner(text) if text else None
    raise TypeError(f"no reader for a column of type {annotation}")
