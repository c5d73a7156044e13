"""What is documented, in the form the plots need: dates of ladder steps, signatures and regional summits.

Dates are year fractions of the first of the month, as in the tables of a run: an event inside a month counts for the
whole month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sim.facts import Facts

#: Kinds of events that the record follows closely enough to say also when nothing happened.
_FOLLOWED = ("rung", "declaration", "signature", "accession", "refusal", "summit")


@dataclass(frozen=True)
class Step:
    """A documented step of a dyad on the ladder; ``assumed`` where the date is a guess marked as such."""

    dyad: str
    rung: str
    year: float
    assumed: bool


@dataclass(frozen=True)
class Meeting:
    """A documented regional summit."""

    year: float
    assumed: bool


def as_year(day: date) -> float:
    """Year fraction of the first of the month."""
    return day.year + (day.month - 1) / 12


def steps(facts: Facts) -> tuple[Step, ...]:
    """First documented step to each rung of each dyad, by date."""
    found: dict[tuple[str, str], Step] = {}
    for event in sorted(facts.events, key=lambda event: event.date):
        if event.kind == "rung" and event.used:
            dyad = "-".join(sorted(event.parties))
            step = Step(dyad, event.subject, as_year(event.date), event.confidence == "assumed")
            found.setdefault((dyad, event.subject), step)
    return tuple(found.values())


def signatures(facts: Facts) -> dict[tuple[str, str], float]:
    """(accord, state) -> year of the documented signature or accession."""
    found: dict[tuple[str, str], float] = {}
    for event in sorted(facts.events, key=lambda event: event.date):
        if event.kind in ("signature", "accession") and event.used:
            for state in event.parties:
                found.setdefault((event.subject, state), as_year(event.date))
    return found


def adoption(signed: dict[tuple[str, str], float], accord: str, parties: Sequence[str], required: int) -> float | None:
    """Year in which the accord had as many documented signatures as it requires; None if it never had."""
    years = sorted(signed[accord, state] for state in parties if (accord, state) in signed)
    return years[required - 1] if 1 <= required <= len(years) else None


def ended(facts: Facts, year: float) -> set[str]:
    """Accords whose format had ended for good before the year."""
    formats = {
        event.subject
        for event in facts.events
        if event.used and event.kind == "format-ends" and as_year(event.date) < year
    }
    return {accord.id for accord in facts.accords if accord.id in formats or accord.format in formats}


def regional_summits(facts: Facts) -> tuple[Meeting, ...]:
    """Documented summits of regional formats, by date."""
    regional = {row.id for row in facts.formats if row.regional}
    found = (
        Meeting(as_year(event.date), event.confidence == "assumed")
        for event in facts.events
        if event.kind == "summit" and event.used and event.subject in regional
    )
    return tuple(sorted(found, key=lambda meeting: meeting.year))


def record_end(facts: Facts) -> float:
    """Year fraction of the first month after the last documented treaty act or summit; -inf without any."""
    last = max((event.date for event in facts.events if event.used and event.kind in _FOLLOWED), default=None)
    return float("-inf") if last is None else as_year(last) + 1 / 12
