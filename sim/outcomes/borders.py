"""The land borders of a run section by section: how much is settled, since when, and how often people fight there."""

from dataclasses import dataclass

import numpy as np

from sim.outcomes import record
from sim.outcomes.epochs import WHOLE
from sim.outcomes.histories import Events
from sim.outcomes.view import View

CLASHES_KNOWN_FROM = 2010  # clashes are on record from then on
_SETTLES, _REOPENS = "settlement", "border-reopened"


@dataclass(frozen=True)
class Section:
    """A border between two states: its events, and the share of it that was settled when the record begins."""

    name: str
    events: Events
    at_first: float


def sections(view: View) -> list[Section]:
    """Every land border between states of the run, in the order of the table of borders."""
    states = view.catalogue.states
    found = view.happened(_SETTLES, _REOPENS, "clash")
    return [
        Section(
            f"{row.state_a}-{row.state_b}",
            found.between(states.index(row.state_a), states.index(row.state_b)),
            1 - row.unsettled_share_1992,
        )
        for row in view.facts.borders
        if row.state_a in states and row.state_b in states
    ]


def settlement(view: View, section: Section) -> tuple[np.ndarray, np.ndarray]:
    """Settled share at the end of each month, mean over members, (months,), and since when each has it whole, (m,).

    The second is the year fraction from which on the section is settled as a whole for good, inf where it is not at the
    end.
    """
    kinds = [view.catalogue.kind(kind) for kind in (_SETTLES, _REOPENS)]
    found = section.events.select(np.isin(section.events.kind, kinds))
    found = found.select(np.argsort(found.month, kind="stable"))
    share = np.where(found.kind == kinds[0], found.value, 1 - found.value)
    start = view.catalogue.start
    now, mean = np.full(view.n_members, section.at_first), np.full(view.catalogue.end - start + 1, section.at_first)
    since = np.full(view.n_members, view.start if section.at_first > WHOLE else np.inf)
    for member, month, value in zip(found.member, found.month, share):
        rows = slice(None) if member < 0 else np.searchsorted(view.numbers, [member])
        mean[max(month - start, 0) :] += (value - now[rows]).sum() / view.n_members
        now[rows] = value
        since[rows] = np.minimum(since[rows], max(month, start) / 12) if value > WHOLE else np.inf
    return mean, since


def clashes(view: View, section: Section) -> Events:
    """Simulated clashes of the section."""
    return section.events.select((section.events.kind == view.catalogue.kind("clash")) & (section.events.member >= 0))


def counting_span(view: View) -> tuple[float, float]:
    """Years over which clashes are counted beside the record where it reaches, else over the simulation."""
    first = max(CLASHES_KNOWN_FROM, view.start, view.branch)
    return first, view.record_end if view.branch < view.record_end - 1 else view.end


def clash_counts(view: View, section: Section) -> np.ndarray:
    """Simulated clashes of each member in the counting span, (m,)."""
    first, last = counting_span(view)
    found = clashes(view, section)
    return view.counts(found.select((found.month >= round(first * 12)) & (found.month < round(last * 12))))


def documented_clashes(view: View, section: Section) -> int | None:
    """Documented clashes in the counting span; None where the record does not reach its end."""
    first, last = counting_span(view)
    if last > view.record_end + 1e-9:
        return None
    return sum(first - 1e-9 <= record.as_year(e.date) < last for e in record.of_pair(view.facts, "clash", section.name))
