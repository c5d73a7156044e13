"""Leaders: who governs, and how open they are.

A head of state leaves at the end of a term, by age (a Gompertz hazard of death, illness and retirement), or by unrest,
at a rate of the state drawn towards that of all. Where no term is known, or a scenario sets a rate, a flat one holds.

A new leader is a two-sided draw around the state's own disposition, not progress. The disposition is inferred from the
leaders a state has had: with o_k = s + l_k, s ~ N(0, state_sd), l_k ~ N(0, leader_sd), the posterior of s given the o_k
is normal (conjugate updating).
"""

import math

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.event_log import write_event
from sim.engine.event_types import AS_BEFORE, CODE, DRAWN
from sim.engine.hazard import strikes
from sim.engine.layout import LONG_AGO
from sim.engine.process import Channel, Field, Process
from sim.engine.random import four_uniforms, normal
from sim.processes.trust import reset_trust

PROCESS = Process(
    "leaders",
    state={
        "polity": (
            Field("openness", ("state",), None, "Openness of the state plus its leader."),
            Field("openness_sum", ("state",), 0.0, "openness of the leaders so far, summed"),
            Field("n_leaders", ("state",), 0, "leaders so far", whole=True),
            Field("n_successors", ("state",), 0, "simulated ones among them", whole=True),
            Field("term_end", ("state",), None, "month in which the term ends, -1 if not known", whole=True),
            Field("born", ("state",), None, "month in which the leader was born", whole=True),
            Field("leader_since", ("state",), LONG_AGO, "month in which the leader took office", whole=True),
            Field("openness_fall", ("state",), 0.0, "from the last leader to the present one"),
            Field("blocker", ("state",), None, "sensitivity to an open border dispute"),
        )
    },
    channels=(
        Channel("leader", "leader:{state}", ("state",)),
        Channel("disposition", "disposition:{state}", ("state",)),
    ),
    parameters=("leaders", "succession"),
)

LEADER_CHANGE = CODE["leader-change"]
OPENNESS = CODE["openness"]
OPENNESS_RESTORED = CODE["openness-restored"]

USUAL_AGE, AGE_SPREAD = 52.0, 8.0  # years on taking office, of the nineteen leaders on record


@compiled
def leader_changes(turnover, scale, uniform):
    """Whether a head of state is succeeded this month.

    Parameters
    ----------
    turnover : rate per year
    scale : a scenario's multiplier of it
    uniform : in [0, 1)
    """
    return strikes(turnover * scale / 12.0, uniform)


@compiled
def state_disposition(sum_of_openness, n_leaders, state_sd, leader_sd, standard_normal):
    """Draw the state's lasting openness given the leaders it has had.

    Parameters
    ----------
    sum_of_openness : sum of the total openness of the leaders so far
    n_leaders : how many; zero gives the prior
    state_sd, leader_sd : standard deviations between states and between a state's leaders
    standard_normal : the member's random number
    """
    if state_sd <= 0.0:
        return 0.0
    if leader_sd <= 0.0:
        return sum_of_openness / n_leaders if n_leaders > 0 else state_sd * standard_normal
    precision = 1.0 / (state_sd * state_sd) + n_leaders / (leader_sd * leader_sd)
    return sum_of_openness / (leader_sd * leader_sd) / precision + standard_normal / math.sqrt(precision)


@compiled
def age_hazard(level, slope, age):
    """Rate per year at which a leader dies, falls ill for good or retires (Gompertz 1825).

    Parameters
    ----------
    level : log rate per year at 60
    slope : its rise per year of age
    age : years
    """
    return math.exp(level + slope * (age - 60.0))


@compiled
def leaves_by_age(level, slope, age, scale, uniform):
    """Whether a leader is succeeded this month at the hazard of this age; see `age_hazard` and `leader_changes`."""
    if level + slope * (age - 60.0) < 0.0 and uniform > scale / 12.0:
        return False  # the rate is below one a year
    return leader_changes(age_hazard(level, slope, age), scale, uniform)


@compiled
def stays_at_term_end(barred, free_stays, barred_stays, scale, uniform):
    """Whether the holder of an office begins another term.

    Parameters
    ----------
    barred : whether the law allows no other term
    free_stays, barred_stays : chance to stay without and with such a law
    scale : a scenario's multiplier of turnover; enters as an exponent
    uniform : in [0, 1)
    """
    return uniform < (barred_stays if barred else free_stays) ** scale


