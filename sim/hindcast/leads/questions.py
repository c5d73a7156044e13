"""The fixed rule that makes yes/no questions from what the record says on a date, and their answers.

Asked on the first day of a month, for a number of months ahead:

- treaty rungs: does a pair below alliance sign the treaty of another rung? (Not asked where that is only assumed.)
- signatures: does a state sign or join a text that is tabled, has not expired, and whose format has not ended?
- ratifications: is a bilateral treaty, or a text by a state, that was signed in the last five years ratified?
- summits: does a format meet that met in the last ten years?
- clashes, closures: do neighbours have any?
- trade: is a pair's trade (constant USD) in the last year that is over by then above that of the last year known?
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.facts import Facts, load_trade_facts
from sim.facts.rows import month_of
from sim.facts.trade_panel import trade_panel
from sim.hindcast.leads.happened import (
    ASSUMED,
    CLASHES,
    CLOSURES,
    COUNTED,
    RATIFICATIONS,
    RATIFIED_TEXTS,
    RECORDED_FROM,
    RUNGS,
    SIGNATURES,
    SUMMITS,
    TRADE,
    Row,
    counts_as,
    of_record,
)

LEADS = (6, 12, 24, 60)  # months
ASKED = (RUNGS, SIGNATURES, RATIFICATIONS, RATIFIED_TEXTS, SUMMITS, CLASHES, CLOSURES, TRADE)
#: Kinds of which a subject has a rate of its own; the others happen to it once.
RECURRING = (SUMMITS, CLASHES, CLOSURES, TRADE)
TOP = 3
FOREVER = 10**6  # as a month
_PENDING, _MEMORY = 60, 120  # months that a ratification stays open, and that a format is remembered
_ANSWERED_BY = {
    RUNGS: ("rung",),
    SIGNATURES: ("signature", "accession"),
    RATIFICATIONS: ("rung-in-force",),
    RATIFIED_TEXTS: ("ratification",),
    SUMMITS: ("summit",),
    CLASHES: ("clash",),
    CLOSURES: ("closure",),
}


class Question(NamedTuple):
    """Does this kind of thing happen to this subject?"""

    kind: str
    subject: str


def answered_by(question: Question) -> list[tuple[str, str]]:
    """(kind of event, subject) that make the answer yes."""
    return [(kind, question.subject) for kind in _ANSWERED_BY[question.kind]]


@dataclass(frozen=True, eq=False)
class Ledger:
    """The record as rows, and what else the rule looks up.

    trade : pair -> year -> trade both ways in constant USD, where both directions have figures
    """

    facts: Facts
    rows: tuple[Row, ...]
    trade: dict[str, dict[int, float]]

    @property
    def end(self) -> int:
        """First month after the record."""
        return month_of(self.facts.record_ends) + 1

    @cached_property
    def months(self) -> np.ndarray:
        """(row,) month of each, ascending."""
        return np.array([row.month for row in self.rows])

    def between(self, first: int, end: int) -> tuple[Row, ...]:
        """Rows of the months first..end-1."""
        low, high = np.searchsorted(self.months, [first, end])
        return self.rows[low:high]

    def texts(self, month: int) -> dict[str, int]:
        """Texts, not mere proposals, that were tabled before a month, with the month in which each expires."""
        return {
            row.id: month_of(row.expires) if row.expires else FOREVER
            for row in self.facts.accords
            if row.kind != "proposal" and month_of(row.opens) < month
        }


def ledger_of(facts: Facts) -> Ledger:
    """The whole record, made ready for the rule."""
    panel = trade_panel(load_trade_facts(facts.record))
    states = [row.id for row in facts.states]
    pairs = ["-".join((a, b)) for k, a in enumerate(states) for b in states[k + 1 :]]
    known = [pair for pair in pairs if pair in panel.names]
    trade = {
        pair: {int(y): float(v) for y, v in zip(panel.years, panel.trade_usd[panel.pair(pair)]) if np.isfinite(v)}
        for pair in known
    }
    return Ledger(facts, tuple(of_record(facts)), trade)


def questions_at(ledger: Ledger, month: int) -> list[Question]:
    """All that is asked on the first day of an absolute month, trade apart, which depends on how far ahead."""
    past, facts = ledger.between(0, month), ledger.facts
    rung: dict[str, int] = {}
    for row in past:
        if row.kind in ("rung", ASSUMED):
            rung[row.subject] = max(rung.get(row.subject, 0), int(row.value))
    states = [row.id for row in facts.states]
    pairs = ["-".join((a, b)) for k, a in enumerate(states) for b in states[k + 1 :]]
    neighbours = ["-".join(sorted((row.state_a, row.state_b))) for row in facts.borders]
    unsure = {row.subject for row in ledger.rows if row.kind == ASSUMED and row.month >= month}
    found = [Question(RUNGS, pair) for pair in pairs if rung.get(pair, 0) < TOP and pair not in unsure]
    found += [Question(SIGNATURES, subject) for subject in _open_signatures(ledger, past, month)]
    for subject in _pending(ledger, past, month):
        kind = RATIFICATIONS if subject[0].isdigit() else RATIFIED_TEXTS
        if month >= RECORDED_FROM[kind]:
            found.append(Question(kind, subject))
    met = dict.fromkeys(row.subject for row in past if row.kind == "summit" and row.month >= month - _MEMORY)
    found += [Question(SUMMITS, name) for name in met]
    if month >= RECORDED_FROM[CLASHES]:
        found += [Question(CLASHES, pair) for pair in neighbours]
    return found + [Question(CLOSURES, pair) for pair in neighbours]


def _open_signatures(ledger: Ledger, past: tuple[Row, ...], month: int) -> list[str]:
    """state-texts that can be signed and are not."""
    signed = _standing(past)
    ended = {row.subject: row.month for row in past if row.kind == "format-ends"}
    slot = _slots(ledger.facts)
    found, texts = [], ledger.texts(month)
    for accord in ledger.facts.accords:
        over = texts.get(accord.id, -1) < month  # expired, a proposal, or not yet tabled
        gone = accord.kind == "organisation" and month_of(accord.opens) <= ended.get(slot.get(accord.format, ""), -1)
        if not over and not gone:
            found += [f"{accord.id}:{state}" for state in accord.parties if f"{accord.id}:{state}" not in signed]
    return found


def _slots(facts: Facts) -> dict[str, str]:
    """Format -> the format that stands for it: all regional ones are one process."""
    first = next(row.id for row in facts.formats if row.regional)
    return {row.id: first if row.regional else row.id for row in facts.formats}


def _standing(past: tuple[Row, ...]) -> dict[str, int]:
    """state-text -> month of the signature that stands."""
    signed: dict[str, int] = {}
    for row in past:
        if row.kind in ("signature", "accession"):
            signed[row.subject] = row.month
        elif row.kind == "withdrawal":
            signed.pop(row.subject, None)
    return signed


def _pending(ledger: Ledger, past: tuple[Row, ...], month: int) -> list[str]:
    """Texts and bilateral treaties signed of late whose ratification is not on record."""
    done = {row.subject for row in past if row.kind in ("ratification", "rung-in-force", "in-force")}
    needed = {row.id for row in ledger.facts.accords if row.ratification}
    found = [
        subject
        for subject, signed in _standing(past).items()
        if signed >= month - _PENDING
        and subject.partition(":")[0] in needed
        and not {subject, subject.partition(":")[0]} & done
    ]
    treaties = [
        f"{int(row.value)}:{row.subject}" for row in past if row.kind == "rung" and row.month >= month - _PENDING
    ]
    return found + [subject for subject in treaties if subject not in done]


def trade_years(month: int, lead: int) -> tuple[int, int]:
    """Last year known on the first day of a month, and the last that is over when so many months have passed."""
    return month // 12 - 1, (month + lead) // 12 - 1


def trade_questions(ledger: Ledger, month: int, lead: int) -> dict[str, bool]:
    """Pair -> whether its trade rose above its last known value, of pairs with figures of both years."""
    known, then = trade_years(month, lead)
    if then <= known:
        return {}
    return {
        pair: figures[then] > figures[known]
        for pair, figures in ledger.trade.items()
        if known in figures and then in figures
    }


def answers(ledger: Ledger, month: int, lead: int) -> dict[Question, bool]:
    """Every question asked on the first day of a month about so many months, with what came."""
    came = {(row.kind, row.subject) for row in ledger.between(month, month + lead)}
    found = {question: any(each in came for each in answered_by(question)) for question in questions_at(ledger, month)}
    return found | {Question(TRADE, pair): rose for pair, rose in trade_questions(ledger, month, lead).items()}


def counts(ledger: Ledger, month: int, lead: int) -> dict[str, int]:
    """How many events of each kind of COUNTED came in so many months, of kinds that were recorded then."""
    texts = ledger.texts(month)
    found = {kind: 0 for kind in COUNTED if kind != TRADE and month >= RECORDED_FROM.get(kind, 0)}
    for row in ledger.between(month, month + lead):
        for kind in counts_as(row, texts):
            if kind in found:
                found[kind] += 1
    rose = trade_questions(ledger, month, lead)
    return found | ({TRADE: sum(rose.values())} if rose else {})
