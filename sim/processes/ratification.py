"""What becomes of a signature: ratification, implementation, withdrawal.

Ratification slows with the number of parties (Wuthrich 2020); implementation approaches full effect at a rate that
institutions raise; what needs no ratification is in force once adopted; a plan ends on its date and its successor is
tabled; withdrawal from what is in force is rare, likelier after a leader has given way to a less open one, and held
down by institutions.
"""

import math

from sim.engine.compiled import compiled
from sim.engine.event_log import add_event_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.process import Field, Process
from sim.engine.random import uniform
from sim.processes.signatures import begin_accord, make_void, put_ratification, take_signature

PROCESS = Process(
    "ratification",
    state={
        "treaties": (
            Field("ratified", ("accord", "state"), -1, "month of ratification", whole=True),
            Field("ratifications", ("accord",), 0, "how many states have ratified", whole=True),
            Field("in_force", ("accord",), -1, "month of entry into force", whole=True),
            Field("implemented", ("accord",), 0.0, "share put into practice"),
            Field("expires", ("accord",), None, "month after its last", whole=True),
            Field("ratification_chance", ("state",), -1.0, "a month, among so many states and one; -1 not worked out"),
        ),
        "polity": (Field("leaves", ("state",), 0.0, "chance that it leaves an instrument within the year"),),
    },
    parameters=("ratification", "implementation", "withdrawal"),
)

IN_FORCE = CODE["in-force"]
RATIFICATION = CODE["ratification"]
RUNG_IN_FORCE = CODE["rung-in-force"]
RUNG_LOST = CODE["rung-lost"]
WITHDRAWAL = CODE["withdrawal"]

MONTHS_OF_A_NEW_LEADER = 24
ORGANISATION, OTHER = 1, 2  # how an accord may be left


@compiled
def ratification_probability(rate, slowdown, n_parties):
    """Chance per month that one signatory completes ratification.

    Parameters
    ----------
    rate : r0, log-hazard per month with a single party
    slowdown : r1, its fall per log number of parties
    n_parties : number of signatories, at least 1
    """
    return 1.0 - math.exp(-math.exp(rate - slowdown * math.log(n_parties)))


@compiled
def ratification_chance(treaties, params, n_parties):
    """The same under a member's parameters, worked out once."""
    chance = treaties.ratification_chance[n_parties - 1]
    if chance < 0.0:
        chance = ratification_probability(params.ratification_rate, params.ratification_parties, n_parties)
        treaties.ratification_chance[n_parties - 1] = chance
    return chance


@compiled
def implement(implemented, rate, institutions_effect, institutions):
    """Next month's implemented share.

    Parameters
    ----------
    implemented : share in [0, 1]
    rate : share of the rest done per month without institutions
    institutions_effect : iota1, relative rise of the rate with full institutions
    institutions : Z in [0, 1]
    """
    return implemented + rate * (1.0 + institutions_effect * institutions) * (1.0 - implemented)


@compiled
def withdrawal_probability(
    yearly_rate, held_by_institutions, institutions, openness_fall, leader_effect, held_by_society, society_identity
):
    """Chance per month that a state leaves an instrument it has signed.

    Parameters
    ----------
    yearly_rate : per year, 0.001-0.005
    held_by_institutions : iota3, log-hazard taken away by full institutions
    institutions : Z in [0, 1]
    openness_fall : by how much a leader new within two years is less open than the last one; 0 for an old leader
    leader_effect : log-hazard per unit of that fall
    held_by_society : log-hazard taken away by a fully shared identity of society
    society_identity : that identity, in [0, 1]
    """
    held = held_by_institutions * institutions + held_by_society * society_identity
    log_factor = leader_effect * openness_fall - held
    return 1.0 - math.exp(-yearly_rate / 12.0 * math.exp(log_factor))