@compiled
def change_leaders(region, inputs, params, member, month, log):
    """Heads of state come and go once the record has ended."""
    outside, polity, scale = inputs.outside, region.polity, params.leaders_turnover_scale
    for i in range(polity.openness.shape[0]):
        first, second, third, _ = four_uniforms(inputs.channels.leader[i], 0, month, member)
        orderly, ousted = False, False
        if outside.term_end[i] < 0:
            ousted = leader_changes(outside.turnover[i], scale, first)
        else:
            age = (month - polity.born[i]) / 12.0
            orderly = leaves_by_age(params.succession_age, params.succession_ageing, age, scale, first)
            ousted = leader_changes(outside.unrest[i], scale, second)
            if month == polity.term_end[i]:
                barred = outside.barred[i] == 1
                stays = stays_at_term_end(
                    barred, params.succession_stays_free, params.succession_stays_barred, scale, third
                )
                orderly = orderly or not stays
                polity.term_end[i] = month + outside.term_months[i]
        if orderly or ousted:
            before = polity.openness[i]
            new_leader(region, inputs, params, member, month, i, DRAWN, 0.0)
            if orderly and not ousted and outside.heir[i] == 1 and polity.n_successors[i] == 1:
                polity.openness[i] = resembling(polity.openness[i], before, params.succession_heir)
            write_event(log, month, LEADER_CHANGE, i, -1, -1, polity.openness[i])


@compiled
def resembling(drawn, before, resemblance):
    """Openness of a named heir: a share `resemblance` of the way from a new draw to that of the leader who named it."""
    return drawn + resemblance * (before - drawn)


@compiled(apart=True)
def new_leader(region, inputs, params, member, month, state, openness, spread):
    """A new head of state: how open, and what trust survives the change, in place.

    Parameters
    ----------
    openness : the leader's total openness, or DRAWN or AS_BEFORE (see `sim.engine.event_types`)
    spread : standard deviation of a documented leader's openness; 0 otherwise
    """
    polity = region.polity
    before = polity.openness[state]
    # the k-th leader of a state is the same person in every scenario
    person = normal(inputs.channels.leader[state], 1 + polity.n_leaders[state], 0, member)
    if openness == DRAWN:
        disposition = inputs.overrides.openness[state]
        if np.isnan(disposition):
            disposition = state_disposition(
                polity.openness_sum[state],
                polity.n_leaders[state],
                params.leaders_state_openness_sd,
                params.leaders_leader_openness_sd,
                normal(inputs.channels.disposition[state], 0, 0, member),
            )
        polity.openness[state] = disposition + params.leaders_leader_openness_sd * person
    elif openness != AS_BEFORE:
        polity.openness[state] = openness + spread * person
        ordinal = polity.n_leaders[state]
        if (
            spread > 0.0
            and ordinal < params.leader_openness.shape[1]
            and not np.isnan(params.leader_openness[state, ordinal])
        ):
            polity.openness[state] = params.leader_openness[state, ordinal]  # a documented leader, fitted to the record
    polity.openness_sum[state] += polity.openness[state]
    polity.n_leaders[state] += 1
    if month >= inputs.clock.branch:
        polity.n_successors[state] += 1
        polity.term_end[state] = month + inputs.outside.term_months[state]
        age = USUAL_AGE + AGE_SPREAD * normal(inputs.channels.leader[state], 1 + polity.n_leaders[state], 1, member)
        polity.born[state] = month - int(12.0 * age)
    if month > inputs.clock.start:
        polity.leader_since[state] = month
        polity.openness_fall[state] = before - polity.openness[state]
        reset_trust(state, region, params)


@compiled
def begin_leaders(polity, inputs, params, member):
    """States before their first documented leader: everything about them is drawn."""
    n_states = polity.openness.shape[0]
    for i in range(n_states):
        draw = normal(inputs.channels.disposition[i], 0, 0, member)
        disposition = state_disposition(
            0.0, 0, params.leaders_state_openness_sd, params.leaders_leader_openness_sd, draw
        )
        person = normal(inputs.channels.leader[i], 1, 0, member)
        polity.openness[i] = disposition + params.leaders_leader_openness_sd * person
        polity.blocker[i] = inputs.overrides.blocker[i]
        if np.isnan(polity.blocker[i]):
            polity.blocker[i] = params.blocker_strength[i]  # of a calibration
            if polity.blocker[i] < 0.0:
                polity.blocker[i] = 0.0
        if np.isnan(polity.blocker[i]):
            # a dispute never makes a treaty more attractive, hence the cut at zero
            sensitivity = params.border_blocker + params.border_blocker_sd * normal(
                inputs.channels.blocker[i], 0, 0, member
            )
            polity.blocker[i] = max(0.0, sensitivity)


@compiled
def apply(event, region, inputs, params, member, month):
    """A dated change of a leader, or of a leader's openness, in place."""
    polity, a = region.polity, event.a
    if event.kind == LEADER_CHANGE:
        new_leader(region, inputs, params, member, month, a, event.value, event.spread)
    elif event.kind == OPENNESS:
        polity.openness[a] += event.value
    elif event.kind == OPENNESS_RESTORED:
        # taken back only from the leader whom it concerned
        if polity.leader_since[a] < event.b:
            polity.openness[a] -= event.value


@compiled
def override_openness(region, inputs):
    """At the branch a scenario's openness of a state takes the place of its leader's, in place."""
    for i in range(region.polity.openness.shape[0]):
        if not np.isnan(inputs.overrides.openness[i]):
            region.polity.openness[i] = inputs.overrides.openness[i]
