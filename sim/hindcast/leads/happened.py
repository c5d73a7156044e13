"""What happened, in one form for the record and for members, and how it counts.

A row says in which month which kind of event came, and whom it concerned: a pair `A-B`, a text and a state `text:A`, a
rung and a pair `3:A-B`, or a format.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from sim.engine.event_types import EVENT_KINDS
from sim.facts import Facts, load_rivers
from sim.facts.rows import month_of
from sim.model.build import World, slots_of
from sim.model.simulate import Block

RUNGS, SIGNATURES, NEW_TEXTS = "treaty rungs", "signatures", "signatures of later texts"
SUMMITS, FRICTIONS, CLOSURES, OPENINGS = "summits", "frictions", "closures", "openings"
CLASHES, DEADLY, DISPUTES = "clashes", "clashes with deaths", "water disputes"
RATIFICATIONS, RATIFIED_TEXTS = "ratifications", "ratifications of texts"
WITHDRAWALS, TRADE = "withdrawals", "trade above its last value"
COUNTED = (
    RUNGS,
    SIGNATURES,
    NEW_TEXTS,
    RATIFICATIONS,
    RATIFIED_TEXTS,
    WITHDRAWALS,
    SUMMITS,
    FRICTIONS,
    CLOSURES,
    OPENINGS,
    CLASHES,
    DEADLY,
    DISPUTES,
    TRADE,
)
#: First month in which silence of the record means that nothing happened; other kinds are followed all the time.
#: Ratifications of pairs' treaties are listed since 2023, those of texts of several states since 2025 only.
RECORDED_FROM: Mapping[str, int] = {
    CLASHES: 2010 * 12,
    DEADLY: 2010 * 12,
    RATIFICATIONS: 2023 * 12,
    RATIFIED_TEXTS: 2025 * 12,
}
ASSUMED = "assumed rung"
_OF_PAIRS = ("rung", "verbal", "closure", "standoff", "opening", "clash", "dispute")
_OF_NEIGHBOURS = ("verbal", "closure", "standoff", "opening", "clash")
_OF_STATES = ("signature", "accession", "ratification", "withdrawal")
_COUNTS_AS = {
    "rung": (RUNGS,),
    "ratification": (RATIFIED_TEXTS,),
    "rung-in-force": (RATIFICATIONS,),
    "withdrawal": (WITHDRAWALS,),
    "summit": (SUMMITS,),
    "verbal": (FRICTIONS,),
    "standoff": (FRICTIONS,),
    "closure": (FRICTIONS, CLOSURES),
    "opening": (OPENINGS,),
    "dispute": (DISPUTES,),
}


class Row(NamedTuple):
    """An event: the member that saw it (0 in the record), absolute month, kind of event, whom it concerned, value."""

    member: int
    month: int
    kind: str
    subject: str
    value: float = 0.0


def counts_as(row: Row, texts: Mapping[str, int]) -> tuple[str, ...]:
    """Kinds of COUNTED that a row counts as.

    Parameters
    ----------
    texts : those tabled before the forecast, with the month in which each expires; what is signed later is another text
    """
    if row.kind in ("signature", "accession"):
        return (SIGNATURES if row.month <= texts.get(row.subject.partition(":")[0], -1) else NEW_TEXTS,)
    if row.kind == "clash":
        return (CLASHES, DEADLY) if row.value else (CLASHES,)
    return _COUNTS_AS.get(row.kind, ())


def of_record(facts: Facts) -> list[Row]:
    """Everything documented, ordered by month; acts between states that share no border are left out, as in the model.

    An event known to the year stands in the middle of it. A rung that is only assumed is held, but no event.
    """
    borders = {(row.state_a, row.state_b) for row in facts.borders}
    rungs = {row.id: row.rung for row in facts.rungs}
    ids, slots = [row.id for row in facts.formats], slots_of(facts)
    found = []
    for event in facts.events:
        if not event.used:
            continue
        month, pair = month_of(event.date), tuple(sorted(event.parties))
        if event.kind in _OF_STATES and event.subject not in rungs:
            acting = (event.actor,) if event.actor else event.parties
            found += [Row(0, month, event.kind, f"{event.subject}:{state}") for state in acting]
        elif event.kind == "in-force":
            subject = f"{rungs[event.subject]}:{'-'.join(pair)}" if event.subject in rungs else event.subject
            found.append(Row(0, month, "rung-in-force" if event.subject in rungs else "in-force", subject))
        elif event.kind == "summit":
            found.append(Row(0, month, "summit", ids[slots[ids.index(event.subject)]]))
        elif event.kind == "format-ends":
            found.append(Row(0, month, "format-ends", ids[slots[ids.index(event.subject)]]))
        elif event.kind in _OF_PAIRS and len(pair) == 2 and (event.kind not in _OF_NEIGHBOURS or pair in borders):
            value = rungs[event.subject] if event.kind == "rung" else event.value or 0.0
            kind = ASSUMED if event.kind == "rung" and event.confidence == "assumed" else event.kind
            found.append(Row(0, month, kind, "-".join(pair), value))
    for dispute in load_rivers(facts.record).disputes:
        pair = sorted(state for state in (dispute.downstream, dispute.upstream) if state)
        found.append(Row(0, month_of(dispute.date), "dispute", "-".join(pair), dispute.intensity))
    return sorted(found, key=lambda row: row.month)


def of_members(block: Block, world: World, first: int) -> list[Row]:
    """Everything that members saw from a month on."""
    states, events = world.states, block.events[block.events["month"] >= first]
    found = []
    for member, month, code, a, b, subject, value in events.tolist():
        kind = EVENT_KINDS[code]
        if kind in _OF_STATES:
            name = f"{world.accords[subject].id if subject < len(world.accords) else subject}:{states[a]}"
        elif kind in _OF_PAIRS:
            name = "-".join(sorted(states[k] for k in (a, b) if k >= 0))
        elif kind == "rung-in-force":
            name = f"{subject}:{'-'.join(sorted((states[a], states[b])))}"
        elif kind == "summit":
            name = world.formats[subject]
        else:
            continue
        found.append(Row(member - int(block.members[0]), month, kind, name, value))
    return found


def first_months(rows: Iterable[Row], members: int) -> dict[tuple[str, str], np.ndarray]:
    """(kind, subject) -> (member,) first month in which a member saw it, a very late one where it never did."""
    found: dict[tuple[str, str], np.ndarray] = {}
    for row in rows:
        months = found.setdefault((row.kind, row.subject), np.full(members, np.iinfo(np.int64).max))
        months[row.member] = min(months[row.member], row.month)
    return found
