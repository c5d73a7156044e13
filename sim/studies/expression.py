"""What is asked of a member, as text: a condition or a number made of outcomes.

    signed_month.ACCORD.STATE by 2030
    count(signed_month.ACCORD.* by 2030) >= 4
    signed_month.ACCORD.STATE > 2030 or missing
    min(rung.A-B@2026-2040) < 3
    mean(gain.*_2040) - gain.KGZ_2040

A name is an outcome (a column of members.parquet) or a yearly series with a year, `series@2030`, or a span of years,
`series@2026-2040`; a `*` in it means all that match, within one part between dots. A minus between names stands in
spaces. Dates of what never comes are empty: `by YEAR`, `ever`, `or missing` and `capped(...)` deal with those.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sim.studies.evenness import bounded_gini

_NAME = re.compile(r"[A-Za-z]\w*(?:[.\-](?:\w|\*)[\w*\-]*)*(?:@\d{4}(?:-\d{4})?)?")
_WORDS = {"and", "or", "not", "by", "ever", "missing", "True", "False"}
_COMPARED = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_COMPUTED = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}


class ExpressionError(ValueError):
    """A text that asks nothing that can be answered; the message says why."""


class Columns(Protocol):
    """Where the columns of members come from."""

    outcomes: list[str]
    series: list[str]
    years: list[int]
    end: int

    def outcome(self, name: str) -> np.ndarray:
        """(member,) values of an outcome."""
        ...

    def yearly(self, name: str) -> np.ndarray:
        """(member, year) values of a yearly series."""
        ...


class RunColumns:
    """The columns of a finished run, each read once."""

    def __init__(self, run: Any) -> None:
        import pyarrow.parquet as pq

        self._run = run
        self.outcomes = [n for n in pq.read_schema(run.path / "members.parquet").names if n != "member"]
        self.series = [n for n in pq.read_schema(run.path / "yearly.parquet").names if n not in ("member", "year")]
        self.years = list(run.catalogue.years)
        self.end = run.catalogue.end // 12
        self._kept: dict[str, np.ndarray] = {}

    def _read(self, table: str, name: str) -> np.ndarray:
        if name not in self._kept:
            self._kept[name] = np.asarray(self._run.arrow(table, [name]).column(name).to_numpy(), dtype=np.float64)
        return self._kept[name]

    @property
    def members(self) -> np.ndarray:
        """(member,) numbers of the members."""
        return self._read("members", "member").astype(np.int64)

    def outcome(self, name: str) -> np.ndarray:
        """(member,) values of an outcome."""
        return self._read("members", name)

    def yearly(self, name: str) -> np.ndarray:
        """(member, year) values of a yearly series."""
        return self._read("yearly", name).reshape(-1, len(self.years))


@dataclass(frozen=True)
class Expression:
    """A text that has been read: the names in it and its syntax."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr

    def check(self, columns: Columns) -> list[str]:
        """Sentences on every name that the columns do not have, with the nearest one."""
        return [said for name in self.names if (said := _unknown(name, columns))]

    def evaluate(self, columns: Columns) -> np.ndarray:
        """(member,) values: booleans of a condition, else numbers.

        Raises
        ------
        ExpressionError : a name that is not there, or a list where one value a member is needed
        """
        wrong = self.check(columns)
        if wrong:
            raise ExpressionError("  ".join(wrong))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # means of members in which everything is empty
            found = np.asarray(_Evaluation(self, columns).of(self.tree))
        if found.ndim != 1:
            raise ExpressionError(
                f"{self.text!r} gives no single value for each member: use count, sum, mean, min or max."
            )
        return found


