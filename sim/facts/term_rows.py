"""Rows of the tables of terms of office: those that run when the record ends, and how earlier ones ended."""

from dataclasses import dataclass
from datetime import date

from sim.facts.rows import CONFIDENCES, column

TERM_ENDS = ("handover", "term", "unrest", "death", "in-office")


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """The term of a head of state in office when the record ends; `barred` from another, `heir` named in the record."""

    state: str
    holder: str
    born: date
    term_ends: date
    term_years: int = column(minimum=1, maximum=15)
    barred: bool
    heir: bool
    source: str
    locator: str
    confidence: str = column(allowed=CONFIDENCES)
    note: str = column(optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class TermEnd:
    """How a head of state came to leave office; `until` is None while in office."""

    state: str
    name: str
    since: date
    until: date | None
    ended: str = column(allowed=TERM_ENDS)
    source: str
    locator: str
    confidence: str = column(allowed=CONFIDENCES)
    note: str = column(optional=True)
