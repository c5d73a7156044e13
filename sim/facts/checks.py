"""Checks between tables: names must exist, shares must sum to one, spells must not end before they begin."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sim.errors import Problem, printable, suggestion
from sim.facts import event_kinds
from sim.facts.order import CLOSABLE, ISSUES
from sim.facts.reading import Placed
from sim.facts.rows import INSTRUMENT_CLASSES
from sim.facts.tables import TABLES, noun_of

CONTENT_TOLERANCE = 1e-6
RUNGS = 3  # of the bilateral ladder; the engine has room for so many
BILATERAL_KINDS = ("rung", "declaration", "upgrade", "council", "clash", "settlement", "opening")
SUBJECTS = {  # kind of event -> tables one of which its subject must be in
    "rung": ("rungs",),
    "upgrade": ("rungs",),
    "signature": ("accords",),
    "refusal": ("accords",),
    "accession": ("accords",),
    "withdrawal": ("accords",),
    "proposal": ("accords",),
    "summit": ("formats",),
    "format-ends": ("formats",),
    "ratification": ("rungs", "accords"),
    "in-force": ("rungs", "accords"),
}


def cross_check(tables: dict[str, dict[Any, Placed]]) -> list[Problem]:
    """All problems between the tables that every scenario needs; empty if there is none."""
    problems: list[Problem] = []
    for check in (_shape, _content, _spells, _events, _accords, _bars, _weights, _choices):
        problems += check(tables)
    return problems


def unknown_names(tables: dict[str, dict[Any, Placed]]) -> list[Problem]:
    """A problem for every cell that names no row of the table it refers to."""
    problems = []
    for name, table in tables.items():
        for column, target in TABLES[name].refers.items():
            if target not in tables:
                continue
            for placed in table.values():
                value = getattr(placed.row, column)
                fault = unknown((value,) if isinstance(value, str) else value, tables[target], noun_of(target))
                if fault:
                    problems.append(placed.problem(column, fault))
    return problems


def unknown(names: Iterable[str], allowed: Iterable[str], what: str) -> str | None:
    """What is wrong with names that are not among those allowed; empty names are no names."""
    allowed = list(allowed)
    wrong = [name for name in names if name and name not in allowed]
    if not wrong:
        return None
    near = suggestion(wrong[0], allowed, most_listed=0)
    return f"{', '.join(map(printable, wrong))}: not a known {what}. Allowed: {', '.join(allowed)}.{near}"


def each(table: dict[Any, Placed], column: str, fault: Callable[[Any], str | None]) -> list[Problem]:
    """A problem for every row for which `fault(row)` gives a message."""
    found = ((placed, fault(placed.row)) for placed in table.values())
    return [placed.problem(column, message) for placed, message in found if message]


def _shape(tables: dict) -> list[Problem]:
    """What the engine is built for: a ladder of so many rungs, and one format at least that feeds the process."""
    found = []
    if len(tables["rungs"]) != RUNGS:
        found.append(Problem(_file(tables, "rungs"), 0, f"{len(tables['rungs'])} rungs. Allowed: {RUNGS}"))
    if not any(placed.row.regional for placed in tables["formats"].values()):
        text = "no format is regional; meetings of the region itself need one with regional = 1"
        found.append(Problem(_file(tables, "formats"), 0, text))
    if len(tables["states"]) < 2:
        found.append(Problem(_file(tables, "states"), 0, f"{len(tables['states'])} states. Allowed: two or more"))
    led = {placed.row.state for placed in tables["leaders"].values()}
    for state in (name for name in tables["states"] if name not in led):
        found.append(Problem(_file(tables, "leaders"), 0, f"state: {state} has no leader"))
    borders = [f"{row.state_a}-{row.state_b}" for row in (placed.row for placed in tables["borders"].values())]
    pairs = [f"{a}-{b}" for a in tables["states"] for b in tables["states"] if a < b]
    found += each(tables["region"], "axis", lambda row: unknown([row.axis], pairs, "pair of states"))
    return found + each(
        tables["region"], "troubled_border", lambda row: unknown([row.troubled_border], borders, "border")
    )


def _file(tables: dict, name: str) -> str:
    """Where the rows of a table were read, for a problem of the table as a whole."""
    return next((placed.file for placed in tables[name].values()), f"{name}.csv")


def _bars(tables: dict) -> list[Problem]:
    allowed = (*INSTRUMENT_CLASSES, *tables["formats"])
    return each(tables["legal_bars"], "bars", lambda row: unknown([row.bars], allowed, "class of instruments"))


def _content(tables: dict) -> list[Problem]:
    def fault(row):
        total = sum(row.content)
        return None if abs(total - 1) <= CONTENT_TOLERANCE else f"issue shares sum to {total:g}. Allowed: 1"

    return each(tables["rungs"], "trade", fault) + each(tables["accords"], "trade", fault)


def _spells(tables: dict) -> list[Problem]:
    return each(tables["shocks"], "until", lambda row: "is before since" if row.until < row.since else None)


def _subject_of(row, tables: dict) -> str | None:
    if row.kind in ("closure", "opening"):
        return unknown([row.subject or "an empty cell"], CLOSABLE, f"subject of a {row.kind}")
    places = SUBJECTS.get(row.kind)
    if places is None:
        return None
    known = [name for place in places for name in tables[place]]
    what = " or ".join(map(noun_of, places))
    return unknown([row.subject], known, what) if row.subject else f"may not be empty for {row.kind}"


def _direction_of(row, tables: dict) -> str | None:
    if row.kind in event_kinds.DIRECTED and (not row.actor or not row.target or row.actor == row.target):
        return f"a {row.kind} needs an actor and a different target"
    outside = [name for name in (row.actor, row.target) if name and name not in row.parties]
    return f"{', '.join(outside)} must be among the parties" if outside else None


def _parties_of(row, tables: dict) -> str | None:
    if row.kind in BILATERAL_KINDS and len(row.parties) != 2:
        return f"a {row.kind} concerns two states"
    borders = [{placed.row.state_a, placed.row.state_b} for placed in tables["borders"].values()]
    if row.kind in ("clash", "settlement") and len(row.parties) == 2 and set(row.parties) not in borders:
        return f"{' and '.join(row.parties)} have no common border in borders.csv"
    if row.kind in ("signature", "refusal", "accession") and row.subject in tables["accords"]:
        may = tables["accords"][row.subject].row.parties
        wrong = [state for state in row.parties if state not in may]
        return f"{', '.join(wrong)} may not sign {row.subject}. Allowed: {', '.join(may)}" if wrong else None
    return None


def _value_of(row, tables: dict) -> str | None:
    if row.kind == "clash" and row.value not in (0.0, 1.0):
        return "a clash is 1 (deadly or militarised) or 0"
    if row.kind == "settlement" and not (row.value is not None and 0 < row.value <= 1):
        return "a settlement gives the cumulative share settled, above 0 to 1"
    return None


def _note_of(row, tables: dict) -> str | None:
    return None if row.used or row.note else "an unused row must say why"


#: What may be wrong with an event, by the column at fault.
_OF_EVENTS = {
    "subject": _subject_of,
    "actor": _direction_of,
    "parties": _parties_of,
    "value": _value_of,
    "note": _note_of,
}


def _events(tables: dict) -> list[Problem]:
    return [
        fault
        for column, rule in _OF_EVENTS.items()
        for fault in each(tables["events"], column, functools.partial(rule, tables=tables))
    ]


def _accords(tables: dict) -> list[Problem]:
    def fault(row):
        return f"{row.minimum} is more than the parties" if row.minimum > len(row.parties) else None

    return each(tables["accords"], "minimum", fault)


def _weights(tables: dict) -> list[Problem]:
    sums: dict[str, float] = defaultdict(float)
    issues: dict[str, set] = defaultdict(set)
    for row in (placed.row for placed in tables["issue_weights"].values()):
        sums[row.state] += row.weight
        issues[row.state].add(row.issue)
    problems = []
    for state in tables["states"]:
        missing = [issue for issue in ISSUES if issue not in issues[state]]
        if missing:
            problems.append(Problem("issue_weights.csv", 0, f"issue: {state} lacks {', '.join(missing)}"))
        elif abs(sums[state] - 1) > CONTENT_TOLERANCE:
            message = f"weight: weights of {state} sum to {sums[state]:g}. Allowed: 1"
            problems.append(Problem("issue_weights.csv", 0, message))
    return problems


def _choices(tables: dict) -> list[Problem]:
    def fault(row):
        if row.unit == "choice":
            return None if row.value in row.choices else f"'{row.value}' is not a choice. Allowed: {row.prior}"
        if isinstance(row.value, str):
            return f"'{row.value}' is not a number"
        low, high = row.lower, row.upper
        if (low is not None and row.value < low) or (high is not None and row.value > high):
            return f"{row.value:g} is outside its own range {low} to {high}"
        return None

    names = ("parameters", "river_parameters", "trade_parameters")
    return [problem for name in names for problem in each(tables[name], "value", fault)]
