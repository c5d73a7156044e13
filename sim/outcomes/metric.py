"""What a run records and reports, defined once: a row is a family of columns with one meaning.

Series are rows of ``sim/engine/series.csv``; outcomes of members that are no series are rows of ``metrics.csv``.
"""

import csv
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from sim.engine.series import SERIES

_PLACE = re.compile(r"\{(\w+)\}")
_ALLOWED = {
    "dyad": r"[A-Z]{3}-[A-Z]{3}",
    "pair": r"[A-Z]{3}-[A-Z]{3}",
    "state": r"[A-Z]{3}",
    "other": r"[A-Z]{3}",
    "year": r"\d{4}",
    "span": r"\d{4}-\d{4}",
    "rung": r"[a-z][a-z0-9-]*",
    "accord": r"[^.]+",
    "node": r"[a-z][a-z0-9_]*",
    "level": r"[1-5]",
    "parameter": r".+",
}
#: What the title of an outcome that is read from a series adds to the title of the series.
_READ = {"end": ", end of {year}", "last": ", end of {year}", "year": ", {year}"}

#: Chapters in the order in which tables and plots show them; the last holds what is given to a run, not found by it.
CHAPTERS = (
    "treaties",
    "trust",
    "institutions",
    "regional process",
    "borders",
    "frictions",
    "water",
    "trade",
    "index",
    "inputs",
    "other",
)
OTHER = CHAPTERS[-1]


@dataclass(frozen=True)
class Metric:
    """A family of columns with one meaning.

    Parameters
    ----------
    name : column name with places, such as ``rung_month.{dyad}.{rung}``
    title : what a plot or a table calls it, with the same places
    unit : of the values; ``year`` is a year fraction
    lower, upper : range of the values, None where open
    meaning : what it measures
    reading : how to read a value, and what it does not say
    resolution : width of the bins in which monthly values are kept; values beyond 16,000 of them are drawn in
    """

    table: str
    name: str
    also_at: str
    title: str
    unit: str
    lower: float | None
    upper: float | None
    chapter: str
    process: str
    resolution: float
    meaning: str
    reading: str

    @cached_property
    def _pattern(self) -> re.Pattern:
        pieces = _PLACE.split(self.name)
        return re.compile(
            "".join(f"(?P<{each}>{_ALLOWED[each]})" if k % 2 else re.escape(each) for k, each in enumerate(pieces))
        )

    def places(self, column: str) -> dict[str, str] | None:
        """What the column puts in the places of the name, or None if it is not of this family."""
        matched = self._pattern.fullmatch(column)
        return matched.groupdict() if matched else None

    def label(self, column: str, accords: Mapping[str, str] = MappingProxyType({})) -> str:
        """Title with the places filled from the column's name; ``accords``: the title of an accord by its id."""
        places = self.places(column)
        if places.get("accord") in accords:
            places["accord"] = f"“{accords[places['accord']]}”"
        if "node" in places:
            places["node"] = _node_title(places["node"])
        return self.title.format(**places)


def _metric_of(row: Mapping[str, str]) -> Metric:
    given = {field.name: row.get(field.name, "") for field in fields(Metric)}
    bounds = {name: float(row[name]) if row[name] else None for name in ("lower", "upper")}
    return Metric(**{**given, **bounds, "resolution": float(given["resolution"] or 0.001)})


def _members() -> Iterator[Metric]:
    with open(Path(__file__).with_name("metrics.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield replace(_metric_of(row), table="members")


def _outcome(series: Metric) -> Metric:
    """The outcomes of members that are read from a series."""
    title = series.title + _READ[series.also_at]
    return replace(series, table="members", name=f"{series.name}_{{year}}", title=title)


#: Series of the monthly table; those of the yearly table, which holds them too; outcomes of the members table.
_SERIES = tuple(_metric_of(row) for row in SERIES)
MONTHLY = tuple(each for each in _SERIES if each.table == "monthly")
YEARLY = (*MONTHLY, *(each for each in _SERIES if each.table == "yearly"))
OUTCOMES = (
    *_members(),
    *(_outcome(each) for each in YEARLY if each.also_at),
)


@functools.cache
def _node_title(node: str) -> str:
    """What a map calls a place on the rivers; its name with spaces where the record that ships does not have it."""
    from sim.facts import load_rivers

    known = load_rivers().nodes.get(node)
    return known.title if known else node.replace("_", " ")


@lru_cache(maxsize=8192)
def _metric(column: str) -> Metric | None:
    return next((each for each in (*OUTCOMES, *YEARLY) if each.places(column) is not None), None)


def describe(column: str) -> Metric:
    """The metric that a column of any table of a run belongs to; KeyError if no metric defines it."""
    metric = _metric(column)
    if metric is None:
        raise KeyError(f"no metric defines the column {column!r}")
    return metric


def title_of(column: str, accords: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a table or a plot calls a column: its metric's title, or its name where no metric defines it."""
    metric = _metric(column)
    return metric.label(column, accords) if metric else column


def unit_of(column: str) -> str:
    """Unit of a column, empty for one that no metric defines."""
    metric = _metric(column)
    return metric.unit if metric else ""


def difference_unit(column: str) -> tuple[float, str]:
    """Factor and unit in which a difference in a column is said: chances and shares in percentage points."""
    unit = unit_of(column)
    if unit in ("year", "share"):
        return 100.0, "percentage points"
    if unit.startswith("share of "):
        return 100.0, f"% {unit.removeprefix('share ')}"
    return 1.0, unit


def chapter_of(column: str) -> str:
    """Chapter of a column, ``other`` for one that no metric defines."""
    metric = _metric(column)
    return metric.chapter if metric else OTHER


def is_dated(column: str) -> bool:
    """Whether a column holds the year fraction of an event, empty where it never happens."""
    return unit_of(column) == "year"


def is_outcome(column: str) -> bool:
    """Whether a column of the members holds a result, not a number of the member or an input."""
    return column != "member" and not column.startswith(("drawn.", "design."))
