"""Simulated against documented: dates of ladder steps, counts in epochs, joint patterns; and their table.

Only what was simulated over documented years is compared: a run that begins to simulate where the record ends has
nothing to show here.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.outcomes import record
from sim.outcomes.epochs import STEP_EPOCHS, SUMMIT_EPOCHS, WHOLE
from sim.outcomes.metric import title_of
from sim.outcomes.summary import Probability, probability
from sim.outcomes.view import View, month_name

SHARES = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)


@dataclass(frozen=True)
class Passage:
    """First step of a dyad to a rung: dates in the histories, (m,) with inf for never, and the documented year."""

    dyad: str
    rung: str
    dates: np.ndarray
    record: float | None
    assumed: bool

    @cached_property
    def quantiles(self) -> np.ndarray:
        """Year at each of SHARES, inf where that share of histories has not got there."""
        return np.quantile(self.dates, SHARES, method="inverted_cdf")


@dataclass(frozen=True)
class Count:
    """What happened how often from the year ``first`` to before ``until``: in the histories, (m,), and the record."""

    what: str
    first: int
    until: float
    simulated: np.ndarray
    record: int
    assumed: int

    @property
    def span(self) -> str:
        """The epoch: ``2017-2021``, or ``2022 to June 2025`` where the record ends inside a year."""
        if abs(self.until - round(self.until)) < 1e-9:
            return f"{self.first}-{round(self.until) - 1}"
        return f"{self.first} to {month_name(self.until - 1 / 12)}"


@dataclass(frozen=True)
class Pattern:
    """A joint pattern: whether it is documented, and its probability in the run."""

    column: str
    title: str
    happened: bool
    probability: Probability


def passages(view: View) -> list[Passage]:
    """Every ladder step that was not already taken in all histories when simulation began."""
    known = {(step.dyad, step.rung): step for step in view.steps}
    found = []
    for rung in view.catalogue.rungs if view.leaves_record else ():
        for dyad in view.catalogue.dyads:
            step = known.get((dyad, rung))
            if view.is_open(f"{dyad}.{rung}") and (step is None or step.year >= view.branch - 1e-9):
                dates = view.dates(f"{dyad}.{rung}")
                taken = step.year if step and step.year < view.end else None
                dates = np.where(np.isfinite(dates), dates, np.inf)
                found.append(Passage(dyad, rung, dates, taken, bool(step and step.assumed)))
    return found


def counts(view: View) -> list[Count]:
    """Ladder steps and regional summits of every epoch that lies between branch and end of the record."""
    return [*_step_counts(view), *_summit_counts(view)] if view.leaves_record else []


def _inside(first: float, until: float, view: View) -> bool:
    return first >= view.branch - 1e-9 and first < until <= min(view.end, view.record_end) + 1e-9


def _step_counts(view: View) -> list[Count]:
    found = []
    for rung in view.catalogue.rungs:
        if not any(view.is_open(f"{dyad}.{rung}") for dyad in view.catalogue.dyads):
            continue
        dates = np.stack([view.dates(f"{dyad}.{rung}") for dyad in view.catalogue.dyads])
        for first, last in STEP_EPOCHS:
            until = min(last + 1.0, view.record_end)
            if _inside(first, until, view):
                own = ((dates >= first - 1e-9) & (dates < until - 1e-9)).sum(axis=0)
                taken = [s.assumed for s in view.steps if s.rung == rung and first - 1e-9 <= s.year < until - 1e-9]
                found.append(Count(rung, first, until, own, len(taken), sum(taken)))
    return found


def _summit_counts(view: View) -> list[Count]:
    held, found = record.regional_summits(view.facts), []
    for first, last in SUMMIT_EPOCHS:
        column = f"summit_count.{first}-{last}"
        if _inside(first, last + 1.0, view) and column in view.members:
            assumed = [meeting.assumed for meeting in held if first <= meeting.year < last + 1]
            own = np.rint(view.members[column]).astype(int)
            found.append(Count("regional summits", first, last + 1.0, own, len(assumed), sum(assumed)))
    return found


def patterns(view: View) -> list[Pattern]:
    """Joint patterns whose later half was simulated; those about clashes only if clashes are simulated."""
    found: list[Pattern] = []
    if not view.leaves_record:
        return found
    late = {(row.first, row.until): row.record for row in _summit_counts(view)}.get((2018, 2025.0))
    if late is not None and "pattern.summit_gap" in view.members:
        early = sum(2010 <= meeting.year < 2018 for meeting in record.regional_summits(view.facts))
        found.append(_pattern(view, "pattern.summit_gap", early == 0 and late >= 5))
    column = "pattern.clash_then_settlement"
    if column in view.members and view.branch <= 2021 and view.end >= 2025 and "clash" in view.simulated_kinds:
        found.append(_pattern(view, column, _clashed_then_settled(view)))
    return found


def _pattern(view: View, column: str, happened: bool) -> Pattern:
    flags = view.members[column] > 0.5
    return Pattern(column, title_of(column), happened, probability(int(flags.sum()), flags.size))


def _clashed_then_settled(view: View) -> bool:
    clashes = [event.date.year for event in record.of_pair(view.facts, "clash", view.catalogue.region.border)]
    settled = [
        event.date.year
        for event in record.of_pair(view.facts, "settlement", view.catalogue.region.border)
        if (event.value or 0) >= WHOLE
    ]
    return sum(year in (2021, 2022) for year in clashes) >= 3 and any(2023 <= year <= 2025 for year in settled)


def table(view: View) -> list[list[str]]:
    """The comparison as rows of text under a head; empty without one to make.

    ``at_most`` and ``at_least`` are the probabilities of a value up to, or from, the documented one, with 95 %
    intervals; dates are year fractions, ``never`` is a quantile that lies beyond the run.
    """
    rows = [
        _row("first passage", f"{each.dyad} {each.rung}", "year", each.record, int(each.assumed), each.dates)
        for each in passages(view)
    ]
    rows += [
        _row("count", f"{each.what} {each.span}", "number", each.record, each.assumed, each.simulated)
        for each in counts(view)
    ]
    rows += [
        _row("pattern", each.title, "flag", float(each.happened), 0, view.members[each.column])
        for each in patterns(view)
    ]
    head = ["kind", "name", "unit", "documented", "documented_assumed", "members"]
    head += [f"q{100 * share:g}" for share in SHARES]
    head += [f"{side}{end}" for side in ("at_most", "at_least") for end in ("", "_low", "_high")]
    return [head, *rows] if rows else []


def _row(kind: str, name: str, unit: str, known: float | None, assumed: int, values: np.ndarray) -> list[str]:
    quantiles = np.quantile(values, SHARES, method="inverted_cdf")
    shown = ["never" if np.isinf(value) else _short(value) for value in quantiles]
    tails = [""] * 6
    if known is not None:
        sides = [probability(int(each.sum()), values.size) for each in (values <= known + 1e-9, values >= known - 1e-9)]
        tails = [f"{value:.4f}" for chance in sides for value in (chance.value, chance.low, chance.high)]
    return [kind, name, unit, "" if known is None else _short(known), str(assumed), str(values.size), *shown, *tails]


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
