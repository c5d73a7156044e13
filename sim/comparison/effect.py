"""One row of a comparison: an outcome, and what becomes of it."""

import math
from dataclasses import dataclass
from typing import Any

from sim.outcomes.metric import chapter_of, unit_of
from sim.outcomes.paired import Chance, Difference

_DIFFERENCE = ("value", "low", "high")
_MEANS = ("members", "ours", "theirs", *_DIFFERENCE)
_SPREAD = ("median", "low50", "high50", "low90", "high90")
_PAIRS = (
    *("higher", "same", "lower", "moved", "correlation", "gain"),
    *("spread", "size", "direction", "more_to_tell"),
)
_MEMBERS_OF_AN_EVENT = ("both", "only_ours", "only_theirs")
#: Columns of the table of effects, in order.
COLUMNS = (
    *("outcome", "title", "group", "unit", "kind"),
    *(*_MEANS, *_SPREAD, *_PAIRS, "more_for_precision", *_MEMBERS_OF_AN_EVENT),
    *(f"years_{name}" for name in (*_DIFFERENCE, *_SPREAD)),
    "alike",
)


@dataclass(frozen=True)
class Effect:
    """What a run changes in one outcome.

    ``alike`` names an earlier outcome that has the same values in both runs, member by member, if there is one.
    """

    outcome: str
    title: str
    paired: Difference | Chance
    alike: str | None = None

    @property
    def group(self) -> str:
        """Chapter that the outcome belongs to."""
        return chapter_of(self.outcome)

    @property
    def is_event(self) -> bool:
        """Whether the outcome is something that may never happen."""
        return isinstance(self.paired, Chance)

    @property
    def dates(self) -> Difference | None:
        """Difference in dates, in years, among members in which an event happens in both runs."""
        return self.paired.when if isinstance(self.paired, Chance) else None

    @property
    def moves(self) -> bool:
        """Whether any member differs."""
        return self.paired.moved > 0 or (self.dates is not None and self.dates.moved > 0)

    @property
    def size(self) -> float:
        """How far it moved, in standard deviations of the outcome.

        For events that of the chance, or of the dates if they moved more, by the share of members that have both. A
        single pair has no deviation: there it is the share of the larger of its two values.
        """
        sizes = [_size(self.paired)]
        if self.dates is not None:
            sizes.append(_size(self.dates) * self.dates.members / self.paired.members)
        return max(sizes)

    def row(self, precision: float | None = None) -> dict[str, Any]:
        """Every number of the effect by the name of its column."""
        paired, shown = self.paired, self.dates if self.is_event else self.paired
        found: dict[str, Any] = {
            "outcome": self.outcome,
            "title": self.title,
            "group": self.group,
            "unit": "probability" if self.is_event else unit_of(self.outcome),
            "kind": "event" if self.is_event else "number",
        }
        found |= {name: getattr(paired, name) for name in _MEANS}
        found |= {} if self.is_event else _spread("", shown)
        found |= {name: getattr(paired, name) for name in _PAIRS}
        if precision is not None:
            found["more_for_precision"] = paired.more_for(precision)
        if self.is_event:
            found |= {name: getattr(paired, name) for name in _MEMBERS_OF_AN_EVENT}
            if shown is not None:
                found |= {f"years_{name}": getattr(shown, name) for name in _DIFFERENCE}
                found |= _spread("years_", shown)
        return {**found, "alike": self.alike}


def _size(found: Difference | Chance) -> float:
    if not math.isnan(found.size):
        return abs(found.size)
    return abs(found.value) / max(abs(found.ours), abs(found.theirs))


def _spread(prefix: str, found: Difference) -> dict[str, float]:
    """Median and intervals of the members' own differences."""
    edges = {
        f"{prefix}{end}{share}": found.intervals[share][place]
        for share in found.intervals
        for place, end in enumerate(("low", "high"))
    }
    return {f"{prefix}median": found.median, **edges}


def about(members: float) -> str:
    """A number of members to two digits, as in "about 900"; "many" where more than ten million would be needed."""
    if not math.isfinite(members) or members > 1e7:
        return "many"
    if members < 100:
        return f"{math.ceil(members)}"
    step = 10 ** (math.floor(math.log10(members)) - 1)
    return f"{math.ceil(members / step) * step:,}"
