"""Phases 3 to 5a: what happens at borders, what each state makes of it, and what it thinks of each open instrument.

`observe` and `appraise` take a range of states: an ensemble calls them for all, a Mesa agent for itself alone, and the
bits are the same because each writes its own rows only.
"""

from sim.compiled import compiled
from sim.processes.bilateral_treaties import TOP_RUNG
from sim.processes.event_types import CLASH, CLOSURE, OPENING, SETTLEMENT
from sim.processes.trust import add_impact, probability, update_trust
from sim.processes.utility import blocker, issue_gain, sovereignty_cost

CROSSINGS = 0  # the subject of a closure that shuts a border, not a power line or a railway


@compiled
def apply_documented_frictions(region, inputs, month):
    """Phase 3: borders and crossings as documented, and all event_weights of the month, in place."""
    frontier, beliefs, environment = region.frontier, region.beliefs, region.environment
    schedule, felt = inputs.schedule, inputs.felt
    row = environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind = schedule[row].kind
        if kind == OPENING or kind == CLOSURE or kind == CLASH or kind == SETTLEMENT:
            dyad = inputs.ladder.dyad_of[schedule[row].a, schedule[row].b]
            if kind == OPENING or kind == CLOSURE:
                if schedule[row].subject == CROSSINGS:
                    frontier.crossing[dyad] = 1.0 if kind == OPENING else 0.0
            elif kind == CLASH:
                frontier.clash_month[dyad] = month
                if schedule[row].value > 0.0:
                    frontier.fought_month[dyad] = month
            else:
                frontier.unsettled[dyad] = 1.0 - schedule[row].value
        row += 1
    row = environment.next_impact
    while row < felt.shape[0] and felt[row].month <= month:
        add_impact(
            beliefs.impact_weight,
            beliefs.impact_month,
            beliefs.gains,
            beliefs.losses,
            felt[row].target,
            felt[row].actor,
            felt[row].event_class,
            felt[row].weight,
            month,
        )
        row += 1
    environment.next_impact = row


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
def fill_parts(parts, trust, gain, depth, capacity, pull, block, openness, scepticism, params):
    """The named parts of V in the order of `sim.model.state.PARTS`; they add up to V."""
    parts[0] = trust * gain
    parts[1] = -(1.0 - trust) * params.interest_vulnerability * depth
    parts[2] = -sovereignty_cost(depth, capacity)
    parts[3] = -params.interest_pull_cost * pull * depth
    parts[4] = -block
    parts[5] = openness
    parts[6] = -scepticism


@compiled
def border_block(region, inputs, i, j, month, params):
    """B of state i because of its border with j; zero where there is none."""
    dyad = inputs.ladder.dyad_of[i, j]
    if inputs.borders.exists[dyad] == 0:
        return 0.0
    frontier = region.frontier
    return blocker(
        region.polity.blocker[i],
        frontier.unsettled[dyad],
        frontier.clash_month[dyad],
        month,
        params.border_clash_memory,
    )


@compiled
def scepticism_of(inputs, state):
    """A scenario's constant doubt of a state; zero where it sets none."""
    value = inputs.overrides.scepticism[state]
    return value if value > 0.0 else 0.0


@compiled
def appraise(first, last, region, inputs, params, month):
    """Phase 5a: the states first..last-1 value every instrument that they could sign, part by part."""
    appraise_rungs(first, last, region, inputs, params, month)
    appraise_accords(first, last, region, inputs, params, month)


@compiled
def appraise_rungs(first, last, region, inputs, params, month):
    """The next rung with each other state."""
    polity, ladder = region.polity, inputs.ladder
    for i in range(first, last):
        doubt = scepticism_of(inputs, i)
        for j in range(polity.openness.shape[0]):
            if j == i:
                continue
            rung = region.treaties.rung[ladder.dyad_of[i, j]]
            if rung < TOP_RUNG:
                depth = ladder.depth[rung]
                gain = issue_gain(polity.gains[i], ladder.content[rung], depth, params.interest_gain_scale)
                block = border_block(region, inputs, i, j, month, params)
                fill_parts(
                    region.appraisal.dyad[i, j],
                    region.beliefs.trust[i, j],
                    gain,
                    depth,
                    polity.capacity[i],
                    region.environment.pull[i],
                    block,
                    polity.openness[i],
                    doubt,
                    params,
                )


@compiled
def appraise_accords(first, last, region, inputs, params, month):
    """Every accord on the table that the state has not signed."""
    polity, accords = region.polity, inputs.accords
    for m in range(accords.count):
        if region.treaties.tabled[m] > month or region.treaties.lapsed[m] == 1:
            continue
        for i in range(first, last):
            if accords.party[m, i] == 0 or region.treaties.signed[m, i] >= 0:
                continue
            trust = 0.0
            block = 0.0
            for j in range(polity.openness.shape[0]):
                if j != i and accords.party[m, j] == 1:
                    trust += region.beliefs.trust[i, j]
                    block = max(block, border_block(region, inputs, i, j, month, params))
            trust /= accords.n_parties[m] - 1
            gain = issue_gain(polity.gains[i], accords.content[m], accords.depth[m], params.interest_gain_scale)
            fill_parts(
                region.appraisal.accord[m, i],
                trust,
                gain,
                accords.depth[m],
                polity.capacity[i],
                region.environment.pull[i],
                block,
                polity.openness[i],
                scepticism_of(inputs, i),
                params,
            )
