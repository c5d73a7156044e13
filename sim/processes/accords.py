"""Accords: who signs what at a summit, under unanimity or opt-in.

A state that a law bars from an instrument does not sign it; a policy against it only lowers the odds.

A state's answer has two persistent parts. One is its attitude to accords of any kind, fitted to the record as that of a
person is. The other is its attitude to this accord: whoever declined once is likely to decline again, so that three
refusals are one decision. After a documented refusal it is drawn from its posterior given the refusals, not afresh.
Nor is a declined text answered again at every summit: whoever has declined it, or has left it, takes it up again with
the chance `accords.reconsider` a summit. An opt-in text that no summit carries is joined by accession once somebody
has signed it.
"""

import math

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.decisions import Decision, write_terms
from sim.engine.event_log import add_mutual_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.hazard import linear, probability
from sim.engine.layout import CONTEXT
from sim.engine.process import Channel, Field, Predictor, Process
from sim.engine.random import four_uniforms, normal, uniform
from sim.processes.attitude import draw_attitude, learn_from_refusal
from sim.processes.signatures import put_signature
from sim.processes.utility import appraise_accord

# where the terms of an answer stand among those of a decision
OTHERS, ATTITUDE = CONTEXT.index("others"), CONTEXT.index("attitude")
ANSWER_ODDS = Predictor("answer", ("accords.intercept", "accords.bandwagon", "accords.opened"))
PROCESS = Process(
    "accords",
    state={
        "treaties": (
            Field("tabled", ("accord",), None, "month from which it can be signed", whole=True),
            Field("signed", ("accord", "state"), -1, "month of signature", whole=True),
            Field("signatures", ("accord",), 0, "how many states have signed", whole=True),
            Field("begun", ("accord",), 0, "accords that have been signed or in force, ascending", whole=True),
            Field("n_begun", (), 0, "how many these are", whole=True),
            Field("refused", ("accord", "state"), 0, "0/1, has declined", whole=True),
            Field("refusals", (), 0, "documented so far", whole=True),
            Field("refusal_accord", ("refusal",), 0, "what was declined", whole=True),
            Field("refusal_state", ("refusal",), 0, "by whom", whole=True),
            Field("refusal_logit", ("refusal",), 0.0, "log-odds of signing with attitude zero"),
            Field("refusal_asked", ("refusal",), 0.0, "chance that the state took it up at all"),
            Field("likelihood", ("grid",), 0.0, "log-likelihood of the lasting attitude; working space"),
            Field("attitude", ("accord", "state"), 0.0, "lasting attitude to the accord, log-odds"),
            Field("readiness", ("state",), None, "lasting attitude to accords of any kind, log-odds"),
            Field("answers", ("state",), 0, "1 where a state is willing to sign what is asked", whole=True),
            Field("weights", ("grid",), 0.0, "working space"),
            Field("lapsed", ("accord",), 0, "0/1, ended with its format", whole=True),
        )
    },
    channels=(
        Channel("accord", "sign:{accord}:{state}", ("accord", "state")),
        Channel("attitude", "attitude:{accord}:{state}", ("accord", "state")),
        Channel("readiness", "readiness:{state}", ("state",)),
        Channel("tabling", "tabling:{accord}", ("accord",)),
    ),
    parameters=("accords", "treaties", "bars"),
    predictors=(ANSWER_ODDS,),
)

ACCESSION = CODE["accession"]
REFUSAL = CODE["refusal"]
SIGNATURE = CODE["signature"]


@compiled
def answer_covariates(share_signed, opened):
    """Covariates of the log-odds that a state signs, in the order of `ANSWER_ODDS`.

    The value of the accord times `accords.interest` and the state's lasting attitude come on top.

    Parameters
    ----------
    share_signed : share of the other parties that have signed, 0-1
    opened : 1 for a text of the record that was opened to whoever would sign, as not all were ready to; a trait of the
        text, whatever rule a scenario puts it under
    """
    return 1.0, share_signed, opened


