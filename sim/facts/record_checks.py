"""Checks of a user's record: how far it reaches, and what only all tables together can tell."""

from datetime import date, timedelta
from typing import Any

from sim.errors import Problem
from sim.facts.reading import Placed
from sim.facts.record import Record
from sim.facts.tables import TABLES

# the tables of what happened: their latest row is the last documented month unless the folder says how far it reaches
_HAPPENED = ("events", "leaders", "river_disputes")


def end_of_record(
    tables: dict[str, dict[Any, Placed]], spans: dict[Any, Placed], ours: date, record: Record
) -> tuple[date, list[Problem]]:
    """Last documented day, and what is wrong with the folder's own word on it.

    Parameters
    ----------
    tables : those of `_HAPPENED` among them, our rows and the user's
    spans : rows of the user's `record.csv`
    ours : last day of the record without the user's
    """
    labels = {file.label for file in record.files}
    rows = [
        (placed, getattr(placed.row, TABLES[name].dated), TABLES[name].dated)
        for name in _HAPPENED
        for placed in tables[name].values()
        if placed.file in labels
    ]
    if not spans:
        return max([ours, *(_end_of_month(day) for _, day, _ in rows)]), []
    stated = max(spans.values(), key=lambda placed: placed.row.until)
    until = stated.row.until
    if until < ours and record.base == "ours":
        return ours, [stated.problem("until", f"{until} lies before {ours}, the end of the record that it carries on")]
    if until != _end_of_month(until):
        text = f"{until} is not the last day of a month. Allowed: {_end_of_month(until)}, or that of an earlier month"
        return ours, [stated.problem("until", text)]
    text = f"lies after {until}, up to which record.csv says the record reaches"
    return until, [placed.problem(column, f"{day} {text}") for placed, day, column in rows if day > until]


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def check_together(facts: Any, rivers: Any, trade: Any, record: Record) -> list[Problem]:
    """What is wrong between political, water and trade tables; said of the user's file as a whole."""
    labels = {file.name: file.label for file in record.files}
    problems = []
    states, traders = (
        tuple(row.id for row in facts.states),
        tuple(row.id for row in trade.economies if row.kind == "state"),
    )
    if states != traders and (traders or record.base == "ours"):
        label = labels.get("states.csv") or labels.get("trade_economies.csv") or "states.csv"
        text = f"states are {', '.join(states)}; economies of kind state are {', '.join(traders)}. Allowed: the same"
        problems.append(Problem(label, 0, text))
    borders = {frozenset((row.state_a, row.state_b)) for row in facts.borders}
    for row in rivers.borders:
        if frozenset((row.state_a, row.state_b)) not in borders:
            text = f"{row.state_a} and {row.state_b} have no row in borders.csv"
            problems.append(Problem(labels.get("river_borders.csv", "river_borders.csv"), 0, text))
    return problems
