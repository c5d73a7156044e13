"""Accords of a world: documented, tabled by the scenario, and room for new texts that summits may table."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np

from sim.engine.layout import ISSUES, MAX_ACCORDS, MAX_REFUSALS
from sim.facts import Facts
from sim.facts.rows import Accord, month_of
from sim.model.parameters import choice
from sim.model.schedule import FOREVER, Draft
from sim.scenario import Scenario

DISARMAMENT = 0.75  # share of security in a treaty that makes it one that forswears weapons
COPIES = 2  # new texts that may be modelled on the same text of the record
_NEVER = date(9999, 12, 31)


class TooManyAccords(ValueError):
    """There are more instruments, or refusals of them, than the engine has room for; the message says how many fit."""


@dataclass(frozen=True)
class Instrument:
    """An accord that can be signed in this world: documented, or tabled by the scenario."""

    id: str
    title: str
    parties: tuple[str, ...]
    format: str
    opens: date
    rule: str
    minimum: int
    depth: float
    institution_weight: float
    content: tuple[float, ...]
    organisation: bool
    proposal: bool
    documented: bool
    free_trade: float = 0.0  # content among its parties, 1 a full free-trade area
    kind: str = "agreement"
    ratification: bool = True  # whether it needs any
    expires: date | None = None
    opened: bool = False  # of the record, where it was opened to whoever would sign
    model: str = ""  # the accord of the record that a new text is like


# what an instrument takes from its row of the table as it stands
_OF_A_ROW = {field.name for field in fields(Instrument) if hasattr(Accord, field.name)}


def gather_accords(scenario: Scenario, facts: Facts) -> tuple[Instrument, ...]:
    """Documented accords in the order of their table, then the scenario's instruments by id."""
    documented = [
        Instrument(
            **{name: getattr(row, name) for name in _OF_A_ROW},
            organisation=row.kind == "organisation",
            proposal=row.kind == "proposal",
            documented=True,
            opened=row.rule == "opt-in",
        )
        for row in facts.accords
    ]
    tabled = [
        Instrument(
            row.id,
            row.title or row.id,
            tuple(row.parties),
            row.format or first_regional(facts).id,
            row.opens,
            row.rule,
            row.minimum or len(row.parties),
            row.depth,
            row.institution_weight,
            tuple(row.issues.get(issue, 0.0) for issue in ISSUES),
            False,
            False,
            False,
            row.free_trade,
        )
        for row in sorted(scenario.instruments, key=lambda row: row.id)
    ]
    rule = choice(scenario, facts, "treaties.rule")
    return tuple(under_rule(accord, rule) for accord in documented + tabled)


def room_for_texts(accords: tuple[Instrument, ...], facts: Facts) -> tuple[Instrument, ...]:
    """What summits of the regional process may table after the record (`sim.processes.tabling`).

    Each is like one text of the regional process, signed or proposed in vain. Plans with an end are left out, as they
    are followed by their like anyway.
    """
    regional = {row.id for row in facts.formats if row.regional}
    models = [each for each in accords if each.documented and each.format in regional and each.expires is None]
    return tuple(
        replace(
            each,
            id=f"like-{each.id}-{number}",
            title=f"A new text like \N{LEFT DOUBLE QUOTATION MARK}{each.title}\N{RIGHT DOUBLE QUOTATION MARK}",
            opens=_NEVER,
            proposal=False,
            documented=False,
            model=each.id,
        )
        for each in models
        for number in range(1, COPIES + 1)
    )


def under_rule(accord: Instrument, rule: str) -> Instrument:
    """The accord under a scenario's rule for all: unanimity needs all parties, opt-in any two that are willing."""
    if rule == "unanimity":
        return replace(accord, rule=rule, minimum=len(accord.parties))
    if rule == "opt-in" and accord.rule == "unanimity":
        return replace(accord, rule=rule, minimum=2)
    return accord


def slots_of(facts: Facts) -> list[int]:
    """Under which format the engine lives each format: all regional ones are one process, that of the first of them."""
    first = facts.formats.index(first_regional(facts))
    return [first if row.regional else k for k, row in enumerate(facts.formats)]


def first_regional(facts: Facts) -> Any:
    """The first format whose meetings are those of the region itself."""
    return next(row for row in facts.formats if row.regional)


def fill_accords(table, accords, texts, facts: Facts, states, draft: Draft) -> None:
    """Accords, documented and tabled by the scenario, and after them the room for new texts."""
    if len(accords) + len(texts) > MAX_ACCORDS:
        raise TooManyAccords(
            f"{len(accords)} accords, documented and tabled together; there is room for {MAX_ACCORDS - len(texts)}"
        )
    refusals = sum(row.kind == "refusal" for row in draft.rows)
    if refusals > MAX_REFUSALS:
        raise TooManyAccords(f"{refusals} refusals of accords on record; there is room for {MAX_REFUSALS}")
    table.named, table.count = len(accords), len(accords) + len(texts)
    table.texts_from = month_of(facts.record_ends) + 1
    proposals = [event.actor for event in facts.events if event.used and event.kind == "proposal"]
    table.proposes[:] = np.array([proposals.count(state) for state in states]) + 1.0 / len(states)
    for m, accord in enumerate((*accords, *texts)):
        table.party[m] = [int(s in accord.parties) for s in states]
        table.n_parties[m] = len(accord.parties)
        table.format[m] = draft.slots[draft.format[accord.format]]
        table.opens[m], table.proposal[m] = month_of(accord.opens), int(accord.proposal)
        table.unanimous[m], table.opened[m] = int(accord.rule == "unanimity"), float(accord.opened)
        table.minimum[m], table.depth[m] = accord.minimum, accord.depth
        table.depth_signed[m] = accord.depth * np.arange(1, len(states) + 1) / len(accord.parties)
        table.content[m] = accord.content
        table.weight[m], table.event_class[m] = draft.weight("signature", accord.model or accord.id)
        table.institution[m], table.organisation[m] = accord.institution_weight, int(accord.organisation)
        table.ratification[m], table.leaving[m] = int(accord.ratification), leaving_of(accord)
        table.expires[m] = month_of(accord.expires) + 1 if accord.expires else FOREVER
        table.runs[m] = table.expires[m] - table.opens[m]
        if accord.expires:
            table.plan[table.plans] = m
            table.plans += 1
    # rungs of all dyads and documented accords only, so that all scenarios share one scale
    n_dyads = len(states) * (len(states) - 1) // 2
    ladder_depth = n_dyads * sum(row.depth for row in facts.rungs)
    table.full_depth = ladder_depth + sum(a.depth for a in accords if a.documented)


def leaving_of(accord: Instrument) -> int:
    """How an accord may be left: 1 as an organisation, 2 as a treaty, 0 not at all.

    Plans, concepts and councils run out or fall asleep instead, and no state has ever left a zone without weapons.
    """
    disarms = accord.kind == "accord" and accord.content[ISSUES.index("security")] >= DISARMAMENT
    if disarms or accord.kind in ("programme", "concept", "council"):
        return 0
    return 1 if accord.organisation else 2
