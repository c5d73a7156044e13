"""The reduced political core that casim's way, Mesa's and AgentPy's all simulate.

Trust, ladder and accords of casim's kind and nothing else: six states, 588 months. Each month

1. every state revises its trust in every other (log-odds, third parties, gains and losses of the month before);
2. every state values its next ladder step with every other, issue by issue;
3. every pair may climb a rung (hazard with interest and contagion) or fall out; both move trust;
4. each June every accord lies on the table, and every party that has not signed answers (opt-in, bandwagon).

Left out: the record, leaders, borders, ratification, implementation, withdrawal, summits, identity that moves, waves.
Recorded each month: mean trust, sum of rungs, signatures, and each state's mean trust in the others.
"""

from dataclasses import dataclass

import numpy as np

from sim.facts import load_facts
from sim.processes.external_influence import capacity_index

MONTHS = 588
TOP_RUNG = 3
JUNE = 5
N_ACCORDS = 12


@dataclass(frozen=True)
class Numbers:
    """Parameters, all plain floats; log-odds or log-hazards unless named otherwise."""

    trust_level: float = -0.5
    identity_effect: float = 1.0
    identity: float = 0.3
    third_parties: float = 0.2
    process: float = 0.6
    decay: float = 0.012
    responsiveness: float = 0.5
    loss_aversion: float = 1.5
    vulnerability: float = 0.5
    gain_scale: float = 7.0
    interest: float = 0.72
    contagion: float = 0.92
    capacity_effect: float = 3.14
    accord_intercept: float = -1.0
    bandwagon: float = 1.0
    clash_probability: float = 0.01  # per pair and month
    clash_weight: float = 0.6
    signature_weight: float = 0.15


@dataclass(frozen=True, eq=False)
class Core:
    """States, rungs and accords as arrays; the first axis is the state, the rung or the accord."""

    states: tuple[str, ...]
    capacity: np.ndarray
    openness: np.ndarray
    gains: np.ndarray
    rung_depth: np.ndarray
    rung_content: np.ndarray
    rung_hazard: np.ndarray
    rung_weight: np.ndarray
    accord_depth: np.ndarray
    accord_content: np.ndarray
    accord_party: np.ndarray
    numbers: Numbers


def load_core() -> Core:
    """The core with figures from the tables of facts."""
    facts = load_facts()
    issues = ("trade", "water", "energy", "borders", "transport", "security", "voice")
    states = tuple(row.id for row in facts.states)
    latest = {row.state: row.gdp_per_head for row in sorted(facts.capacity, key=lambda row: row.year)}
    weight = {(row.state, row.issue): row.weight for row in facts.issue_weights}
    accords = [row for row in facts.accords if len(row.parties) >= 3][:N_ACCORDS]
    value = {row.name: row.value for row in facts.parameters}

    def content(rows):
        return np.array([[getattr(row, issue) for issue in issues] for row in rows])

    return Core(
        states,
        np.array([capacity_index(latest[state], 1000.0, 60000.0) for state in states]),
        np.array([0.2, 0.5, 0.3, 0.0, -0.4, 0.4]),
        np.array([[weight[state, issue] for issue in issues] for state in states]),
        np.array([row.depth for row in facts.rungs]),
        content(facts.rungs),
        np.array([value["ladder.friendship"], value["ladder.partnership"], value["ladder.alliance"]]),
        np.array([0.3, 0.5, 1.0]),
        np.array([row.depth for row in accords]),
        content(accords),
        np.array([[state in row.parties for state in states] for row in accords]),
        Numbers(),
    )
