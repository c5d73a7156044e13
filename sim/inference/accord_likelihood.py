"""The exact likelihood of answers to accords, in compiled code.

Each state has one lasting attitude to each accord, u ~ N(0, sd), integrated out by Gauss-Hermite quadrature. Silence
under unanimity says that not all of those present were willing: 1 - prod P. Such a decision couples the states, and is
taken apart again by inclusion and exclusion over its silent rounds, of which there are few.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, exponential, load, store
from sim.inference.accord_answers import ACCESSION, AnswerRows


class AnswerArrays(NamedTuple):
    """Chances as the compiled functions want them; `begins` is where each pair of accord and state begins."""

    kind: np.ndarray
    outcome: np.ndarray
    round: np.ndarray
    window: np.ndarray
    begins: np.ndarray
    joint: np.ndarray  # (pair,) accord of a joint decision, else -1


def answer_arrays(rows: AnswerRows) -> AnswerArrays:
    """Rows as arrays."""
    return AnswerArrays(
        rows.kind,
        rows.outcome,
        rows.round,
        rows.window,
        rows.pairs(),
        rows.joint_groups(),
    )


class LaterChances(NamedTuple):
    """How likely a state is to answer anew a text that it has left unsigned.

    accession : a month, between summits; reconsider : at a summit, of what it left unsigned at an earlier one
    """

    accession: float
    reconsider: float


@compiled(allocates=True)
def willing_at_nodes(logit, persistence, nodes):
    """(row, node) chance to be willing at each attitude."""
    willing = np.empty((logit.shape[0], nodes.shape[0]))
    for r in range(logit.shape[0]):
        for start in range(0, nodes.shape[0], WIDTH):
            against = 0.0 - (logit[r] + persistence * load(nodes, start, 0.0))
            store(willing[r], start, 1.0 / (1.0 + exponential(against)))
    return willing


@compiled
def chance_of(rows, r, willing, later):
    """Chance of one row whose state is willing with a chance."""
    if rows.kind[r] == ACCESSION:
        return later.accession * willing
    return willing if rows.round[r] == 0 else later.reconsider * willing


@compiled
def own_likelihood(rows, first, last, willing, q, later, room, slope):
    """Likelihood of one state's answers to one accord at the attitude of node `q`.

    `slope` receives its derivative by each row's log-odds, unless it is empty; `room` is for two numbers a row.
    """
    waits, found, has_window = 1.0, 0.0, False
    for r in range(first, last):
        chance = chance_of(rows, r, willing[r, q], later)
        room[0, r] = chance
        if rows.window[r] == 1:
            has_window = True
            room[1, r] = waits * chance
            found += room[1, r]
            waits *= 1.0 - chance
        elif rows.outcome[r] == 1:
            waits *= chance
        else:
            waits *= 1.0 - chance
    value = found if has_window else waits
    if slope.shape[0] > 0:
        before = found
        for r in range(first, last):
            chance, unwilling = room[0, r], 1.0 - willing[r, q]
            if rows.window[r] == 1:
                # `before` is the chance that it came in this row or a later one, of which a part is its own
                before -= room[1, r]
                slope[r] = room[1, r] * unwilling + before * slope_of_no(chance, willing[r, q])
            elif rows.outcome[r] == 1:
                slope[r] = value * unwilling
            else:
                slope[r] = value * slope_of_no(chance, willing[r, q])
    return value


@compiled
def slope_of_no(chance, willing):
    """Derivative of log(1 - chance) by the log-odds of being willing; all that is willing may be certain."""
    return -willing if chance == willing else -chance * (1.0 - willing) / (1.0 - chance)


@compiled(allocates=True)
def rounds_of(rows, first, last):
    """Number of silent rounds of a joint decision, and whether it ended in adoption."""
    rounds, adopted = 0, False
    for r in range(first, last):
        if rows.outcome[r] == 0:
            rounds = max(rounds, rows.round[r] + 1)
        else:
            adopted = True
    return rounds, adopted


@compiled(allocates=True)
def sign_of(chosen, rounds):
    """-1 to the number of rounds chosen."""
    sign = 1.0
    for bit in range(rounds):
        if (chosen >> bit) & 1:
            sign = -sign
    return sign


@compiled(allocates=True)
def joint_likelihood(rows, first_pair, last_pair, willing, nodes, weights, slope):
    """Likelihood of the joint answers of pairs first_pair..last_pair-1 to one accord under unanimity.

    `slope` receives its derivative by each row's log-odds, unless it is empty. Returns the derivative by the
    persistence too.
    """
    rounds, adopted = rounds_of(rows, rows.begins[first_pair], rows.begins[last_pair])
    if rounds == 0 and not adopted:
        return 1.0, 0.0  # there is nothing to explain
    n_pairs, choices = last_pair - first_pair, 1 << rounds
    mean = np.zeros((n_pairs, choices))  # for every choice of silent rounds: the chance to be willing in them
    for k in range(n_pairs):
        mean_willing(rows, first_pair + k, willing, weights, mean[k])
    total, by_persistence = 0.0, 0.0
    for chosen in range(choices):
        product = sign_of(chosen, rounds)
        for k in range(n_pairs):
            product *= mean[k, chosen]
        total += product
    if slope.shape[0] > 0:
        factor = np.empty(choices)
        for k in range(n_pairs):
            for chosen in range(choices):
                factor[chosen] = sign_of(chosen, rounds)
                for other in range(n_pairs):
                    if other != k:
                        factor[chosen] *= mean[other, chosen]
            by_persistence += willing_slope(rows, first_pair + k, willing, nodes, weights, factor, slope)
    return total, by_persistence


@compiled
def willing_in(rows, pair, willing, q, together):
    """For every choice of silent rounds: chance at one attitude that a state is willing in them and at adoption."""
    together[:] = 1.0
    for r in range(rows.begins[pair], rows.begins[pair + 1]):
        if rows.outcome[r] == 1:
            for chosen in range(together.shape[0]):
                together[chosen] *= willing[r, q]
        else:
            for high in range(1 << rows.round[r], together.shape[0], 2 << rows.round[r]):
                for chosen in range(high, high + (1 << rows.round[r])):
                    together[chosen] *= willing[r, q]


@compiled(allocates=True)
def mean_willing(rows, pair, willing, weights, mean):
    """The same over all attitudes, into `mean`."""
    together = np.empty(mean.shape[0])
    for q in range(weights.shape[0]):
        willing_in(rows, pair, willing, q, together)
        for chosen in range(mean.shape[0]):
            mean[chosen] += weights[q] * together[chosen]


@compiled(allocates=True)
def willing_slope(rows, pair, willing, nodes, weights, factor, slope):
    """Adds up the derivatives of sum_chosen factor x mean by each row's log-odds; returns that by the persistence."""
    together, by_persistence = np.empty(factor.shape[0]), 0.0
    for q in range(nodes.shape[0]):
        willing_in(rows, pair, willing, q, together)
        for chosen in range(factor.shape[0]):
            together[chosen] *= weights[q] * factor[chosen]
        for r in range(rows.begins[pair], rows.begins[pair + 1]):
            for chosen in range(factor.shape[0]):
                if rows.outcome[r] == 1 or (chosen >> rows.round[r]) & 1:
                    part = together[chosen] * (1.0 - willing[r, q])
                    slope[r] += part
                    by_persistence += nodes[q] * part
    return by_persistence


