"""The exact likelihood of answers to accords, in compiled code.

Each state has one lasting attitude to each accord, u ~ N(0, sd), integrated out by Gauss-Hermite quadrature. Silence
under unanimity says that not all of those present were willing: 1 - prod P. Such a decision couples the states, and is
taken apart again by inclusion and exclusion over its silent rounds, of which there are few.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.calibration.answers import ACCESSION, AnswerRows
from sim.compiled import compiled


class AnswerArrays(NamedTuple):
    """Chances as the compiled functions want them; `begins` is where each pair of accord and state begins."""

    kind: np.ndarray
    outcome: np.ndarray
    round: np.ndarray
    window: np.ndarray
    value: np.ndarray
    shape: np.ndarray
    share: np.ndarray
    leader: np.ndarray
    state: np.ndarray
    begins: np.ndarray
    joint: np.ndarray  # (pair,) accord of a joint decision, else -1


def answer_arrays(rows: AnswerRows) -> AnswerArrays:
    """Rows as arrays."""
    return AnswerArrays(
        rows.kind, rows.outcome, rows.round, rows.window, rows.value, rows.shape, rows.share, rows.leader, rows.state,
        rows.pairs(), rows.joint_groups(),
    )  # fmt: skip


@compiled
def answer_logits(rows, intercept, interest, bandwagon, openness, strength, logit):
    """Log-odds of every chance at attitude zero, into `logit`."""
    for r in range(rows.kind.shape[0]):
        block = max(strength[rows.state[r]], 0.0) * rows.shape[r]
        value = rows.value[r] + openness[rows.leader[r]] - block
        logit[r] = intercept + interest * value + bandwagon * rows.share[r]


@compiled
def own_likelihood(rows, first, last, logit, accession, attitude):
    """Likelihood of one state's answers to one accord at a given attitude."""
    waits, found, has_window = 1.0, 0.0, False
    for r in range(first, last):
        chance = 1.0 / (1.0 + math.exp(-(logit[r] + attitude)))
        if rows.kind[r] == ACCESSION:
            chance *= accession
        if rows.window[r] == 1:
            has_window = True
            found += waits * chance
            waits *= 1.0 - chance
        elif rows.outcome[r] == 1:
            waits *= chance
        else:
            waits *= 1.0 - chance
    return found if has_window else waits


@compiled
def joint_likelihood(rows, first_pair, last_pair, logit, persistence, nodes, weights):
    """Likelihood of the joint answers of pairs first_pair..last_pair-1 to one accord under unanimity."""
    rounds, adopted = 0, 0
    for r in range(rows.begins[first_pair], rows.begins[last_pair]):
        if rows.outcome[r] == 0:
            rounds = max(rounds, rows.round[r] + 1)
        else:
            adopted = 1
    product = np.ones(1 << rounds)  # for every choice of silent rounds: the chance that all were willing in them
    willing = np.empty(1 << rounds)
    for pair in range(first_pair, last_pair):
        mean = np.zeros(1 << rounds)
        for q in range(nodes.shape[0]):
            willing[:] = weights[q]
            for r in range(rows.begins[pair], rows.begins[pair + 1]):
                chance = 1.0 / (1.0 + math.exp(-(logit[r] + persistence * nodes[q])))
                for chosen in range(1 << rounds):
                    if rows.outcome[r] == 1 or (chosen >> rows.round[r]) & 1:
                        willing[chosen] *= chance
            mean += willing
        product *= mean
    total = 0.0
    for chosen in range(1 << rounds):
        sign = 1.0
        for bit in range(rounds):
            if (chosen >> bit) & 1:
                sign = -sign
        total += sign * product[chosen]
    # with nothing adopted and no silent round there is nothing to explain
    return total if adopted == 1 or rounds > 0 else 1.0


@compiled
def accord_log_likelihood(rows, intercept, interest, bandwagon, persistence, accession, openness, strength, nodes,
                          weights):  # fmt: skip
    """Log-likelihood of all answers.

    Parameters
    ----------
    intercept, interest, bandwagon : of the signing log-odds (`sim.mechanisms.accords.signing_logit`)
    persistence : standard deviation of the lasting attitude
    accession : chance a month to accede of a state that would sign
    openness : (leader,); strength : (state,), sensitivity to border disputes
    """
    logit = np.empty(rows.kind.shape[0])
    answer_logits(rows, intercept, interest, bandwagon, openness, strength, logit)
    total, pair, n_pairs = 0.0, 0, rows.joint.shape[0]
    while pair < n_pairs:
        after = pair + 1
        if rows.joint[pair] >= 0:
            while after < n_pairs and rows.joint[after] == rows.joint[pair]:
                after += 1
            likelihood = joint_likelihood(rows, pair, after, logit, persistence, nodes, weights)
        else:
            likelihood = 0.0
            first, last = rows.begins[pair], rows.begins[pair + 1]
            for q in range(nodes.shape[0]):
                likelihood += weights[q] * own_likelihood(
                    rows, first, last, logit, accession, persistence * nodes[q]
                )
        if not likelihood > 0.0:
            return -np.inf
        total += math.log(likelihood)
        pair = after
    return total
