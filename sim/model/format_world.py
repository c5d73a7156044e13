"""The regional formats: from when they are simulated, how often they meet, and in which months."""

import numpy as np

from sim.facts import Facts
from sim.facts.rows import month_of
from sim.model.schedule import FOREVER, Draft
from sim.scenario import Scenario


def fill_formats(table, scenario: Scenario, facts: Facts, states, draft: Draft) -> None:
    """Formats: from when they are simulated, and how often those that are not regional meet."""
    record_end = draft.branch
    if scenario.later == "known":
        record_end = max((month_of(event.date) for event in facts.events if event.used), default=draft.branch - 1) + 1
    powers = [row.id for row in facts.powers]
    for k, row in enumerate(facts.formats):
        table.party[k] = [int(s in row.parties) for s in states]
        table.regional[k], table.power[k] = int(row.regional), powers.index(row.power) if row.power else -1
        table.yearly[k] = int(row.id == "bilateral")
        drawn = row.regional or table.yearly[k] == 1
        simulated_from = draft.branch if drawn else max(draft.branch, record_end)
        table.simulated_from[k] = simulated_from if draft.slots[k] == k else FOREVER
        met = [month_of(e.date) for e in facts.events if e.used and e.kind == "summit" and e.subject == row.id]
        if met:
            table.frequency[k] = meeting_rate(len(met), (record_end - min(met)) / 12)
        before = [
            month_of(e.date)
            for e in facts.events
            if e.used and e.kind == "summit" and draft.slots[draft.format[e.subject]] == k
        ]
        table.season[k] = season_of([month for month in before if month < draft.branch])
    table.first_simulated = table.simulated_from.min()


def meeting_rate(meetings: int, years: float) -> float:
    """Chance that a format meets in a year, from its meetings in the years since the first.

    The founding meeting says nothing of the rhythm; half a meeting in one year more than observed (the prior) keeps a
    format that met once from meeting never, or every year.
    """
    return min(1.0, (meetings - 0.5) / (years + 1.0))


def season_of(months: list[int]) -> np.ndarray:
    """(12,) shares of a year's meetings by month: counts and half a meeting a month (Jeffreys' Dirichlet prior)."""
    counts = 0.5 + np.bincount(np.array(months, np.int64) % 12, minlength=12)
    return counts / counts.sum()
