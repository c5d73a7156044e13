"""Interest: what an instrument is worth to a state.

Expected gain under trust less the risk of being cheated, the cost of sovereignty pooled by a state that is still being
built, the pull of outside powers and an open border dispute, plus the openness of whoever governs (Kydd 2005;
Moravcsik 1998 for issue-specific gains; ripeness of disputes after Zartman 2000).

V = trust * G - (1 - trust) * k * q - q * (1 - C) - alpha * E * q - B + o

Texts that failed were deeper than those that were signed; of an accord V therefore loses signing.depth (q - 0.45) too.
"""

import math
from typing import NamedTuple

from sim.engine.compiled import compiled
from sim.engine.layout import PARTS, TOP_RUNG
from sim.engine.process import Channel, Field, Process

PROCESS = Process(
    "utility",
    state={
        "appraisal": (  # what each state makes of each open instrument this month: the named parts of V
            Field("dyad", ("state", "other", "part"), 0.0, "parts of V of the next rung with the other"),
            Field("accord", ("accord", "state", "part"), 0.0, "parts of V of an accord"),
        ),
        "polity": (Field("gains", ("state", "issue"), None, "what cooperation over an issue is worth to a state"),),
        "frontier": (
            Field("clash_age", ("dyad",), -1, "months since the last clash for which its weight is known", whole=True),
            Field("clash_weight", ("dyad",), 0.0, "what that clash still weighs, 0-1"),
        ),
    },
    channels=(Channel("blocker", "blocker:{state}", ("state",)),),
    parameters=("interest", "border", "signing"),
)

SOVEREIGNTY = PARTS.index("sovereignty")
USUAL_DEPTH = 0.45  # mean of the texts that were signed; there the effect of depth on signing is zero


@compiled
def issue_gain(gains, content, depth, scale):
    """Gain G of one instrument for one state: its depth times how far its content meets the state's gains.

    Parameters
    ----------
    gains : (issue,), the state's gain per issue; documented issue weights (sum 1) until a mechanism supplies figures
    content : (issue,), the instrument's issue shares, sum 1
    depth : q in [0.2, 1]
    scale : number of issues, so that a state with equal weights gains exactly the depth
    """
    total = 0.0
    for issue in range(gains.shape[0]):
        total += gains[issue] * content[issue]
    return depth * scale * total


@compiled
def sovereignty_cost(depth, capacity):
    """q (1 - C): what pooling costs a state of capacity C in [0, 1]."""
    return depth * (1.0 - capacity)


@compiled
def weight_of_clash(frontier, dyad, month, memory):
    """What the last clash of a border still weighs, 1 when it happens; kept, as both sides and their gains ask for it.

    Parameters
    ----------
    month : absolute month
    memory : months after which a clash weighs 1/e
    """
    age = month - frontier.clash_month[dyad]
    if frontier.clash_age[dyad] != age:
        frontier.clash_age[dyad] = age
        frontier.clash_weight[dyad] = math.exp(-age / memory)
    return frontier.clash_weight[dyad]


class Offer(NamedTuple):
    """What an instrument offers a state: `trust` in its partners, `gain` G, `depth` q, `block` B."""

    trust: float
    gain: float
    depth: float
    block: float


@compiled
def fill_parts(parts, offer, state, region, inputs, params):
    """The named parts of V of an `Offer`, in the order of `sim.engine.layout.PARTS`; they add up to V."""
    trust, depth, environment = offer.trust, offer.depth, region.environment
    parts[0] = trust * offer.gain
    parts[1] = -(1.0 - trust) * params.interest_vulnerability * depth
    parts[2] = -sovereignty_cost(depth, region.polity.capacity[state])
    parts[3] = -params.interest_pull_cost * environment.pull[state] * depth
    parts[3] += params.sponsors_courting * environment.effort
    parts[4] = -offer.block
    parts[5] = region.polity.openness[state]
    parts[6] = -scepticism_of(inputs, state)


@compiled
def border_block(region, inputs, i, j, month, params):
    """B of state i because of its border with j: the unsettled share, weighted down with the months since a clash.

    Zero where there is no border, no clash, or nothing left to settle.
    """
    dyad, frontier = inputs.ladder.dyad_of[i, j], region.frontier
    if inputs.borders.exists[dyad] == 0 or frontier.clash_month[dyad] < 0 or frontier.unsettled[dyad] <= 0.0:
        return 0.0
    weight = weight_of_clash(frontier, dyad, month, params.border_clash_memory)
    return region.polity.blocker[i] * frontier.unsettled[dyad] * weight


@compiled
def scepticism_of(inputs, state):
    """A scenario's constant doubt of a state; zero where it sets none."""
    value = inputs.overrides.scepticism[state]
    return value if value > 0.0 else 0.0


@compiled
def appraise(first, last, region, inputs, params, month):
    """Phase 5a: the states first..last-1 value every instrument that they could sign, part by part.

    Of accords nothing but an answer reads this, and nothing between here and there moves it: an ensemble leaves accords
    until a state is asked.
    """
    appraise_rungs(first, last, region, inputs, params, month)
    appraise_accords(first, last, region, inputs, params, month)


@compiled
def appraise_rungs(first, last, region, inputs, params, month):
    """The next rung with each other state."""
    polity, ladder = region.polity, inputs.ladder
    for i in range(first, last):
        for j in range(polity.openness.shape[0]):
            if j == i:
                continue
            rung = region.treaties.rung[ladder.dyad_of[i, j]]
            if rung < TOP_RUNG:
                depth = ladder.depth[rung]
                gain = issue_gain(polity.gains[i], ladder.content[rung], depth, params.interest_gain_scale)
                block = border_block(region, inputs, i, j, month, params)
                offer = Offer(region.beliefs.trust[i, j], gain, depth, block)
                fill_parts(region.appraisal.dyad[i, j], offer, i, region, inputs, params)


@compiled
def appraise_accords(first, last, region, inputs, params, month):
    """Every accord on the table that the state has not signed."""
    for m in range(inputs.accords.count):
        for i in range(first, last):
            appraise_accord(m, i, region, inputs, params, month)


@compiled
def appraise_accord(m, i, region, inputs, params, month):
    """Accord m in the eyes of state i, in place, if it lies on the table and the state could still sign it."""
    polity, accords, treaties = region.polity, inputs.accords, region.treaties
    if treaties.tabled[m] > month or treaties.lapsed[m] == 1 or accords.party[m, i] == 0 or treaties.signed[m, i] >= 0:
        return
    trust = 0.0
    block = 0.0
    for j in range(polity.openness.shape[0]):
        if j != i and accords.party[m, j] == 1:
            trust += region.beliefs.trust[i, j]
            block = max(block, border_block(region, inputs, i, j, month, params))
    trust /= accords.n_parties[m] - 1
    gain = issue_gain(polity.gains[i], accords.content[m], accords.depth[m], params.interest_gain_scale)
    offer = Offer(trust, gain, accords.depth[m], block)
    fill_parts(region.appraisal.accord[m, i], offer, i, region, inputs, params)
    region.appraisal.accord[m, i, SOVEREIGNTY] -= params.signing_depth * (accords.depth[m] - USUAL_DEPTH)


@compiled
def steps_matter(inputs, month, log):
    """Whether anything rests on what states make of the next rung this month: decisions from the branch on, terms.

    The branch year's months before the branch tell of its wave.
    """
    return month >= inputs.clock.branch // 12 * 12 or log.terms.shape[0] > 0