@compiled
def months_to_text(uniform, yearly_rate):
    """Months until an idea becomes a text to sign: exponential waiting at a yearly rate; a century if the rate is zero.

    Parameters
    ----------
    uniform : in (0, 1), the member's random number
    yearly_rate : per year, >= 0
    """
    if yearly_rate <= 0.0:
        return 1200
    return int(min(-math.log(uniform) / yearly_rate * 12.0, 1200.0))


@compiled
def begin_accords(region, inputs, params, member):
    """Every state's attitude to accords of any kind: that of a calibration, or drawn; in place."""
    readiness = region.treaties.readiness
    for i in range(readiness.shape[0]):
        readiness[i] = params.readiness[i]
        if np.isnan(readiness[i]):
            readiness[i] = params.accords_state_sd * normal(inputs.channels.readiness[i], 0, 0, member)


@compiled
def within(bounds, month):
    """Whether a month lies in a span: first month, and first month after it."""
    return bounds[0] <= month < bounds[1]


@compiled
def may_join(inputs, accord, state, month):
    """Whether a state is a party to whom no law of its own bars the accord."""
    return inputs.accords.party[accord, state] == 1 and not within(inputs.accords.hard[accord, state], month)


@compiled
def takes_up(region, inputs, params, accord, state, n_signed, draw):
    """Whether a state answers at a summit: what it has declined or left it takes up again only now and then.

    Under unanimity a text that nobody has signed yet is put to all of them anew. `draw` is uniform in [0, 1).
    """
    if region.treaties.refused[accord, state] == 0 or (inputs.accords.unanimous[accord] == 1 and n_signed == 0):
        return True
    return draw < params.accords_reconsider


@compiled
def lies_open(region, inputs, accord, n_signed, month):
    """Whether parties can sign a text at a summit of this month."""
    treaties, form = region.treaties, inputs.accords.format[accord]
    if region.environment.summit[form] == 0 or treaties.tabled[accord] > month or treaties.lapsed[accord] == 1:
        return False
    # where no leaders meet, what some have signed is joined by accession
    return inputs.formats.yearly[form] == 0 or inputs.accords.unanimous[accord] == 1 or n_signed == 0


@compiled
def answer_logit(region, inputs, params, accord, state, n_signed, month):
    """Log-odds that a state signs now, its lasting attitudes included."""
    appraise_accord(accord, state, region, inputs, params, month)
    value = 0.0
    for k in range(region.appraisal.accord.shape[2]):
        value += params.accords_interest * region.appraisal.accord[accord, state, k]
    share = n_signed / (inputs.accords.n_parties[accord] - 1)
    attitude = attitude_now(region, inputs, params, accord, state, month)
    covariates = answer_covariates(share, inputs.accords.opened[accord])
    return linear(value, params.answer_coefficients, covariates) + attitude


@compiled
def attitude_now(region, inputs, params, accord, state, month):
    """A state's lasting attitude to accords and to this one (zero before the branch), less what a soft legal bar holds
    it back, and what the hold of rival projects adds to it (a scenario's or a claim's)."""
    attitude = region.treaties.readiness[state] + region.treaties.attitude[accord, state]
    if within(inputs.accords.soft[accord, state], month):
        attitude -= params.bars_soft
    if inputs.formats.regional[inputs.accords.format[accord]] == 1:
        attitude += params.rivals_signing * region.rivals.hold[state]
    return attitude


@compiled
def keep_answer(region, inputs, params, decision, n_signed, log):
    """Write down the terms of one answer."""
    if log.terms.shape[0] == 0:
        return
    accord, state = decision.subject, decision.a
    context = region.appraisal.context
    context[:] = 0.0
    context[OTHERS] = params.accords_bandwagon * n_signed / (inputs.accords.n_parties[accord] - 1)
    context[ATTITUDE] = attitude_now(region, inputs, params, accord, state, decision.month)
    parts = region.appraisal.parts
    for k in range(parts.shape[0]):
        parts[k] = params.accords_interest * region.appraisal.accord[accord, state, k]
    readily = params.accords_intercept + params.accords_opened * inputs.accords.opened[accord]
    write_terms(log, decision, readily, parts, context)


