"""Expected numbers of frictions, clashes and settlements in a replay of the record, beside those recorded.

python docs/derivations/conflict_rates.py

Disputes over water are in `water_disputes.py`.

Each hazard is evaluated month by month along the documented path, at the central parameters. The log of recorded over
expected, with half a case added to both, says how far the level of a hazard is off.
"""

import math
from collections import Counter

from sim.engine.hazard import chance_within_month, linear
from sim.facts import load_facts
from sim.model import build_world
from sim.model.region_model import RegionModel
from sim.processes.border_conflict import at_risk, section_clash_rate, section_settlement_rate
from sim.processes.frictions import friction_covariates
from sim.scenario import load_scenario

CLASHES_FROM = 2010 * 12  # earlier silence is missing record
KINDS = {"friction": ("closure", "verbal", "standoff"), "clash": ("clash",), "settlement": ("settlement",)}


def expected() -> dict[str, Counter]:
    """Kind -> pair -> expected number of events from 1992 to the end of the record."""
    facts = load_facts()
    still = ["run.parameter_uncertainty=false", "calibration.use=none"]
    world = build_world(load_scenario("baseline", still), facts)
    world.inputs.schedule.spread[:] = 0.0  # leaders at their means
    model, found = RegionModel(world.scenario, world=world), {kind: Counter() for kind in KINDS}
    region, inputs, p = model.region, world.inputs, model.parameters
    while model.month < inputs.clock.branch:
        month = model.month
        for d in range(len(world.dyads)):
            if inputs.borders.exists[d]:
                add_frictions(found["friction"], world, region, p, d)
                add_section(found, world, region, p, d, month)
        model.step()
    return found


def add_frictions(found: Counter, world, region, p, d: int) -> None:
    """Both directions of one border."""
    pair = [world.states.index(name) for name in world.dyads[d]]
    for actor, target in (pair, pair[::-1]):
        covariates = friction_covariates(region.beliefs.logit[target, actor], region.polity.openness[actor], 0.0)
        rate = linear(0.0, p.friction_coefficients, covariates)
        found[world.states[actor]] += chance_within_month(math.exp(rate))


def add_section(found: dict, world, region, p, d: int, month: int) -> None:
    """Clashes and settlements of one section, at mean frailty."""
    inputs, name = world.inputs, "-".join(world.dyads[d])
    enclaves, frontier = bool(inputs.conflict.enclaves[d]), region.frontier
    frontier.log_frailty[d] = 0.0
    if at_risk(frontier.unsettled[d], enclaves) and month >= CLASHES_FROM:
        found["clash"][name] += chance_within_month(math.exp(section_clash_rate(region, inputs, p, month, d)))
    if frontier.unsettled[d] > 1e-9:
        rate = section_settlement_rate(region, inputs, p, month, d)
        found["settlement"][name] += chance_within_month(math.exp(rate))


def recorded() -> dict[str, Counter]:
    """Kind -> pair (actor for frictions) -> number of documented events."""
    found = {kind: Counter() for kind in KINDS}
    facts = load_facts()
    for event in facts.events:
        for kind, names in KINDS.items():
            if event.used and event.kind in names:
                found[kind][event.actor if kind == "friction" else "-".join(sorted(event.parties))] += 1
    return found


def main() -> None:
    """Print the table."""
    model, record = expected(), recorded()
    for kind in model:
        pairs = sorted(set(model[kind]) | set(record[kind]))
        cells = ", ".join(f"{pair} {model[kind][pair]:.1f} ({record[kind][pair]})" for pair in pairs)
        total, seen = sum(model[kind].values()), sum(record[kind].values())
        shift = math.log((seen + 0.5) / (total + 0.5))
        print(f"| {kind} | {total:.1f} | {seen} | {shift:+.2f} | {cells} |")


if __name__ == "__main__":
    main()
