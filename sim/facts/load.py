"""Loading the tables: all bytes are read once, identified by their digest, checked row by row and against each other.

`load_facts`, `load_rivers` and `load_trade_facts` are three views of one folder of tables. What they return is kept by
the *content* of the files, never by their path, so that an edited table is seen and a digest speaks of what was used.
"""

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import FactsError, Problem
from sim.facts import river_rows as river
from sim.facts import rows, term_rows
from sim.facts import trade_rows as trade
from sim.facts.checks import cross_check
from sim.facts.files import LARGEST_TABLE, File, Unreadable, read_bytes
from sim.facts.layers import key_of, lay
from sim.facts.reading import Placed
from sim.facts.record import OURS, Record
from sim.facts.record_checks import check_together, end_of_record
from sim.facts.river_checks import check_rivers
from sim.facts.river_rows import QUANTITIES, parse_values
from sim.facts.tables import RIVER_FILES, TABLES
from sim.facts.trade_checks import check_trade

FOLDER = Path(__file__).parent / "tables"
CALIBRATIONS = Path(__file__).parent / "calibrations"
RECORD_ENDS = date(2025, 6, 30)  # last documented month
# parameters that stand with the other tables of their subject
_PARAMETERS = ("river_parameters", "trade_parameters")
_SHARED = ("trade_economies", "trade_corridors", "trade_agreements")  # part of the facts that every scenario needs
_OF_FACTS = (
    tuple(name for name in TABLES if not name.startswith(("river_", "trade_", "record"))) + _PARAMETERS + _SHARED
)
#: Tables of the rivers that a fit to the record reads too.
_OF_DISPUTES = ("river_pairs", "river_disputes", "river_reporting")
_OF_RIVERS = tuple(file.removesuffix(".csv") for file in RIVER_FILES)
_OF_TRADE = tuple(name for name in TABLES if name.startswith("trade_"))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Every table, row by row in the order of its file; `digest` identifies the exact bytes of all tables."""

    region: tuple[rows.Region, ...]
    unions: tuple[rows.Union, ...]
    states: tuple[rows.State, ...]
    leaders: tuple[rows.Leader, ...]
    borders: tuple[rows.Border, ...]
    rungs: tuple[rows.Rung, ...]
    accords: tuple[rows.Accord, ...]
    formats: tuple[rows.Format, ...]
    events: tuple[rows.Event, ...]
    event_weights: tuple[rows.EventWeight, ...]
    powers: tuple[rows.Power, ...]
    dependence: tuple[rows.Dependence, ...]
    group_share: tuple[rows.GroupShare, ...]
    shocks: tuple[rows.Shock, ...]
    capacity: tuple[rows.Capacity, ...]
    issue_weights: tuple[rows.IssueWeight, ...]
    terms: tuple[term_rows.Term, ...]
    term_ends: tuple[term_rows.TermEnd, ...]
    legal_bars: tuple[rows.LegalBar, ...]
    borders_progress: tuple[rows.BorderProgress, ...]
    rival_projects: tuple[rows.RivalProject, ...]
    rival_members: tuple[rows.RivalMember, ...]
    parameters: tuple[rows.Parameter, ...]
    trade_economies: tuple[trade.Economy, ...]
    trade_corridors: tuple[trade.Corridor, ...]
    trade_agreements: tuple[trade.Agreement, ...]
    river_pairs: tuple[river.RiverPair, ...]
    river_disputes: tuple[river.RiverDispute, ...]
    river_reporting: tuple[river.Reporting, ...]
    digest: str
    record_ends: date = RECORD_ENDS
    record: Record = field(default=OURS, repr=False)

    def index(self, table: str) -> dict[Any, Any]:
        """Key -> row of a table: `facts.index("parameters")["trust.decay"]`, `facts.index("capacity")["ALA", 2020]`."""
        found = self.__dict__.setdefault("_indices", {})
        if table not in found:
            found[table] = {key_of(row, TABLES[table].key): row for row in getattr(self, table)}
        return found[table]

    @property
    def core_states(self) -> tuple[str, ...]:
        """The states whose integration with each other is studied, in the order of their table."""
        return tuple(state.id for state in self.states if state.core)

    @property
    def about(self) -> rows.Region:
        """What the region is called and looks at first; a region without a row has a name alone."""
        return (
            self.region[0]
            if self.region
            else rows.Region(name=self.record.name, axis="", axis_goal=None, troubled_border="", source="")
        )

    def union_members(self, union: str) -> tuple[str, ...]:
        """Economies of an economic union as documented, in alphabetical order."""
        name = self.index("unions")[union].agreement
        pairs = [(row.economy_a, row.economy_b) for row in self.trade_agreements if row.agreement == name]
        return tuple(sorted({economy for pair in pairs for economy in pair}))


@dataclass(frozen=True)
class Rivers:
    """Everything known about the rivers.

    Attributes
    ----------
    nodes : id -> row, in the order of the table
    numbers : (node, quantity) -> row
    sections : id -> row
    pairs : downstream and upstream states
    inflow_years : recorded years of the inflow
    observations : figures to compare with
    borders : features of the border sections
    disputes : recorded events between states over water
    reporting : what share of the disputes of some years is on record
    watched : nodes that are followed from month to month
    parameters : names of the parameters of the rivers
    """

    nodes: dict[str, river.RiverNode]
    numbers: dict[tuple[str, str], river.RiverNumber]
    sections: dict[str, river.RiverSection]
    pairs: tuple[river.RiverPair, ...]
    inflow_years: tuple[river.InflowYear, ...]
    observations: tuple[river.RiverObservation, ...]
    borders: tuple[river.BorderSection, ...]
    disputes: tuple[river.RiverDispute, ...]
    reporting: tuple[river.Reporting, ...]
    watched: tuple[river.Watched, ...]
    parameters: tuple[str, ...]

    @property
    def with_parameters(self) -> tuple[str, ...]:
        """Rivers, in small letters, whose deciding dams take barter and noise of their volume from the parameters."""
        return river.rivers_with_parameters(self.parameters)

    def values(self, node: str, quantity: str) -> tuple[float, ...]:
        """The one or twelve numbers of a node; its default if the table has none.

        Raises
        ------
        KeyError : the table has none and there is no default
        """
        row = self.numbers.get((node, quantity))
        if row is not None:
            return parse_values(row.values)
        default = QUANTITIES[quantity].default
        if default is None:
            raise KeyError(f"{node}: {quantity}")
        return (default,)

    def number(self, node: str, quantity: str) -> float:
        """The single number of a node; errors as in `values`."""
        return self.values(node, quantity)[0]

    def has(self, node: str, quantity: str) -> bool:
        """Whether the table gives this number."""
        return (node, quantity) in self.numbers

    def of_kind(self, kind: str) -> tuple[river.RiverNode, ...]:
        """The nodes of a kind, in the order of the table."""
        return tuple(node for node in self.nodes.values() if node.kind == kind)


@dataclass(frozen=True, kw_only=True)
class TradeFacts:
    """Every table of trade, row by row in the order of its file."""

    economies: tuple[trade.Economy, ...]
    sizes: tuple[trade.Size, ...]
    flows: tuple[trade.Flow, ...]
    deflator: tuple[trade.Deflator, ...]
    agreements: tuple[trade.Agreement, ...]
    crossings: tuple[trade.Crossing, ...]
    growth: tuple[trade.Growth, ...]
    pairs: tuple[trade.PairSpread, ...]
    corridors: tuple[trade.Corridor, ...]
    parameters: tuple[rows.Parameter, ...] = field(repr=False)
    core: frozenset[str]  # states whose trade with each other is called intra-regional
    axis: str  # the pair that is followed first; may be empty

    @property
    def ids(self) -> tuple[str, ...]:
        """The economies in their order: the states first."""
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


def load_facts(record: Record = OURS, folder: Path = FOLDER) -> Facts:
    """The tables that every scenario needs.

    Parameters
    ----------
    record : a user's tables, whose rows follow, replace or withdraw those of the folder
    folder : where the complete tables are

    Raises
    ------
    FactsError : with every problem found, each with file and line
    """
    return _facts(_read(folder), record)


def load_trade_facts(record: Record = OURS, folder: Path = FOLDER) -> TradeFacts:
    """The tables `trade_*.csv`; parameters and errors as in `load_facts`."""
    return _trade(_read(folder), record)


def load_rivers(record: Record = OURS, folder: Path = FOLDER) -> Rivers:
    """The tables `river_*.csv`; parameters and errors as in `load_facts`."""
    return _rivers(_read(folder), record)


def load_all(record: Record) -> tuple[Facts, Rivers, TradeFacts]:
    """All three with a user's record, checked against each other; FactsError with the problems of all of them."""
    found, problems = [], []
    for load in (load_facts, load_rivers, load_trade_facts):
        try:
            found.append(load(record))
        except FactsError as error:
            problems += error.problems
    _refuse(problems or check_together(*found, record))
    return tuple(found)


