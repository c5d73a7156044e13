"""The tables of trade: sizes, bilateral flows, prices, agreements, crossings, growth, corridors, and their loader.

`docs/trade.md` says where the figures come from. A year without a figure has no row; nothing is filled in, but for six
small cells of the base year, whose status says so.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sim.facts.errors import FactsError, FactsProblem
from sim.facts.load import TABLES
from sim.facts.reading import read_table
from sim.facts.rows import Agreement, Corridor, Economy, Parameter, column, share

BASE_YEAR = 2019
READINGS = ("partner", "own")
FLOW_STATUSES = ("observed", "spliced_china_side", "interpolated", "extrapolated")
DOCUMENTED_STATUSES = ("observed", "spliced_china_side")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """GDP of a year: in current USD, and as a volume in constant 2021 international dollars."""

    economy: str
    year: int = column(minimum=1990, maximum=2100)
    gdp_current_usd: float | None = column(minimum=1.0)
    gdp_volume: float = column(minimum=1.0)
    status: str = column(allowed=("observed", "volume_only", "derived", "projected"))
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """Exports of a year in current USD; `reading` is empty where only one account of the pair is carried."""

    exporter: str
    importer: str
    year: int = column(minimum=1990, maximum=2100)
    usd_current: float = column(minimum=1.0)
    status: str = column(allowed=FLOW_STATUSES)
    reading: str = column(allowed=READINGS, optional=True)
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deflator:
    """Price level of the United States, 2021 = 1: current USD per constant 2021 USD."""

    year: int = column(minimum=1990, maximum=2100)
    deflator: float = column(minimum=0.01, maximum=100.0)
    status: str = column(allowed=("derived", "projected"))
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """Share of a common border's crossings that let goods pass, from a date on; open before the first row."""

    economy_a: str
    economy_b: str
    since: date
    precision: str = column(allowed=("day", "month", "year"))
    passage: float = share()
    closed: bool
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """Growth after the record, log points a year: median and spread of the drift, spread of single years."""

    economy: str
    median: float = column(minimum=-0.2, maximum=0.2)
    drift_spread: float = column(minimum=0.0, maximum=0.1)
    yearly_spread: float = column(minimum=0.0, maximum=0.3)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Restlessness:
    """A pair, and the spread of its yearly shocks over that of the typical pair."""

    pair: str
    spread_factor: float = column(minimum=0.1, maximum=10.0)
    source: str


ROW_CLASSES = {
    "economies": Economy,
    "sizes": Size,
    "flows": Flow,
    "deflator": Deflator,
    "agreements": Agreement,
    "crossings": Crossing,
    "growth": Growth,
    "pairs": Restlessness,
    "corridors": Corridor,
    "parameters": Parameter,
}


