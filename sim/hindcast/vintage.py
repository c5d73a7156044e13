"""The facts as they stood on the first day of a month: what a forecast from there may know.

The engine run on them does what a run from the end of the record does today: figures are carried on or held, outside
formats meet as often as they did, no text is tabled that was not yet there, no shock is foreseen. What these tables
cannot forget is said in docs/forecasts.md: issue weights, turnover of leaders and whatever parameter the calibration
does not fit were written down with the whole record in view.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sim.facts import Event, Facts
from sim.facts.vintage import facts_as_of


def facts_before(facts: Facts, month: int) -> Facts:
    """Only what had happened, and only figures of years that were over, before the first day of an absolute month.

    Leaders have the prior of any leader: that of the table rests on frictions of the whole record. A shock that had
    begun ends on the last day known.
    """
    known, spread = facts_as_of(facts, date(month // 12, month % 12 + 1, 1)), unknown_openness(facts)
    leaders = tuple(replace(row, openness_mean=0.0, openness_sd=spread) for row in known.leaders)
    return replace(known, leaders=leaders)


def known_until(facts: Facts, year: int, month: int) -> Facts:
    """The record as if its tables ended with a month; nothing dated later is known."""
    day = date(year + month // 12, month % 12 + 1, 1)
    return replace(facts_as_of(facts, day), record_ends=day - timedelta(days=1))


def unknown_openness(facts: Facts) -> float:
    """Spread of the openness of a leader of whom nothing is known, between states and between leaders of one."""
    table = {row.name: row.value for row in facts.parameters}
    return float(np.hypot(table["leaders.state_openness_sd"], table["leaders.leader_openness_sd"]))


def happened(facts: Facts, kind: str) -> list[Event]:
    """Documented events of a kind that are in use, by date."""
    return sorted((row for row in facts.events if row.used and row.kind == kind), key=lambda row: row.date)
