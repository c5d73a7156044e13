"""Reading [design]: which keys vary, over which values, and everything wrong with that, with the line it stands on."""

import math
from dataclasses import dataclass
from typing import Any

from sim.errors import Problem, ScenarioError, printable, show, suggestion
from sim.scenario import design_sampling as sampling
from sim.scenario.design import KINDS, MOST_POINTS, SAMPLED, Design
from sim.scenario.design_file import points_file, read_points
from sim.scenario.design_keys import limits_of, settable_key, table_range
from sim.scenario.document import Document
from sim.scenario.positions import Path

_RESERVED = ("kind", "points", "seed", "file")
_OF_RANGE = ("lower", "upper", "steps", "within")
_SCALARS = (bool, int, float, str)
_LARGEST_SEED = 2**63 - 1


@dataclass
class _Reader:
    """One document's [design] while it is being read; problems gather as they are found."""

    document: Document
    facts: Any
    problems: list[Problem]

    def tell(self, path: Path, message: str) -> None:
        self.problems.append(self.document.problem(("design", *path), f"[design] {message}"))


def read_design(document: Document, facts: Any) -> tuple[Design | None, list[Problem]]:
    """The design of a document, None if it has none or a wrong one, and everything that is wrong with it.

    Only form and size are checked here; whether each value may be set is up to `variants`.
    """
    table = document.values.get("design")
    if not isinstance(table, dict):
        return None, []
    reader = _Reader(document, facts, [])
    kind = table.get("kind")
    if kind not in KINDS:
        words = ", ".join(f'"{each}"' for each in KINDS)
        given = f"kind is {show(kind)}; it must be one of {words}." if "kind" in table else f"lacks kind: {words}."
        reader.tell(("kind",), given + (suggestion(kind, KINDS, most_listed=0) if isinstance(kind, str) else ""))
        return None, reader.problems
    design = _from_file(reader, table) if kind == "csv" else _from_table(reader, table, kind)
    return (None if reader.problems else design), reader.problems


def _from_table(reader: _Reader, table: dict, kind: str) -> Design | None:
    _no_others(reader, table, ("points", "seed") if kind in SAMPLED else ())
    entries = _entries({name: value for name, value in table.items() if name not in _RESERVED})
    keys, spreads, paths = [], [], []
    for path, value in entries:
        key = settable_key(".".join(path), reader.facts, lambda text, path=path: reader.tell(path, text))
        spread = _spread(reader, path, key, value, kind) if key else None
        if key in keys:
            reader.tell(path, f"{key} is varied twice.")
        elif spread is not None:
            keys, spreads, paths = [*keys, key], [*spreads, spread], [*paths, path]
    if not entries:
        reader.tell((), 'varies nothing.  Give it a key, such as "parameters.trust.decay" = [0.01, 0.02].')
    points, seed = (
        (_whole(reader, table, "points", 2, MOST_POINTS, None), _whole(reader, table, "seed", 0, _LARGEST_SEED, 1))
        if kind in SAMPLED
        else (None, 1)
    )
    if reader.problems:
        return None
    _check_size(reader, paths, spreads, kind, points)
    if reader.problems:
        return None
    made = {
        "list": lambda: sampling.listed(spreads),
        "grid": lambda: sampling.grid(spreads),
        "latin-hypercube": lambda: sampling.latin_hypercube(keys, spreads, points, seed),
        "sobol": lambda: sampling.sobol(keys, spreads, points, seed),
    }[kind]()
    origins = tuple(reader.document.origin(("design", *path)) for path in paths)
    return Design(kind, tuple(keys), tuple(made), origins)


def _no_others(reader: _Reader, table: dict, allowed: tuple[str, ...]) -> None:
    """Of the words that are no keys of a scenario, only these go with the kind."""
    for name in _RESERVED:
        if name in table and name != "kind" and name not in allowed:
            reader.tell((name,), f'{name} does not go with kind = "{table["kind"]}".')


def _entries(table: dict, prefix: Path = ()) -> list[tuple[Path, Any]]:
    """What is said of each key, however its dots were written: a list, a table of limits, or something wrong."""
    found = []
    for name, value in table.items():
        nested = isinstance(value, dict) and value and all(isinstance(each, dict | list) for each in value.values())
        found += _entries(value, (*prefix, name)) if nested else [((*prefix, name), value)]
    return found


def _spread(reader: _Reader, path: Path, key: str, value: Any, kind: str) -> sampling.Spread | None:
    if isinstance(value, list):
        return _levels(reader, path, key, value)
    if not isinstance(value, dict):
        reader.tell(
            path, f"{key} is {show(value)}; it must be a list of values, or a table such as {{ lower = 0, upper = 1 }}."
        )
        return None
    return _range(reader, path, key, value, kind)


def _levels(reader: _Reader, path: Path, key: str, values: list) -> sampling.Levels | None:
    before = len(reader.problems)
    if not values:
        reader.tell(path, f"{key} has an empty list of values.")
    for index, value in enumerate(values):
        scalar = isinstance(value, _SCALARS) or hasattr(value, "isoformat")
        if not scalar:
            reader.tell((*path, index), f"{key} has {show(value)}; values must be numbers, words, dates or switches.")
    return None if len(reader.problems) > before else sampling.Levels(tuple(values))


