"""Climatology: how often the same rule's questions came true, and how much came, in the ten years before an origin.

The rule is asked at every 1 January and 1 July of those years whose window was over at the origin. Windows of more than
half a year overlap, so each counts as the share of it that is its own: 6 months over its length.
"""

from collections import defaultdict
from functools import lru_cache

import numpy as np

from sim.hindcast.leads.questions import RECURRING, Ledger, Question, answers, counts

MEMORY, STEP = 120, 6  # months


def starts(ledger: Ledger, origin: int, lead: int) -> list[int]:
    """First months of the windows of a length that lie in the ten years before an origin."""
    return [month for month in range(origin - MEMORY, origin - lead + 1) if month % STEP == 0]


@lru_cache(maxsize=4096)
def _answers(ledger: Ledger, month: int, lead: int) -> dict[Question, bool]:
    return answers(ledger, month, lead)


@lru_cache(maxsize=4096)
def _counts(ledger: Ledger, month: int, lead: int) -> dict[str, int]:
    return counts(ledger, month, lead)


def chance_from(came: float, asked: float, before: float = 0.5) -> float:
    """(came + before) / (asked + 1): a share, drawn towards what was thought before by the weight of one window."""
    return (came + before) / (asked + 1.0)


def climatology(ledger: Ledger, origin: int, lead: int, asked: list[Question]) -> dict[Question, float]:
    """Chance of each question by how often its kind came true, and where it can recur to a subject, by its own share.

    A kind's share is drawn towards one half, a subject's towards that of its kind. A kind without any past window has
    one half.
    """
    own, size = defaultdict(lambda: np.zeros(2)), STEP / lead
    kinds: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(2))
    for month in starts(ledger, origin, lead):
        for question, came in _answers(ledger, month, lead).items():
            kinds[question.kind] += (came * size, size)
            own[question] += (came * size, size)
    found = {}
    for question in asked:
        chance = chance_from(*kinds[question.kind])
        found[question] = chance_from(*own[question], chance) if question.kind in RECURRING else chance
    return found


def expected_counts(ledger: Ledger, origin: int, lead: int) -> dict[str, float]:
    """Mean number of each kind in the windows before an origin; kinds without a window are missing."""
    seen: dict[str, list[int]] = defaultdict(list)
    for month in starts(ledger, origin, lead):
        for kind, number in _counts(ledger, month, lead).items():
            seen[kind].append(number)
    return {kind: float(np.mean(numbers)) for kind, numbers in seen.items()}
