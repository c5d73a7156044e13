"""Phase 5b, accords: answers at summits, accession between them, ratification, implementation, withdrawal."""

import numpy as np

from sim.chance import four_uniforms, uniform
from sim.compiled import compiled
from sim.mechanisms.accords import learn_from_refusal, signing_logit
from sim.mechanisms.treaty_life import implement, ratification_probability
from sim.mechanisms.trust import probability
from sim.model.book import feel_both, write_event
from sim.model.climbing import impress, leaving_chances
from sim.model.kinds import ACCESSION, IN_FORCE, RATIFICATION, REFUSAL, SIGNATURE, WITHDRAWAL
from sim.model.terms import write_terms


@compiled
def signatures(region, accord):
    """How many states have signed."""
    count = 0
    for i in range(region.treaties.signed.shape[1]):
        if region.treaties.signed[accord, i] >= 0:
            count += 1
    return count


@compiled
def answer_logit(region, setting, p, accord, state, n_signed):
    """Log-odds that a state signs now, its lasting attitude included (zero before the branch)."""
    value = 0.0
    for k in range(region.appraisal.accord.shape[2]):
        value += p.accords_interest * region.appraisal.accord[accord, state, k]
    share = n_signed / (setting.accords.n_parties[accord] - 1)
    attitude = region.treaties.attitude[accord, state]
    return signing_logit(p.accords_intercept, value, p.accords_bandwagon, share, attitude)


@compiled
def keep_answer(region, setting, p, accord, state, n_signed, month, decided, chance, book):
    """Write down the terms of one answer."""
    if book.terms.shape[0] == 0:
        return
    context = np.zeros(8)
    context[0] = p.accords_bandwagon * n_signed / (setting.accords.n_parties[accord] - 1)
    context[4] = region.treaties.attitude[accord, state]
    parts = p.accords_interest * region.appraisal.accord[accord, state]
    write_terms(book, month, 0, state, -1, accord, decided, chance, p.accords_intercept, parts, context)


@compiled
def answer_summits(region, setting, p, member, month, book):
    """Every accord whose format meets this month is answered by the parties that have not signed, in place."""
    accords, treaties = setting.accords, region.treaties
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
                chance = probability(answer_logit(region, setting, p, m, i, n_signed))
                if uniform(setting.channels.accord[m, i], 0, month, member) < chance:
                    yes[i] = 1
                    willing += 1
                keep_answer(region, setting, p, m, i, n_signed, month, yes[i], chance, book)
        adopted = willing > 0 and (accords.unanimous[m] == 0 or willing == asked)
        for i in range(n_states):
            if accords.party[m, i] == 1 and treaties.signed[m, i] < 0:
                if adopted and yes[i] == 1:
                    sign(region, setting, m, i, month, SIGNATURE, book)
                elif yes[i] == 0 and treaties.refused[m, i] == 0:
                    treaties.refused[m, i] = 1
                    write_event(book, month, REFUSAL, i, -1, m, 0.0)


@compiled
def sign(region, setting, accord, state, month, kind, book):
    """A state signs or accedes; those that have signed already take note."""
    greet_signatories(region, setting, accord, state, month)
    treaties = region.treaties
    treaties.signed[accord, state] = month
    write_event(book, month, kind, state, -1, accord, 0.0)


@compiled
def greet_signatories(region, setting, accord, state, month):
    """A signature moves trust between the newcomer and all that have signed."""
    weight, event_class = setting.accords.weight[accord], setting.accords.event_class[accord]
    for j in range(region.treaties.signed.shape[1]):
        if j != state and region.treaties.signed[accord, j] >= 0:
            feel_both(region.beliefs, state, j, event_class, weight, month)


@compiled
def accede(region, setting, p, member, month, book):
    """Between summits a state may join what others have signed, at a low hazard; not where all must agree at once."""
    accords, treaties = setting.accords, region.treaties
    for m in range(accords.count):
        if treaties.tabled[m] > month or treaties.lapsed[m] == 1 or accords.unanimous[m] == 1:
            continue
        n_signed = signatures(region, m)
        if n_signed == 0 or n_signed == accords.n_parties[m]:
            continue
        for i in range(treaties.signed.shape[1]):
            if accords.party[m, i] == 1 and treaties.signed[m, i] < 0:
                willing = probability(answer_logit(region, setting, p, m, i, n_signed))
                _, luck, _, _ = four_uniforms(setting.channels.accord[m, i], 0, month, member)
                if luck < p.accords_accession * willing:
                    sign(region, setting, m, i, month, ACCESSION, book)


@compiled
def ratify_accords(region, setting, p, member, month, book):
    """Signatories ratify by a hazard; enough ratifications bring the accord into force."""
    treaties = region.treaties
    for m in range(setting.accords.count):
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
                    chance = ratification_probability(p.ratification_rate, p.ratification_parties, n_signed)
                if uniform(setting.channels.accord[m, i], 1, month, member) < chance:
                    treaties.ratified[m, i] = month
                    write_event(book, month, RATIFICATION, i, -1, m, 0.0)
            if treaties.ratified[m, i] >= 0:
                done += 1
        if treaties.in_force[m] < 0 and done >= setting.accords.minimum[m]:
            treaties.in_force[m] = month
            write_event(book, month, IN_FORCE, -1, -1, m, 0.0)


@compiled
def implement_accords(region, setting, p):
    """Accords in force are put into practice."""
    treaties = region.treaties
    for m in range(setting.accords.count):
        if treaties.in_force[m] >= 0 and treaties.lapsed[m] == 0:
            treaties.implemented[m] = implement(
                treaties.implemented[m], p.implementation_rate, p.implementation_institutions,
                region.environment.institutions,
            )  # fmt: skip


@compiled
def leave(region, setting, p, member, month, book):
    """Once a year, in December, each signatory may withdraw; too few ratifications end an accord's force."""
    treaties = region.treaties
    leaves = leaving_chances(region, p, month)
    for m in range(setting.accords.count):
        if treaties.lapsed[m] == 1:
            continue
        for i in range(treaties.signed.shape[1]):
            if treaties.signed[m, i] < 0:
                continue
            if uniform(setting.channels.accord[m, i], 2, month, member) < leaves[i]:
                withdraw(region, setting, p, m, i, month, book)


@compiled
def withdraw(region, setting, p, accord, state, month, book):
    """A state leaves an accord."""
    treaties = region.treaties
    treaties.signed[accord, state] = -1
    treaties.ratified[accord, state] = -1
    # whoever walks out does not walk back in at the next summit
    treaties.attitude[accord, state] = min(treaties.attitude[accord, state], -2.0 * p.accords_persistence)
    write_event(book, month, WITHDRAWAL, state, -1, accord, 0.0)
    remaining = 0
    for j in range(treaties.signed.shape[1]):
        if treaties.signed[accord, j] >= 0:
            impress(region, setting, state, j, WITHDRAWAL, month)
            if treaties.ratified[accord, j] >= 0:
                remaining += 1
    if treaties.in_force[accord] >= 0 and remaining < setting.accords.minimum[accord]:
        treaties.in_force[accord] = -1
        treaties.implemented[accord] = 0.0


@compiled
def remember_refusal(region, setting, p, accord, state, month, book):
    """A documented refusal: it tells something about the state's lasting attitude."""
    n_signed = signatures(region, accord)
    logit = answer_logit(region, setting, p, accord, state, n_signed)
    learn_from_refusal(region.treaties.refusal_likelihood[accord, state], logit, p.accords_persistence)
    region.treaties.refused[accord, state] = 1
    keep_answer(region, setting, p, accord, state, n_signed, month, 0, probability(logit), book)
