"""The exact likelihood of the ladder, year by year, with its gradient, in compiled code.

A grouped-time hazard (Prentice & Gloeckler 1978) with a shock that all dyads of a year share. The shock is integrated
out by Gauss-Hermite quadrature: at a node all hazards of the year are multiplied by one factor, so that months in which
nothing came enter through the sum of their hazards alone. A step known to the year only is summed over its months.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.inference.rows import AFTER, CERTAIN, LadderRows

_DECLARATION = 3


class LadderArrays(NamedTuple):
    """Rows as the compiled functions want them; `columns` is (row, coefficient), `begins` where each year begins."""

    kind: np.ndarray
    event: np.ndarray
    group: np.ndarray
    phase: np.ndarray
    month: np.ndarray
    value_a: np.ndarray
    value_b: np.ndarray
    shape: np.ndarray
    leader_a: np.ndarray
    leader_b: np.ndarray
    state_a: np.ndarray
    state_b: np.ndarray
    columns: np.ndarray
    begins: np.ndarray


def ladder_arrays(rows: LadderRows, columns: np.ndarray) -> LadderArrays:
    """Rows and their covariates, (row, coefficient), as arrays."""
    begins = np.concatenate(([0], np.flatnonzero(np.diff(rows.year)) + 1, [len(rows)])).astype(np.int64)
    return LadderArrays(
        rows.kind,
        rows.event,
        rows.group,
        rows.phase,
        rows.month,
        rows.value_a,
        rows.value_b,
        rows.shape,
        rows.leader_a,
        rows.leader_b,
        rows.state_a,
        rows.state_b,
        np.ascontiguousarray(columns, float),
        begins,
    )


def quadrature(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights (sum 1) of an integral over a standard normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return nodes, weights / weights.sum()


@compiled
def log_hazards(rows, theta, slope, coefficients, openness, strength, sharpness, eta, value, weight_a):
    """Log-hazard of every row without the year's shock, the dyad's value, and how much of it is state a's, in place.

    Parameters
    ----------
    theta : (4,), by kind
    slope : of the dyad's value
    coefficients : (coefficient,), of the columns
    openness : (leader,)
    strength : (state,), sensitivity to border disputes; below zero counts as zero
    sharpness : 0, the dyad's value is the mean of both; > 0, a soft minimum (log-mean-exp of -sharpness V)
    """
    for r in range(rows.kind.shape[0]):
        a = rows.value_a[r] + openness[rows.leader_a[r]] - max(strength[rows.state_a[r]], 0.0) * rows.shape[r]
        b = rows.value_b[r] + openness[rows.leader_b[r]] - max(strength[rows.state_b[r]], 0.0) * rows.shape[r]
        value[r] = 0.5 * (a + b)
        weight_a[r] = 0.5
        if sharpness > 0.0:
            low = min(a, b)
            left, right = math.exp(-sharpness * (a - low)), math.exp(-sharpness * (b - low))
            value[r] = low - math.log(0.5 * (left + right)) / sharpness
            weight_a[r] = left / (left + right)
        eta[r] = theta[rows.kind[r]] + slope * value[r]
        for c in range(coefficients.shape[0]):
            eta[r] += coefficients[c] * rows.columns[r, c]


@compiled
def window_terms(rows, first, last, hazard, factor, terms):
    """Log-probability that the step of a window (rows first..last-1) came in each of its months.

    Into `terms`, at the row of the step in that month; minus infinity at all other rows. Returns the largest.
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
        if rows.kind[hit] == _DECLARATION:
            terms[hit] -= other
        best = max(best, terms[hit])
        before += waiting
    return best


