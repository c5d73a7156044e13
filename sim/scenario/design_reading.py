"""Reading [design] and files of points: which keys vary, over which values, and everything wrong with that."""

import math
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Origin, Problem, ScenarioError, printable, show, suggestion
from sim.facts.files import Unreadable, exists, label_of, path_inside, read_file
from sim.facts.reading import is_finite_number, read_cells
from sim.scenario import design as sampling
from sim.scenario.design import Design
from sim.scenario.fields import DESIGN_KINDS, MOST_POINTS, SAMPLED
from sim.scenario.file_schema import RunSettings
from sim.scenario.merge import LISTS, SETTABLE
from sim.scenario.toml import Document, KeyPath

#: All points share their random numbers, so seed and members are the scenario's; what is kept changes no history.
_SAME_FOR_ALL = {
    "seed": "all points share their random numbers; run the scenario again with another --seed for others",
    "members": "all points have the same members; set [run] members",
    "keep_terms": "it changes no history",
}
#: All points have the same tables, against which names and dates were checked.
_SAME_RECORD = ("record.folder", "record.base")
_PRIOR = re.compile(r"(normal|half-normal|beta)\(\s*([-+.\deE]+)\s*(?:,\s*([-+.\deE]+)\s*)?\)")
_CENTRAL = (0.05, 0.95)


def settable_key(written: str, facts: Any, report: Callable[[str], None]) -> str | None:
    """The whole dotted key that is meant (`parameters.` may be left out), or None after reporting why it is none."""
    parameters = {row.name for row in facts.parameters}
    key = f"parameters.{written}" if written in parameters else written
    first, *rest = key.split(".")
    shown = printable(written)
    if first not in SETTABLE or not rest:
        begin = ", ".join(name for name in SETTABLE if name not in ("title", "description"))
        near = suggestion(written, [*sorted(parameters), *(f"run.{name}" for name in RunSettings.model_fields)], 0)
        report(f"{shown} is not a key of a scenario.  Keys begin with: {begin}.{near}")
    elif first == "parameters" and ".".join(rest) not in parameters:
        report(f"{shown} is not a parameter." + suggestion(".".join(rest), sorted(parameters), most_listed=0))
    elif first == "run" and rest[0] in _SAME_FOR_ALL:
        report(f"{shown} cannot be varied: {_SAME_FOR_ALL[rest[0]]}.")
    elif key in _SAME_RECORD:
        report(f"{shown} cannot be varied: all points have one record.  Write a scenario for each folder and compare.")
    elif first in LISTS and (len(rest) < 2 or rest[0].isdigit()):
        report(f"{shown} must name a value of an entry that has an id, such as {first}.ID.FIELD.")
    else:
        return key
    return None


def _parameter(key: str, facts: Any) -> Any:
    """The row of a parameter by its dotted key, or None."""
    return next((row for row in facts.parameters if f"parameters.{row.name}" == key), None)


def table_range(key: str, facts: Any, within: str) -> tuple[float, float] | None:
    """The range of a parameter: its limits, or the central 90 % of its prior where asked for or where it has none."""
    row = _parameter(key, facts)
    if row is None or row.choices:
        return None
    lower, upper = row.limits
    if within == "limits" and math.isfinite(lower) and math.isfinite(upper):
        return lower, upper
    central = _central(row.prior)
    # a prior may reach beyond what the table allows
    return (max(central[0], lower), min(central[1], upper)) if central else None


def _central(prior: str) -> tuple[float, float] | None:
    matched = _PRIOR.fullmatch(prior.strip())
    if not matched:
        return None
    from scipy.special import betaincinv, ndtri

    first, second = float(matched[2]), float(matched[3] or "nan")
    if matched[1] == "normal":
        return tuple(float(first + second * ndtri(share)) for share in _CENTRAL)
    if matched[1] == "half-normal":
        return tuple(float(first * ndtri((1 + share) / 2)) for share in _CENTRAL)
    return tuple(float(betaincinv(first, second, share)) for share in _CENTRAL)


def points_file(document: Document, name: Any, problem) -> Path:
    """The file that `file = name` means.  `problem` makes an error from a sentence; ScenarioError if there is none."""
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise ScenarioError([problem("file must be the name of a CSV file beside this one, in quotes.")])
    path = path_inside(Path(document.path).parent, name)
    if path is None:
        raise ScenarioError(
            [problem(f'file = "{printable(name)}" must be a path inside the folder of this file, written with /.')]
        )
    if not exists(path):
        raise ScenarioError([problem(f'file = "{printable(name)}" does not exist.')])
    return path


