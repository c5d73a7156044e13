"""One class per table: a row, its columns, their types and what each may hold.

A field without a default must be filled; `column(...)` states the allowed values or range, which the reader enforces.
"""

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sim.facts import event_kinds
from sim.facts.order import ISSUES

PRECISIONS = ("day", "month", "year")
RULES = ("unanimity", "opt-in")
ACCORD_KINDS = ("accord", "organisation", "council", "programme", "concept", "agreement", "proposal")
CONFIDENCES = ("high", "medium", "assumed")
EVENT_CLASSES = ("treaty", "council", "practical", "contact", "border", "verbal", "cut-off", "force", "dispute", "none")
#: What a legal bar may be about, besides the texts of a format, which it names by its id.
INSTRUMENT_CLASSES = ("alliance", "security", "bloc", "union", "customs-union")
PARAMETER_STATUSES = ("fitted", "fixed", "assumed", "claims-only")


def month_of(day: date) -> int:
    """Absolute month of a date: year * 12 + month - 1."""
    return day.year * 12 + day.month - 1


def column(
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    allowed: tuple[str, ...] | None = None,
    optional: bool = False,
    absent: bool = False,
) -> Any:
    """A column with a range (numbers) or a list of allowed words (text).

    An optional text may be empty; where `absent`, a table may lack the column altogether.
    """
    metadata = {"minimum": minimum, "maximum": maximum, "allowed": allowed, "absent": absent}
    return field(default="", metadata=metadata) if optional or absent else field(metadata=metadata)