@compiled
def answer_summits(region, inputs, params, member, month, log):
    """Every accord whose format meets this month is answered by the parties that have not signed, in place."""
    accords, treaties = inputs.accords, region.treaties
    n_states = treaties.signed.shape[1]
    yes = treaties.answers
    for m in range(accords.count):
        if region.environment.summit[accords.format[m]] == 0:
            continue
        n_signed = treaties.signatures[m]
        if not lies_open(region, inputs, m, n_signed, month):
            continue
        asked = 0
        willing = 0
        for i in range(n_states):
            yes[i] = 0
            if accords.party[m, i] == 1 and treaties.signed[m, i] < 0:
                asked += 1
                if not may_join(inputs, m, i, month):
                    continue
                draw, _, again, _ = four_uniforms(inputs.channels.accord[m, i], 0, month, member)
                if not takes_up(region, inputs, params, m, i, n_signed, again):
                    continue
                chance = probability(answer_logit(region, inputs, params, m, i, n_signed, month))
                if draw < chance:
                    yes[i] = 1
                    willing += 1
                keep_answer(region, inputs, params, Decision(month, 0, i, -1, m, yes[i], chance), n_signed, log)
        adopted = willing > 0 and (accords.unanimous[m] == 0 or willing == asked)
        for i in range(n_states):
            if may_join(inputs, m, i, month) and treaties.signed[m, i] < 0:
                if adopted and yes[i] == 1:
                    sign(region, inputs, m, i, month, SIGNATURE, log)
                elif yes[i] == 0 and treaties.refused[m, i] == 0:
                    treaties.refused[m, i] = 1
                    write_event(log, month, REFUSAL, i, -1, m, 0.0)


@compiled
def sign(region, inputs, accord, state, month, kind, log):
    """A state signs or accedes; those that have signed already take note."""
    add_signature_impacts(region, inputs, accord, state, month)
    put_signature(region.treaties, accord, state, month)
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
    for n in range(treaties.n_begun):
        m = treaties.begun[n]
        n_signed = treaties.signatures[m]
        if n_signed == 0 or n_signed == accords.n_parties[m]:
            continue
        if treaties.tabled[m] > month or treaties.lapsed[m] == 1 or accords.unanimous[m] == 1:
            continue
        for i in range(treaties.signed.shape[1]):
            if may_join(inputs, m, i, month) and treaties.signed[m, i] < 0:
                _, draw, _, _ = four_uniforms(inputs.channels.accord[m, i], 0, month, member)
                if draw >= params.accords_accession:
                    continue  # whatever it thinks of the accord
                willing = probability(answer_logit(region, inputs, params, m, i, n_signed, month))
                if draw < params.accords_accession * willing:
                    sign(region, inputs, m, i, month, ACCESSION, log)


@compiled
def remember_refusal(region, inputs, params, accord, state, month, log):
    """A documented refusal: it tells something about the state's lasting attitude."""
    n_signed = region.treaties.signatures[accord]
    logit = answer_logit(region, inputs, params, accord, state, n_signed, month)
    treaties, number = region.treaties, region.treaties.refusals
    treaties.refusal_accord[number], treaties.refusal_state[number] = accord, state
    treaties.refusal_logit[number] = logit
    treaties.refusal_asked[number] = params.accords_reconsider if treaties.refused[accord, state] == 1 else 1.0
    treaties.refusals = number + 1
    treaties.refused[accord, state] = 1
    decision = Decision(month, 0, state, -1, accord, 0, probability(logit))
    keep_answer(region, inputs, params, decision, n_signed, log)


