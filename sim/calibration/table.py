"""The at-risk table for readers: one line for each decision that could have come, in words and with its source.

What the likelihood uses stands there row by row, and so do summits of the regional process, which no fitted parameter
depends on. What is kept out is listed by `left_out`.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.calibration.answers import ACCESSION, AnswerRows, answer_rows
from sim.calibration.history import History, record
from sim.calibration.panel import Panel, panel_of
from sim.calibration.rows import CERTAIN, KINDS, LadderRows, ladder_rows
from sim.facts import Facts
from sim.model.schedule import month_of

COLUMNS = (
    "decision", "parties", "subject", "month", "event", "record", "window", "silent", "precision", "confidence",
    "disagreement", "value", "contagion", "capacity", "declared", "signed_share", "leaders",
)  # fmt: skip


def month_text(month: int) -> str:
    """2017-03 for an absolute month."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def at_risk_lines(facts: Facts) -> Iterator[dict[str, object]]:
    """Lines of the whole record: ladder, answers to accords, regional summits."""
    panel = panel_of(facts)
    history = record(facts, panel)
    known = {event.id: event for event in facts.events}
    mean = np.array([leader.openness_mean for leader in facts.leaders])
    yield from _ladder_lines(panel, ladder_rows(panel, history), history, known, mean)
    yield from _answer_lines(panel, answer_rows(panel, history), known, mean)
    yield from _summit_lines(facts, panel)


def _ladder_lines(panel: Panel, rows: LadderRows, history: History, known: dict, mean: np.ndarray):
    windows = {(step.dyad, step.rung): step for step in history.steps if step.first < step.last}
    for r in range(len(rows)):
        t, dyad = rows.month[r] - panel.first, panel.dyads[rows.dyad[r]]
        value = 0.5 * (rows.value_a[r] + rows.value_b[r] + mean[rows.leader_a[r]] + mean[rows.leader_b[r]])
        capacity = panel.capacity[t, [rows.state_a[r], rows.state_b[r]]].mean() - 0.5
        step = windows.get((rows.dyad[r], rows.kind[r] + 1))
        in_window = rows.phase[r] != CERTAIN
        yield {
            **_of_record(known.get(rows.ids[r])), "decision": KINDS[rows.kind[r]], "parties": ";".join(dyad),
            "subject": "", "month": month_text(rows.month[r]), "event": int(rows.event[r]), "record": rows.ids[r],
            "window": f"{month_text(step.first)}/{month_text(step.last)}" if in_window and step else "",
            "value": round(float(value), 4), "contagion": round(float(rows.contagion[r]), 4),
            "capacity": round(float(capacity), 4), "declared": int(rows.declared[r]),
            "leaders": f"{panel.leaders[rows.leader_a[r]]};{panel.leaders[rows.leader_b[r]]}",
        }  # fmt: skip


def _answer_lines(panel: Panel, rows: AnswerRows, known: dict, mean: np.ndarray):
    for r in range(len(rows)):
        event = known.get(rows.ids[r])
        yield {
            **_of_record(event), "decision": "accession" if rows.kind[r] == ACCESSION else "answer",
            "parties": panel.states[rows.state[r]], "subject": panel.accords[rows.accord[r]].id,
            "month": month_text(rows.month[r]), "event": int(rows.outcome[r]), "record": rows.ids[r],
            "window": "year" if rows.window[r] else "", "silent": int(rows.silent[r] and rows.kind[r] != ACCESSION),
            "value": round(float(rows.value[r] + mean[rows.leader[r]]), 4),
            "signed_share": round(float(rows.share[r]), 4), "leaders": panel.leaders[rows.leader[r]],
        }  # fmt: skip


def _summit_lines(facts: Facts, panel: Panel):
    regional = {row.id for row in facts.formats if row.regional}
    held = {month_of(event.date): event for event in facts.events
            if event.used and event.kind == "summit" and event.subject in regional}  # fmt: skip
    for month in range(panel.first, panel.end):
        event = held.get(month)
        yield {
            **_of_record(event), "decision": "regional summit", "parties": ";".join(event.parties) if event else "",
            "subject": event.subject if event else "", "month": month_text(month), "event": int(event is not None),
            "record": event.id if event else "",
        }  # fmt: skip


def _of_record(event) -> dict[str, str]:
    if event is None:
        return {}
    return {"precision": event.precision, "confidence": event.confidence, "disagreement": event.disagreement}


def write_table(facts: Facts, path: Path) -> int:
    """Write the at-risk table as CSV; returns the number of lines."""
    count = 0
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for line in at_risk_lines(facts):
            writer.writerow(line)
            count += 1
    return count


def left_out(facts: Facts) -> list[str]:
    """Sentences on what of the record does not enter the likelihood, and why."""
    panel = panel_of(facts)
    history = record(facts, panel)
    assumed = [step for step in history.steps if step.assumed]
    second = [step for step in history.steps if step.second_half]
    proposals = [accord.id for accord in panel.accords if accord.proposal]
    left = [panel.accords[answer.accord].id for answer in history.answers if answer.kind == "withdrawal"]
    return [
        f"{len(assumed)} first treaties are assumed, not documented: neither they nor the months before them count.",
        f"{len(second)} second halves of double steps: their chance is ladder.double_step, which is not fitted.",
        f"{len(proposals)} proposals without a text ({', '.join(proposals)}): nobody was asked to sign them.",
        f"{len(left)} withdrawals ({', '.join(left)}), and what a state did about an accord after it had left it.",
        "States that the record does not seat at a summit: they were not asked there.",
        "Joint councils, ratifications and implementation: their parameters are assumed, not fitted.",
        "Regional summits stand in the table but not in the likelihood: the priors of region.format_* are already "
        "counts of this record, and fitting them again would use it twice.",
    ]
