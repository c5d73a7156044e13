"""The reduced core as somebody who knows Mesa writes it: agents with dictionaries, a data collector, batch_run."""

import math
from itertools import combinations

import mesa
from core import JUNE, MONTHS, TOP_RUNG, Core


class State(mesa.Agent):
    """A state: its trust in others (log-odds by state), and what it feels this month."""

    def __init__(self, model, index):
        super().__init__(model)
        core = model.core
        self.index = index
        self.code = core.states[index]
        self.capacity = float(core.capacity[index])
        self.openness = float(core.openness[index])
        self.gains_by_issue = [float(gain) for gain in core.gains[index]]
        self.logit, self.new_logit, self.gained, self.lost = {}, {}, {}, {}

    def meet(self, others):
        for other in others:
            if other is not self:
                self.logit[other], self.gained[other], self.lost[other] = 0.0, 0.0, 0.0

    def trust_in(self, other):
        return 1 / (1 + math.exp(-self.logit[other]))

    @property
    def mean_trust(self):
        return sum(self.trust_in(other) for other in self.logit) / len(self.logit)

    def observe(self):
        numbers = self.model.core.numbers
        others = 2 * (len(self.logit) - 1)
        mine = sum(self.logit.values())
        for other, logit in self.logit.items():
            third = (mine - logit + sum(other.logit.values()) - other.logit[self]) / others
            rest = (
                numbers.trust_level
                + numbers.identity_effect * numbers.identity
                + numbers.third_parties * numbers.process * third
            )
            news = self.gained[other] - numbers.loss_aversion * self.lost[other]
            self.new_logit[other] = logit + numbers.decay * (rest - logit) + numbers.responsiveness * news

    def settle(self):
        for other in self.logit:
            self.logit[other] = self.new_logit[other]
            self.gained[other] = self.lost[other] = 0.0

    def value(self, trust, depth, content):
        numbers = self.model.core.numbers
        gain = depth * numbers.gain_scale * sum(g * c for g, c in zip(self.gains_by_issue, content))
        risk = (1 - trust) * numbers.vulnerability * depth
        return trust * gain - risk - depth * (1 - self.capacity) + self.openness


class Region(mesa.Model):
    """The region; ``draw`` replaces the model's own random numbers by given ones."""

    def __init__(self, core: Core, draw=None, seed=None):
        super().__init__(seed=seed)
        self.core, self.draw, self.month = core, draw, 0
        self.states = [State(self, index) for index in range(len(core.states))]
        for state in self.states:
            state.meet(self.states)
        self.dyads = list(combinations(self.states, 2))
        self.rung = {dyad: 0 for dyad in self.dyads}
        self.neighbours = {
            dyad: [other for other in self.dyads if other != dyad and set(other) & set(dyad)] for dyad in self.dyads
        }
        self.rungs = list(
            zip(
                map(float, core.rung_depth),
                core.rung_content.tolist(),
                map(float, core.rung_hazard),
                map(float, core.rung_weight),
            )
        )
        self.accords = list(
            zip(
                map(float, core.accord_depth),
                core.accord_content.tolist(),
                [[self.states[i] for i in row.nonzero()[0]] for row in core.accord_party],
            )
        )
        self.signed = [set() for _ in self.accords]
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "trust_mean": lambda m: sum(s.mean_trust for s in m.states) / len(m.states),
                "rungs": lambda m: sum(m.rung.values()),
                "signatures": lambda m: sum(len(signed) for signed in m.signed),
            },
            agent_reporters={"trust": "mean_trust"},
        )

    def chance(self, channel, slot):
        return self.random.random() if self.draw is None else self.draw[channel][self.month, slot]

    def step(self):
        self.agents.do("observe")
        self.agents.do("settle")
        self.climb()
        if self.month % 12 == JUNE:
            self.summit()
        self.datacollector.collect(self)
        self.month += 1
        self.running = self.month < MONTHS

    def climb(self):
        numbers = self.core.numbers
        held = dict(self.rung)
        for slot, (a, b) in enumerate(self.dyads):
            rung = held[a, b]
            if rung < TOP_RUNG:
                depth, content, hazard, weight = self.rungs[rung]
                values = a.value(a.trust_in(b), depth, content) + b.value(b.trust_in(a), depth, content)
                near = self.neighbours[a, b]
                hazard += numbers.interest * values / 2
                hazard += numbers.contagion * sum(held[other] > rung for other in near) / len(near)
                hazard += numbers.capacity_effect * ((a.capacity + b.capacity) / 2 - 0.5)
                if self.chance("climb", slot) < 1 - math.exp(-math.exp(hazard)):
                    self.rung[a, b] += 1
                    a.gained[b] += weight
                    b.gained[a] += weight
            if self.chance("clash", slot) < numbers.clash_probability:
                a.lost[b] += numbers.clash_weight
                b.lost[a] += numbers.clash_weight

    def summit(self):
        numbers = self.core.numbers
        for number, (depth, content, parties) in enumerate(self.accords):
            signed = self.signed[number]
            share = len(signed) / (len(parties) - 1)
            for state in parties:
                if state in signed:
                    continue
                trust = sum(state.trust_in(other) for other in parties if other is not state) / (len(parties) - 1)
                logit = numbers.accord_intercept + state.value(trust, depth, content) + numbers.bandwagon * share
                if self.chance("sign", number * len(self.states) + state.index) < 1 / (1 + math.exp(-logit)):
                    for other in signed:
                        state.gained[other] += numbers.signature_weight
                        other.gained[state] += numbers.signature_weight
                    signed.add(state)


def run_batch(core: Core, members: int):
    """Rows of mesa.batch_run, one a member and year."""
    return mesa.batch_run(
        Region,
        {"core": [core], "seed": list(range(members))},
        iterations=1,
        number_processes=1,
        data_collection_period=12,
        max_steps=MONTHS - 1,
        display_progress=False,
    )