@compiled
def keep_signature(region, inputs, params, accord, state, month, log):
    """The terms of a documented signature."""
    if log.terms.shape[0] > 0 and region.treaties.signed[accord, state] < 0:
        n_signed = region.treaties.signatures[accord]
        logit = answer_logit(region, inputs, params, accord, state, n_signed, month)
        decision = Decision(month, 0, state, -1, accord, 1, 1.0 / (1.0 + np.exp(-logit)))
        keep_answer(region, inputs, params, decision, n_signed, log)


@compiled
def remember_waiting(region, inputs, params, accord, state, month):
    """What the months say in which a state could have acceded and did not, taken at the odds of today; in place.

    Returns whether there were any.
    """
    treaties = region.treaties
    n_signed = region.treaties.signatures[accord]
    closed = inputs.accords.unanimous[accord] == 1 or treaties.lapsed[accord] == 1
    if closed or n_signed == 0 or treaties.signed[accord, state] >= 0 or not may_join(inputs, accord, state, month):
        return False
    since = month
    for j in range(treaties.signed.shape[1]):
        if treaties.signed[accord, j] >= 0:
            since = min(since, treaties.signed[accord, j])
    logit = answer_logit(region, inputs, params, accord, state, n_signed, month)
    waited = float(month - since)
    learn_from_refusal(treaties.likelihood, logit, params.accords_persistence, params.accords_accession, waited)
    return waited > 0.0


@compiled
def recall_refusals(treaties, accord, state, attitude_sd):
    """What the documented refusals say of one state's attitude to an accord, in place; whether there are any."""
    treaties.likelihood[:] = 0.0
    if treaties.refused[accord, state] == 0:
        return False
    for k in range(treaties.refusals):
        if treaties.refusal_accord[k] == accord and treaties.refusal_state[k] == state:
            learn_from_refusal(
                treaties.likelihood, treaties.refusal_logit[k], attitude_sd, treaties.refusal_asked[k], 1.0
            )
    return True


@compiled
def draw_attitudes(region, inputs, params, member):
    """The record ends here: draw every lasting attitude given what the state left unsigned, and when ideas become
    texts."""
    treaties, branch = region.treaties, inputs.clock.branch
    for accord in range(inputs.accords.count):
        for i in range(treaties.attitude.shape[1]):
            if inputs.accords.party[accord, i] == 1:
                draw = uniform(inputs.channels.attitude[accord, i], 0, 0, member)
                refused = recall_refusals(treaties, accord, i, params.accords_persistence)
                waited = remember_waiting(region, inputs, params, accord, i, branch)
                treaties.attitude[accord, i] = draw_attitude(
                    treaties.likelihood, refused or waited, draw, params.accords_persistence, treaties.weights
                )
        if inputs.accords.proposal[accord] == 1:
            wait = months_to_text(uniform(inputs.channels.tabling[accord], 0, 0, member), params.accords_tabling)
            treaties.tabled[accord] = max(inputs.clock.branch, inputs.accords.opens[accord]) + wait


@compiled
def suppose(kind, region, inputs, accord, state, month):
    """A scenario has a state decline, or sign what it has not signed: from then on others may follow it."""
    treaties = region.treaties
    if kind == REFUSAL:
        treaties.refused[accord, state] = 1
    elif treaties.signed[accord, state] < 0:
        treaties.tabled[accord] = min(treaties.tabled[accord], month)
        add_signature_impacts(region, inputs, accord, state, month)
        put_signature(treaties, accord, state, month)


@compiled
def apply(event, region, inputs, params, month, log):
    """A dated signature, accession or refusal of one state, in place; from the branch on a scenario supposes it."""
    accord, state = event.subject, event.a
    if month >= inputs.clock.branch:
        suppose(event.kind, region, inputs, accord, state, month)
        return
    if event.kind == REFUSAL:
        remember_refusal(region, inputs, params, accord, state, month, log)
        return
    keep_signature(region, inputs, params, accord, state, month, log)
    if event.kind == ACCESSION:
        add_signature_impacts(region, inputs, accord, state, month)
    put_signature(region.treaties, accord, state, month)
