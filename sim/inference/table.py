"""The at-risk table for readers: one line for each decision that could have come, in words and with its source.

What the likelihood uses stands there row by row; shares that are counted (`sim.inference.conjugate`) can be counted in
it. What is kept out is listed by `left_out`.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.facts import Facts
from sim.inference.acts import SURE, FrictionRows, clash_rows, friction_rows, settlement_rows
from sim.inference.answers import ACCESSION, AnswerRows, answer_rows
from sim.inference.covariates import Panel, panel_of
from sim.inference.observations import FRICTIONS, History, record
from sim.inference.rows import CERTAIN, KINDS, LadderRows, ladder_rows

COLUMNS = (
    "decision",
    "parties",
    "subject",
    "month",
    "event",
    "record",
    "window",
    "silent",
    "precision",
    "confidence",
    "disagreement",
    "value",
    "contagion",
    "capacity",
    "declared",
    "signed_share",
    "trust",
    "unsettled_km",
    "outcome",
    "leaders",
)


def month_text(month: int) -> str:
    """2017-03 for an absolute month."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def at_risk_lines(facts: Facts) -> Iterator[dict[str, object]]:
    """Lines of the whole record: ladder, answers to accords, acts between neighbours, years of the regional process."""
    panel = panel_of(facts)
    history = record(facts, panel)
    known = {event.id: event for event in facts.events}
    mean = np.array([leader.openness_mean for leader in facts.leaders])
    yield from _ladder_lines(panel, ladder_rows(panel, history), history, known, mean)
    yield from _answer_lines(panel, answer_rows(panel, history), known, mean)
    yield from _friction_lines(panel, friction_rows(panel, history), history, known)
    yield from _section_lines(panel, history, known)
    for year in history.years:
        met = "" if year.met is None else f"; met: {'yes' if year.met else 'no'}"
        yield {
            "decision": "regional format",
            "month": f"{year.year}-01",
            "event": int(year.was_alive != year.alive),
            "outcome": ("alive" if year.alive else "none") + met,
        }


def _ladder_lines(panel: Panel, rows: LadderRows, history: History, known: dict, mean: np.ndarray):
    windows = {(step.dyad, step.rung): step for step in history.steps if step.first < step.last}
    for r in range(len(rows)):
        t, dyad = rows.month[r] - panel.first, panel.dyads[rows.dyad[r]]
        value = 0.5 * (rows.value_a[r] + rows.value_b[r] + mean[rows.leader_a[r]] + mean[rows.leader_b[r]])
        capacity = panel.capacity[t, [rows.state_a[r], rows.state_b[r]]].mean() - 0.5
        step = windows.get((rows.dyad[r], rows.kind[r] + 1))
        in_window = rows.phase[r] != CERTAIN
        yield {
            **_of_record(known.get(rows.ids[r])),
            "decision": KINDS[rows.kind[r]],
            "parties": ";".join(dyad),
            "subject": "",
            "month": month_text(rows.month[r]),
            "event": int(rows.event[r]),
            "record": rows.ids[r],
            "window": f"{month_text(step.first)}/{month_text(step.last)}" if in_window and step else "",
            "value": round(float(value), 4),
            "contagion": round(float(rows.contagion[r]), 4),
            "capacity": round(float(capacity), 4),
            "declared": int(rows.declared[r]),
            "leaders": f"{panel.leaders[rows.leader_a[r]]};{panel.leaders[rows.leader_b[r]]}",
        }


def _answer_lines(panel: Panel, rows: AnswerRows, known: dict, mean: np.ndarray):
    for r in range(len(rows)):
        event = known.get(rows.ids[r])
        yield {
            **_of_record(event),
            "decision": "accession" if rows.kind[r] == ACCESSION else "answer",
            "parties": panel.states[rows.state[r]],
            "subject": panel.accords[rows.accord[r]].id,
            "month": month_text(rows.month[r]),
            "event": int(rows.outcome[r]),
            "record": rows.ids[r],
            "window": "year" if rows.window[r] else "",
            "silent": int(rows.silent[r] and rows.kind[r] != ACCESSION),
            "value": round(float(rows.value[r] + mean[rows.leader[r]]), 4),
            "signed_share": round(float(rows.share[r]), 4),
            "leaders": panel.leaders[rows.leader[r]],
        }


def _friction_lines(panel: Panel, rows: FrictionRows, history: History, known: dict):
    acts = {act.id: act for act in history.acts}
    for r in range(len(rows)):
        act = acts.get(rows.ids[r])
        in_window = act is not None and rows.group[r] != SURE
        yield {
            **_of_record(known.get(rows.ids[r])),
            "decision": "friction",
            "parties": f"{panel.states[rows.actor[r]]}>{panel.states[rows.target[r]]}",
            "month": month_text(rows.month[r]),
            "event": int(rows.event[r]),
            "record": rows.ids[r],
            "window": f"{month_text(act.first)}/{month_text(act.last)}" if in_window else "",
            "trust": round(float(rows.log_odds[r]), 4),
            "outcome": FRICTIONS[int(act.value)] if act else "",
            "leaders": panel.leaders[rows.leader[r]],
        }


def _section_lines(panel: Panel, history: History, known: dict):
    acts = {act.id: act for act in history.acts}
    clashes, settlements = clash_rows(panel, history), settlement_rows(panel, history)
    for r in range(len(clashes)):
        act = acts.get(clashes.ids[r])
        yield {
            **_of_record(known.get(clashes.ids[r])),
            "decision": "clash",
            "parties": ";".join(panel.dyads[clashes.dyad[r]]),
            "month": month_text(clashes.month[r]),
            "event": int(clashes.event[r]),
            "record": clashes.ids[r],
            "trust": round(float(clashes.trust[r]), 4),
            "unsettled_km": round(1000.0 * float(clashes.open_km[r])),
            "outcome": ("militarised" if act.value else "unarmed") if act else "",
        }
    for r in range(len(settlements)):
        act = acts.get(settlements.ids[r])
        yield {
            **_of_record(known.get(settlements.ids[r])),
            "decision": "settlement",
            "parties": ";".join(panel.dyads[settlements.dyad[r]]),
            "month": month_text(settlements.month[r]),
            "event": int(settlements.event[r]),
            "record": settlements.ids[r],
            "capacity": round(float(settlements.capacity[r]), 4),
            "outcome": f"{act.value:.0%} settled" if act else "",
            "leaders": f"{panel.leaders[settlements.leader_a[r]]};{panel.leaders[settlements.leader_b[r]]}",
        }


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
        f"{len(assumed)} first treaties are assumed, not documented, those of Azerbaijan with the five among them: "
        "neither they nor the months before them count.",
        f"{len(second)} second halves of double steps: their chance is ladder.double_step, which is not fitted.",
        f"{len(proposals)} proposals without a text ({', '.join(proposals)}): nobody was asked to sign them.",
        f"{len(left)} withdrawals ({', '.join(left)}), and what a state did about an accord after it had left it.",
        "States that the record does not seat at a summit: they were not asked there.",
        "Joint councils, ratifications and implementation: their parameters are assumed, not fitted.",
        "Clashes before 2010: earlier silence is missing record.",
        "Frictions between states that do not share a border: the model has none.",
        "Disputes over water (three cases) and trade: their parameters are not fitted here.",
    ]
