"""The reduced core the way casim is written: one member at a time, compiled, from casim's own mechanisms and chance."""

from collections import namedtuple

import numpy as np
from core import JUNE, MONTHS, TOP_RUNG, Core

from sim.engine.compiled import compiled
from sim.engine.hazard import probability
from sim.engine.random import channel_key, four_uniforms, uniform
from sim.processes.bilateral_treaties import contagion, count_standing, monthly_probability
from sim.processes.trust import update_trust
from sim.processes.utility import issue_gain, sovereignty_cost

Region = namedtuple("Region", "beliefs polity environment")
Beliefs = namedtuple("Beliefs", "logit updated of_each row_sum gains losses")
Polity = namedtuple("Polity", "elite")
Environment = namedtuple("Environment", "process")
Trust = namedtuple(
    "Trust",
    "trust_baseline trust_identity_effect trust_third_parties trust_decay trust_responsiveness trust_loss_aversion",
)


@compiled(allocates=True)
def value_of(trust, own_gains, content, depth, capacity, openness, numbers):
    gain = issue_gain(own_gains, content, depth, numbers.gain_scale)
    risk = (1.0 - trust) * numbers.vulnerability * depth
    return trust * gain - risk - sovereignty_cost(depth, capacity) + openness


@compiled(allocates=True)
def climb(core, keys, member, month, trust, rungs, held, standing, gains, losses, dyad_a, dyad_b):
    numbers = core.numbers
    held[:] = rungs
    count_standing(held, dyad_a, dyad_b, standing)
    for d in range(rungs.shape[0]):
        a, b = dyad_a[d], dyad_b[d]
        draw, misfortune, _, _ = four_uniforms(keys[0], d, month, member)
        if held[d] < TOP_RUNG:
            k = held[d]
            depth, content = core.rung_depth[k], core.rung_content[k]
            ours = value_of(trust[a, b], core.gains[a], content, depth, core.capacity[a], core.openness[a], numbers)
            theirs = value_of(trust[b, a], core.gains[b], content, depth, core.capacity[b], core.openness[b], numbers)
            hazard = core.rung_hazard[k] + numbers.interest * (ours + theirs) / 2
            hazard += numbers.contagion * contagion(standing, a, b, k + 1)
            hazard += numbers.capacity_effect * ((core.capacity[a] + core.capacity[b]) / 2 - 0.5)
            if draw < monthly_probability(hazard):
                rungs[d] += 1
                gains[a, b] += core.rung_weight[k]
                gains[b, a] += core.rung_weight[k]
        if misfortune < numbers.clash_probability:
            losses[a, b] += numbers.clash_weight
            losses[b, a] += numbers.clash_weight


@compiled(allocates=True)
def sign(core, keys, member, month, trust, signed, gains):
    numbers = core.numbers
    n = core.capacity.shape[0]
    for m in range(signed.shape[0]):
        parties = 0
        for i in range(n):
            parties += core.accord_party[m, i]
        before = signed[m].sum()
        for i in range(n):
            if not core.accord_party[m, i] or signed[m, i]:
                continue
            total = 0.0
            for j in range(n):
                if j != i and core.accord_party[m, j]:
                    total += trust[i, j]
            value = value_of(
                total / (parties - 1),
                core.gains[i],
                core.accord_content[m],
                core.accord_depth[m],
                core.capacity[i],
                core.openness[i],
                numbers,
            )
            logit = numbers.accord_intercept + value + numbers.bandwagon * before / (parties - 1)
            if uniform(keys[1], m * n + i, month, member) < probability(logit):
                signed[m, i] = True
                for j in range(n):
                    if j != i and signed[m, j]:
                        gains[i, j] += numbers.signature_weight
                        gains[j, i] += numbers.signature_weight


@compiled(allocates=True)
def live(core, keys, member, series, trust_rows, rungs, signed, dyad_a, dyad_b):
    numbers = core.numbers
    n = core.capacity.shape[0]
    logit, updated = np.zeros((n, n)), np.zeros((n, n))
    gains, losses, trust = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n))
    beliefs = Beliefs(logit, updated, np.zeros((n, n)), np.zeros(n), gains, losses)
    region = Region(beliefs, Polity(np.full(n, numbers.identity)), Environment(numbers.process))
    params = Trust(
        numbers.trust_level,
        numbers.identity_effect,
        numbers.third_parties,
        numbers.decay,
        numbers.responsiveness,
        numbers.loss_aversion,
    )
    held, standing = np.zeros_like(rungs), np.zeros((n, TOP_RUNG), dtype=np.int64)
    for month in range(MONTHS):
        update_trust(0, n, region, params)
        for i in range(n):
            trust_rows[month, i] = 0.0
            for j in range(n):
                gains[i, j] = 0.0
                losses[i, j] = 0.0
                if i != j:
                    logit[i, j] = updated[i, j]
                    trust[i, j] = probability(logit[i, j])
                    trust_rows[month, i] += trust[i, j] / (n - 1)
        climb(core, keys, member, month, trust, rungs, held, standing, gains, losses, dyad_a, dyad_b)
        if month % 12 == JUNE:
            sign(core, keys, member, month, trust, signed, gains)
        series[month, 0] = trust_rows[month].mean()
        series[month, 1] = rungs.sum()
        series[month, 2] = signed.sum()


CHANNELS = ("dyads", "accords")


class CompiledCore:
    """The core under one seed; ``run`` goes through members and returns their records."""

    def __init__(self, core: Core, seed: int) -> None:
        self.core = core
        self.keys = np.stack([channel_key(seed, f"peers:{channel}") for channel in CHANNELS])
        pairs = [(a, b) for a in range(len(core.states)) for b in range(a + 1, len(core.states))]
        self.dyad_a, self.dyad_b = (np.array(side) for side in zip(*pairs))
        self._plain = as_tuple(core)

    def run(self, first: int, last: int):
        """Monthly series (m, months, 3), mean trust of each state (m, months, states), rungs, signatures."""
        count, n = last - first, len(self.core.states)
        series, trust_rows = np.empty((count, MONTHS, 3)), np.empty((count, MONTHS, n))
        rungs = np.zeros((count, self.dyad_a.size), dtype=np.int64)
        signed = np.zeros((count, len(self.core.accord_depth), n), dtype=np.bool_)
        for k in range(count):
            live(
                self._plain,
                self.keys,
                first + k,
                series[k],
                trust_rows[k],
                rungs[k],
                signed[k],
                self.dyad_a,
                self.dyad_b,
            )
        return series, trust_rows, rungs, signed

    def draw(self, member: int) -> dict[str, np.ndarray]:
        """Every uniform of a member, so that others can live through the same: channel -> (months, slots)."""
        climb, clash = np.empty((2, MONTHS, self.dyad_a.size))
        sign = np.empty((MONTHS, len(self.core.accord_depth) * len(self.core.states)))
        for month, slot in np.ndindex(climb.shape):
            climb[month, slot], clash[month, slot], _, _ = four_uniforms(self.keys[0], slot, month, member)
        for month, slot in np.ndindex(sign.shape):
            sign[month, slot] = uniform(self.keys[1], slot, month, member)
        return {"climb": climb, "clash": clash, "sign": sign}


def as_tuple(core: Core):
    """The core as named tuples, which compiled code can read."""
    from collections import namedtuple

    names = [name for name in core.__dataclass_fields__ if name != "states"]
    numbers = core.numbers.__dict__
    plain = namedtuple("PlainNumbers", list(numbers))(**numbers)
    return namedtuple("PlainCore", names)(*(plain if name == "numbers" else getattr(core, name) for name in names))
