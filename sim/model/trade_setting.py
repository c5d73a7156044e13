"""What a scenario makes of trade: the shared record of trade, with its accords and dated events filled in."""

from sim.facts import Facts, load_trade_facts
from sim.facts.trade_rows import BASE_YEAR
from sim.model.parameters import choice
from sim.model.trade_supposed import suppose
from sim.model.trade_world import trade_record
from sim.scenario import Scenario


def trade_of_scenario(scenario: Scenario, facts: Facts, accords):
    """The record of trade (`sim.model.trade_world.trade_fields`) of a run.

    Parameters
    ----------
    accords : every accord that can be signed, in the engine's order
    """
    run = scenario.run
    ratio = {row.name: row.value for row in facts.parameters}["trade.output_ratio"]
    trade = trade_record(
        load_trade_facts(),
        run.seed,
        run.start.year,
        run.branch.year - 1,
        choice(scenario, facts, "trade.reading"),
        depth_on_record(facts, BASE_YEAR),
        scenario.parameters.get("trade.output_ratio", ratio),
        run.branch.month - 1,
    )
    for m, accord in enumerate(accords):
        trade.free_trade[m] = accord.free_trade
    suppose(trade, scenario, facts)
    return trade


def depth_on_record(facts: Facts, year: int) -> list[float]:
    """Depth of the deepest treaty that every two states have signed by the end of a year, dyads in alphabetical order.

    The engine takes the same measure of its own treaties (`sim.model.trade_month`).
    """
    states = [row.id for row in facts.states]
    deepest = {(a, b): 0.0 for k, a in enumerate(states) for b in states[k + 1 :]}
    rungs = {row.id: row.depth for row in facts.rungs}
    signed: dict[str, set[str]] = {row.id: set() for row in facts.accords}
    ended = set()
    for event in sorted(facts.events, key=lambda event: event.date):
        if not event.used or event.date.year > year:
            continue
        acting = {event.actor} if event.actor else set(event.parties)
        if event.kind == "rung":
            dyad = tuple(sorted(event.parties))
            deepest[dyad] = max(deepest[dyad], rungs[event.subject])
        elif event.kind in ("signature", "accession"):
            signed[event.subject] |= acting
        elif event.kind == "withdrawal":
            signed[event.subject] -= acting
        elif event.kind == "format-ends":
            ended |= {row.id for row in facts.accords if row.format == event.subject and row.kind == "organisation"}
    for accord in facts.accords:
        if accord.id not in ended:
            for dyad in deepest:
                if set(dyad) <= signed[accord.id]:
                    deepest[dyad] = max(deepest[dyad], accord.depth)
    return list(deepest.values())
