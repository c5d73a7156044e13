"""Phases 3 to 5a: what happens at borders, what each state makes of it, and what it thinks of each open instrument.

`observe` and `appraise` take a range of states: an ensemble calls them for all, a Mesa agent for itself alone, and the
bits are the same because each writes its own rows only.
"""

from sim.compiled import compiled
from sim.mechanisms.interest import blocker, issue_gain, sovereignty_cost
from sim.mechanisms.ladder import TOP_RUNG
from sim.mechanisms.trust import feel, probability, update_trust
from sim.model.kinds import CLASH, CLOSURE, OPENING, SETTLEMENT

CROSSINGS = 0  # the subject of a closure that shuts a border, not a power line or a railway


@compiled
def live_frictions(region, setting, month):
    """Phase 3: borders and crossings as documented, and all impressions of the month, in place."""
    frontier, beliefs, environment = region.frontier, region.beliefs, region.environment
    schedule, felt = setting.schedule, setting.felt
    row = environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind = schedule[row].kind
        if kind == OPENING or kind == CLOSURE or kind == CLASH or kind == SETTLEMENT:
            dyad = setting.ladder.dyad_of[schedule[row].a, schedule[row].b]
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
    row = environment.next_felt
    while row < felt.shape[0] and felt[row].month <= month:
        feel(beliefs.felt_weight, beliefs.felt_month, beliefs.gains, beliefs.losses, felt[row].target,
             felt[row].actor, felt[row].event_class, felt[row].weight, month)  # fmt: skip
        row += 1
    environment.next_felt = row


@compiled
def observe(first, last, region, p):
    """Phase 4: the states first..last-1 revise their trust in all others (into a second array)."""
    beliefs = region.beliefs
    update_trust(
        first, last, beliefs.logit, beliefs.updated, beliefs.gains, beliefs.losses, region.polity.elite,
        region.environment.process, p.trust_baseline, p.trust_identity_effect, p.trust_third_parties,
        p.trust_decay, p.trust_responsiveness, p.trust_loss_aversion,
    )  # fmt: skip


@compiled
def settle_beliefs(region):
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
def fill_parts(parts, trust, gain, depth, capacity, pull, block, openness, scepticism, p):
    """The named parts of V in the order of `sim.model.layout.PARTS`; they add up to V."""
    parts[0] = trust * gain
    parts[1] = -(1.0 - trust) * p.interest_vulnerability * depth
    parts[2] = -sovereignty_cost(depth, capacity)
    parts[3] = -p.interest_pull_cost * pull * depth
    parts[4] = -block
    parts[5] = openness
    parts[6] = -scepticism


@compiled
def border_block(region, setting, i, j, month, p):
    """B of state i because of its border with j; zero where there is none."""
    dyad = setting.ladder.dyad_of[i, j]
    if setting.borders.exists[dyad] == 0:
        return 0.0
    frontier = region.frontier
    return blocker(
        region.polity.blocker[i], frontier.unsettled[dyad], frontier.clash_month[dyad], month, p.border_clash_memory
    )


@compiled
def scepticism_of(setting, state):
    """A scenario's constant doubt of a state; zero where it sets none."""
    value = setting.overrides.scepticism[state]
    return value if value > 0.0 else 0.0


@compiled
def appraise(first, last, region, setting, p, month):
    """Phase 5a: the states first..last-1 value every instrument that they could sign, part by part."""
    appraise_rungs(first, last, region, setting, p, month)
    appraise_accords(first, last, region, setting, p, month)


@compiled
def appraise_rungs(first, last, region, setting, p, month):
    """The next rung with each other state."""
    polity, ladder = region.polity, setting.ladder
    for i in range(first, last):
        doubt = scepticism_of(setting, i)
        for j in range(polity.openness.shape[0]):
            if j == i:
                continue
            rung = region.treaties.rung[ladder.dyad_of[i, j]]
            if rung < TOP_RUNG:
                depth = ladder.depth[rung]
                gain = issue_gain(polity.gains[i], ladder.content[rung], depth, p.interest_gain_scale)
                block = border_block(region, setting, i, j, month, p)
                fill_parts(
                    region.appraisal.dyad[i, j], region.beliefs.trust[i, j], gain, depth, polity.capacity[i],
                    region.environment.pull[i], block, polity.openness[i], doubt, p,
                )  # fmt: skip


@compiled
def appraise_accords(first, last, region, setting, p, month):
    """Every accord on the table that the state has not signed."""
    polity, accords = region.polity, setting.accords
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
                    block = max(block, border_block(region, setting, i, j, month, p))
            trust /= accords.n_parties[m] - 1
            gain = issue_gain(polity.gains[i], accords.content[m], accords.depth[m], p.interest_gain_scale)
            fill_parts(
                region.appraisal.accord[m, i], trust, gain, accords.depth[m], polity.capacity[i],
                region.environment.pull[i], block, polity.openness[i], scepticism_of(setting, i), p,
            )  # fmt: skip
