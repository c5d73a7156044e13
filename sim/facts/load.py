"""Loading all tables at once, checked against each other, with a digest of their bytes."""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from sim.facts import rows
from sim.facts.checks import cross_check
from sim.facts.errors import FactsError
from sim.facts.reading import read_table

TABLES = Path(__file__).parent / "tables"

ROW_CLASSES = {
    "states": rows.State,
    "leaders": rows.Leader,
    "borders": rows.Border,
    "rungs": rows.Rung,
    "accords": rows.Accord,
    "formats": rows.Format,
    "events": rows.Event,
    "event_weights": rows.EventWeight,
    "powers": rows.Power,
    "dependence": rows.Dependence,
    "group_share": rows.GroupShare,
    "shocks": rows.Shock,
    "capacity": rows.Capacity,
    "issue_weights": rows.IssueWeight,
    "parameters": rows.Parameter,
    "trade_economies": rows.Economy,
    "trade_corridors": rows.Corridor,
    "trade_agreements": rows.Agreement,
}
# economic unions and what the table of agreements calls them
UNIONS = {"EAEU": "eurasian-union"}
# parameters that stand with the other tables of their subject
PARAMETERS_ELSEWHERE = ("river_parameters", "trade_parameters")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Every table, row by row in the order of its file; `digest` identifies their exact bytes."""

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
    parameters: tuple[rows.Parameter, ...]
    trade_economies: tuple[rows.Economy, ...]
    trade_corridors: tuple[rows.Corridor, ...]
    trade_agreements: tuple[rows.Agreement, ...]
    digest: str

    def union_members(self, union: str) -> tuple[str, ...]:
        """Economies of an economic union as documented, in alphabetical order."""
        pairs = [(row.economy_a, row.economy_b) for row in self.trade_agreements if row.agreement == UNIONS[union]]
        return tuple(sorted({economy for pair in pairs for economy in pair}))


@functools.cache
def load_facts(folder: Path = TABLES) -> Facts:
    """Read and check all tables of a folder, by default those of the package.

    Raises
    ------
    FactsError : naming table, line and column of every problem
    """
    tables = {}
    problems = []
    elsewhere = {name: rows.Parameter for name in PARAMETERS_ELSEWHERE}
    for name, row_class in {**ROW_CLASSES, **elsewhere}.items():
        try:
            tables[name] = read_table(folder / f"{name}.csv", row_class)
        except FactsError as error:
            problems += error.problems
    if not problems:
        problems = cross_check(tables)
    if problems:
        raise FactsError(problems)
    for name in elsewhere:
        tables["parameters"] += tables.pop(name)
    return Facts(**tables, digest=digest_of(folder))


def digest_of(folder: Path) -> str:
    """SHA-256, in hexadecimal, over the bytes of the folder's tables in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
