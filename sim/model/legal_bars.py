"""Which instruments a state's law (hard) or policy (soft) keeps it from joining, and from when until when.

A bar names a class of instruments; what falls into a class is a rule over depth and content, so that instruments tabled
by a scenario are classed like documented ones.
"""

from typing import Protocol

import numpy as np

from sim.facts import ISSUES, Facts
from sim.facts.rows import LegalBar, month_of
from sim.scenario import Scenario

NEVER = 10**6
_TRADE, _WATER, _SECURITY = (ISSUES.index(issue) for issue in ("trade", "water", "security"))


class Classed(Protocol):
    """What a class of instruments looks at."""

    content: tuple[float, ...]
    depth: float
    institution_weight: float
    format: str


def classes_of(instrument: Classed) -> set[str]:
    """Classes of an accord that a bar may name besides its format; `alliance` is a rung and never an accord."""
    trade, water, security = (instrument.content[issue] for issue in (_TRADE, _WATER, _SECURITY))
    found = {
        "security": security >= 0.5,
        "bloc": security >= 0.5 and instrument.depth >= 0.8,
        # councils and basin bodies are no unions: states whose law bars unions sit in those that exist
        "union": instrument.depth >= 0.85
        or (instrument.depth >= 0.7 and instrument.institution_weight >= 0.1 and water < 0.4),
        "customs-union": trade >= 0.4 and instrument.depth >= 0.8,
    }
    return {name for name, belongs in found.items() if belongs}


def bars_in(scenario: Scenario, facts: Facts) -> tuple[LegalBar, ...]:
    """The bars of the record but those of states for which the scenario lifts them."""
    lifted = {state for state, override in scenario.states.items() if override.bars == "none"}
    return tuple(bar for bar in facts.legal_bars if bar.state not in lifted)


def fill_bars(ladder, table, accords, scenario: Scenario, facts: Facts, states) -> None:
    """First month and month after the last of every bar, into the records of the ladder and of the accords.

    What a state has signed in the record is not barred to it: a general clause does not undo a treaty of its own.
    """
    signed = {
        (event.subject, state)
        for event in facts.events
        if event.used and event.kind in ("signature", "accession")
        for state in ((event.actor,) if event.actor else event.parties)
    }
    for bar in bars_in(scenario, facts):
        i = states.index(bar.state)
        span = month_of(bar.since), month_of(bar.until) + 1 if bar.until else NEVER
        if bar.bars == "alliance":
            if bar.strength == "hard":
                ladder.barred[i] = span
            continue
        for m, accord in enumerate(accords):
            joins = bar.state in accord.parties and (accord.id, bar.state) not in signed
            if joins and (bar.bars == accord.format or bar.bars in classes_of(accord)):
                _widen((table.hard if bar.strength == "hard" else table.soft)[m, i], span)


def refuse(table, accords, scenario: Scenario, states) -> None:
    """The spans in which a scenario supposes that a state declines, beside those of hard bars, in place."""
    ids = [accord.id for accord in accords]
    for event in scenario.events:
        if event.kind == "refusal":
            span = month_of(event.date), month_of(event.until) + 1 if event.until else NEVER
            _widen(table.hard[ids.index(event.accord), states.index(event.state)], span)


def _widen(bounds: np.ndarray, span: tuple[int, int]) -> None:
    """The span that covers both; bounds of zero hold nothing yet."""
    if bounds[1] == 0:
        bounds[:] = span
    else:
        bounds[:] = min(bounds[0], span[0]), max(bounds[1], span[1])