def share() -> Any:
    """A number from 0 to 1."""
    return column(minimum=0.0, maximum=1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What a folder of tables covers: all that happened up to `until` is in it, months without any event included."""

    name: str
    until: date
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """What a region is called, and what its outcomes look at first.

    axis : the pair of states whose trade is followed against `axis_goal`, billion current USD a year; may be empty
    troubled_border : the border whose clashes and settlement are followed; may be empty
    """

    name: str
    axis: str = column(optional=True)
    axis_goal: float | None = column(minimum=0.0)
    troubled_border: str = column(optional=True)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Union:
    """An economic union that states join or leave: its name in `trade_agreements.csv`, and the power that leads it."""

    id: str
    agreement: str
    power: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """An agent. `core`: one of those whose trade and integration with each other is meant by "the region".

    `leader_turnover` is changes of the head of state per year; identities are shares, 0 to 1.
    """

    id: str
    name: str
    core: bool
    leader_turnover: float = column(minimum=0.0, maximum=2.0)
    initial_elite_identity: float = share()
    initial_society_identity: float = share()
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Leader:
    """A head of state from `since` on. Openness is that of state and leader together: mean and standard deviation."""

    state: str
    name: str
    since: date
    precision: str = column(allowed=PRECISIONS)
    openness_mean: float = column(minimum=-4.0, maximum=4.0)
    openness_sd: float = column(minimum=0.0, maximum=4.0)
    source: str
    locator: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Border:
    """A land border between two of the states; `length_km` is None where no source was found."""

    state_a: str
    state_b: str
    length_km: float | None = column(minimum=1.0, maximum=10_000.0)
    unsettled_share_1992: float = share()
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """How an instrument's content divides over the seven issues; the shares sum to 1."""

    trade: float = share()
    water: float = share()
    energy: float = share()
    borders: float = share()
    transport: float = share()
    security: float = share()
    voice: float = share()

    @property
    def content(self) -> tuple[float, ...]:
        """The seven shares in the order of `ISSUES`."""
        return tuple(getattr(self, issue) for issue in ISSUES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung(Content):
    """A step of the bilateral ladder."""

    rung: int = column(minimum=1, maximum=3)
    id: str
    title: str
    depth: float = column(minimum=0.2, maximum=1.0)
    institution_weight: float = share()
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Accord(Content):
    """A multilateral instrument: who may sign, where it is tabled, from when, by which rule, until when it runs.

    One that needs no `ratification` (bodies, programmes, memoranda) is in force once it is adopted.
    """

    id: str
    title: str
    kind: str = column(allowed=ACCORD_KINDS)
    parties: tuple[str, ...]
    format: str
    opens: date
    expires: date | None
    rule: str = column(allowed=RULES)
    minimum: int = column(minimum=2, maximum=6)
    ratification: bool
    depth: float = column(minimum=0.2, maximum=1.0)
    institution_weight: float = share()
    source: str
    locator: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A series of meetings. `regional` ones feed the regional process; `power` is the outside partner, if any."""

    id: str
    title: str
    parties: tuple[str, ...]
    regional: bool
    power: str = column(optional=True)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RivalProject:
    """A region that a power leads from outside; an `exclusive` one shuts other unions of its members out."""

    id: str
    title: str
    identity: str
    power: str
    parties: tuple[str, ...]
    exclusive: bool
    founded: date
    weight: float = share()
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RivalMember:
    """A state's membership of a rival project; `until` is empty where it lasts."""

    project: str
    state: str
    since: date
    until: date | None
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One documented event. Only rows with `used` are replayed; the others document what was left out, and why."""

    id: str
    date: date
    precision: str = column(allowed=PRECISIONS)
    kind: str = column(allowed=event_kinds.DOCUMENTED)
    parties: tuple[str, ...]
    actor: str = column(optional=True)
    target: str = column(optional=True)
    subject: str = column(optional=True)
    value: float | None
    title: str
    used: bool
    source: str
    locator: str
    confidence: str = column(allowed=CONFIDENCES)
    disagreement: str = column(optional=True)
    note: str = column(optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class EventWeight:
    """What an event is worth on the COPDAB scale (alliance 47). `kind` may narrow to a subject: `rung:friendship`."""

    kind: str
    event_class: str = column(allowed=EVENT_CLASSES)
    weight: float = column(minimum=-102.0, maximum=92.0)
    mutual: bool
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Power:
    """An outside power; `pull` is its strength relative to today (1)."""

    id: str
    name: str
    pull: float = column(minimum=0.0, maximum=10.0)
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dependence:
    """How far a state depends on a power in a year, 0 to 1."""

    state: str
    power: str
    year: int = column(minimum=1991, maximum=2100)
    share: float = share()
    source: str
    licence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupShare:
    """Share of a power's top contacts held with the states as a group, from `since` on."""

    power: str
    since: date
    share: float = share()
    level: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shock:
    """A spell of documented turbulence, `since` to `until`, both included."""

    id: str
    since: date
    until: date
    severity: float = share()
    title: str
    source: str
    locator: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Capacity:
    """GDP per head in constant 2021 international dollars at purchasing power parity."""

    state: str
    year: int = column(minimum=1990, maximum=2100)
    gdp_per_head: float = column(minimum=100.0, maximum=500_000.0)
    source: str
    licence: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueWeight:
    """How much an issue matters to a state: the figure it rests on and the weight; a state's weights sum to 1."""

    state: str
    issue: str = column(allowed=ISSUES)
    indicator: str
    figure: float | None
    unit: str
    weight: float = share()
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter: `value` is a number, or a word where `unit` is `choice` (then `prior` lists the words with |)."""

    name: str
    meaning: str
    unit: str
    value: float | str
    prior: str
    lower: float | None
    upper: float | None
    spread: float | None = column(minimum=0.0)
    source: str
    status: str = column(allowed=PARAMETER_STATUSES)

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed words of a choice; empty for a number."""
        return tuple(word.strip() for word in self.prior.split("|")) if self.unit == "choice" else ()

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value; infinite where the table sets none."""
        return -math.inf if self.lower is None else self.lower, math.inf if self.upper is None else self.upper

    @property
    def range_text(self) -> str:
        """The range in words; empty where the table sets no limit."""
        if self.choices:
            return " | ".join(self.choices)
        if self.lower is not None and self.upper is not None:
            return f"from {self.lower:g} to {self.upper:g}"
        if self.lower is not None:
            return f"{self.lower:g} or more"
        return f"{self.upper:g} or less" if self.upper is not None else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LegalBar:
    """What a state may not join: a class of instruments (docs/data.md) or the texts of a format, by its law (hard) or
    its policy (soft).
    """

    state: str
    bars: str
    since: date
    until: date | None
    strength: str = column(allowed=("hard", "soft"))
    instrument: str
    source: str
    locator: str
    confidence: str = column(allowed=CONFIDENCES)
    note: str = column(optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class BorderProgress:
    """How far a border was delimited and demarcated on a date: shares of its length."""

    state_a: str
    state_b: str
    date: date
    precision: str = column(allowed=PRECISIONS)
    delimited: float = share()
    demarcated: float = share()
    step: str
    source: str
    locator: str
    confidence: str = column(allowed=CONFIDENCES)
    note: str = column(optional=True)