@compiled
def alone_likelihood(rows, pair, willing, later, nodes, weights, room, slope):
    """Likelihood of one state's answers to one accord, and its derivative by the persistence; `slope` as above.

    `room` is for three numbers a row.
    """
    first, last = rows.begins[pair], rows.begins[pair + 1]
    total, by_persistence = 0.0, 0.0
    at_node = room[2, : slope.shape[0]]
    for q in range(nodes.shape[0]):
        total += weights[q] * own_likelihood(rows, first, last, willing, q, later, room, at_node)
        if slope.shape[0] > 0:
            for r in range(first, last):
                slope[r] += weights[q] * at_node[r]
                by_persistence += weights[q] * nodes[q] * at_node[r]
    return total, by_persistence


@compiled(allocates=True)
def accord_log_likelihood(rows, logit, persistence, later, nodes, weights, by_logit):
    """Log-likelihood of all answers, and its derivative by the persistence.

    Parameters
    ----------
    rows : AnswerArrays
    logit : (row,) signing log-odds at attitude zero
    persistence : standard deviation of the lasting attitude
    later : LaterChances
    by_logit : (row,) derivative by each row's log-odds, overwritten; nothing if it has no room
    """
    by_logit[:] = 0.0
    willing, room = willing_at_nodes(logit, persistence, nodes), np.empty((3, logit.shape[0]))
    total, slope, pair, n_pairs = 0.0, 0.0, 0, rows.joint.shape[0]
    while pair < n_pairs:
        after = pair + 1
        if rows.joint[pair] >= 0:
            while after < n_pairs and rows.joint[after] == rows.joint[pair]:
                after += 1
            value, by_persistence = joint_likelihood(rows, pair, after, willing, nodes, weights, by_logit)
        else:
            value, by_persistence = alone_likelihood(rows, pair, willing, later, nodes, weights, room, by_logit)
        if not value > 0.0:
            return -np.inf, 0.0
        total += math.log(value)
        if by_logit.shape[0] > 0:
            by_logit[rows.begins[pair] : rows.begins[after]] /= value
            slope += by_persistence / value
        pair = after
    return total, slope
