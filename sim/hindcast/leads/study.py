"""`casim hindcast --leads`: the engine of every origin, asked what the record's rule asks, beside climatology."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.facts import Facts
from sim.hindcast.hazard_fit import laplace_draws
from sim.hindcast.leads.climatology import chance_from, climatology, expected_counts
from sim.hindcast.leads.happened import COUNTED, RECORDED_FROM, TRADE, counts_as, first_months, of_members
from sim.hindcast.leads.questions import (
    LEADS,
    Ledger,
    Question,
    answered_by,
    answers,
    counts,
    ledger_of,
    trade_questions,
    trade_years,
)
from sim.hindcast.origins import Origin, look_ahead
from sim.inference.table import month_text
from sim.model import MODEL_VERSION
from sim.runs.errors import explained
from sim.runs.files import write_whole

FIRST, LAST = 2010, 2024  # years of origins
ORIGINS = tuple(12 * year + month for year in range(FIRST, LAST + 1) for month in (0, 6))
_FORMAT = 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """A question from an origin: chances given by the members and by climatology, and whether it came true."""

    origin: int
    lead: int
    kind: str
    subject: str
    engine: float
    climatology: float
    came: bool


@dataclass(frozen=True)
class Counted:
    """How many events of a kind came, and the members' mean and standard deviation; climatology is nan without past."""

    origin: int
    lead: int
    kind: str
    observed: float
    expected: float
    sd: float
    climatology: float


@dataclass(frozen=True, eq=False)
class Leads:
    """All answers and counts; seconds : what each origin took, also one that was read from an earlier call."""

    members: int
    asked: tuple[Asked, ...]
    counted: tuple[Counted, ...]
    seconds: dict[int, float]


def forecast_leads(
    facts: Facts,
    origins: Sequence[int],
    members: int,
    prior_set: str,
    kept: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Leads:
    """Fit, simulate and ask from every origin.

    Parameters
    ----------
    facts : the whole record
    origins : absolute months
    kept : folder with a file an origin, read where it belongs to this record and these settings, else written

    Raises
    ------
    FitError : the record before an origin has no posterior mode
    RunError : the folder cannot be written
    """
    ledger, asked, counted, seconds = ledger_of(facts), [], [], {}
    if kept:
        with explained(kept):
            kept.mkdir(parents=True, exist_ok=True)
    identity = [_FORMAT, facts.digest, MODEL_VERSION, members, prior_set]
    for k, month in enumerate(sorted(origins)):
        path = kept and kept / f"origin-{month_text(month)}.json"
        found = _read(path, identity) if path else None
        if found is None:
            found = {"identity": identity, **_from_origin(ledger, month, members, prior_set)}
            if path:
                with explained(kept):
                    write_whole(path, (json.dumps(found) + "\n").encode())
        asked += [Asked(month, *row) for row in found["asked"]]
        counted += [Counted(month, *row) for row in found["counted"]]
        seconds[month] = found["seconds"]
        progress(k + 1, len(origins))
    return Leads(members, tuple(asked), tuple(counted), seconds)


def _read(path: Path, identity: list) -> dict[str, Any] | None:
    """What an earlier call kept of an origin; None where there is nothing, or it belongs to something else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("identity") == identity else None


def _from_origin(ledger: Ledger, month: int, members: int, prior_set: str) -> dict[str, list | float]:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        origin = look_ahead(ledger.facts, month, members, prior_set, Path(folder), laplace_draws)
    rows = of_members(origin.block, origin.world, month)
    asked, counted = [], []
    for lead in LEADS:
        if month + lead > ledger.end:
            continue
        every = answers(ledger, month, lead)
        came = {question: yes for question, yes in every.items() if _has_past(question.kind, month, lead)}
        engine = engine_chances(origin, ledger, rows, list(came), lead)
        past = climatology(ledger, month, lead, list(came))
        asked += [[lead, *question, engine[question], past[question], bool(yes)] for question, yes in came.items()]
        usual, seen = expected_counts(ledger, month, lead), counts(ledger, month, lead)
        for kind, (mean, sd) in engine_counts(origin, ledger, rows, lead).items():
            counted.append([lead, kind, seen[kind], mean, sd, usual.get(kind, float("nan"))])
    return {"asked": asked, "counted": counted, "seconds": time.perf_counter() - began}


def _has_past(kind: str, month: int, lead: int) -> bool:
    """Whether climatology has a window of that length to go by."""
    return month - lead >= RECORDED_FROM.get(kind, 0)


def engine_chances(
    origin: Origin, ledger: Ledger, rows: list, asked: list[Question], lead: int
) -> dict[Question, float]:
    """Share of members in which each question comes true, half a member added that says yes and half that says no."""
    size, end = len(origin.block.members), origin.month + lead
    first = first_months(rows, size)
    above = _trade_above(origin, ledger, lead)
    found = {}
    for question in asked:
        if question.kind == TRADE:
            yes = above[question.subject]
        else:
            when = [first[each] < end for each in answered_by(question) if each in first]
            yes = np.any(when, axis=0) if when else np.zeros(size, bool)
        found[question] = chance_from(float(yes.sum()), size)
    return found


def _trade_above(origin: Origin, ledger: Ledger, lead: int) -> dict[str, np.ndarray]:
    """Pair -> (member,) whether its trade is above the last value known."""
    known, then = trade_years(origin.month, lead)
    yearly, at = origin.block.yearly, origin.world.years
    return {
        pair: (yearly[f"trade.{pair}"] / yearly["deflator"])[:, at.index(then)] * 1e9 > ledger.trade[pair][known]
        for pair in trade_questions(ledger, origin.month, lead)
    }


def engine_counts(origin: Origin, ledger: Ledger, rows: list, lead: int) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation over members of the number of events, of the kinds that the record counts."""
    size, end, texts = len(origin.block.members), origin.month + lead, ledger.texts(origin.month)
    totals = {kind: np.zeros(size) for kind in counts(ledger, origin.month, lead)}
    for row in rows:
        if row.month < end:
            for kind in counts_as(row, texts):
                if kind in totals:
                    totals[kind][row.member] += 1
    if TRADE in totals:
        totals[TRADE] = np.sum(list(_trade_above(origin, ledger, lead).values()), axis=0).astype(float)
    return {kind: (float(totals[kind].mean()), float(totals[kind].std(ddof=1))) for kind in COUNTED if kind in totals}
