"""How sure is sure enough: a quantity and the half-width that its 95 % interval shall have.

    P(signed_month.ACCORD.STATE by 2030) +- 0.02
    P(new_treaties_2040 >= 10 and trust_mean_2040 > 0.6) +- 0.01
    mean(index_2040) +- 0.002

Fixed-width sequential estimation (Chow & Robbins 1965): members are added until the interval is narrow enough.

    goal      = quantity ("+-" | "±") number
    quantity  = "P(" condition { "and" condition } ")" | "mean(" outcome ")" | "median(" outcome ")"
    condition = outcome ( "ever" | "by" year | comparison number )
    comparison = ">=" | "<=" | ">" | "<" | "=" | "!="
"""

import math
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.outcomes.metric import is_dated
from sim.outcomes.summary import Z95, probability, summarise

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<within>\+-|±)|(?P<comparison>>=|<=|!=|>|<|=)|(?P<bracket>[()])
    |(?P<number>-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)|(?P<word>[A-Za-z][\w.\-]*)""",
    re.VERBOSE,
)
_COMPARISONS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}
_QUANTITIES = ("P", "mean", "median")


#: No number of members would make an answer surer than this.
_NARROWEST = 1e-9


class GoalError(ValueError):
    """A text that is no goal; the message shows where.  ``position`` counts characters from 0."""

    def __init__(self, text: str, position: int, expected: str) -> None:
        self.text, self.position = text, position
        super().__init__(f"character {position + 1}: {expected}\n  {text}\n  {' ' * position}^")


@dataclass(frozen=True)
class Condition:
    """Something that is true or false of a member: ``relation`` is ever, by or a comparison."""

    outcome: str
    relation: str
    number: float
    position: int

    def holds(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Whether it holds, (m,); never where the outcome is empty."""
        values = np.asarray(columns[self.outcome], dtype=np.float64)
        if self.relation == "ever":
            return ~np.isnan(values)
        if self.relation == "by":
            return values < self.number + 1
        return ~np.isnan(values) & _COMPARISONS[self.relation](values, self.number)


@dataclass(frozen=True)
class Estimate:
    """A quantity as some members show it, and the half-width of its 95 % interval (infinite if there is none yet)."""

    value: float
    half_width: float
    members: int


@dataclass(frozen=True)
class Goal:
    """A quantity and the half-width wanted; ``text`` is how the user said it."""

    text: str
    quantity: str
    conditions: tuple[Condition, ...]
    half_width: float

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Columns that are needed, each once."""
        return tuple(dict.fromkeys(condition.outcome for condition in self.conditions))

    def estimate(self, columns: Mapping[str, np.ndarray]) -> Estimate:
        """The quantity over the members whose columns, (m,) each, are given."""
        if self.quantity == "P":
            held = np.logical_and.reduce([condition.holds(columns) for condition in self.conditions])
            found = probability(int(held.sum()), held.size)
            width = (found.high - found.low) / 2
            return Estimate(found.value, width if held.size else math.inf, int(held.size))
        values = np.asarray(columns[self.conditions[0].outcome], dtype=np.float64)
        found = summarise(values)
        if found.members < 2:
            return Estimate(math.nan, math.inf, int(values.size))
        if self.quantity == "median":
            return Estimate(found.median, (found.median_high - found.median_low) / 2, int(values.size))
        spread = float(values[np.isfinite(values)].std(ddof=1))
        return Estimate(found.mean, Z95 * spread / math.sqrt(found.members), int(values.size))

    def reached(self, estimate: Estimate) -> bool:
        """Whether an estimate is sure enough."""
        return estimate.half_width <= self.half_width


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    while position < len(text):
        matched = _TOKEN.match(text, position)
        if matched is None:
            raise GoalError(text, position, f"{text[position]!r} has no meaning here.")
        if matched.lastgroup != "space":
            found.append(_Token(matched.lastgroup, matched[0], position))
        position = matched.end()
    return [*found, _Token("end", "the end", len(text))]


class _Parser:
    """Reads a goal from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.place = text, _tokens(text), 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def fail(self, expected: str) -> GoalError:
        found = self.next.text if self.next.kind == "end" else repr(self.next.text)
        return GoalError(self.text, self.next.position, f"{expected} expected, found {found}.")

    def take(self, kind: str, expected: str, *texts: str) -> _Token:
        token = self.next
        if token.kind != kind or (texts and token.text not in texts):
            raise self.fail(expected)
        self.place += 1
        return token

    def goal(self) -> Goal:
        """quantity ( conditions ) +- width"""
        quantity = self.take("word", "P(...), mean(...) or median(...)", *_QUANTITIES).text
        self.take("bracket", "'('", "(")
        conditions = [self.condition()] if quantity == "P" else [self.outcome()]
        while quantity == "P" and self.next.kind == "word" and self.next.text == "and":
            self.place += 1
            conditions.append(self.condition())
        self.take("bracket", "'and' or ')'" if quantity == "P" else "')'", ")")
        self.take("within", "'+-' and a half-width")
        half_width = self.number("a half-width")
        if half_width < _NARROWEST:
            self.place -= 1
            raise self.fail("a half-width above zero, of at least 1e-9")
        if self.next.kind != "end":
            raise self.fail("nothing more")
        return Goal(self.text, quantity, tuple(conditions), half_width)

    def number(self, expected: str) -> float:
        value = float(self.take("number", expected).text)
        if not math.isfinite(value):
            self.place -= 1
            raise self.fail("a finite number")
        return value

    def outcome(self) -> Condition:
        token = self.take("word", "the name of an outcome")
        return Condition(token.text, "ever", math.nan, token.position)

    def condition(self) -> Condition:
        """An outcome that happens by a year or ever, or that compares with a number."""
        named = self.outcome()
        if self.next.kind == "word" and self.next.text == "ever":
            self.place += 1
            return self.dated(named)
        if self.next.kind == "word" and self.next.text == "by":
            self.place += 1
            year = self.number("a year")
            if year != round(year):
                self.place -= 1
                raise self.fail("a whole year")
            return self.dated(Condition(named.outcome, "by", year, named.position))
        comparison = self.take("comparison", "'ever', 'by' and a year, or a comparison such as '>='").text
        return Condition(named.outcome, comparison, self.number("a number"), named.position)

    def dated(self, condition: Condition) -> Condition:
        if not is_dated(condition.outcome):
            raise GoalError(
                self.text,
                condition.position,
                f"{condition.outcome} is not the date of an event; compare it with a number, such as '>= 1'.",
            )
        return condition


def parse_goal(text: str) -> Goal:
    """The goal that a text states.  Raises GoalError, which points at the character where it goes wrong."""
    return _Parser(text).goal()