def digest_of(files: Iterable[File]) -> str:
    """SHA-256, in hexadecimal, over the bytes of files in the order given."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.data)
    return digest.hexdigest()


def _read(folder: Path) -> tuple[File, ...]:
    """All tables of a complete folder in the order of their names; read again where one of them has changed."""
    paths = sorted(folder.glob("*.csv"))
    return _files(folder, tuple((path.name, *_mark(path)) for path in paths))


def _mark(path: Path) -> tuple[int, ...]:
    """What changes with a file, without reading it."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


@functools.lru_cache(maxsize=4)
def _files(folder: Path, marks: tuple[tuple, ...]) -> tuple[File, ...]:
    try:
        return tuple(File(name, name, read_bytes(folder / name, "a table", LARGEST_TABLE)) for name, *_ in marks)
    except Unreadable as error:
        raise FactsError([Problem(str(folder), 0, str(error))]) from None


@functools.lru_cache(maxsize=8)
def _facts(files: tuple[File, ...], record: Record) -> Facts:
    tables, problems = lay((*_OF_FACTS, "record", *_OF_DISPUTES), files, record)
    _refuse(problems or cross_check(tables))
    _in_order(tables)
    ends, problems = end_of_record(tables, tables.pop("record"), RECORD_ENDS, record)
    _refuse(problems)
    plain = {name: _rows(tables[name]) for name in (*_OF_FACTS, *_OF_DISPUTES)}
    for name in _PARAMETERS:
        plain["parameters"] += plain.pop(name)
    digest = digest_of(files)
    if record:
        digest = hashlib.sha256(f"{digest} {record.digest}".encode()).hexdigest()
    return Facts(**plain, digest=digest, record_ends=ends, record=record)