def _range(reader: _Reader, path: Path, key: str, table: dict, kind: str) -> sampling.Range | None:
    before = len(reader.problems)
    for name in table:
        if name not in _OF_RANGE:
            reader.tell((*path, name), f"{key} {printable(name)} is not a known key." + suggestion(name, _OF_RANGE))
    if kind == "list":
        reader.tell(path, f'{key} needs a list of values in a design of kind "list".')
    steps = _whole(reader, table, "steps", 2, MOST_POINTS, None, path) if kind == "grid" else None
    if kind in SAMPLED and "steps" in table:
        reader.tell((*path, "steps"), f'{key} steps does not go with kind = "{kind}".')
    limits = _limits(reader, path, key, table)
    if limits is None or len(reader.problems) > before:
        return None
    return sampling.Range(*limits, steps)


def _limits(reader: _Reader, path: Path, key: str, table: dict) -> tuple[float, float] | None:
    """The ends of a range: those given, and for those that are not, the limits of the table of parameters."""
    within = table.get("within", "limits")
    if within not in ("limits", "prior"):
        reader.tell((*path, "within"), f'{key} within is {show(within)}; it must be "limits" or "prior".')
        return None
    given = {name: table[name] for name in ("lower", "upper") if name in table}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            reader.tell((*path, name), f"{key} {name} is {show(value)}; it must be a number.")
            return None
    if len(given) < 2:
        known = table_range(key, reader.facts, within)
        if known is None:
            what = "no prior with a spread" if within == "prior" else "no range"
            reader.tell(path, f"{key} needs lower and upper: the table of parameters has {what} for it.")
            return None
        given = {"lower": known[0], "upper": known[1]} | given
    lower, upper = float(given["lower"]), float(given["upper"])
    least, most = limits_of(key, reader.facts)
    for name, value in (("lower", lower), ("upper", upper)):
        if not least <= value <= most:
            reader.tell((*path, name), f"{key} {name} is {value:g}; it must lie from {least:g} to {most:g}.")
            return None
    if not lower < upper:
        reader.tell(path, f"{key} lower {lower:g} must lie below upper {upper:g}.")
        return None
    return lower, upper


def _whole(reader: _Reader, table: dict, name: str, least: int, most: int, default: int | None, path: Path = ()):
    """A whole number of the table, or its default; None after telling what is wrong with it."""
    value = table.get(name, default)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    where = f"{'.'.join(path)} {name}".strip()
    given = f"is {show(value)}; it" if name in table else ""
    reader.tell((*path, name), f"{where} {given} must be a whole number from {least:,} to {most:,}.".replace("  ", " "))
    return None


def _check_size(reader: _Reader, paths: list[Path], spreads: list, kind: str, points: int | None) -> None:
    """The number of points, told before any is made."""
    if kind == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        near = f"{below} or {2 * below}" if 2 * below <= MOST_POINTS else f"{below}"
        text = f"points is {points}; a Sobol' sequence is balanced at powers of two only: take {near}."
        reader.tell(("points",), text)
    if kind in SAMPLED:
        return
    sizes = [len(spread.values) if isinstance(spread, sampling.Levels) else spread.steps for spread in spreads]
    if kind == "list":
        for path, size in zip(paths, sizes):
            if size != sizes[0]:
                reader.tell(path, f"{'.'.join(path)} has {size} values where the first key has {sizes[0]}.")
    size = math.prod(sizes) if kind == "grid" else max(sizes)
    if size > MOST_POINTS:
        reader.tell(
            (),
            f"has {size:,} points; at most {MOST_POINTS:,} are run.  Take fewer values, or sample them "
            'with kind = "latin-hypercube" or "sobol".',
        )


def _from_file(reader: _Reader, table: dict) -> Design | None:
    _no_others(reader, table, ("file",))
    for path, _ in _entries({name: value for name, value in table.items() if name not in _RESERVED}):
        key = printable(".".join(path))
        reader.tell(path, f'{key} does not go with kind = "csv": keys stand in the file\'s header.')
    if "file" not in table:
        reader.tell((), "lacks file: the name of a CSV file beside this one.")
        return None
    try:
        path = points_file(
            reader.document, table["file"], lambda text: reader.document.problem(("design", "file"), f"[design] {text}")
        )
        names, header, rows = read_points(path)
    except ScenarioError as error:
        reader.problems += error.problems
        return None

    for_header = lambda text: reader.problems.append(Problem(header.file, header.line, text))  # noqa: E731
    keys = [settable_key(name, reader.facts, for_header) for name in names]
    if len(set(keys)) < len(keys) and None not in keys:
        for_header("names one key in two ways.")
    points = tuple(tuple(cells) for _, cells in rows)
    return (
        None
        if None in keys
        else Design("csv", tuple(keys), points, (header,) * len(keys), tuple(origin for origin, _ in rows))
    )
