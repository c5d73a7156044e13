"""The exact likelihood of frictions, clashes and settlements, with its gradient, in compiled code.

Frictions and settlements are grouped-time hazards; a friction known to the year only is summed over its months. A
clash's rate carries a gamma frailty of its section and year (Vaupel, Manton & Stallard 1979) that is integrated out in
closed form: E[exp(-s F)] = (1 + s / k)^-k, and months with a clash, 1 - exp(-r F), are multiplied out over all choices
of them.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.inference.acts import SURE, ClashRows, FrictionRows, SettlementRows
from sim.processes.border_conflict import HIGHEST_REPEAT_EFFECT
from sim.processes.frictions import HIGHEST_DISTRUST_EFFECT, LOWEST_OPENNESS, LOWEST_TRUST

FRICTIONS = ("frictions.base", "frictions.distrust", "frictions.openness")
CLASHES = (
    "borders.clash_base",
    "borders.clash_length",
    "borders.clash_settled",
    "borders.clash_season",
    "borders.clash_trust",
    "borders.clash_repeat",
)
SETTLEMENTS = ("borders.settle_base", "borders.settle_capacity", "borders.settle_openness", "borders.settle_enclave")
CONFLICT = FRICTIONS + CLASHES + SETTLEMENTS
N_FRICTIONS, N_CLASHES, N_CONFLICT = len(FRICTIONS), len(CLASHES), len(CONFLICT)


class ConflictArrays(NamedTuple):
    """Rows as the compiled functions want them: f_ of frictions, c_ of clashes, s_ of settlements.

    c_section is the place of the section among those with a fitted offset, -1 for others; c_columns are (row, 5):
    length, settled, season, minus trust, recent; s_columns are (row, 2): capacity, enclave.
    """

    f_event: np.ndarray
    f_group: np.ndarray
    f_distrust: np.ndarray
    f_leader: np.ndarray
    c_event: np.ndarray
    c_section: np.ndarray
    c_columns: np.ndarray
    c_begins: np.ndarray
    s_event: np.ndarray
    s_columns: np.ndarray
    s_leader_a: np.ndarray
    s_leader_b: np.ndarray


def conflict_arrays(
    frictions: FrictionRows, clashes: ClashRows, settlements: SettlementRows, sections
) -> ConflictArrays:
    """Rows as arrays; `sections` are the dyads with an offset of their own."""
    place = {int(dyad): k for k, dyad in enumerate(sections)}
    section = np.array([place.get(int(dyad), -1) for dyad in clashes.dyad], np.int64)
    columns = np.column_stack(
        [np.log1p(clashes.open_km), clashes.settled, clashes.season, -clashes.trust, clashes.recent]
    ).astype(float)
    return ConflictArrays(
        frictions.event,
        frictions.group,
        -np.maximum(frictions.log_odds, LOWEST_TRUST),
        frictions.leader,
        clashes.event.astype(np.int64),
        section,
        columns,
        clashes.begins(),
        settlements.event.astype(np.int64),
        np.column_stack([settlements.capacity, settlements.enclave]).astype(float),
        settlements.leader_a.astype(np.int64),
        settlements.leader_b.astype(np.int64),
    )


@compiled
def conflict_log_likelihood(rows, x, offsets, openness, frailty, gradient):
    """Log-likelihood of all acts.

    Parameters
    ----------
    rows : ConflictArrays
    x : (13,) in the order of CONFLICT
    offsets : (section,) added to the log rate of clashes there
    openness : (leader,)
    frailty : shape of the gamma frailty, > 0
    gradient : (13 + section + leader,), written unless empty
    """
    wants = gradient.shape[0] > 0
    gradient[:] = 0.0
    total = friction_value(rows, x, openness, gradient, N_CONFLICT + offsets.shape[0], wants)
    total += clash_value(rows, x, offsets, frailty, gradient, wants)
    return total + settlement_value(rows, x, openness, gradient, N_CONFLICT + offsets.shape[0], wants)


@compiled
def friction_value(rows, x, openness, gradient, at, wants):
    """Log-likelihood of frictions; adds to the gradient, whose leaders begin at `at`."""
    n = rows.f_event.shape[0]
    rate = np.empty(n)
    distrust = min(x[1], HIGHEST_DISTRUST_EFFECT)
    for r in range(n):
        acts = max(openness[rows.f_leader[r]], LOWEST_OPENNESS)
        rate[r] = math.exp(x[0] + distrust * rows.f_distrust[r] - x[2] * acts)
    slope = np.empty(n) if wants else np.empty(0)
    total = hazard_value(rate, rows.f_event, rows.f_group, slope, wants)
    if wants:
        for r in range(n):
            leader = rows.f_leader[r]
            gradient[0] += slope[r]
            if x[1] <= HIGHEST_DISTRUST_EFFECT:
                gradient[1] += slope[r] * rows.f_distrust[r]
            gradient[2] -= slope[r] * max(openness[leader], LOWEST_OPENNESS)
            if openness[leader] > LOWEST_OPENNESS:
                gradient[at + leader] -= slope[r] * x[2]
    return total


@compiled
def settlement_value(rows, x, openness, gradient, at, wants):
    """Log-likelihood of settlements; adds to the gradient, whose leaders begin at `at`."""
    n, first = rows.s_event.shape[0], N_FRICTIONS + N_CLASHES
    base, capacity, open_effect, enclave = x[first], x[first + 1], x[first + 2], x[first + 3]
    rate = np.empty(n)
    for r in range(n):
        both = openness[rows.s_leader_a[r]] + openness[rows.s_leader_b[r]]
        log_rate = base + capacity * rows.s_columns[r, 0] + open_effect * both + enclave * rows.s_columns[r, 1]
        rate[r] = math.exp(log_rate)
    slope = np.empty(n) if wants else np.empty(0)
    total = hazard_value(rate, rows.s_event, np.full(n, SURE), slope, wants)
    if wants:
        for r in range(n):
            a, b = rows.s_leader_a[r], rows.s_leader_b[r]
            gradient[first] += slope[r]
            gradient[first + 1] += slope[r] * rows.s_columns[r, 0]
            gradient[first + 2] += slope[r] * (openness[a] + openness[b])
            gradient[first + 3] += slope[r] * rows.s_columns[r, 1]
            gradient[at + a] += slope[r] * open_effect
            gradient[at + b] += slope[r] * open_effect
    return total


@compiled
def hazard_value(rate, event, group, slope, wants):
    """Log-likelihood of months with and without an event; a window of months holds exactly one.

    `slope` receives the derivative by each row's log rate, if that is wanted.
    """
    total, r, n = 0.0, 0, rate.shape[0]
    while r < n:
        if group[r] == SURE:
            if event[r] == 1:
                total += math.log(-math.expm1(-rate[r]))
                if wants:
                    slope[r] = rate[r] / math.expm1(rate[r])
            else:
                total -= rate[r]
                if wants:
                    slope[r] = -rate[r]
            r += 1
            continue
        end, odds, silent = r, 0.0, 0.0
        while end < n and group[end] == group[r]:
            odds += math.expm1(rate[end])
            silent += rate[end]
            end += 1
        total += math.log(odds) - silent
        if wants:
            for k in range(r, end):
                slope[k] = rate[k] * (math.exp(rate[k]) / odds - 1.0)
        r = end
    return total


@compiled
def clash_value(rows, x, offsets, frailty, gradient, wants):
    """Log-likelihood of clashes; adds to the gradient."""
    first, n = N_FRICTIONS, rows.c_event.shape[0]
    repeat = min(x[first + 5], HIGHEST_REPEAT_EFFECT)
    rate, slope = np.empty(n), np.zeros(n)
    for r in range(n):
        log_rate = x[first] + repeat * rows.c_columns[r, 4]
        for c in range(4):
            log_rate += x[first + 1 + c] * rows.c_columns[r, c]
        if rows.c_section[r] >= 0:
            log_rate += offsets[rows.c_section[r]]
        rate[r] = math.exp(log_rate)
    total = 0.0
    for k in range(rows.c_begins.shape[0] - 1):
        total += section_year_value(rows, rows.c_begins[k], rows.c_begins[k + 1], rate, frailty, slope, wants)
    if wants:
        for r in range(n):
            gradient[first] += slope[r]
            for c in range(4):
                gradient[first + 1 + c] += slope[r] * rows.c_columns[r, c]
            if x[first + 5] <= HIGHEST_REPEAT_EFFECT:
                gradient[first + 5] += slope[r] * rows.c_columns[r, 4]
            if rows.c_section[r] >= 0:
                gradient[N_CONFLICT + rows.c_section[r]] += slope[r]
    return total


@compiled
def section_year_value(rows, first, last, rate, frailty, slope, wants):
    """Log-likelihood of one section's year, its frailty integrated out; `slope` as in `hazard_value`."""
    events, quiet = 0, 0.0
    hit = np.empty(last - first, np.int64)
    for r in range(first, last):
        if rows.c_event[r] == 1:
            hit[events] = r
            events += 1
        else:
            quiet += rate[r]
    value, by_quiet = 0.0, 0.0
    by_hit = np.zeros(events)
    for chosen in range(1 << events):
        total, sign = quiet, 1.0
        for e in range(events):
            if (chosen >> e) & 1:
                total += rate[hit[e]]
                sign = -sign
        term = sign * (1.0 + total / frailty) ** -frailty
        value += term
        if wants:
            by_sum = -term / (1.0 + total / frailty)
            by_quiet += by_sum
            for e in range(events):
                if (chosen >> e) & 1:
                    by_hit[e] += by_sum
    if not value > 0.0:
        return -np.inf
    if wants:
        for r in range(first, last):
            slope[r] = by_quiet / value * rate[r]
        for e in range(events):
            slope[hit[e]] = by_hit[e] / value * rate[hit[e]]
    return math.log(value)
