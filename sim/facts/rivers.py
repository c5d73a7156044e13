"""The river network of the Syr Darya and Amu Darya as data: loader of the river tables, with a user's own rows on top.

A folder with files of the same names and columns may replace rows (same id) or add new ones, so that a dam or a canal
is added without touching the program.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.facts.errors import FactsError, FactsProblem
from sim.facts.reading import read_table
from sim.facts.river_checks import NODES, NUMBERS, PAIRS, SECTIONS, YEARS, Placed, check_network, parse_values
from sim.facts.river_rows import (
    QUANTITIES,
    BorderSection,
    InflowYear,
    RiverDispute,
    RiverNode,
    RiverNumber,
    RiverObservation,
    RiverPair,
    RiverParameter,
    RiverSection,
)

TABLES = Path(__file__).parent / "tables"
OBSERVATIONS, PARAMETERS, BORDERS = "river_observations.csv", "river_parameters.csv", "river_borders.csv"
DISPUTES = "river_disputes.csv"


class NetworkError(FactsError):
    """The river network cannot be run; `problems` holds every fault with its file and line."""


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
    parameters : name -> row
    borders : features of the border sections
    disputes : recorded disputes between states over water
    """

    nodes: dict[str, RiverNode]
    numbers: dict[tuple[str, str], RiverNumber]
    sections: dict[str, RiverSection]
    pairs: tuple[RiverPair, ...]
    inflow_years: tuple[InflowYear, ...]
    observations: tuple[RiverObservation, ...]
    parameters: dict[str, RiverParameter]
    borders: tuple[BorderSection, ...]
    disputes: tuple[RiverDispute, ...]

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

    def of_kind(self, kind: str) -> tuple[RiverNode, ...]:
        """The nodes of a kind, in the order of the table."""
        return tuple(node for node in self.nodes.values() if node.kind == kind)


def load_rivers(overlays: Sequence[Path] = (), folder: Path = TABLES) -> Rivers:
    """Read and check the river tables.

    Parameters
    ----------
    overlays : folders with files of the same names; their rows replace or follow those of `folder`
    folder : where the complete tables are

    Raises
    ------
    NetworkError : with every problem found, each with file and line
    """
    return _load(tuple(Path(overlay) for overlay in overlays), Path(folder))


@functools.lru_cache(maxsize=16)
def _load(overlays: tuple[Path, ...], folder: Path) -> Rivers:
    problems: list[FactsProblem] = []

    def read(name: str, row_class: type, key) -> dict:
        return _placed_rows(name, row_class, key, folder, overlays, problems)

    nodes = read(NODES, RiverNode, lambda row: row.id)
    numbers = read(NUMBERS, RiverNumber, lambda row: (row.node, row.quantity))
    sections = read(SECTIONS, RiverSection, lambda row: row.id)
    pairs = read(PAIRS, RiverPair, lambda row: (row.downstream, row.upstream, row.basin))
    years = read(YEARS, InflowYear, lambda row: (row.year, row.group))
    observations = read(OBSERVATIONS, RiverObservation, lambda row: (row.date, row.series, row.note))
    parameters = read(PARAMETERS, RiverParameter, lambda row: row.name)
    borders = read(BORDERS, BorderSection, lambda row: (row.state_a, row.state_b))
    disputes = read(DISPUTES, RiverDispute, lambda row: row.id)
    if not problems:
        problems += check_network(nodes, numbers, sections, list(pairs.values()), list(years.values()))
        problems += [problem for placed in disputes.values() for problem in _unpaired(placed, pairs)]
    if problems:
        raise NetworkError(problems)
    return Rivers(
        nodes=_rows(nodes),
        numbers=_rows(numbers),
        sections=_rows(sections),
        pairs=tuple(_rows(pairs).values()),
        inflow_years=tuple(_rows(years).values()),
        observations=tuple(_rows(observations).values()),
        parameters=_rows(parameters),
        borders=tuple(_rows(borders).values()),
        disputes=tuple(_rows(disputes).values()),
    )


def _unpaired(placed: Placed, pairs: dict) -> list[FactsProblem]:
    """A dispute must be one of a downstream with an upstream state."""
    row = placed.row
    if (row.downstream, row.upstream, row.basin) in pairs:
        return []
    return [placed.problem("upstream", f"'{row.downstream}' is not below '{row.upstream}' in basin '{row.basin}'")]


def _rows(placed: dict) -> dict:
    return {key: value.row for key, value in placed.items()}


def _placed_rows(
    name: str, row_class: type, key, folder: Path, overlays: tuple[Path, ...], problems: list[FactsProblem]
) -> dict:
    """Key -> placed row; rows of later folders replace earlier ones, doubles within a file are problems."""
    found: dict = {}
    for number, place in enumerate((folder, *overlays)):
        path = place / name
        if number > 0 and not path.exists():
            continue
        shown = str(path) if number > 0 else name
        try:
            rows = read_table(path, row_class)
        except FactsError as error:
            problems += [replace(problem, table=shown) for problem in error.problems]
            continue
        seen = set()
        for line, row in enumerate(rows, start=2):
            if key(row) in seen:
                problems.append(FactsProblem(shown, line, "", f"{_text(key(row))} is given twice"))
            seen.add(key(row))
            found[key(row)] = Placed(row, shown, line)
    return found


def _text(key) -> str:
    return "'" + (key if isinstance(key, str) else " ".join(str(part) for part in key)) + "'"
