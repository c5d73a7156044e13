"""A history of decisions: who took which step in which month, and how well the month is known.

The record is one such history; synthetic worlds and a user's file of milestones are others. Rows at risk are made from
any of them in the same way (`sim.calibration.rows`, `sim.calibration.answers`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.calibration.panel import Panel
from sim.facts import Event, Facts
from sim.model.schedule import month_of

DECLARATION = 4  # as `rung` of a step: the allied declaration, a flag and not a rung


@dataclass(frozen=True)
class Step:
    """A dyad reached a rung (1-3) or declared alliance (4).

    It is placed in `month`, and lies between `first` and `last`. One that is `assumed` initialises the ladder and is
    not an event; the `second_half` of a double step is not one either.
    """

    dyad: int
    rung: int
    month: int
    first: int
    last: int
    id: str = ""
    disagreement: str = ""
    confidence: str = ""
    assumed: bool = False
    second_half: bool = False


@dataclass(frozen=True)
class Answer:
    """What a state said to an accord: "signature", "accession", "refusal" or "withdrawal"."""

    accord: int
    state: int
    kind: str
    month: int
    first: int
    last: int
    id: str = ""
    disagreement: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class History:
    """All steps and answers, each in the order of months."""

    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]


def record(facts: Facts, panel: Panel) -> History:
    """The documented history up to the end of the panel."""
    used = [event for event in facts.events if event.used and month_of(event.date) < panel.end]
    rungs = {row.id: row.rung for row in facts.rungs}
    steps = [step_of(event, panel, rungs) for event in used if event.kind in ("rung", "declaration")]
    accords = {accord.id: m for m, accord in enumerate(panel.accords)}
    answers = []
    for event in used:
        if event.kind in ("signature", "accession", "refusal", "withdrawal") and event.subject in accords:
            acting = (event.actor,) if event.actor else event.parties
            answers += [
                Answer(accords[event.subject], panel.states.index(party), event.kind, month_of(event.date),
                       *window(event), event.id, event.disagreement, event.confidence)
                for party in acting if party in panel.states
            ]  # fmt: skip
    return History(tuple(_tidy(steps)), tuple(sorted(answers, key=lambda each: each.month)))


def window(event: Event) -> tuple[int, int]:
    """First and last month in which an event can have happened."""
    if event.precision == "year":
        return event.date.year * 12, event.date.year * 12 + 11
    return month_of(event.date), month_of(event.date)


def step_of(event: Event, panel: Panel, rungs: dict[str, int]) -> Step:
    """The step of one row of the record."""
    dyad = panel.dyads.index(tuple(sorted(event.parties)))
    rung = DECLARATION if event.kind == "declaration" else rungs[event.subject]
    return Step(
        dyad, rung, month_of(event.date), *window(event), event.id, event.disagreement, event.confidence,
        assumed=event.confidence == "assumed",
    )  # fmt: skip


def _tidy(steps: Sequence[Step]) -> list[Step]:
    """In order; marks second halves of double steps and keeps what is uncertain between a dyad's other steps."""
    tidy = []
    for step in sorted(steps, key=lambda each: (each.month, each.rung)):
        before = [each for each in tidy if each.dyad == step.dyad]
        after = [each for each in steps if each.dyad == step.dyad and each.month > step.month]
        double = any(each.month == step.month and each.rung == step.rung - 1 for each in before)
        first = max([step.first, *(each.month + 1 for each in before if each.month < step.month)])
        last = min([step.last, *(each.first - 1 for each in after)])
        tidy.append(replace(step, second_half=double, first=min(first, step.month), last=max(last, step.month)))
    return tidy


def tidy_history(steps: Sequence[Step], answers: Sequence[Answer] = ()) -> History:
    """A history from steps and answers in any order."""
    return History(tuple(_tidy(steps)), tuple(sorted(answers, key=lambda each: each.month)))
