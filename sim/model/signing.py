"""Phase 5b, accords: answers at summits, accession between them, ratification, implementation, withdrawal."""

import numpy as np

from sim.chance import four_uniforms, uniform
from sim.compiled import compiled
from sim.model.climbing import add_event_impact, leaving_chances
from sim.model.decisions import write_terms
from sim.model.event_log import add_mutual_impact, write_event
from sim.processes.accords import learn_from_refusal, signing_logit
from sim.processes.event_types import ACCESSION, IN_FORCE, RATIFICATION, REFUSAL, SIGNATURE, WITHDRAWAL
from sim.processes.ratification import implement, ratification_probability
from sim.processes.trust import probability


@compiled
def signatures(region, accord):
    """How many states have signed."""
    count = 0
    for i in range(region.treaties.signed.shape[1]):
        if region.treaties.signed[accord, i] >= 0:
            count += 1
    return count


@compiled
def answer_logit(region, inputs, params, accord, state, n_signed):
    """Log-odds that a state signs now, its lasting attitude included (zero before the branch)."""
    value = 0.0
    for k in range(region.appraisal.accord.shape[2]):
        value += params.accords_interest * region.appraisal.accord[accord, state, k]
    share = n_signed / (inputs.accords.n_parties[accord] - 1)
    attitude = region.treaties.attitude[accord, state]
    return signing_logit(params.accords_intercept, value, params.accords_bandwagon, share, attitude)


@compiled
def keep_answer(region, inputs, params, accord, state, n_signed, month, decided, chance, log):
    """Write down the terms of one answer."""
    if log.terms.shape[0] == 0:
        return
    context = np.zeros(8)
    context[0] = params.accords_bandwagon * n_signed / (inputs.accords.n_parties[accord] - 1)
    context[4] = region.treaties.attitude[accord, state]
    parts = params.accords_interest * region.appraisal.accord[accord, state]
    write_terms(log, month, 0, state, -1, accord, decided, chance, params.accords_intercept, parts, context)


@compiled
def answer_summits(region, inputs, params, member, month, log):
    """Every accord whose format meets this month is answered by the parties that have not signed, in place."""
    accords, treaties = inputs.accords, region.treaties
    n_states = treaties.signed.shape[1]
    yes = np.zeros(n_states, np.int64)
    for m in range(accords.count):
        meets = region.environment.summit[accords.format[m]] == 1
        if not meets or treaties.tabled[m] > month or treaties.lapsed[m] == 1:
            continue
        n_signed = signatures(region, m)
        asked = 0
        willing = 0
        for i in range(n_states):
            yes[i] = 0
            if accords.party[m, i] == 1 and treaties.signed[m, i] < 0:
                asked += 1
                chance = probability(answer_logit(region, inputs, params, m, i, n_signed))
                if uniform(inputs.channels.accord[m, i], 0, month, member) < chance:
                    yes[i] = 1
                    willing += 1
                keep_answer(region, inputs, params, m, i, n_signed, month, yes[i], chance, log)
        adopted = willing > 0 and (accords.unanimous[m] == 0 or willing == asked)
        for i in range(n_states):
            if accords.party[m, i] == 1 and treaties.signed[m, i] < 0:
                if adopted and yes[i] == 1:
                    sign(region, inputs, m, i, month, SIGNATURE, log)
                elif yes[i] == 0 and treaties.refused[m, i] == 0:
                    treaties.refused[m, i] = 1
                    write_event(log, month, REFUSAL, i, -1, m, 0.0)


@compiled
def sign(region, inputs, accord, state, month, kind, log):
    """A state signs or accedes; those that have signed already take note."""
    add_signature_impacts(region, inputs, accord, state, month)
    treaties = region.treaties
    treaties.signed[accord, state] = month
    write_event(log, month, kind, state, -1, accord, 0.0)


@compiled
def add_signature_impacts(region, inputs, accord, state, month):
    """A signature moves trust between the newcomer and all that have signed."""
    weight, event_class = inputs.accords.weight[accord], inputs.accords.event_class[accord]
    for j in range(region.treaties.signed.shape[1]):
        if j != state and region.treaties.signed[accord, j] >= 0:
            add_mutual_impact(region.beliefs, state, j, event_class, weight, month)


