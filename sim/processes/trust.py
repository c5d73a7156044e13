"""Trust: how a state's belief that another keeps its word moves with events.

Bayesian reassurance in log-odds with a slowly drifting type (Kydd 2000, 2005), loss aversion (Slovic 1993), and event
weights on the COPDAB scale divided by its value for an alliance (Azar 1982). Repetition adds nothing: of all events of
one class between an ordered pair only the largest within twelve months counts (`sim.engine.event_log.add_impact`).
"""

from sim.engine.compiled import compiled
from sim.engine.event_log import add_impact
from sim.engine.hazard import probability
from sim.engine.layout import LONG_AGO
from sim.engine.process import Field, Process

PROCESS = Process(
    "trust",
    state={
        "beliefs": (
            Field("logit", ("state", "other"), None, "log-odds that the other keeps its word"),
            Field("updated", ("state", "other"), 0.0, "next month's log-odds"),
            Field(
                "trust",
                ("state", "other"),
                None,
                "Belief of the first state that the second keeps its word.",
                record="trust.{state}.{other}",
                unit="probability",
            ),
            Field("gains", ("state", "other"), 0.0, "weight of this month's good events, alliance = 1"),
            Field("losses", ("state", "other"), 0.0, "weight of this month's bad events, alliance = 1"),
            Field("impact_weight", ("class", "state", "other"), 0.0, "largest event that still counts"),
            Field("impact_month", ("class", "state", "other"), LONG_AGO, "month of that event", whole=True),
        )
    },
    parameters=("trust",),
)


@compiled
def sum_row(logit_trust, i):
    """Sum of a row, added from the left, so that compilation changes no bit."""
    total = 0.0
    for j in range(logit_trust.shape[0]):
        total += logit_trust[i, j]
    return total


@compiled
def baseline_trust(i, j, logit_trust, sum_i, sum_j, identity, process, level, identity_effect, third_parties):
    """The log-odds that the trust of i in j drifts back to.

    Parameters
    ----------
    logit_trust : (state, other), log-odds; its diagonal is zero
    sum_i, sum_j : sums of the rows of i and j
    identity : (state,), elite identity in [0, 1]
    process : regional process R in [0, 1]
    level, identity_effect : log-odds without and per unit of shared identity
    third_parties : weight of what i and j think of the others, scaled by the regional process
    """
    n_states = logit_trust.shape[0]
    of_others = (sum_i - logit_trust[i, j] + sum_j - logit_trust[j, i]) / (2.0 * (n_states - 2))
    return level + identity_effect * 0.5 * (identity[i] + identity[j]) + third_parties * process * of_others


@compiled
def update_trust(
    first,
    last,
    logit_trust,
    updated,
    gains,
    losses,
    identity,
    process,
    level,
    identity_effect,
    third_parties,
    decay,
    responsiveness,
    loss_aversion,
):
    """One month of belief of the states first..last-1, written to `updated`.

    Parameters
    ----------
    logit_trust : (state, other), log-odds that `other` keeps its word
    updated : (state, other), next month's log-odds; a separate array, so that the order of states does not matter
    gains, losses : (state, other), event weight this month, alliance = 1, both >= 0
    decay : per month; 0.005-0.03, a half-life of 2-12 years
    responsiveness : log-odds per unit weight; 0.3-0.6
    loss_aversion : losses count this many times; 1-4 (Slovic 1993)

    The other arguments are those of `baseline_trust`.
    """
    n_states = logit_trust.shape[0]
    for i in range(first, last):
        sum_i = sum_row(logit_trust, i)
        for j in range(n_states):
            if i != j:
                sum_j = sum_row(logit_trust, j)
                rest = baseline_trust(
                    i, j, logit_trust, sum_i, sum_j, identity, process, level, identity_effect, third_parties
                )
                news = gains[i, j] - loss_aversion * losses[i, j]
                updated[i, j] = logit_trust[i, j] + decay * (rest - logit_trust[i, j]) + responsiveness * news


@compiled
def reset_trust(
    state,
    logit_trust,
    identity,
    process,
    institutions,
    level,
    identity_effect,
    third_parties,
    reset,
    held_by_institutions,
):
    """A new leader in `state`: trust in both directions moves part of the way back to its baseline, in place.

    Parameters
    ----------
    institutions : Z in [0, 1]
    reset : share of the distance that is lost without institutions; 0-1
    held_by_institutions : share of that loss which full institutions prevent; 0-1
    """
    n_states = logit_trust.shape[0]
    sum_own = sum_row(logit_trust, state)
    step = reset * (1.0 - held_by_institutions * institutions)
    for j in range(n_states):
        if j != state:
            # the baseline is the same in both directions
            sum_j = sum_row(logit_trust, j)
            rest = baseline_trust(
                state, j, logit_trust, sum_own, sum_j, identity, process, level, identity_effect, third_parties
            )
            logit_trust[state, j] += step * (rest - logit_trust[state, j])
            logit_trust[j, state] += step * (rest - logit_trust[j, state])


@compiled
def observe(first, last, region, params):
    """Phase 4: the states first..last-1 revise their trust in all others (into a second array)."""
    beliefs = region.beliefs
    update_trust(
        first,
        last,
        beliefs.logit,
        beliefs.updated,
        beliefs.gains,
        beliefs.losses,
        region.polity.elite,
        region.environment.process,
        params.trust_baseline,
        params.trust_identity_effect,
        params.trust_third_parties,
        params.trust_decay,
        params.trust_responsiveness,
        params.trust_loss_aversion,
    )


@compiled
def commit_trust(region):
    """End of phase 4: the revised trust becomes the trust; the month's news is used up."""
    beliefs = region.beliefs
    n_states = beliefs.logit.shape[0]
    for i in range(n_states):
        for j in range(n_states):
            if i != j:
                beliefs.logit[i, j] = beliefs.updated[i, j]
                beliefs.trust[i, j] = probability(beliefs.logit[i, j])
            beliefs.gains[i, j] = 0.0
            beliefs.losses[i, j] = 0.0


@compiled
def begin_trust(beliefs, polity, params):
    """Trust starts where it would drift to without any regional process."""
    n_states = polity.openness.shape[0]
    for i in range(n_states):
        for j in range(n_states):
            logit = params.trust_baseline + params.trust_identity_effect * 0.5 * (polity.elite[i] + polity.elite[j])
            beliefs.logit[i, j] = logit if i != j else 0.0
            beliefs.trust[i, j] = probability(logit) if i != j else 1.0


@compiled
def apply_impacts(region, inputs, month):
    """The impacts on trust of this month's dated events, in place."""
    beliefs, environment, impacts = region.beliefs, region.environment, inputs.impacts
    row = environment.next_impact
    while row < impacts.shape[0] and impacts[row].month <= month:
        add_impact(
            beliefs.impact_weight,
            beliefs.impact_month,
            beliefs.gains,
            beliefs.losses,
            impacts[row].target,
            impacts[row].actor,
            impacts[row].event_class,
            impacts[row].weight,
            month,
        )
        row += 1
    environment.next_impact = row
