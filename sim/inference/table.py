"""The at-risk table for readers: one line for each decision that could have come, in words and with its source.

What the likelihood uses stands there row by row; shares that are counted (`sim.inference.conjugate`) can be counted in
it. What is kept out is listed by `left_out`.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.facts import Facts
from sim.inference.accord_answers import ACCESSION, AnswerRows, answer_rows
from sim.inference.covariates import Panel, panel_of
from sim.inference.disputes import DisputeRows, dispute_rows
from sim.inference.observations import FRICTIONS, History, record
from sim.inference.predictors import ladder_covariates, settlement_columns
from sim.inference.risk_sets import (
    AFTER,
    CERTAIN,
    KINDS,
    FrictionRows,
    LadderRows,
    Rows,
    clash_rows,
    friction_rows,
    ladder_rows,
    settlement_rows,
)

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
    acts = {act.id: act for act in history.acts}
    yield from _friction_lines(panel, friction_rows(panel, history), acts, known)
    yield from _section_lines(panel, history, acts, known)
    yield from _dispute_lines(panel, dispute_rows(panel, history.acts, mean, facts.river_reporting), acts, facts)
    for year in history.years:
        met = "" if year.met is None else f"; met: {'yes' if year.met else 'no'}"
        yield {
            "decision": "regional format",
            "month": f"{year.year}-01",
            "event": int(year.was_alive != year.alive),
            "outcome": ("alive" if year.alive else "none") + met,
        }


def _line(known: dict, rows: Rows, r: int, decision: str, parties: str, came: np.ndarray, **more) -> dict[str, object]:
    """A line with what all kinds of decisions have, and the marks of its row of the record; numbers are rounded."""
    event = known.get(rows.ids[r])
    marks = {name: getattr(event, name) for name in ("precision", "confidence", "disagreement")} if event else {}
    about = {"month": month_text(rows.month[r]), "event": int(came[r]), "record": rows.ids[r]}
    more = {name: value if isinstance(value, str | int) else round(float(value), 4) for name, value in more.items()}
    return {"decision": decision, "parties": parties, **about, **marks, **more}


def _window(act) -> str:
    return f"{month_text(act.first)}/{month_text(act.last)}"


def _ladder_lines(panel: Panel, rows: LadderRows, history: History, known: dict, mean: np.ndarray):
    windows = {(step.dyad, step.rung): step for step in history.steps if step.first < step.last}
    capacity = ladder_covariates(rows, panel)["ladder.capacity"]
    value = 0.5 * (rows.value_a + rows.value_b + mean[rows.leader_a] + mean[rows.leader_b])
    for r in range(len(rows)):
        step = windows.get((rows.dyad[r], rows.kind[r] + 1)) if rows.phase[r] != CERTAIN else None
        yield _line(
            known,
            rows,
            r,
            KINDS[rows.kind[r]],
            ";".join(panel.dyads[rows.dyad[r]]),
            rows.event,
            window=_window(step) if step else "",
            value=value[r],
            contagion=rows.contagion[r],
            capacity=capacity[r],
            declared=int(rows.declared[r]),
            leaders=f"{panel.leaders[rows.leader_a[r]]};{panel.leaders[rows.leader_b[r]]}",
        )


def _answer_lines(panel: Panel, rows: AnswerRows, known: dict, mean: np.ndarray):
    for r in range(len(rows)):
        yield _line(
            known,
            rows,
            r,
            "accession" if rows.kind[r] == ACCESSION else "answer",
            panel.states[rows.state[r]],
            rows.outcome,
            subject=panel.accords[rows.accord[r]].id,
            window="year" if rows.window[r] else "",
            silent=int(rows.silent[r] and rows.kind[r] != ACCESSION),
            value=rows.value[r] + mean[rows.leader[r]],
            signed_share=rows.share[r],
            leaders=panel.leaders[rows.leader[r]],
        )


def _friction_lines(panel: Panel, rows: FrictionRows, acts: dict, known: dict):
    for r in np.flatnonzero(rows.phase != AFTER):
        act = acts.get(rows.ids[r])
        yield _line(
            known,
            rows,
            r,
            "friction",
            f"{panel.states[rows.actor[r]]}>{panel.states[rows.target[r]]}",
            rows.event,
            window=_window(act) if act and rows.phase[r] != CERTAIN else "",
            trust=rows.log_odds[r],
            outcome=FRICTIONS[int(act.value)] if act else "",
            leaders=panel.leaders[rows.leader[r]],
        )


def _section_lines(panel: Panel, history: History, acts: dict, known: dict):
    clashes, settlements = clash_rows(panel, history), settlement_rows(panel, history)
    for r in range(len(clashes)):
        act, section = acts.get(clashes.ids[r]), ";".join(panel.dyads[clashes.dyad[r]])
        yield _line(
            known,
            clashes,
            r,
            "clash",
            section,
            clashes.event,
            trust=clashes.trust[r],
            unsettled_km=round(float(clashes.open_km[r])),
            outcome=("militarised" if act.value else "unarmed") if act else "",
        )
    capacity = settlement_columns(settlements)["borders.settle_capacity"]
    for r in range(len(settlements)):
        act, section = acts.get(settlements.ids[r]), ";".join(panel.dyads[settlements.dyad[r]])
        yield _line(
            known,
            settlements,
            r,
            "settlement",
            section,
            settlements.event,
            capacity=capacity[r],
            outcome=f"{act.value:.0%} settled" if act else "",
            leaders=f"{panel.leaders[settlements.leader_a[r]]};{panel.leaders[settlements.leader_b[r]]}",
        )


def _dispute_lines(panel: Panel, rows: DisputeRows, acts: dict, facts: Facts):
    known = {row.id: row for row in facts.river_disputes}
    for r in np.flatnonzero(rows.phase != AFTER):
        act, (down, up, basin) = acts.get(rows.ids[r]), panel.riparians[rows.pair[r]]
        event = known.get(rows.ids[r])
        yield {
            "decision": "dispute",
            "parties": f"{down}>{up}",
            "subject": basin,
            "month": month_text(rows.month[r]),
            "event": int(rows.event[r]),
            "record": rows.ids[r],
            "window": _window(act) if act and rows.phase[r] != CERTAIN else "",
            "precision": event.precision if event else "",
            "confidence": event.confidence if event else "",
            "trust": round(float(rows.log_odds[r]), 4),
            "outcome": f"{act.value:.0f} on the BAR scale" if act else "",
        }


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
    elsewhere = [row.id for row in facts.river_disputes if row.intensity < 0 and not row.is_dispute]
    left = [panel.accords[answer.accord].id for answer in history.answers if answer.kind == "withdrawal"]
    return [
        f"{len(assumed)} steps of the ladder are assumed, not documented: "
        "neither they nor the months before them count.",
        f"{len(second)} second halves of double steps: their chance is ladder.double_step, which is not fitted.",
        f"{len(proposals)} proposals without a text ({', '.join(proposals)}): nobody was asked to sign them.",
        f"{len(left)} withdrawals ({', '.join(left)}), and what a state did about an accord after it had left it.",
        "States that the record does not seat at a summit: they were not asked there.",
        "Joint councils, ratifications and implementation: their parameters are assumed, not fitted.",
        "Clashes before 2010: earlier silence is missing record.",
        "Frictions between states that do not share a border: the model has none.",
        f"{len(elsewhere)} hostile acts over water that count elsewhere ({', '.join(elsewhere)}).",
        "Trade: its parameters are not fitted here.",
    ]
