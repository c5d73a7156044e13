"""What the free run makes of 1992–2024, beside the record: the computed tables of docs/model.md.

    python docs/derivations/free_run_table.py

simulates the shipped free run, prints three tables (counts per epoch, dates of the steps, patterns) and puts them into
the page, between the comments that name them. Runs are deterministic: the same model and facts give the same lines.
A step that never comes counts as later than every date.
"""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from pages import MODEL, put_into_page

from sim.facts import load_facts
from sim.runs import run_scenario
from sim.scenario import load_scenario

EPOCHS = (
    ("friendship", 1992, 1996),
    ("friendship", 1992, 2024),
    ("partnership", 1992, 2002),
    ("partnership", 2003, 2009),
    ("partnership", 2010, 2016),
    ("partnership", 2017, 2021),
    ("partnership", 2022, 2024),
    ("partnership", 1992, 2024),
    ("alliance", 1992, 2002),
    ("alliance", 2003, 2009),
    ("alliance", 2010, 2016),
    ("alliance", 2017, 2021),
    ("alliance", 2022, 2024),
    ("alliance", 1992, 2024),
)
SUMMIT_EPOCHS = ((1992, 2000), (2001, 2009), (2010, 2017), (2018, 2024))
ACCORD, SIGNED, WITHHELD = "friendship-2022", ("KAZ", "KGZ", "UZB"), ("TJK", "TKM")
Columns = Mapping[str, np.ndarray]


def simulate() -> Columns:
    """Outcome columns of the shipped free run, (member,) each."""
    with tempfile.TemporaryDirectory() as folder:
        return run_scenario(load_scenario("free-run"), Path(folder)).columns()


def year_of(day) -> float:
    """A date as the outcomes write months: July 1992 is 1992.5."""
    return day.year + (day.month - 1) / 12


def documented_steps(rung: str) -> list:
    """The record's steps to a rung, in order."""
    return [event for event in load_facts().events if event.used and event.kind == "rung" and event.subject == rung]


def band(values: np.ndarray) -> tuple[float, float, float]:
    """10 %, 50 % and 90 % quantile, each a value that occurs."""
    return tuple(float(edge) for edge in np.quantile(values, (0.1, 0.5, 0.9), method="inverted_cdf"))


def count_steps(columns: Columns, rung: str, first: int, last: int) -> np.ndarray:
    """Dyads that first took the rung in these years, (member,)."""
    dates = [dates for name, dates in columns.items() if re.fullmatch(rf"rung_month\..*\.{rung}", name)]
    return sum(((year >= first) & (year < last + 1)).astype(int) for year in dates)


def count_line(title: str, years: str, counts: np.ndarray, documented: int, remark: str = "") -> str:
    """One line of the table of counts."""
    low, middle, high = band(counts)
    tail = min((counts >= documented).mean(), (counts <= documented).mean())
    inside = "yes" if low <= documented <= high else "**no**"
    return f"| {title} | {years} | {middle:.0f} | {low:.0f}-{high:.0f} | {documented}{remark} | {inside} | {tail:.3f} |"


def epoch_table(columns: Columns) -> list[str]:
    """Counts per epoch: simulated median and 80 % range against the record."""
    lines = [
        "| | years | median | 80 % range | record | inside | share of members as far out |",
        "|---|---|---|---|---|---|---|",
    ]
    for rung, first, last in EPOCHS:
        steps = [event for event in documented_steps(rung) if first <= event.date.year <= last]
        assumed = sum(event.confidence == "assumed" for event in steps)
        remark = f" ({assumed} assumed)" if assumed else ""
        counts = count_steps(columns, rung, first, last)
        lines.append(count_line(rung, f"{first}–{last}", counts, len(steps), remark))
    regional = {row.id for row in load_facts().formats if row.regional}
    held = [e for e in load_facts().events if e.used and e.kind == "summit" and e.subject in regional]
    for first, last in SUMMIT_EPOCHS:
        documented = sum(first <= event.date.year <= last for event in held)
        lines.append(
            count_line("regional summit", f"{first}–{last}", columns[f"summit_count.{first}-{last}"], documented)
        )
    return lines


def shown(year: float) -> str:
    """A year fraction to a tenth, or that it lies beyond the run."""
    return f"{year:.1f}" if np.isfinite(year) else "after 2040"


def date_table(columns: Columns) -> list[str]:
    """Dates of the documented steps (assumed ones left out) and where the record lies among the members."""
    lines = ["| step | record | median | 80 % range | inside | members earlier |", "|---|---|---|---|---|---|"]
    inside, widths, total = 0, [], 0
    for rung in ("friendship", "partnership", "alliance"):
        for event in documented_steps(rung):
            if event.confidence == "assumed":
                continue
            dyad = "-".join(sorted(event.parties))
            dates = np.nan_to_num(columns[f"rung_month.{dyad}.{rung}"], nan=np.inf)
            low, middle, high = band(dates)
            year = year_of(event.date)
            within = low - 1e-9 <= year <= high + 1e-9
            inside, total = inside + within, total + 1
            widths.append(high - low)
            lines.append(
                f"| {dyad} {rung} | {shown(year)} | {shown(middle)} | {shown(low)} to {shown(high)} "
                f"| {'yes' if within else '**no**'} | {100 * (dates < year - 1e-9).mean():.0f} % |"
            )
    median_width = np.quantile(widths, 0.5, method="inverted_cdf")
    return [
        *lines,
        "",
        f"{inside} of {total} dates lie inside their 80 % range; half of the ranges are wider than "
        f"{median_width:.0f} years.",
    ]


def pattern_table(columns: Columns) -> list[str]:
    """Patterns that did occur, and the share of members that show them."""
    many_partnerships = count_steps(columns, "partnership", 2017, 2021) >= 7
    many_alliances = count_steps(columns, "alliance", 2022, 2024) >= 4
    quiet, busy = columns["summit_count.2010-2017"] == 0, columns["summit_count.2018-2024"] >= 5
    signed = np.all([columns[f"signed_month.{ACCORD}.{state}"] < 2025 for state in SIGNED], axis=0)
    withheld = np.all([~(columns[f"signed_month.{ACCORD}.{state}"] < 2025) for state in WITHHELD], axis=0)
    no_early_partnership = count_steps(columns, "partnership", 1992, 2002) == 0
    patterns = (
        ("no regional summit in 2010–17", quiet),
        ("at least 5 regional summits in 2018–24", busy),
        ("both: no summit in 2010–17, at least 5 in 2018–24", quiet & busy),
        ("no partnership before 2003", no_early_partnership),
        ("at least 7 partnerships in 2017–21", many_partnerships),
        (
            "no alliance in 2006–21, at least 4 in 2022–24",
            (count_steps(columns, "alliance", 2006, 2021) == 0) & many_alliances,
        ),
        ("at least 7 partnerships in 2017–21 and at least 4 alliances in 2022–24", many_partnerships & many_alliances),
        (
            "by the end of 2024 KAZ, KGZ and UZB have signed the friendship accord, TJK and TKM have not",
            signed & withheld,
        ),
    )
    return [
        "| what happened | share of members |",
        "|---|---|",
        *(f"| {name} | {hit.mean():.3f} |" for name, hit in patterns),
    ]


def tables(columns: Columns) -> dict[str, list[str]]:
    """The computed lines of the page by the name of their comments."""
    return {"epochs": epoch_table(columns), "dates": date_table(columns), "patterns": pattern_table(columns)}


def main() -> None:
    """Print the tables and put them into the page."""
    for mark, lines in tables(simulate()).items():
        put_into_page(MODEL, mark, lines)


if __name__ == "__main__":
    main()