@compiled
def ratify_rungs(region, inputs, params, member, month, log):
    """Both parliaments ratify a signed treaty, by a hazard."""
    treaties, chance = region.treaties, ratification_chance(region.treaties, params, 2)
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            if treaties.rung_in_force[d, k] < 0:
                if uniform(inputs.channels.bilateral[d], k + 1, month, member) < chance:
                    treaties.rung_in_force[d, k] = month
                    a, b = inputs.ladder.dyad_a[d], inputs.ladder.dyad_b[d]
                    write_event(log, month, RUNG_IN_FORCE, a, b, k + 1, 0.0)


@compiled
def implement_rungs(region, params):
    """Ratified treaties are put into practice."""
    treaties = region.treaties
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            if treaties.rung_in_force[d, k] >= 0:
                treaties.rung_implemented[d, k] = implement(
                    treaties.rung_implemented[d, k],
                    params.implementation_rate,
                    params.implementation_institutions,
                    region.environment.institutions,
                )


@compiled
def set_leaving_chances(region, inputs, params, yearly_rate, month):
    """Chance of each state that it leaves an instrument left at this rate in the year that ends now, in place."""
    chances = region.polity.leaves
    for state in range(chances.shape[0]):
        chances[state] = leaving_chance(region, inputs, params, yearly_rate, state, month)


@compiled
def leaving_chance(region, inputs, params, yearly_rate, state, month):
    """Chance that a state leaves a given instrument in the year that ends this month, or in its simulated months."""
    new = month - region.polity.leader_since[state] < MONTHS_OF_A_NEW_LEADER
    fall = region.polity.openness_fall[state] if new else 0.0
    monthly = withdrawal_probability(
        yearly_rate,
        params.withdrawal_institutions,
        region.environment.institutions,
        fall,
        params.withdrawal_leader_change,
        params.withdrawal_society,
        region.polity.society[state],
    )
    return 1.0 - (1.0 - monthly) ** min(12, month - inputs.clock.branch + 1)


@compiled
def withdraw_from_rungs(region, inputs, params, member, month, log):
    """Once a year, in December, either state of a dyad may leave its highest treaty."""
    treaties, ladder = region.treaties, inputs.ladder
    set_leaving_chances(region, inputs, params, params.withdrawal_rung, month)
    leaves = region.polity.leaves
    for d in range(treaties.rung.shape[0]):
        rung = treaties.rung[d]
        if rung == 0:
            continue
        a, b = ladder.dyad_a[d], ladder.dyad_b[d]
        stays = (1.0 - leaves[a]) * (1.0 - leaves[b])
        if uniform(inputs.channels.bilateral[d], 0, month, member) < 1.0 - stays:
            treaties.rung[d] = rung - 1
            treaties.declared[d] = 0
            treaties.rung_in_force[d, rung - 1] = -1
            treaties.rung_implemented[d, rung - 1] = 0.0
            write_event(log, month, RUNG_LOST, a, b, rung, 0.0)
            add_event_impact(region, inputs, a, b, RUNG_LOST, month)


@compiled
def ratify_accords(region, inputs, params, member, month, log):
    """Signatories ratify by a hazard; enough ratifications bring the accord into force."""
    treaties = region.treaties
    for n in range(treaties.n_begun):
        m = treaties.begun[n]
        n_signed = treaties.signatures[m]
        if n_signed == 0 or treaties.lapsed[m] == 1:
            continue
        if treaties.ratifications[m] == n_signed and treaties.in_force[m] >= 0:
            continue
        if inputs.accords.ratification[m] == 0:
            if n_signed >= inputs.accords.minimum[m]:
                if treaties.in_force[m] < 0:
                    write_event(log, month, IN_FORCE, -1, -1, m, 0.0)
                    treaties.in_force[m] = month
                enter_into_force(treaties, m, treaties.in_force[m])
            continue
        chance = ratification_chance(treaties, params, n_signed)
        for i in range(treaties.signed.shape[1]):
            if treaties.signed[m, i] >= 0 and treaties.ratified[m, i] < 0:
                if uniform(inputs.channels.accord[m, i], 1, month, member) < chance:
                    put_ratification(treaties, m, i, month)
                    write_event(log, month, RATIFICATION, i, -1, m, 0.0)
        if treaties.in_force[m] < 0 and treaties.ratifications[m] >= inputs.accords.minimum[m]:
            treaties.in_force[m] = month
            write_event(log, month, IN_FORCE, -1, -1, m, 0.0)