def read_points(path: Path) -> tuple[list[str], Origin, list[tuple[Origin, list[Any]]]]:
    """Keys with the origin of the header, and the rows with theirs.  ScenarioError if the file has not this form."""
    label = label_of(path)
    try:
        lines, problems = read_cells(read_file(path, "a file of points"))
    except Unreadable as error:
        raise ScenarioError([Problem(label, 0, str(error))]) from None
    number, keys = lines[0] if lines else (1, [])
    header, rows = Origin(label, number), []
    for line, cells in lines[1:]:
        if len(rows) == MOST_POINTS:
            problems.append(Problem(label, line, f"is more than {MOST_POINTS:,} points."))
            break
        if len(cells) == len(keys):
            rows.append((Origin(label, line), [_value(cell) for cell in cells]))
        else:
            text = f"has {len(cells)} values where the header has {len(keys)} keys."
            problems.append(Problem(label, line, text))
    if not keys:
        problems.append(Problem(label, 0, "holds no header of keys."))
    elif not rows and not problems:
        problems.append(Problem(label, 0, "holds no points below its header."))
    problems += _header_problems(keys, header)
    if problems:
        raise ScenarioError(problems)
    return keys, header, rows


def _header_problems(keys: list[str], header: Origin) -> list[Problem]:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    texts = [f"has the column {printable(key) or 'without a name'} twice." for key in twice]
    if "" in keys and "" not in twice:
        texts.append("has a column without a name.")
    return [Problem(header.file, header.line, text) for text in texts]


def _value(cell: str) -> Any:
    """A cell as TOML, or as a bare word when it is none."""
    try:
        read = tomllib.loads(f"value = {cell}")
    except (ValueError, RecursionError):
        return cell
    return read["value"] if read.keys() == {"value"} else cell


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

    def report(self, path: KeyPath, message: str) -> None:
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
    if kind not in DESIGN_KINDS:
        words = ", ".join(f'"{each}"' for each in DESIGN_KINDS)
        given = f"kind is {show(kind)}; it must be one of {words}." if "kind" in table else f"lacks kind: {words}."
        reader.report(
            ("kind",), given + (suggestion(kind, DESIGN_KINDS, most_listed=0) if isinstance(kind, str) else "")
        )
        return None, reader.problems
    design = _from_file(reader, table) if kind == "csv" else _from_table(reader, table, kind)
    return (None if reader.problems else design), reader.problems


def _from_table(reader: _Reader, table: dict, kind: str) -> Design | None:
    _no_others(reader, table, ("points", "seed") if kind in SAMPLED else ())
    entries = _entries({name: value for name, value in table.items() if name not in _RESERVED})
    keys, spreads, paths = [], [], []
    for path, value in entries:
        key = settable_key(".".join(path), reader.facts, lambda text, path=path: reader.report(path, text))
        spread = _spread(reader, path, key, value, kind) if key else None
        if key in keys:
            reader.report(path, f"{key} is varied twice.")
        elif spread is not None:
            keys, spreads, paths = [*keys, key], [*spreads, spread], [*paths, path]
    if not entries:
        reader.report((), 'varies nothing.  Give it a key, such as "parameters.trust.decay" = [0.01, 0.02].')
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
            reader.report((name,), f'{name} does not go with kind = "{table["kind"]}".')


