"""A region of three states and their three pairs, as plain objects: what kernels read and write, and nothing else."""

from types import SimpleNamespace as Some

import numpy as np

from sim.engine.event_types import EVENT_KINDS
from sim.engine.layout import ISSUES, LONG_AGO, PARTS

N = 3
A, B, C = range(N)
AB, AC, BC = range(N)
DYAD_A, DYAD_B = np.array([A, A, B]), np.array([B, C, C])


class Draws:
    """Random numbers by channel and slot; any other is the same high one, at which little happens."""

    def __init__(self, numbers, otherwise):
        self.numbers, self.otherwise, self.asked = numbers, otherwise, []

    def _given(self, key, slot, month, member):
        self.asked.append((key, slot, month, member))
        return self.numbers.get((key, slot), self.otherwise)

    def four_uniforms(self, key, slot, month, member):
        given = self._given(key, slot, month, member)
        return given if isinstance(given, tuple) else (given,) * 4

    def uniform(self, key, slot, month, member):
        given = self._given(key, slot, month, member)
        return given[0] if isinstance(given, tuple) else given

    normal = uniform


def events(log):
    """Rows written so far: month, kind by name, first and second state, subject, value."""
    return [
        (int(row[0]), EVENT_KINDS[int(row[1])], *(int(each) for each in row[2:5]), float(row[5]))
        for row in log.events[: log.n_events[0]]
    ]


def three_states():
    """Region, inputs, parameters and log; tests fill in what else they need."""
    pairs = np.zeros((N, N), int)
    for dyad, (a, b) in enumerate(zip(DYAD_A, DYAD_B, strict=True)):
        pairs[a, b] = pairs[b, a] = dyad
    kinds = np.arange(len(EVENT_KINDS))
    region = Some(
        beliefs=Some(
            logit=np.zeros((N, N)),
            updated=np.zeros((N, N)),
            row_sum=np.zeros(N),
            trust=np.full((N, N), 0.5),
            gains=np.zeros((N, N)),
            losses=np.zeros((N, N)),
            impact_weight=np.zeros((len(EVENT_KINDS), N, N)),
            impact_month=np.full((len(EVENT_KINDS), N, N), LONG_AGO),
        ),
        polity=Some(
            openness=np.zeros(N),
            capacity=np.full(N, 0.5),
            elite=np.zeros(N),
            society=np.zeros(N),
            gains=np.full((N, len(ISSUES)), 1.0 / len(ISSUES)),
            blocker=np.zeros(N),
            openness_sum=np.zeros(N),
            n_leaders=np.zeros(N, int),
            n_successors=np.zeros(N, int),
            term_end=np.full(N, -1),
            born=np.zeros(N, int),
            leader_since=np.full(N, LONG_AGO),
            openness_fall=np.zeros(N),
            leaves=np.zeros(N),
        ),
        frontier=Some(
            crossing=np.ones(N),
            crossing_counted=np.full(N, np.nan),
            transport=np.ones(N),
            power=np.ones(N),
            unsettled=np.zeros(N),
            clash_month=np.full(N, -1),
            clash_age=np.full(N, -1),
            clash_weight=np.zeros(N),
            fought_month=np.full(N, -1),
            frozen_until=np.zeros(N, int),
            log_frailty=np.zeros(N),
            frailty_year=np.full(N, -1),
            clashes=np.zeros(N),
            exposure=np.zeros(N),
        ),
        environment=Some(process=0.0, institutions=0.0, effort=0.0, pull=np.zeros(N)),
        treaties=Some(rung=np.zeros(N, int), begun=np.arange(2), n_begun=2, ratification_chance=np.full(N, -1.0)),
        appraisal=Some(dyad=np.zeros((N, N, len(PARTS)))),
        rivers=Some(account=Some(year_deficit=np.zeros(N))),
    )
    inputs = Some(
        ladder=Some(dyad_a=DYAD_A, dyad_b=DYAD_B, dyad_of=pairs),
        # the class of an event is its kind, its weight the kind's number in hundredths, hostile ones below zero
        event_weights=Some(kind_class=kinds, kind_weight=kinds / 100.0),
        channels=Some(),
        clock=Some(start=100, branch=200),
        borders=Some(exists=np.array([1, 0, 1]), length=np.array([500.0, 0.0, 1000.0])),
        overrides=Some(openness=np.full(N, np.nan), blocker=np.full(N, np.nan), scepticism=np.zeros(N)),
        outside=Some(),
        conflict=Some(enclaves=np.zeros(N, int), n_basin_accords=0),
    )
    log = Some(events=np.zeros((20, 6)), n_events=np.zeros(1, int), terms=np.zeros((0, 1)), n_terms=np.zeros(1, int))
    return region, inputs, Some(), log