@compiled
def end_plans(region, inputs, month):
    """A plan that has run its course is over; from the branch on its successor lies on the table, as long as it was.

    The one plan of the record that ended, the roadmap of 2022, was followed by another at the next summit.
    """
    treaties = region.treaties
    for n in range(inputs.accords.plans):
        m = inputs.accords.plan[n]
        if treaties.expires[m] == month and treaties.lapsed[m] == 0:
            make_void(treaties, m)
            treaties.refused[m, :] = 0  # the next plan is a new question
            if month < inputs.clock.branch:
                treaties.lapsed[m] = 1
            else:
                treaties.expires[m] = month + inputs.accords.runs[m]


@compiled
def implement_accords(region, params):
    """Accords in force are put into practice."""
    treaties = region.treaties
    for n in range(treaties.n_begun):
        m = treaties.begun[n]
        if treaties.in_force[m] >= 0 and treaties.lapsed[m] == 0:
            treaties.implemented[m] = implement(
                treaties.implemented[m],
                params.implementation_rate,
                params.implementation_institutions,
                region.environment.institutions,
            )


@compiled
def withdraw_from_accords(region, inputs, params, member, month, log):
    """Once a year, in December, each party may leave what is in force; too few ratifications left end its force."""
    withdraw_from_kind(region, inputs, params, ORGANISATION, params.withdrawal_organisation, member, month, log)
    withdraw_from_kind(region, inputs, params, OTHER, params.withdrawal_rate, member, month, log)


@compiled
def withdraw_from_kind(region, inputs, params, kind, yearly_rate, member, month, log):
    """The same for accords that are left at one rate (`sim.model.accord_world.leaving_of`)."""
    treaties = region.treaties
    set_leaving_chances(region, inputs, params, yearly_rate, month)
    for n in range(treaties.n_begun):
        m = treaties.begun[n]
        if treaties.in_force[m] < 0 or treaties.lapsed[m] == 1 or inputs.accords.leaving[m] != kind:
            continue
        for i in range(treaties.signed.shape[1]):
            if treaties.ratified[m, i] < 0:
                continue  # what does not bind a state is left by never ratifying it
            if uniform(inputs.channels.accord[m, i], 2, month, member) < region.polity.leaves[i]:
                withdraw(region, inputs, params, m, i, month, log)


@compiled
def withdraw(region, inputs, params, accord, state, month, log):
    """A state leaves an accord."""
    treaties = region.treaties
    take_signature(treaties, accord, state)
    treaties.refused[accord, state] = 1  # whoever walks out does not walk back in at the next summit
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
def enter_into_force(treaties, accord, month):
    """Whoever has signed by now has ratified."""
    begin_accord(treaties, accord)
    treaties.in_force[accord] = month
    for i in range(treaties.signed.shape[1]):
        if treaties.signed[accord, i] >= 0 and treaties.ratified[accord, i] < 0:
            put_ratification(treaties, accord, i, month)


@compiled
def apply(event, region, branch, month):
    """A dated ratification, entry into force or withdrawal, in place."""
    treaties, accord = region.treaties, event.subject
    if event.kind == RATIFICATION:
        if month < branch or treaties.signed[accord, event.a] >= 0:  # a scenario's without a signature is void
            put_ratification(treaties, accord, event.a, month)
    elif event.kind == IN_FORCE:
        enter_into_force(treaties, accord, month)
    elif event.kind == WITHDRAWAL:
        take_signature(treaties, accord, event.a)
        treaties.refused[accord, event.a] = 1
