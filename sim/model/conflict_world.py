"""What conflict needs of a world: sections, weights of clashes and disputes, channels, how unsettled borders were."""

import numpy as np

from sim.engine.layout import MAX_ACCORDS, MAX_YEARS, record
from sim.facts import Facts, Rivers

LEVELS = 5  # of the BAR scale below zero
BASIN_WATER_SHARE = 0.4  # an instrument of which this much is about water is a basin institution

_REAL, _WHOLE = np.float64, np.int64


def conflict_fields(states: int, dyads: int) -> list[tuple]:
    """Fields of the record of conflict."""
    return [
        ("enclaves", _WHOLE, dyads),  # 0/1
        ("clash_offset", _REAL, dyads),  # log rate
        ("clash_weight", _REAL, 2),  # without and with deaths or regular forces, alliance = 1
        ("clash_class", _WHOLE, 2),
        ("dispute_weight", _REAL, LEVELS),  # of intensity -1 to -5
        ("dispute_class", _WHOLE),
        ("n_basin_accords", _WHOLE),
        ("basin_accord", _WHOLE, MAX_ACCORDS),  # those that a scenario tables
        ("share_of_border", _REAL, (dyads, 2)),  # of all land borders with others of the six, of either neighbour
        ("documented_unrest", _REAL, (MAX_YEARS * 12, states)),  # by month of the run
    ]


def conflict_record(rivers: Rivers, facts: Facts, draft, accords, states, dyads, borders, clock):
    """The record of conflict.

    Parameters
    ----------
    draft : the drafted schedule, for weights of events
    accords : instruments of this world
    borders : record of the borders, filled
    """
    table = record(conflict_fields(len(states), len(dyads)))
    for row in rivers.borders:
        d = dyads.index(tuple(sorted((row.state_a, row.state_b))))
        table.enclaves[d], table.clash_offset[d] = int(row.enclaves), row.clash_offset
    for k, grade in enumerate(("minor", "deadly")):
        table.clash_weight[k], table.clash_class[k] = draft.weight("clash", grade)
    for k in range(LEVELS):
        table.dispute_weight[k], table.dispute_class = draft.weight("dispute", str(k + 1))
    basin = [m for m, a in enumerate(accords) if not a.documented and a.content[1] >= BASIN_WATER_SHARE]
    table.n_basin_accords, table.basin_accord[: len(basin)] = len(basin), basin
    memory = {row.name: row.value for row in facts.parameters}["border.clash_memory"]
    fill_unrest(table, facts, states, dyads, borders, clock.start, memory)
    return table


def fill_unrest(table, facts: Facts, states, dyads, borders, start: int, memory: float) -> None:
    """Share of each state's land borders that was unsettled, plus its share that a clash had touched lately, by month.

    After the record ends the last settlement holds and the last clash goes on fading.
    """
    months = start + np.arange(len(table.documented_unrest))
    lengths, unrest = np.zeros(len(states)), np.zeros((len(months), len(states)))
    for d, (a, b) in enumerate(dyads):
        if not borders.exists[d]:
            continue
        open_share, clash = np.full(len(months), borders.unsettled[d]), np.full(len(months), -np.inf)
        for event in facts.events:
            if event.used and tuple(sorted(event.parties)) == (a, b):
                when = event.date.year * 12 + event.date.month - 1
                if event.kind == "settlement":
                    open_share[months >= when] = 1.0 - event.value
                elif event.kind == "clash":
                    clash[months >= when] = when
        for state in (states.index(a), states.index(b)):
            lengths[state] += borders.length[d]
            unrest[:, state] += borders.length[d] * (open_share + np.exp(-(months - clash) / memory))
    table.documented_unrest[:] = unrest / np.where(lengths > 0.0, lengths, 1.0)
    for d, pair in enumerate(dyads):
        if borders.exists[d]:
            table.share_of_border[d] = [borders.length[d] / lengths[states.index(state)] for state in pair]