def parse(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ExpressionError : it is none; the message shows what is wrong with it
    """
    if not isinstance(text, str) or not text.strip() or len(text) > 2000 or not text.isprintable():
        raise ExpressionError("is not a text of one line that asks something of a member.")
    names: list[str] = []
    last = ""

    def replaced(found: re.Match) -> str:
        """A word of the text as Python: a function, a comparison, or the number of a name."""
        nonlocal last
        word = found.group()
        if word in _WORDS:
            return f" __missing__({last}) " if word == "missing" and last else word
        if word in FUNCTIONS and text[found.end() :].lstrip().startswith("("):
            return word
        if word not in names:
            names.append(word)
        last = f"_{names.index(word)}"
        return last

    plain = _NAME.sub(replaced, text)
    plain = re.sub(r"(_\d+)\s+by\s+(\d{4})\b", r"(\1 < (\2 + 1))", plain)
    plain = re.sub(r"(_\d+)\s+ever\b", r"__ever__(\1)", plain)
    plain = re.sub(r"(?<![<>=!])=(?!=)", "==", plain)
    try:
        tree = ast.parse(plain.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"{text!r} cannot be read: {_grammar()}") from None
    _check_nodes(tree, text)
    if not names:
        raise ExpressionError(f"{text!r} names no outcome.")
    return Expression(text, tuple(names), tree)


def _grammar() -> str:
    return (
        "names of outcomes, numbers, + - * /, comparisons, and, or, not, 'by YEAR', 'ever', 'missing', and "
        f"{', '.join(sorted(name for name in FUNCTIONS if not name.startswith('_')))}(...)."
    )


_ALLOWED = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Name, ast.Constant, ast.Load)


def _check_nodes(tree: ast.expr, text: str) -> None:
    for node in ast.walk(tree):
        fine = isinstance(node, _ALLOWED) or isinstance(node, (ast.operator, ast.unaryop, ast.boolop, ast.cmpop))
        if isinstance(node, ast.BinOp):
            fine = type(node.op) in _COMPUTED
        if isinstance(node, ast.Compare):
            fine = all(type(op) in _COMPARED for op in node.ops)
        if isinstance(node, ast.Call):
            fine = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and node.args and not node.keywords
        if isinstance(node, ast.Constant):
            fine = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        if not fine:
            raise ExpressionError(f"{text!r} cannot be read: {_grammar()}")


def _unknown(name: str, columns: Columns) -> str:
    """Why a name cannot be answered from these columns; empty if it can."""
    from sim.errors import suggestion

    series, at, span = name.partition("@")
    if at:
        if not _matching(series, columns.series):
            return f"{series} is not a yearly series." + suggestion(series, columns.series, most_listed=0)
        first, last = _span(span)
        if first > last or first < columns.years[0] or last > columns.years[-1]:
            return f"{name}: the years of the run are {columns.years[0]} to {columns.years[-1]}."
        return ""
    if _matching(name, columns.outcomes):
        return ""
    if name in columns.series:
        return f"{name} is a yearly series: say of which year, {name}@{columns.years[-1]}."
    return f"{name} is not an outcome." + suggestion(name, columns.outcomes, most_listed=0)


def _span(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _matching(pattern: str, names: Iterable[str]) -> list[str]:
    if "*" not in pattern:
        return [pattern] if pattern in names else []
    matcher = re.compile(re.escape(pattern).replace(r"\*", r"[^.]*"))
    return [name for name in names if matcher.fullmatch(name)]


class _Evaluation:
    """The value of each node of an expression, (member,) or, under a `*` or a span, (member, value)."""

    def __init__(self, expression: Expression, columns: Columns) -> None:
        self.expression, self.columns = expression, columns

    def of(self, node: ast.expr) -> Any:
        """The value of a node, for every member where it depends on one."""
        if isinstance(node, ast.Constant):
            return float(node.value)
        if isinstance(node, ast.Name):
            return self._named(self.expression.names[int(node.id[1:])])
        if isinstance(node, ast.BinOp):
            return _COMPUTED[type(node.op)](*self._alike(self.of(node.left), self.of(node.right)))
        if isinstance(node, ast.UnaryOp):
            value = self.of(node.operand)
            return ~_truth(value) if isinstance(node.op, ast.Not) else -np.asarray(value, dtype=np.float64)
        if isinstance(node, ast.BoolOp):
            join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            found = _truth(self.of(node.values[0]))
            for each in node.values[1:]:
                found = join(*self._alike(found, _truth(self.of(each))))
            return found
        if isinstance(node, ast.Compare):
            sides = [self.of(each) for each in (node.left, *node.comparators)]
            held = [_COMPARED[type(op)](*self._alike(a, b)) for op, a, b in zip(node.ops, sides, sides[1:])]
            return np.logical_and.reduce(held)
        return FUNCTIONS[node.func.id](self.columns, *[self.of(each) for each in node.args])

    def _alike(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Two values of which one may be a list for each member and the other a single value for each."""
        a, b = np.asarray(a), np.asarray(b)
        if a.ndim == 2 and b.ndim == 1:
            b = b[:, None]
        if b.ndim == 2 and a.ndim == 1:
            a = a[:, None]
        if a.ndim == b.ndim == 2 and a.shape != b.shape and 1 not in (a.shape[1], b.shape[1]):
            raise ExpressionError(f"{self.expression.text!r} compares lists of different length.")
        return a, b

    def _named(self, name: str) -> np.ndarray:
        series, at, span = name.partition("@")
        if not at:
            found = [self.columns.outcome(each) for each in _matching(name, self.columns.outcomes)]
            return found[0] if "*" not in name else np.column_stack(found)
        (first, last), start = _span(span), self.columns.years[0]
        blocks = [
            self.columns.yearly(each)[:, first - start : last - start + 1]
            for each in _matching(series, self.columns.series)
        ]
        block = np.column_stack(blocks)
        return block[:, 0] if block.shape[1] == 1 and "*" not in series and "-" not in span else block


def _truth(value: Any) -> np.ndarray:
    value = np.asarray(value)
    return value if value.dtype == bool else np.nan_to_num(value.astype(np.float64)) != 0


def _reduced(reduce: Callable) -> Callable:
    def function(columns: Columns, *values: Any) -> np.ndarray:
        parts = [np.asarray(each, dtype=np.float64) for each in values]
        members = max(each.shape[0] for each in parts if each.ndim)
        wide = [np.broadcast_to(each, (members,)) if each.ndim == 0 else each for each in parts]
        return reduce(np.column_stack(wide))

    return function


def _capped(columns: Columns, values: Any) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    return np.where(np.isnan(values), columns.end + 1.0, values)


FUNCTIONS: dict[str, Callable] = {
    "mean": _reduced(lambda block: np.nanmean(block, axis=1)),
    "sum": _reduced(lambda block: np.nansum(block, axis=1)),
    "min": _reduced(lambda block: np.nanmin(block, axis=1)),
    "max": _reduced(lambda block: np.nanmax(block, axis=1)),
    "sd": _reduced(lambda block: np.nanstd(block, axis=1)),
    "count": _reduced(lambda block: np.sum(block == 1.0, axis=1).astype(np.float64)),
    "gini": _reduced(bounded_gini),
    "log": lambda columns, values: np.log(np.asarray(values, dtype=np.float64)),
    "abs": lambda columns, values: np.abs(np.asarray(values, dtype=np.float64)),
    "capped": _capped,
    "__ever__": lambda columns, values: ~np.isnan(np.asarray(values, dtype=np.float64)),
    "__missing__": lambda columns, values: np.isnan(np.asarray(values, dtype=np.float64)),
}
