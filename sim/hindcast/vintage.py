"""The facts as they stood on New Year's Day of a year: what a forecast from there may know.

The engine run on them does what a run from the end of the record does today: figures are carried on or held, outside
formats meet as often as they did, no text is tabled that was not yet there, no shock is foreseen. What these tables
cannot forget is said in docs/forecasts.md: issue weights, turnover of leaders and whatever parameter the calibration
does not fit were written down with the whole record in view.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sim.facts import Event, Facts


def facts_before(facts: Facts, year: int) -> Facts:
    """Only what had happened, and only figures of years that were over, before 1 January of a year.

    Leaders have the prior of any leader: that of the table rests on frictions of the whole record. A shock that had
    begun ends on the last day known.
    """
    day = date(year, 1, 1)
    eve = day - timedelta(days=1)
    later = {row.id for row in facts.accords if row.opens >= day}
    spread = unknown_openness(facts)
    return replace(
        facts,
        leaders=tuple(replace(row, openness_mean=0.0, openness_sd=spread) for row in facts.leaders if row.since < day),
        accords=tuple(row for row in facts.accords if row.id not in later),
        events=tuple(row for row in facts.events if row.date < day and row.subject not in later),
        dependence=tuple(row for row in facts.dependence if row.year < year),
        group_share=tuple(row for row in facts.group_share if row.since < day),
        shocks=tuple(replace(row, until=min(row.until, eve)) for row in facts.shocks if row.since < day),
        capacity=tuple(row for row in facts.capacity if row.year < year),
    )


def unknown_openness(facts: Facts) -> float:
    """Spread of the openness of a leader of whom nothing is known, between states and between leaders of one."""
    table = {row.name: row.value for row in facts.parameters}
    return float(np.hypot(table["leaders.state_openness_sd"], table["leaders.leader_openness_sd"]))


def happened(facts: Facts, kind: str) -> list[Event]:
    """Documented events of a kind that are in use, by date."""
    return sorted((row for row in facts.events if row.used and row.kind == kind), key=lambda row: row.date)
