"""The likelihood of grouped-time hazards (Prentice & Gloeckler 1978), in compiled code.

A month's event has probability 1 - exp(-h F), h = exp(eta). The rows of a block share the factor F: a lognormal shock
of the ladder's year, integrated out by Gauss-Hermite quadrature; a gamma frailty of a section's year (Vaupel, Manton &
Stallard 1979), integrated out in closed form, E[exp(-s F)] = (1 + s / k)^-k, where months with an event, 1 - exp(-h F),
are multiplied out over all choices of them; or none. Months in which nothing came enter through the sum of their
hazards alone. An event known to the year only is summed over its months.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.inference.risk_sets import AFTER, CERTAIN, NO_GROUP


class HazardRows(NamedTuple):
    """Rows as the compiled functions want them; windows together and by month, after the certain rows of their block.

    event, group, phase, month : see `sim.inference.risk_sets.LadderRows`
    alone : (row,) 1 where an event says that none came in the other rows of its month
    begins : where each block begins, and the end of the last
    """

    event: np.ndarray
    group: np.ndarray
    phase: np.ndarray
    month: np.ndarray
    alone: np.ndarray
    begins: np.ndarray


def hazard_rows(rows, begins: np.ndarray, alone: np.ndarray | None = None) -> HazardRows:
    """Rows of `sim.inference.risk_sets` in blocks; without windows where they have none."""
    n = len(rows)
    certain = np.full(n, NO_GROUP, np.int64), np.full(n, CERTAIN, np.int64)
    group, phase = (rows.group, rows.phase) if hasattr(rows, "group") else certain
    alone = np.zeros(n, bool) if alone is None else alone
    return HazardRows(
        rows.event.astype(np.int64), group, phase, rows.month.astype(np.int64), alone.astype(np.int64), begins
    )


def quadrature(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights (sum 1) of an integral over a standard normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return nodes, weights / weights.sum()


NO_SHOCK = np.zeros(1), np.ones(1)  # nodes and weights where rows share nothing


@compiled(allocates=True)
def hazard_log_likelihood(rows, eta, spread, frailty, nodes, weights, per_block, by_eta):
    """Log-likelihood of all rows, and its derivative by the spread.

    Parameters
    ----------
    rows : HazardRows
    eta : (row,) log hazards a month
    spread : standard deviation of the lognormal factor of a block
    frailty : shape of the gamma factor, > 0; 0 where there is none.  Blocks with one have no windows
    nodes, weights : of the shock
    per_block : (block,) log-likelihood of each, overwritten
    by_eta : (row,) derivative by each row's log hazard, overwritten; nothing if it has no room
    """
    hazard, total, by_spread = np.exp(eta), 0.0, 0.0
    for b in range(rows.begins.shape[0] - 1):
        first, last = rows.begins[b], rows.begins[b + 1]
        if frailty > 0.0:
            per_block[b] = frailty_block(rows, first, last, hazard, frailty, by_eta)
        else:
            per_block[b], slope = shock_block(rows, first, last, hazard, spread, nodes, weights, by_eta)
            by_spread += slope
        total += per_block[b]
    return total, by_spread


@compiled(allocates=True)
def frailty_block(rows, first, last, hazard, frailty, by_eta):
    """Log-likelihood of the rows first..last-1 that share a gamma factor."""
    events, quiet = 0, 0.0
    hit = np.empty(last - first, np.int64)
    for r in range(first, last):
        if rows.event[r] == 1:
            hit[events] = r
            events += 1
        else:
            quiet += hazard[r]
    value, by_quiet = 0.0, 0.0
    by_hit = np.zeros(events)
    for chosen in range(1 << events):
        total, sign = quiet, 1.0
        for e in range(events):
            if (chosen >> e) & 1:
                total += hazard[hit[e]]
                sign = -sign
        term = sign * (1.0 + total / frailty) ** -frailty
        value += term
        by_sum = -term / (1.0 + total / frailty)
        by_quiet += by_sum
        for e in range(events):
            if (chosen >> e) & 1:
                by_hit[e] += by_sum
    if not value > 0.0:
        return -np.inf
    if by_eta.shape[0] > 0:
        for r in range(first, last):
            by_eta[r] = by_quiet / value * hazard[r]
        for e in range(events):
            by_eta[hit[e]] = by_hit[e] / value * hazard[hit[e]]
    return math.log(value)


@compiled(allocates=True)
def shock_block(rows, first, last, hazard, spread, nodes, weights, by_eta):
    """Log-likelihood of the rows first..last-1 that share a lognormal factor, and its derivative by the spread."""
    events, quiet = find_events(rows, first, last, hazard)
    share = np.zeros(last)  # only the places of this block are used
    factor = np.exp(spread * nodes - 0.5 * spread * spread)
    at_node = np.empty(nodes.shape[0])
    for q in range(nodes.shape[0]):
        value = log_likelihood_at_node(rows, last, hazard, factor[q], quiet, events, share, False)
        at_node[q] = math.log(weights[q]) + value
    best = at_node.max()
    if not best > -np.inf:
        return -np.inf, 0.0
    total = np.exp(at_node - best).sum()
    if by_eta.shape[0] == 0:
        return best + math.log(total), 0.0
    by_eta[first:last] = 0.0
    by_spread, mean_factor = 0.0, 0.0
    for q in range(nodes.shape[0]):
        chance = math.exp(at_node[q] - best) / total
        log_likelihood_at_node(rows, last, hazard, factor[q], quiet, events, share, True)
        by_factor = -factor[q] * quiet
        mean_factor += chance * factor[q]
        for r in events:
            end = r + 1 if rows.phase[r] == CERTAIN else end_of_window(rows, r, last)
            for k in range(r, end):
                by_eta[k] += chance * share[k]
                by_factor += share[k]
        by_spread += chance * (nodes[q] - spread) * by_factor
    for r in range(first, last):
        if rows.phase[r] == CERTAIN and rows.event[r] == 0:
            by_eta[r] = -mean_factor * hazard[r]
    return best + math.log(total), by_spread


@compiled(allocates=True)
def find_events(rows, first, last, hazard):
    """Where the events and windows of a block begin, and the sum of the hazards of all months in which nothing came."""
    found = np.empty(last - first, np.int64)
    count, quiet = 0, 0.0
    for r in range(first, last):
        begins_window = rows.phase[r] != CERTAIN and (r == first or rows.group[r] != rows.group[r - 1])
        if begins_window or (rows.phase[r] == CERTAIN and rows.event[r] == 1):
            found[count] = r
            count += 1
        elif rows.phase[r] == CERTAIN:
            quiet += hazard[r]
    return found[:count], quiet


@compiled(allocates=True)
def end_of_window(rows, begins, last):
    """Row after the last of the window that begins at a row."""
    end = begins
    while end < last and rows.group[end] == rows.group[begins]:
        end += 1
    return end


@compiled(allocates=True)
def log_likelihood_at_node(rows, last, hazard, factor, quiet, events, share, wants_slope):
    """Log-likelihood of a block whose shock multiplies all hazards by `factor`; `share` as in that of a window."""
    total = -factor * quiet
    for r in events:
        if rows.phase[r] != CERTAIN:
            end = end_of_window(rows, r, last)
            total += window_log_likelihood(rows, r, end, hazard, factor, share, wants_slope)
        else:
            h = hazard[r] * factor
            total += math.log(-math.expm1(-h))
            if wants_slope:
                share[r] = h / math.expm1(h)
    return total


@compiled(allocates=True)
def window_log_likelihood(rows, first, last, hazard, factor, share, wants_slope):
    """Log-likelihood of an event that came in one of the months of rows first..last-1.

    `share` receives, if that is wanted, the derivative by each row's log-hazard.
    """
    terms = np.empty(last)
    best, total = window_terms(rows, first, last, hazard, factor, terms), 0.0
    for k in range(first, last):
        total += math.exp(terms[k] - best)
    if wants_slope:
        share[first:last] = 0.0
        for k in range(first, last):
            if terms[k] > -np.inf:
                chance = math.exp(terms[k] - best) / total
                share_of_month(rows, first, last, k, chance, hazard, factor, share)
    return best + math.log(total)


@compiled(allocates=True)
def window_terms(rows, first, last, hazard, factor, terms):
    """Log-probability that the event of a window (rows first..last-1) came in each of its months.

    Into `terms`, at the row of the event in that month; minus infinity at all other rows. Returns the largest.
    """
    after = 0.0
    for r in range(first, last):
        terms[r] = -np.inf
        if rows.phase[r] == AFTER:
            after += hazard[r] * factor
    best, before = -np.inf, 0.0
    r = first
    while r < last:
        month, waiting, other, hit = rows.month[r], 0.0, 0.0, -1
        while r < last and rows.month[r] == month:
            h = hazard[r] * factor
            if rows.phase[r] == AFTER:
                after -= h
            else:
                waiting += h
                if rows.event[r] == 1:
                    hit = r
                else:
                    other += h
            r += 1
        terms[hit] = math.log(-math.expm1(-hazard[hit] * factor)) - before - after
        if rows.alone[hit] == 1:
            terms[hit] -= other
        best = max(best, terms[hit])
        before += waiting
    return best


@compiled(allocates=True)
def share_of_month(rows, first, last, hit, chance, hazard, factor, share):
    """Add the derivatives of one month of a window, that of row `hit`, weighted by its chance, to `share`."""
    month = rows.month[hit]
    for r in range(first, last):
        h = hazard[r] * factor
        if rows.phase[r] == AFTER:
            if rows.month[r] > month:
                share[r] -= chance * h
        elif rows.month[r] < month:
            share[r] -= chance * h
        elif r == hit:
            share[r] += chance * h / math.expm1(h)
        elif rows.month[r] == month and rows.alone[hit] == 1:
            share[r] -= chance * h


@compiled(allocates=True)
def row_probabilities(eta, spread, nodes, weights):
    """(row,) probability of an event in the row's month, the block's shock integrated out."""
    chance = np.zeros(eta.shape[0])
    for r in range(eta.shape[0]):
        for q in range(nodes.shape[0]):
            shock = spread * nodes[q] - 0.5 * spread * spread
            chance[r] -= weights[q] * math.expm1(-math.exp(eta[r] + shock))
    return chance
