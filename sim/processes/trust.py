"""Trust: how a state's belief that another keeps its word moves with events.

Bayesian reassurance in log-odds with a slowly drifting type (Kydd 2000, 2005), loss aversion (Slovic 1993), and event
weights on the COPDAB scale divided by its value for an alliance (Azar 1982). Repetition adds nothing: of all events of
one class between an ordered pair only the largest within twelve months counts (`sim.engine.event_log.add_impact`).
"""

from sim.engine.compiled import compiled
from sim.engine.event_log import add_impact
from sim.engine.hazard import probability
from sim.engine.lanes import WIDTH, exponential, lanes_of, load, store
from sim.engine.layout import LONG_AGO
from sim.engine.process import Field, Process
from sim.engine.products import turn

PROCESS = Process(
    "trust",
    state={
        "beliefs": (
            Field("logit", ("state", "other"), None, "log-odds that the other keeps its word"),
            Field("updated", ("state", "other"), 0.0, "next month's log-odds"),
            Field("of_each", ("other", "state"), 0.0, "working space: log-odds by whom they are about"),
            Field("row_sum", ("state",), 0.0, "working space: sums of the rows of log-odds"),
            Field("trust", ("state", "other"), None, "Belief of the first state that the second keeps its word."),
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
def baseline_trust(pair, sums, elites, n_states, process, params):
    """The log-odds that the trust of i in j drifts back to; the same in both directions.

    Parameters
    ----------
    pair : log-odds of i's trust in j and of j's in i; all pairs are numbers, or a number or lanes for many j
    sums : of what i and j think of all others
    elites : elite identity of i and j, in [0, 1]
    process : regional process R in [0, 1]; scales the weight of what i and j think of the others
    """
    of_others = (sums[0] - pair[0] + sums[1] - pair[1]) / (2.0 * (n_states - 2))
    shared = params.trust_identity_effect * 0.5 * (elites[0] + elites[1])
    return params.trust_baseline + shared + params.trust_third_parties * process * of_others


@compiled
def update_trust(first, last, region, params):
    """Phase 4: a month of belief of the states first..last-1 in all others, written to `beliefs.updated`.

    A second array, so that the order of states does not matter. Trust drifts to its baseline with a half-life of 2-12
    years and moves with the month's events; losses count `trust.loss_aversion` times (Slovic 1993).
    """
    beliefs, elite, process = region.beliefs, region.polity.elite, region.environment.process
    logit, row_sum = beliefs.logit, beliefs.row_sum
    n_states = logit.shape[0]
    turn(logit, beliefs.of_each)
    for i in range(n_states):
        row_sum[i] = sum_row(logit, i)
    for i in range(first, last):
        for start in range(0, n_states, WIDTH):
            own = load(logit[i], start, 0.0)
            pair, sums = (own, load(beliefs.of_each[i], start, 0.0)), (row_sum[i], load(row_sum, start, 0.0))
            elites = (elite[i], load(elite, start, 0.0))
            rest = baseline_trust(pair, sums, elites, n_states, process, params)
            losses = params.trust_loss_aversion * load(beliefs.losses[i], start, 0.0)
            news = load(beliefs.gains[i], start, 0.0) - losses
            drift = params.trust_decay * (rest - own)
            store(beliefs.updated[i], start, own + drift + params.trust_responsiveness * news)
        beliefs.updated[i, i] = 0.0


@compiled
def reset_trust(state, region, params):
    """A new leader in `state`: trust in both directions moves part of the way back to its baseline, in place.

    Full institutions prevent the share `leaders.institutions` of that move.
    """
    logit, elite, environment = region.beliefs.logit, region.polity.elite, region.environment
    sum_own = sum_row(logit, state)
    step = params.trust_leader_reset * (1.0 - params.leaders_institutions * environment.institutions)
    for j in range(logit.shape[0]):
        if j != state:
            pair, sums = (logit[state, j], logit[j, state]), (sum_own, sum_row(logit, j))
            elites = (elite[state], elite[j])
            rest = baseline_trust(pair, sums, elites, logit.shape[0], environment.process, params)
            logit[state, j] += step * (rest - logit[state, j])
            logit[j, state] += step * (rest - logit[j, state])


@compiled
def commit_trust(region):
    """End of phase 4: the revised trust becomes the trust; the month's news is used up."""
    beliefs, nothing = region.beliefs, lanes_of(0.0)
    n_states = beliefs.logit.shape[0]
    for start in range(0, n_states * n_states, WIDTH):  # row after row
        logit = load(beliefs.updated, start, 0.0)
        store(beliefs.logit, start, logit)
        store(beliefs.trust, start, 1.0 / (1.0 + exponential(0.0 - logit)))
        store(beliefs.gains, start, nothing)
        store(beliefs.losses, start, nothing)
    for i in range(n_states):
        beliefs.logit[i, i] = 0.0
        beliefs.trust[i, i] = 1.0


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
    environment, impacts = region.environment, inputs.impacts
    row = environment.next_impact
    while row < impacts.shape[0] and impacts[row].month <= month:
        line = impacts[row]
        add_impact(region.beliefs, line.target, line.actor, line.event_class, line.weight, month)
        row += 1
    environment.next_impact = row
