"""Scores of questions and counts, with intervals from resampling blocks of neighbouring origins.

Windows of neighbouring origins overlap. Origins are therefore drawn in blocks as long as a window, and at least a year
(circular block bootstrap, Politis & Romano 1992), and errors of counts of two origins are taken as correlated by the
share of the window that they have in common (Hansen & Hodrick 1980).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.hindcast.leads.happened import COUNTED
from sim.hindcast.leads.questions import ASKED
from sim.hindcast.leads.study import Asked, Counted

COIN = float(np.log(0.5))
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
_YEAR = 12


def log_score(chance: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Log of the chance that was given to what came, nats; 0 is certain and right."""
    return np.log(np.where(came, chance, 1.0 - chance))


def brier(chance: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Squared error of the chance."""
    return (chance - came) ** 2


def block_length(origins: Sequence[int], lead: int) -> int:
    """How many neighbouring origins are drawn together: those of one window, and at least of a year."""
    if len(origins) < 2:
        return 1
    apart = int(np.median(np.diff(np.sort(origins))))
    return min(len(origins), -(-max(lead, _YEAR) // apart))


def block_mean(values: np.ndarray, origins: np.ndarray, lead: int, seed: int = 1, resamples: int = 4000):
    """Mean over cases and its 90 % interval over blocks of neighbouring origins.

    Parameters
    ----------
    values, origins : (case,) a number and the origin that it belongs to

    Returns
    -------
    mean, 5th and 95th percentile; the interval is nan where all origins are one block
    """
    labels, at = np.unique(origins, return_inverse=True)
    total, size = np.bincount(at, values), np.bincount(at)
    length = block_length(labels, lead)
    mean = float(np.mean(values))
    if length >= len(labels):
        return mean, float("nan"), float("nan")
    blocks = -(-len(labels) // length)
    begin = np.random.default_rng(seed).integers(0, len(labels), (resamples, blocks))
    drawn = (begin[:, :, None] + np.arange(length)).reshape(resamples, -1)[:, : len(labels)] % len(labels)
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    return mean, float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))


@dataclass(frozen=True)
class LeadScore:
    """Questions of one lead, of one kind or of all ("all").

    engine, climatology : mean log score, nats a question, the coin's being log 1/2
    over_climatology, over_coin : mean gain and its 90 % interval; block : origins drawn together
    brier : of the engine and of climatology
    by_kind : mean over kinds of the mean gain over climatology, each kind alike; nan for one kind
    """

    lead: int
    kind: str
    origins: int
    questions: int
    came: int
    engine: float
    climatology: float
    over_climatology: tuple[float, float, float]
    over_coin: tuple[float, float, float]
    brier: tuple[float, float]
    block: int
    by_kind: float = float("nan")


def lead_scores(asked: Sequence[Asked]) -> list[LeadScore]:
    """All questions of each lead, then each kind of each lead."""
    found = []
    for lead in sorted({row.lead for row in asked}):
        rows = [row for row in asked if row.lead == lead]
        kinds = [_score([row for row in rows if row.kind == kind], lead, kind) for kind in _present(rows)]
        found.append(_score(rows, lead, "all", float(np.mean([each.over_climatology[0] for each in kinds]))))
        found += kinds
    return found


def _present(rows: Sequence[Asked]) -> list[str]:
    return [kind for kind in ASKED if any(row.kind == kind for row in rows)]


def _score(rows: Sequence[Asked], lead: int, kind: str, by_kind: float = float("nan")) -> LeadScore:
    engine, past, came, origins = (
        np.array([getattr(row, name) for row in rows]) for name in ("engine", "climatology", "came", "origin")
    )
    ours, theirs = log_score(engine, came), log_score(past, came)
    return LeadScore(
        lead,
        kind,
        len(np.unique(origins)),
        len(rows),
        int(came.sum()),
        float(ours.mean()),
        float(theirs.mean()),
        block_mean(ours - theirs, origins, lead),
        block_mean(ours - COIN, origins, lead),
        (float(brier(engine, came).mean()), float(brier(past, came).mean())),
        block_length(np.unique(origins), lead),
        by_kind,
    )


@dataclass(frozen=True)
class Bin:
    """Questions with chances in one range: how many, the mean chance, and the share that came."""

    lead: int
    rule: str
    low: float
    high: float
    questions: int
    chance: float
    came: float


def reliability(asked: Sequence[Asked]) -> list[Bin]:
    """Questions of each lead by the chance that the engine, and that climatology, gave them."""
    found = []
    for lead in sorted({row.lead for row in asked}):
        rows = [row for row in asked if row.lead == lead]
        came = np.array([row.came for row in rows])
        for rule in ("engine", "climatology"):
            chance = np.array([getattr(row, rule) for row in rows])
            bins = np.clip(np.searchsorted(EDGES, chance, side="right") - 1, 0, len(EDGES) - 2)
            for k in np.unique(bins):
                mine = bins == k
                about = int(mine.sum()), float(chance[mine].mean()), float(came[mine].mean())
                found.append(Bin(lead, rule, EDGES[k], EDGES[k + 1], *about))
    return found


@dataclass(frozen=True)
class CountScore:
    """Events of one kind over all windows of one lead: observed, expected, and how far that is from it.

    sd : of the sum of observed less expected, windows that overlap counted as correlated
    z : (observed - expected) / sd; nan where the engine never varies and is right, infinite where it is wrong
    climatology : expected by the ten years before each origin; nan where an origin has none
    """

    lead: int
    kind: str
    origins: int
    observed: float
    expected: float
    sd: float
    z: float
    climatology: float


def count_scores(counted: Sequence[Counted]) -> list[CountScore]:
    """Every kind of each lead."""
    found = []
    for lead in sorted({row.lead for row in counted}):
        for kind in COUNTED:
            rows = [row for row in counted if row.lead == lead and row.kind == kind]
            if rows:
                found.append(_count_score(rows, lead, kind))
    return found


def _count_score(rows: Sequence[Counted], lead: int, kind: str) -> CountScore:
    observed, expected, sd, origins, past = (
        np.array([getattr(row, name) for row in rows], float)
        for name in ("observed", "expected", "sd", "origin", "climatology")
    )
    common = np.clip(1.0 - np.abs(origins[:, None] - origins) / lead, 0.0, None)
    spread = float(np.sqrt(sd @ common @ sd))
    gap = float(observed.sum() - expected.sum())
    z = gap / spread if spread > 0.0 else (float("nan") if gap == 0.0 else float(np.copysign(np.inf, gap)))
    return CountScore(lead, kind, len(rows), float(observed.sum()), float(expected.sum()), spread, z, float(past.sum()))
