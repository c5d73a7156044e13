"""Leads in words, as lines for a terminal, plain values for a script, and tables beside the picture."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sim.hindcast.leads.happened import RECORDED_FROM
from sim.hindcast.leads.scores import (
    COIN,
    CountScore,
    LeadScore,
    count_scores,
    lead_scores,
    reliability,
)
from sim.hindcast.leads.study import Asked, Counted, Leads
from sim.inference.table import month_text
from sim.runs.errors import explained

_WIDE = 26
AHEAD = {6: "6 months", 12: "12 months", 24: "24 months", 60: "5 years"}


def lead_lines(found: Leads) -> list[str]:
    """Every table, with what there is to know about it."""
    scores, counted = lead_scores(found.asked), count_scores(found.counted)
    lines = [_about(found), "", *_score_lines([each for each in scores if each.kind == "all"]), ""]
    for lead in sorted({each.lead for each in scores}):
        lines += [*_kind_lines([each for each in scores if each.lead == lead and each.kind != "all"]), ""]
    for lead in sorted({each.lead for each in counted}):
        lines += [*_count_lines([each for each in counted if each.lead == lead]), ""]
    return [*lines, *_notes()]


def took(seconds: float) -> str:
    """A time in words."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _about(found: Leads) -> str:
    origins, spent = sorted(found.seconds), sum(found.seconds.values())
    ends = month_text(origins[0]) if len(origins) == 1 else f"{month_text(origins[0])} to {month_text(origins[-1])}"
    number = "1 origin" if len(origins) == 1 else f"{len(origins)} origins"
    return (
        f"{number} ({ends}), {found.members} members each, every fit on the record before its origin; "
        f"fits and members took {took(spent)}"
    )


def _gain(gain: tuple[float, float, float]) -> str:
    interval = "" if np.isnan(gain[1]) else f"[{gain[1]:6.3f}, {gain[2]:6.3f}]"
    return f"{gain[0]:7.3f} {interval:17}"


def _score_lines(scores: Sequence[LeadScore]) -> list[str]:
    lines = [
        f"mean log score of yes/no questions, nats (a coin: {COIN:.3f}); gains with 90 % over blocks of origins",
        f"{'ahead':10}{'questions':>10}{'yes':>5}{'engine':>8}{'clim.':>8}  {'over climatology':25}  {'over a coin':25}"
        f"{'Brier':>6}{'clim.':>6}  block",
    ]
    for each in scores:
        lines.append(
            f"{AHEAD[each.lead]:10}{each.questions:10d}{each.came:5d}{each.engine:8.3f}{each.climatology:8.3f}  "
            f"{_gain(each.over_climatology)}  {_gain(each.over_coin)}{each.brier[0]:6.3f}{each.brier[1]:6.3f}"
            f"  {each.block} of {each.origins}"
        )
    kinds = ", ".join(f"{each.by_kind:.3f} at {AHEAD[each.lead]}" for each in scores)
    return [*lines, f"gain over climatology if every kind of question counts alike: {kinds}"]


def _kind_lines(scores: Sequence[LeadScore]) -> list[str]:
    lines = [
        f"questions by kind, {AHEAD[scores[0].lead]} ahead",
        f"{'':{_WIDE}}{'questions':>10}{'yes':>5}{'engine':>8}{'clim.':>8}  over climatology",
    ]
    for each in scores:
        line = f"{each.kind:{_WIDE}}{each.questions:10d}{each.came:5d}{each.engine:8.3f}{each.climatology:8.3f}  "
        lines.append((line + _gain(each.over_climatology)).rstrip())
    return lines


def _count_lines(scores: Sequence[CountScore]) -> list[str]:
    lines = [
        f"counts over all windows, {AHEAD[scores[0].lead]} ahead (overlapping windows count again)",
        f"{'':{_WIDE}}{'windows':>8}{'observed':>10}{'expected':>10}{'sd':>8}{'z':>7}{'clim.':>8}",
    ]
    for each in scores:
        past = "" if np.isnan(each.climatology) else f"{each.climatology:8.1f}"
        z = "" if np.isnan(each.z) else f"{each.z:7.2f}"
        lines.append(
            f"{each.kind:{_WIDE}}{each.origins:8d}{each.observed:10.0f}{each.expected:10.1f}{each.sd:8.1f}{z:>7}{past:>8}"
        )
    return lines


def _notes() -> list[str]:
    since = ", ".join(f"{kind} from {month // 12}" for kind, month in RECORDED_FROM.items())
    return [
        "clim.: the ten years before each origin. block: origins that are drawn together, as their windows overlap;",
        "with few blocks an interval is worth little, and there is none where all origins are one block.",
        "z: (observed - expected) / sd, errors of overlapping windows are correlated by what they have in common.",
        f"The record has: {since};",
        "everything else all the time.",
    ]


def plain_leads(found: Leads) -> dict[str, Any]:
    """All scores as plain values; what is not a number is null."""

    def plain(each: Any) -> dict[str, Any]:
        row = asdict(each)
        return {name: _plain(value) for name, value in row.items()}

    return {
        "members": found.members,
        "origins": [month_text(month) for month in sorted(found.seconds)],
        "seconds": round(sum(found.seconds.values()), 1),
        "coin": COIN,
        "questions": [plain(each) for each in lead_scores(found.asked)],
        "counts": [plain(each) for each in count_scores(found.counted)],
        "reliability": [plain(each) for each in reliability(found.asked)],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def write_tables(found: Leads, folder: Path) -> list[Path]:
    """Every question and count, and their scores, as CSV and Parquet."""
    tables = {
        "leads-questions": _table(found.asked, Asked),
        "leads-counts": _table(found.counted, Counted),
        "leads-reliability": _table(reliability(found.asked)),
        "leads-count-scores": _table(count_scores(found.counted)),
        "leads-scores": _table(lead_scores(found.asked)),
    }
    written = []
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            pa.csv.write_csv(table, folder / f"{name}.csv")
            pa.parquet.write_table(table, folder / f"{name}.parquet")
            written += [folder / f"{name}.csv", folder / f"{name}.parquet"]
    return written


def _table(rows: Sequence[Any], kind: type | None = None) -> pa.Table:
    """Rows as a table: tuples of a gain and its ends as three columns, origins as text."""
    columns: dict[str, list] = {}
    for field in fields(kind or type(rows[0])):
        values = [getattr(row, field.name) for row in rows]
        if field.name == "origin":
            values = [month_text(month) for month in values]
        if values and isinstance(values[0], tuple):
            names = ("", "_q05", "_q95") if len(values[0]) == 3 else ("", "_climatology")
            columns |= {field.name + end: [value[k] for value in values] for k, end in enumerate(names)}
        else:
            columns[field.name] = values
    return pa.table(columns)
