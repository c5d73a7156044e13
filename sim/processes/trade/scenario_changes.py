"""What a scenario's dated events do to trade: routes, sanctions, border time, unions, free trade, growth.

An event that begins or ends within a year counts for its months of that year.
"""

import math

import numpy as np

from sim.facts.load import Facts
from sim.facts.rows import month_of

# half of what memberships count for in the table of dependence (`docs/derivations/dependence.py`)
UNION_DEPENDENCE = 0.15


def change_trade(trade, events, run, facts: Facts) -> None:
    """Fill `imposed`, `quicker`, `tariff` and `growth_set` of the record of trade from dated events, in place.

    Parameters
    ----------
    events : dated events of the scenario; run : its dates, start, branch and end
    """
    pairs = pair_names(trade, facts)
    for event in events:
        if event.kind == "corridor":
            table = {row.id: row.cost_cut for row in facts.trade_corridors}
            cut = event.cost_cut if event.cost_cut is not None else table[event.route]
            _impose(trade, event, _pairs_of(event, pairs, facts), cut)
        elif event.kind == "sanction":
            _impose(trade, event, _pairs_of(event, pairs, facts), -event.penalty)
        elif event.kind == "border-time":
            borders = [tuple(sorted((row.state_a, row.state_b))) for row in facts.borders]
            for dyad in borders:
                if set(dyad) <= set(event.parties):
                    column = trade.quicker[:, pairs.index("-".join(dyad))]
                    column -= math.log(1.0 - event.cut) * _share_of_years(event, trade)
        elif event.kind == "growth":
            economies = [row.id for row in facts.trade_economies]
            mostly = _share_of_years(event, trade) >= 0.5
            trade.growth_set[mostly, economies.index(event.state)] = event.rate
    if any(event.kind in ("accession", "exit", "free-trade") for event in events):
        _agree(trade, events, month_of(run.branch), facts, pairs)


def change_dependence(dependence, events, first_year: int, facts: Facts) -> None:
    """Joining a union ties a state to its leading power, leaving it loosens the tie, in place.

    Parameters
    ----------
    dependence : (year, state, power), from `first_year` on
    events : dated events of the scenario
    """
    states, powers = [row.id for row in facts.states], [row.id for row in facts.powers]
    unions = facts.index("unions")
    for event in events:
        if event.kind in ("accession", "exit"):
            row = event.date.year - first_year
            leader = unions[union_of(event, facts)].power
            column = dependence[row:, states.index(event.state), powers.index(leader)]
            column += UNION_DEPENDENCE if event.kind == "accession" else -UNION_DEPENDENCE
            np.clip(column, 0.0, None, out=column)


def union_of(event, facts: Facts) -> str:
    """The union that an event names, else the first of the record."""
    return event.union or facts.unions[0].id


def pair_names(trade, facts: Facts) -> list[str]:
    """Ids of the pairs of the record of trade, ends in alphabetical order."""
    ids = [row.id for row in facts.trade_economies]
    return ["-".join(sorted((ids[a], ids[b]))) for a, b in zip(trade.end_a, trade.end_b)]


def _pairs_of(event, pairs: list[str], facts: Facts) -> list[int]:
    """Pairs that an event is about: those of a route, of a power with the states, or among some economies."""
    if event.route:
        served = next(row.pairs for row in facts.trade_corridors if row.id == event.route)
        return [pairs.index(name) for name in served]
    if getattr(event, "power", None):
        states = {row.id for row in facts.states}
        wanted = [{event.power, state} for state in states]
        return [k for k, name in enumerate(pairs) if set(name.split("-")) in wanted]
    return [k for k, name in enumerate(pairs) if set(name.split("-")) <= set(event.between)]


def _impose(trade, event, pairs: list[int], cut: float) -> None:
    """Routes multiply: what remains of the price under each is what remains of it under all."""
    remains = (1.0 - cut) ** _share_of_years(event, trade)
    trade.imposed[:, pairs] = 1.0 - (1.0 - trade.imposed[:, pairs]) * remains[:, None]


def _share_of_years(event, trade) -> np.ndarray:
    """(year,), share of the months of each year in which an event is in effect."""
    months = trade.first_year * 12 + np.arange(len(trade.imposed) * 12)
    return _in_effect(event, months).reshape(-1, 12).mean(axis=1)


def _in_effect(event, months: np.ndarray) -> np.ndarray:
    until = getattr(event, "until", None)
    return (months >= month_of(event.date)) & (months <= (month_of(until) if until else months[-1]))


def _agree(trade, events, branch: int, facts: Facts, pairs: list[str]) -> None:
    """Free-trade content of every pair by month, less what the record leaves it with, as the mean of each year."""
    months = trade.first_year * 12 + np.arange(len(trade.tariff) * 12)
    members = _members(events, facts, months)
    of_unions = {union.agreement for union in facts.unions}
    for k, name in enumerate(pairs):
        ends = name.split("-")
        rows = [
            row
            for row in sorted(facts.trade_agreements, key=lambda row: row.since)
            if sorted((row.economy_a, row.economy_b)) == ends and month_of(row.since) < branch
        ]
        otherwise = [row.content for row in rows if row.agreement not in of_unions]
        standing = rows[-1].content if rows else 0.0
        level = np.full(len(months), otherwise[-1] if otherwise else 0.0)
        for inside in members.values():
            level[inside[ends[0]] & inside[ends[1]]] = 1.0
        for event in events:
            if event.kind == "free-trade" and set(ends) <= set(event.between):
                at_work = _in_effect(event, months)
                level[at_work] = np.maximum(level[at_work], event.content)
        change = np.where(months >= branch, level - standing, 0.0)
        trade.tariff[:, k] = change.reshape(-1, 12).mean(axis=1)


def _members(events, facts: Facts, months: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """union -> economy -> (month,), whether it is a member."""
    found = {}
    for union in facts.index("unions"):
        inside = {row.id: np.full(len(months), row.id in facts.union_members(union)) for row in facts.trade_economies}
        for event in events:
            if event.kind in ("accession", "exit") and union_of(event, facts) == union:
                inside[event.state][months >= month_of(event.date)] = event.kind == "accession"
        found[union] = inside
    return found