@compiled
def window_log_likelihood(rows, first, last, hazard, factor, share, wants_slope):
    """Log-likelihood of a step that came in one of the months of rows first..last-1.

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


@compiled
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
        elif rows.month[r] == month and rows.kind[hit] == _DECLARATION:
            share[r] -= chance * h


@compiled
def find_events(rows, first, last, hazard):
    """Where the events and windows of a year begin, and the sum of the hazards of all months in which nothing came."""
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


@compiled
def end_of_window(rows, begins, last):
    """Row after the last of the window that begins at a row."""
    end = begins
    while end < last and rows.group[end] == rows.group[begins]:
        end += 1
    return end


@compiled
def log_likelihood_at_node(rows, last, hazard, factor, quiet, events, share, wants_slope):
    """Log-likelihood of a year whose shock multiplies all hazards by `factor`; `share` as in that of a window."""
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


@compiled
def year_log_likelihood(rows, first, last, hazard, wave_sd, nodes, weights, by_eta, wants_slope):
    """Log-likelihood of the rows first..last-1 of one year, and its derivative by the shock's spread.

    `by_eta` receives the derivative by each row's log-hazard, if that is wanted.
    """
    events, quiet = find_events(rows, first, last, hazard)
    share = np.zeros(last)  # only the places of this year are used
    factor = np.exp(wave_sd * nodes - 0.5 * wave_sd * wave_sd)
    at_node = np.empty(nodes.shape[0])
    for q in range(nodes.shape[0]):
        at_node[q] = math.log(weights[q]) + log_likelihood_at_node(
            rows, last, hazard, factor[q], quiet, events, share, False
        )
    best = at_node.max()
    if not best > -np.inf:
        return -np.inf, 0.0
    total = np.exp(at_node - best).sum()
    if not wants_slope:
        return best + math.log(total), 0.0
    by_eta[first:last] = 0.0
    by_wave, mean_factor = 0.0, 0.0
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
        by_wave += chance * (nodes[q] - wave_sd) * by_factor
    for r in range(first, last):
        if rows.phase[r] == CERTAIN and rows.event[r] == 0:
            by_eta[r] = -mean_factor * hazard[r]
    return best + math.log(total), by_wave


@compiled
def ladder_log_likelihood(
    rows, theta, slope, coefficients, wave_sd, openness, strength, sharpness, nodes, weights, per_year, gradient
):
    """Log-likelihood of all rows; that of each year into `per_year`.

    Parameters
    ----------
    per_year : (year,), overwritten
    gradient : overwritten, by theta (4), slope, coefficients, wave_sd, openness, strength; nothing if it has no room
    """
    n = rows.kind.shape[0]
    eta, value, weight_a, by_eta = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    log_hazards(rows, theta, slope, coefficients, openness, strength, sharpness, eta, value, weight_a)
    hazard = np.exp(eta)
    n_coefficients = coefficients.shape[0]
    at_wave = 5 + n_coefficients
    gradient[:] = 0.0
    wants_slope = gradient.shape[0] > 0
    total = 0.0
    for y in range(rows.begins.shape[0] - 1):
        per_year[y], by_wave = year_log_likelihood(
            rows, rows.begins[y], rows.begins[y + 1], hazard, wave_sd, nodes, weights, by_eta, wants_slope
        )
        total += per_year[y]
        if wants_slope:
            gradient[at_wave] += by_wave
    if wants_slope and total > -np.inf:
        at_openness = at_wave + 1
        at_strength = at_openness + openness.shape[0]
        for r in range(n):
            d = by_eta[r]
            gradient[rows.kind[r]] += d
            gradient[4] += d * value[r]
            for c in range(n_coefficients):
                gradient[5 + c] += d * rows.columns[r, c]
            share_a, share_b = d * slope * weight_a[r], d * slope * (1.0 - weight_a[r])
            gradient[at_openness + rows.leader_a[r]] += share_a
            gradient[at_openness + rows.leader_b[r]] += share_b
            if strength[rows.state_a[r]] > 0.0:
                gradient[at_strength + rows.state_a[r]] -= share_a * rows.shape[r]
            if strength[rows.state_b[r]] > 0.0:
                gradient[at_strength + rows.state_b[r]] -= share_b * rows.shape[r]
    return total


@compiled
def row_probabilities(rows, theta, slope, coefficients, wave_sd, openness, strength, sharpness, nodes, weights):
    """(row,) probability of an event in the row's month, the year's shock integrated out."""
    n = rows.kind.shape[0]
    eta, value, weight_a, chance = np.empty(n), np.empty(n), np.empty(n), np.zeros(n)
    log_hazards(rows, theta, slope, coefficients, openness, strength, sharpness, eta, value, weight_a)
    for r in range(n):
        for q in range(nodes.shape[0]):
            shock = wave_sd * nodes[q] - 0.5 * wave_sd * wave_sd
            chance[r] -= weights[q] * math.expm1(-math.exp(eta[r] + shock))
    return chance
