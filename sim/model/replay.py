"""Phase 5b before the branch: treaties as documented. After the branch: the same kinds of event set by a scenario."""

import numpy as np

from sim.compiled import compiled
from sim.model.climbing import found_council, rung_intercept, step_terms
from sim.model.decisions import write_terms
from sim.model.signing import add_signature_impacts, answer_logit, keep_answer, remember_refusal, signatures
from sim.processes.bilateral_treaties import TOP_RUNG, count_standing, monthly_probability
from sim.processes.event_types import (
    ACCESSION,
    COUNCIL,
    DECLARATION,
    IN_FORCE,
    PROGRAMME,
    RATIFICATION,
    REFUSAL,
    RUNG,
    RUNG_IN_FORCE,
    RUNG_LOST,
    SIGNATURE,
    WITHDRAWAL,
)


@compiled
def values_count(region, inputs, month, log):
    """Whether anything rests on what states make of instruments this month: decisions, refusals on record, terms."""
    if month >= inputs.clock.branch or log.terms.shape[0] > 0:
        return True
    row = region.environment.next_event
    while row < inputs.schedule.shape[0] and inputs.schedule[row].month <= month:
        if inputs.schedule[row].kind == REFUSAL:
            return True
        row += 1
    return False


@compiled
def follow_record(region, inputs, params, month, log):
    """Carry out this month's documented treaty events, in place; close the month's page of the schedule."""
    schedule = inputs.schedule
    if log.terms.shape[0] > 0 and month < inputs.clock.branch:
        keep_documented_steps(region, inputs, params, month, log)
    row = region.environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind, a, b, subject = schedule[row].kind, schedule[row].a, schedule[row].b, schedule[row].subject
        if kind == RUNG or kind == RUNG_LOST or kind == RUNG_IN_FORCE or kind == DECLARATION:
            follow_bilateral(region.treaties, inputs.ladder.dyad_of[a, b], kind, subject, month)
        elif kind == COUNCIL or kind == PROGRAMME:
            found_council(region, inputs, params, inputs.ladder.dyad_of[a, b], month)
        elif kind == REFUSAL:
            remember_refusal(region, inputs, params, subject, a, month, log)
        elif kind == SIGNATURE or kind == ACCESSION:
            keep_signature(region, inputs, params, subject, a, month, log)
            if kind == ACCESSION:
                add_signature_impacts(region, inputs, subject, a, month)
            region.treaties.signed[subject, a] = month
        elif kind == WITHDRAWAL:
            region.treaties.signed[subject, a] = -1
            region.treaties.ratified[subject, a] = -1
        elif kind == RATIFICATION:
            region.treaties.ratified[subject, a] = month
        elif kind == IN_FORCE:
            enter_into_force(region.treaties, subject, month)
        row += 1
    region.environment.next_event = row


@compiled
def follow_bilateral(treaties, dyad, kind, rung, month):
    """A documented step, declaration or entry into force of one dyad."""
    if kind == RUNG:
        treaties.rung[dyad] = max(treaties.rung[dyad], rung)
    elif kind == RUNG_LOST:
        treaties.rung[dyad] = rung - 1
        treaties.rung_in_force[dyad, rung - 1] = -1
        treaties.rung_implemented[dyad, rung - 1] = 0.0
    elif kind == DECLARATION:
        treaties.declared[dyad] = 1
    else:
        treaties.rung_in_force[dyad, rung - 1] = month


@compiled
def enter_into_force(treaties, accord, month):
    """Whoever has signed by now has ratified."""
    treaties.in_force[accord] = month
    for i in range(treaties.signed.shape[1]):
        if treaties.signed[accord, i] >= 0 and treaties.ratified[accord, i] < 0:
            treaties.ratified[accord, i] = month


@compiled
def keep_signature(region, inputs, params, accord, state, month, log):
    """The terms of a documented signature."""
    if log.terms.shape[0] > 0 and region.treaties.signed[accord, state] < 0:
        n_signed = signatures(region, accord)
        logit = answer_logit(region, inputs, params, accord, state, n_signed)
        keep_answer(region, inputs, params, accord, state, n_signed, month, 1, 1.0 / (1.0 + np.exp(-logit)), log)


@compiled
def keep_documented_steps(region, inputs, params, month, log):
    """The terms of every documented step of this month, and each January of every step that was open."""
    schedule = inputs.schedule
    rungs = region.treaties.rung.copy()
    standing = np.empty((region.polity.openness.shape[0], TOP_RUNG), np.int64)
    count_standing(rungs, inputs.ladder.dyad_a, inputs.ladder.dyad_b, standing)
    parts = np.empty(region.appraisal.dyad.shape[2])
    context = np.empty(8)
    for d in range(rungs.shape[0]):
        if rungs[d] == TOP_RUNG:
            continue
        a, b = inputs.ladder.dyad_a[d], inputs.ladder.dyad_b[d]
        decided = 0
        row = region.environment.next_event
        while row < schedule.shape[0] and schedule[row].month <= month:
            if schedule[row].kind == RUNG and schedule[row].a == a and schedule[row].b == b:
                decided = 1
            row += 1
        if decided == 1 or month % 12 == 0:
            common = step_terms(region, inputs, params, d, rungs[d], standing, parts, context)
            intercept = rung_intercept(rungs[d] + 1, params)
            chance = monthly_probability(intercept + common)
            write_terms(log, month, 1, a, b, rungs[d] + 1, decided, chance, intercept, parts, context)