def _entries(table: dict, prefix: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    """What is said of each key, however its dots were written: a list, a table of limits, or something wrong."""
    found = []
    for name, value in table.items():
        nested = isinstance(value, dict) and value and all(isinstance(each, dict | list) for each in value.values())
        found += _entries(value, (*prefix, name)) if nested else [((*prefix, name), value)]
    return found


def _spread(reader: _Reader, path: KeyPath, key: str, value: Any, kind: str) -> sampling.Spread | None:
    if isinstance(value, list):
        return _levels(reader, path, key, value)
    if not isinstance(value, dict):
        reader.report(
            path, f"{key} is {show(value)}; it must be a list of values, or a table such as {{ lower = 0, upper = 1 }}."
        )
        return None
    return _range(reader, path, key, value, kind)


def _levels(reader: _Reader, path: KeyPath, key: str, values: list) -> sampling.Levels | None:
    before = len(reader.problems)
    if not values:
        reader.report(path, f"{key} has an empty list of values.")
    for index, value in enumerate(values):
        scalar = isinstance(value, _SCALARS) or hasattr(value, "isoformat")
        if not scalar:
            reader.report((*path, index), f"{key} has {show(value)}; values must be numbers, words, dates or switches.")
    return None if len(reader.problems) > before else sampling.Levels(tuple(values))


def _range(reader: _Reader, path: KeyPath, key: str, table: dict, kind: str) -> sampling.Range | None:
    before = len(reader.problems)
    for name in table:
        if name not in _OF_RANGE:
            reader.report((*path, name), f"{key} {printable(name)} is not a known key." + suggestion(name, _OF_RANGE))
    if kind == "list":
        reader.report(path, f'{key} needs a list of values in a design of kind "list".')
    steps = _whole(reader, table, "steps", 2, MOST_POINTS, None, path) if kind == "grid" else None
    if kind in SAMPLED and "steps" in table:
        reader.report((*path, "steps"), f'{key} steps does not go with kind = "{kind}".')
    limits = _limits(reader, path, key, table)
    if limits is None or len(reader.problems) > before:
        return None
    return sampling.Range(*limits, steps)


def _limits(reader: _Reader, path: KeyPath, key: str, table: dict) -> tuple[float, float] | None:
    """The ends of a range: those given, and for those that are not, the limits of the table of parameters."""
    within = table.get("within", "limits")
    if within not in ("limits", "prior"):
        reader.report((*path, "within"), f'{key} within is {show(within)}; it must be "limits" or "prior".')
        return None
    given = {name: table[name] for name in ("lower", "upper") if name in table}
    for name, value in given.items():
        if not is_finite_number(value):
            reader.report((*path, name), f"{key} {name} is {show(value)}; it must be a finite number.")
            return None
    if len(given) < 2:
        known = table_range(key, reader.facts, within)
        if known is None:
            what = "no prior with a spread" if within == "prior" else "no range"
            reader.report(path, f"{key} needs lower and upper: the table of parameters has {what} for it.")
            return None
        given = {"lower": known[0], "upper": known[1]} | given
    lower, upper = float(given["lower"]), float(given["upper"])
    row = _parameter(key, reader.facts)
    least, most = row.limits if row else (-math.inf, math.inf)
    for name, value in (("lower", lower), ("upper", upper)):
        if not least <= value <= most:
            reader.report((*path, name), f"{key} {name} is {value:g}; it must lie from {least:g} to {most:g}.")
            return None
    if not lower < upper:
        reader.report(path, f"{key} lower {lower:g} must lie below upper {upper:g}.")
        return None
    return lower, upper


def _whole(reader: _Reader, table: dict, name: str, least: int, most: int, default: int | None, path: KeyPath = ()):
    """A whole number of the table, or its default; None after reporting what is wrong with it."""
    value = table.get(name, default)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    where = f"{'.'.join(path)} {name}".strip()
    given = f"is {show(value)}; it" if name in table else ""
    reader.report(
        (*path, name), f"{where} {given} must be a whole number from {least:,} to {most:,}.".replace("  ", " ")
    )
    return None


def _check_size(reader: _Reader, paths: list[KeyPath], spreads: list, kind: str, points: int | None) -> None:
    """The number of points, checked before any is made."""
    if kind == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        near = f"{below} or {2 * below}" if 2 * below <= MOST_POINTS else f"{below}"
        text = f"points is {points}; a Sobol' sequence is balanced at powers of two only: take {near}."
        reader.report(("points",), text)
    if kind in SAMPLED:
        return
    sizes = [len(spread.values) if isinstance(spread, sampling.Levels) else spread.steps for spread in spreads]
    if kind == "list":
        for path, size in zip(paths, sizes):
            if size != sizes[0]:
                reader.report(path, f"{'.'.join(path)} has {size} values where the first key has {sizes[0]}.")
    size = math.prod(sizes) if kind == "grid" else max(sizes)
    if size > MOST_POINTS:
        reader.report(
            (),
            f"has {size:,} points; at most {MOST_POINTS:,} are run.  Take fewer values, or sample them "
            'with kind = "latin-hypercube" or "sobol".',
        )


def _from_file(reader: _Reader, table: dict) -> Design | None:
    _no_others(reader, table, ("file",))
    for path, _ in _entries({name: value for name, value in table.items() if name not in _RESERVED}):
        key = printable(".".join(path))
        reader.report(path, f'{key} does not go with kind = "csv": keys stand in the file\'s header.')
    if "file" not in table:
        reader.report((), "lacks file: the name of a CSV file beside this one.")
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