@dataclass(frozen=True, kw_only=True)
class TradeFacts:
    """Every table of trade, row by row in the order of its file."""

    economies: tuple[Economy, ...]
    sizes: tuple[Size, ...]
    flows: tuple[Flow, ...]
    deflator: tuple[Deflator, ...]
    agreements: tuple[Agreement, ...]
    crossings: tuple[Crossing, ...]
    growth: tuple[Growth, ...]
    pairs: tuple[Restlessness, ...]
    corridors: tuple[Corridor, ...]
    parameters: tuple[Parameter, ...] = field(repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The economies in their order: the six states first."""
        return tuple(economy.id for economy in self.economies)

    def parameter(self, name: str) -> float | str:
        """Value of a parameter of trade.

        Raises
        ------
        KeyError : no such parameter
        """
        for row in self.parameters:
            if row.name == name:
                return row.value
        raise KeyError(name)


@functools.cache
def load_trade_facts(folder: Path = TABLES) -> TradeFacts:
    """Read and check the tables `trade_*.csv` of a folder, by default those of the package.

    Raises
    ------
    FactsError : naming table, line and column of every problem
    """
    tables: dict[str, tuple] = {}
    problems: list[FactsProblem] = []
    for name, row_class in ROW_CLASSES.items():
        try:
            tables[name] = read_table(folder / f"trade_{name}.csv", row_class)
        except FactsError as error:
            problems += error.problems
    if not problems:
        problems = _cross_check(tables)
    if problems:
        raise FactsError(problems)
    return TradeFacts(**tables)


def _cross_check(tables: dict[str, tuple]) -> list[FactsProblem]:
    """What is wrong between rows and tables: unknown economies, doubles, a base year that is not complete."""
    known = {row.id for row in tables["economies"]}
    problems: list[FactsProblem] = []
    for table, columns in (
        ("sizes", ("economy",)),
        ("flows", ("exporter", "importer")),
        ("agreements", ("economy_a", "economy_b")),
        ("crossings", ("economy_a", "economy_b")),
        ("growth", ("economy",)),
    ):
        for name in columns:
            problems += _each(table, tables[table], name, lambda row, name=name: _stranger(getattr(row, name), known))
    problems += _each("corridors", tables["corridors"], "pairs", lambda row: _strange_pair(row.pairs, known))
    problems += _each("pairs", tables["pairs"], "pair", lambda row: _strange_pair((row.pair,), known))
    problems += _each("flows", tables["flows"], "importer", _with_itself)
    problems += _doubles(tables)
    return problems or _gaps(tables, known)


def _each(table: str, rows: Iterable, name: str, fault: Callable) -> list[FactsProblem]:
    """A problem for every row of which `fault` has something to say; the header is line 1."""
    found = ((number, fault(row)) for number, row in enumerate(rows, start=2))
    return [FactsProblem(f"trade_{table}.csv", number, name, text) for number, text in found if text]


def _stranger(economy: str, known: set[str]) -> str | None:
    return None if economy in known else f"'{economy}' is not an economy. Allowed: {', '.join(sorted(known))}"


def _strange_pair(pairs: tuple[str, ...], known: set[str]) -> str | None:
    for pair in pairs:
        ends = pair.split("-")
        if len(ends) != 2 or ends[0] >= ends[1] or not set(ends) <= known:
            return f"'{pair}' is not a pair of known economies in alphabetical order, joined by a hyphen"
    return None


def _with_itself(row: Flow) -> str | None:
    return "an economy's trade with itself is computed, not carried" if row.exporter == row.importer else None


def _doubles(tables: dict[str, tuple]) -> list[FactsProblem]:
    keys = {
        "economies": lambda row: row.id,
        "sizes": lambda row: (row.economy, row.year),
        "flows": lambda row: (row.exporter, row.importer, row.year, row.reading),
        "deflator": lambda row: row.year,
        "growth": lambda row: row.economy,
        "pairs": lambda row: row.pair,
        "corridors": lambda row: row.id,
        "parameters": lambda row: row.name,
    }
    problems = []
    for table, key in keys.items():
        seen = set()
        for number, row in enumerate(tables[table], start=2):
            if key(row) in seen:
                problems.append(FactsProblem(f"trade_{table}.csv", number, "", "given twice"))
            seen.add(key(row))
    return problems


def _gaps(tables: dict[str, tuple], known: set[str]) -> list[FactsProblem]:
    """The base year must have a size for every economy and a flow for every ordered pair, under both readings."""
    problems = []
    sized = {row.economy for row in tables["sizes"] if row.year == BASE_YEAR and row.gdp_current_usd}
    grown = {row.economy for row in tables["growth"]}
    for table, missing in (("sizes", known - sized), ("growth", known - grown)):
        for economy in sorted(missing):
            problems.append(FactsProblem(f"trade_{table}.csv", 0, "", f"no figures for {economy} in the base year"))
    for reading in READINGS:
        rows = [row for row in tables["flows"] if row.year == BASE_YEAR and row.reading in ("", reading)]
        present = {(row.exporter, row.importer) for row in rows}
        for pair in sorted((a, b) for a in known for b in known if a != b and (a, b) not in present):
            text = f"no figure for {pair[0]} to {pair[1]} in the base year, reading {reading}"
            problems.append(FactsProblem("trade_flows.csv", 0, "", text))
    return problems