def _in_order(tables: dict[str, dict[Any, Placed]]) -> None:
    """States by id, and economies with the states first: model and trade number them alike; in place."""
    tables["states"] = dict(sorted(tables["states"].items()))
    places = {state: place for place, state in enumerate(tables["states"])}
    economies = tables["trade_economies"].items()
    tables["trade_economies"] = dict(sorted(economies, key=lambda item: places.get(item[0], len(places))))


@functools.lru_cache(maxsize=8)
def _trade(files: tuple[File, ...], record: Record) -> TradeFacts:
    tables, problems = lay((*_OF_TRADE, "states", "region"), files, record)
    _refuse(problems or check_trade(tables))
    _in_order(tables)
    core = frozenset(state.id for state in _rows(tables["states"]) if state.core)
    axis = next((row.axis for row in _rows(tables["region"])), "")
    plain = {name.removeprefix("trade_"): _rows(tables[name]) for name in _OF_TRADE}
    return TradeFacts(**plain, core=core, axis=axis)


@functools.lru_cache(maxsize=16)
def _rivers(files: tuple[File, ...], record: Record) -> Rivers:
    tables, problems = lay((*_OF_RIVERS, "river_parameters"), files, record)
    _refuse(problems or check_rivers(tables))
    parameters = tuple(tables["river_parameters"])
    found = {name.removeprefix("river_"): {key: each.row for key, each in tables[name].items()} for name in _OF_RIVERS}
    by_key = ("nodes", "numbers", "sections")
    plain = {name: rows if name in by_key else tuple(rows.values()) for name, rows in found.items()}
    return Rivers(**plain, parameters=parameters)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise FactsError(problems)


def _rows(table: dict[Any, Placed]) -> tuple:
    return tuple(placed.row for placed in table.values())


def changes(record: Record) -> list[tuple[str, Any, str, tuple[str, ...]]]:
    """What a checked record does to our rows: table, key, + - or ~, and for ~ the attributes that differ."""
    ours, found = _read(FOLDER), []
    for name in (file.name.removesuffix(".csv") for file in record.files):
        (before, _), (after, _) = lay([name], ours), lay([name], ours, record)
        for key, placed in before[name].items():
            new = after[name].get(key)
            if new is None:
                found.append((name, key, "-", ()))
            elif new.row != placed.row:
                names = (field.name for field in fields(placed.row))
                differ = tuple(each for each in names if getattr(new.row, each) != getattr(placed.row, each))
                found.append((name, key, "~", differ))
        found += [(name, key, "+", ()) for key in after[name] if key not in before[name]]
    return found