@compiled
def accede(region, inputs, params, member, month, log):
    """Between summits a state may join what others have signed, at a low hazard; not where all must agree at once."""
    accords, treaties = inputs.accords, region.treaties
    for m in range(accords.count):
        if treaties.tabled[m] > month or treaties.lapsed[m] == 1 or accords.unanimous[m] == 1:
            continue
        n_signed = signatures(region, m)
        if n_signed == 0 or n_signed == accords.n_parties[m]:
            continue
        for i in range(treaties.signed.shape[1]):
            if accords.party[m, i] == 1 and treaties.signed[m, i] < 0:
                willing = probability(answer_logit(region, inputs, params, m, i, n_signed))
                _, luck, _, _ = four_uniforms(inputs.channels.accord[m, i], 0, month, member)
                if luck < params.accords_accession * willing:
                    sign(region, inputs, m, i, month, ACCESSION, log)


@compiled
def ratify_accords(region, inputs, params, member, month, log):
    """Signatories ratify by a hazard; enough ratifications bring the accord into force."""
    treaties = region.treaties
    for m in range(inputs.accords.count):
        if treaties.lapsed[m] == 1:
            continue
        n_signed, done = 0, 0
        for i in range(treaties.signed.shape[1]):
            n_signed += 1 if treaties.signed[m, i] >= 0 else 0
            done += 1 if treaties.ratified[m, i] >= 0 else 0
        if n_signed == 0 or (done == n_signed and treaties.in_force[m] >= 0):
            continue
        chance = -1.0  # worked out when it is first needed
        done = 0
        for i in range(treaties.signed.shape[1]):
            if treaties.signed[m, i] >= 0 and treaties.ratified[m, i] < 0:
                if chance < 0.0:
                    chance = ratification_probability(params.ratification_rate, params.ratification_parties, n_signed)
                if uniform(inputs.channels.accord[m, i], 1, month, member) < chance:
                    treaties.ratified[m, i] = month
                    write_event(log, month, RATIFICATION, i, -1, m, 0.0)
            if treaties.ratified[m, i] >= 0:
                done += 1
        if treaties.in_force[m] < 0 and done >= inputs.accords.minimum[m]:
            treaties.in_force[m] = month
            write_event(log, month, IN_FORCE, -1, -1, m, 0.0)


@compiled
def implement_accords(region, inputs, params):
    """Accords in force are put into practice."""
    treaties = region.treaties
    for m in range(inputs.accords.count):
        if treaties.in_force[m] >= 0 and treaties.lapsed[m] == 0:
            treaties.implemented[m] = implement(
                treaties.implemented[m],
                params.implementation_rate,
                params.implementation_institutions,
                region.environment.institutions,
            )


@compiled
def leave(region, inputs, params, member, month, log):
    """Once a year, in December, each signatory may withdraw; too few ratifications end an accord's force."""
    treaties = region.treaties
    leaves = leaving_chances(region, params, month)
    for m in range(inputs.accords.count):
        if treaties.lapsed[m] == 1:
            continue
        for i in range(treaties.signed.shape[1]):
            if treaties.signed[m, i] < 0:
                continue
            if uniform(inputs.channels.accord[m, i], 2, month, member) < leaves[i]:
                withdraw(region, inputs, params, m, i, month, log)


@compiled
def withdraw(region, inputs, params, accord, state, month, log):
    """A state leaves an accord."""
    treaties = region.treaties
    treaties.signed[accord, state] = -1
    treaties.ratified[accord, state] = -1
    # whoever walks out does not walk back in at the next summit
    treaties.attitude[accord, state] = min(treaties.attitude[accord, state], -2.0 * params.accords_persistence)
    write_event(log, month, WITHDRAWAL, state, -1, accord, 0.0)
    remaining = 0
    for j in range(treaties.signed.shape[1]):
        if treaties.signed[accord, j] >= 0:
            add_event_impact(region, inputs, state, j, WITHDRAWAL, month)
            if treaties.ratified[accord, j] >= 0:
                remaining += 1
    if treaties.in_force[accord] >= 0 and remaining < inputs.accords.minimum[accord]:
        treaties.in_force[accord] = -1
        treaties.implemented[accord] = 0.0


@compiled
def remember_refusal(region, inputs, params, accord, state, month, log):
    """A documented refusal: it tells something about the state's lasting attitude."""
    n_signed = signatures(region, accord)
    logit = answer_logit(region, inputs, params, accord, state, n_signed)
    learn_from_refusal(region.treaties.refusal_likelihood[accord, state], logit, params.accords_persistence)
    region.treaties.refused[accord, state] = 1
    keep_answer(region, inputs, params, accord, state, n_signed, month, 0, probability(logit), log)
