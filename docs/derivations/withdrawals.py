"""Rates of leaving an instrument: withdrawals on record over the years in which states were bound.

    python docs/derivations/withdrawals.py

replays the record and adds up, for organisations, other accords and the highest bilateral treaties, the years of each
party in which what it had signed was in force, weighted by what the hazard of leaving makes of institutions and new
leaders (`sim.processes.ratification`). The prior is gamma(0.5, 500), 0.1 per cent a year with the weight of half an
event: some 200 withdrawals from 493 intergovernmental organisations since 1945 (von Borzyskowski & Vabulas 2019); at
fifteen members and thirty years each that is one in eleven hundred years. The posterior mean is
(0.5 + events) / (500 + weighted years).
"""

import numpy as np

from sim.engine.event_types import CODE
from sim.facts import load_facts
from sim.model import build_world
from sim.model.initial import begin, empty_log
from sim.model.parameters import draw_parameters
from sim.model.step import advance_month
from sim.processes.ratification import MONTHS_OF_A_NEW_LEADER, ORGANISATION, OTHER
from sim.scenario import load_scenario

EVENTS, YEARS = 0.5, 500.0  # of the prior
MEMBERS = 20
SETTINGS = ("run.parameter_uncertainty=false",)


def main() -> None:
    """Years bound, weighted years, events and rate of every kind."""
    world = build_world(load_scenario("baseline", SETTINGS), load_facts())
    params = draw_parameters(world.scenario, world.facts, 0, MEMBERS)
    years = np.zeros((3, 2))  # organisation, other, rung; plain and weighted
    for member in range(MEMBERS):
        years += bound_years(world, params[member], member) / MEMBERS
    left = [
        row for row in world.inputs.schedule if row.kind == CODE["withdrawal"] and row.month < world.inputs.clock.branch
    ]
    kinds = [int(world.inputs.accords.leaving[row.subject]) for row in left]
    for k, (name, events) in enumerate(
        (("organisations", kinds.count(ORGANISATION)), ("other accords", kinds.count(OTHER)), ("bilateral treaties", 0))
    ):
        rate = (EVENTS + events) / (YEARS + years[k, 1])
        print(f"{name:20}{events:4d} in {years[k, 0]:6.0f} years, weighted {years[k, 1]:6.0f}: {rate:.5f} a year")


def bound_years(world, params, member: int) -> np.ndarray:
    """(kind, plain or weighted) years of one replay up to the branch."""
    memory, log = world.new_memory(), empty_log()
    begin(memory, world.inputs, params, member, log)
    region, inputs = memory.region, world.inputs
    treaties, polity = region.treaties, region.polity
    years = np.zeros((3, 2))
    for month in range(inputs.clock.start, inputs.clock.branch):
        advance_month(region, inputs, params, member, month, log)
        new = month - polity.leader_since < MONTHS_OF_A_NEW_LEADER
        weight = np.exp(
            params.withdrawal_leader_change * np.where(new, polity.openness_fall, 0.0)
            - params.withdrawal_institutions * region.environment.institutions
        )
        for accord in range(inputs.accords.named):
            kind = inputs.accords.leaving[accord]
            if kind and treaties.in_force[accord] >= 0 and treaties.lapsed[accord] == 0:
                bound = treaties.ratified[accord] >= 0
                years[kind - 1] += bound.sum() / 12, weight[bound].sum() / 12
        for d in np.flatnonzero(treaties.rung > 0):
            sides = [inputs.ladder.dyad_a[d], inputs.ladder.dyad_b[d]]
            years[2] += 2 / 12, weight[sides].sum() / 12
    return years


if __name__ == "__main__":
    main()
