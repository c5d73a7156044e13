"""[parameters]: overrides of the table of parameters, checked against its names, ranges and choices."""

import math
from typing import Any

from sim.errors import MOST_REPORTED, Problem, printable, show, suggestion
from sim.scenario.document import Document
from sim.scenario.positions import Path


def options(row: Any) -> tuple[str, ...]:
    """The words that a choice parameter may take; empty for a number."""
    return tuple(part.strip() for part in row.prior.split("|")) if row.unit == "choice" else ()


def range_text(row: Any) -> str:
    """The range of a parameter in words; empty when the table sets no limit."""
    if row.unit == "choice":
        return " | ".join(options(row))
    lower, upper = _limit(row.lower), _limit(row.upper)
    if lower is not None and upper is not None:
        return f"from {lower:g} to {upper:g}"
    if lower is not None:
        return f"{lower:g} or more"
    return f"{upper:g} or less" if upper is not None else ""


def _limit(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def flatten(table: dict, prefix: Path = ()) -> list[tuple[Path, Any]]:
    """Every value of nested tables with its path: `trust.x = 1` and `[parameters.trust] x = 1` are the same."""
    found = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += flatten(value, (*prefix, key))
        else:
            found.append(((*prefix, key), value))
    return found


def read_parameters(document: Document, facts: Any) -> tuple[dict[str, tuple[float | str, Path]], list[Problem]]:
    """The overrides of one document by name, each with its path in the file, and everything wrong with them."""
    rows = {row.name: row for row in facts.parameters}
    table = document.values.get("parameters", {})
    overrides, problems = {}, []
    if not isinstance(table, dict):
        return {}, []
    for relative, value in flatten(table):
        path = ("parameters", *relative)
        name = ".".join(relative)
        if name not in rows:
            text = f"[parameters] {printable(name)} is not a parameter." + _neighbours(name, rows)
        elif name in overrides:
            text = f"[parameters] {name} is set twice."
        else:
            text = _objection(rows[name], value)
        if len(problems) >= MOST_REPORTED:
            problems.append(document.problem(path, "[parameters] further errors are not listed."))
            break
        if text:
            problems.append(document.problem(path, text))
        else:
            overrides[name] = (value if isinstance(value, str) else float(value), path)
    return overrides, problems


def _neighbours(name: str, rows: dict) -> str:
    group = [known for known in rows if known.split(".")[0] == name.split(".")[0]]
    listed = f"  Known in [parameters.{name.split('.')[0]}]: {', '.join(group)}." if 0 < len(group) <= 12 else ""
    return listed + suggestion(name, rows, most_listed=0)


def _objection(row: Any, value: Any) -> str | None:
    """What is wrong with a value for this parameter, if anything."""
    if row.unit == "choice":
        if isinstance(value, str) and value in options(row):
            return None
        near = suggestion(value, options(row), most_listed=0) if isinstance(value, str) else ""
        words = ", ".join(f'"{word}"' for word in options(row))
        return f"[parameters] {row.name} is {show(value)}; it must be one of {words}.{near}"
    limits = range_text(row)
    needed = f"a number {limits}".strip() + f" ({row.unit})" + (f": {row.meaning}" if row.meaning else "")
    if isinstance(value, bool) or not isinstance(value, int | float) or not _within(row, value):
        return f"[parameters] {row.name} is {show(value)}; it must be {needed.rstrip('.')}."
    return None


def _within(row: Any, value: float) -> bool:
    try:
        number = float(value)
    except OverflowError:
        return False
    lower, upper = _limit(row.lower), _limit(row.upper)
    return math.isfinite(number) and (lower is None or number >= lower) and (upper is None or number <= upper)
