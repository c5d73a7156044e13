"""What is documented, in the form that runs are held against: ladder steps, signatures, summits, river figures.

Dates are year fractions of the first of the month, as in the tables of a run: an event inside a month counts for the
whole month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sim.facts import Facts, Rivers

#: Kinds of events that the record follows closely enough to say also when nothing happened.
_FOLLOWED = ("rung", "declaration", "signature", "accession", "refusal", "summit")
_DAYS = 30.4
FIRST_YEAR = 1992.0


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


@dataclass(frozen=True)
class Observation:
    """A figure of a day, month, year or stretch: year fractions of its beginning and end (one for a day), its value."""

    date: str
    since: float
    until: float
    value: float
    note: str


def as_year(day: date) -> float:
    """Year fraction of the first of the month."""
    return day.year + (day.month - 1) / 12


def steps(facts: Facts) -> tuple[Step, ...]:
    """First documented step to each rung of each dyad, by date."""
    found: dict[tuple[str, str], Step] = {}
    for event in _used(facts, "rung"):
        dyad = "-".join(sorted(event.parties))
        found.setdefault(
            (dyad, event.subject), Step(dyad, event.subject, as_year(event.date), event.confidence == "assumed")
        )
    return tuple(found.values())


def signatures(facts: Facts) -> dict[tuple[str, str], float]:
    """(accord, state) -> year of the documented signature or accession."""
    found: dict[tuple[str, str], float] = {}
    for event in _used(facts, "signature", "accession"):
        for state in event.parties:
            found.setdefault((event.subject, state), as_year(event.date))
    return found


def adoption(signed: dict[tuple[str, str], float], accord: str, parties: Sequence[str], required: int) -> float | None:
    """Year in which the accord had as many documented signatures as it requires; None if it never had."""
    years = sorted(signed[accord, state] for state in parties if (accord, state) in signed)
    return years[required - 1] if 1 <= required <= len(years) else None


def ended(facts: Facts, year: float) -> set[str]:
    """Accords whose format had ended for good before the year."""
    formats = {event.subject for event in _used(facts, "format-ends") if as_year(event.date) < year}
    return {accord.id for accord in facts.accords if accord.id in formats or accord.format in formats}


def regional_summits(facts: Facts) -> tuple[Meeting, ...]:
    """Documented summits of regional formats, by date."""
    regional = {row.id for row in facts.formats if row.regional}
    return tuple(
        Meeting(as_year(event.date), event.confidence == "assumed")
        for event in _used(facts, "summit")
        if event.subject in regional
    )


def of_pair(facts: Facts, kind: str, dyad: str) -> list:
    """Documented events of one kind between two states, by date."""
    return [event for event in _used(facts, kind) if "-".join(sorted(event.parties)) == dyad]


def _used(facts: Facts, *kinds: str) -> list:
    return sorted((event for event in facts.events if event.used and event.kind in kinds), key=lambda event: event.date)


def record_end(facts: Facts) -> float:
    """Year fraction of the first month after the last documented treaty act or summit; -inf without any."""
    found = _used(facts, *_FOLLOWED)
    return as_year(found[-1].date) + 1 / 12 if found else float("-inf")


def observations(rivers: Rivers, series: str) -> list[Observation]:
    """Observed figures of a river series, in the order of the table."""
    return [
        Observation(row.date, *_span(row.date), row.value, row.note)
        for row in rivers.observations
        if row.series == series
    ]


def _span(text: str) -> tuple[float, float]:
    """Year fractions of ``2020``, ``2020-10``, ``2020-10-20``, ``2022-2024``, ``2023-01..2025-09``, ``2024-01..06``."""
    if ".." in text:
        first, last = text.split("..")
        return _span(first)[0], _span(last if len(last) > 2 else f"{first[:4]}-{last}")[1]
    parts = text.split("-")
    year = float(parts[0])
    if len(parts) == 2 and len(parts[1]) == 4:
        return year, float(parts[1]) + 1
    if len(parts) == 1:
        return year, year + 1
    month = year + (int(parts[1]) - 1) / 12
    if len(parts) == 2:
        return month, month + 1 / 12
    day = month + min(int(parts[2]), _DAYS) / _DAYS / 12
    return day, day
