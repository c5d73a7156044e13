"""A copy of the package's tables that ends before a January, cut line by line without the package's own rules."""

import csv
import re
import shutil
from pathlib import Path

from sim.facts.load import FOLDER

BASE_YEAR = 2019  # the year on which trade is built: its figures stay
DATED = {
    "events": "date",
    "leaders": "since",
    "accords": "opens",
    "dependence": "year",
    "group_share": "since",
    "shocks": "since",
    "capacity": "year",
    "term_ends": "since",
    "legal_bars": "since",
    "borders_progress": "date",
    "rival_members": "since",
    "river_disputes": "date",
    "river_inflow_years": "year",
    "river_observations": "date",
    "trade_agreements": "since",
    "trade_crossings": "since",
}
OF_YEARS = ("trade_sizes", "trade_flows", "trade_deflator")


def tables_before(year: int, folder: Path) -> Path:
    """Write into a new folder every table with the rows that lie before a year; returns the folder."""
    shutil.copytree(FOLDER, folder)
    later = {row["id"] for row in _rows(folder, "accords") if _year(row["opens"]) >= year}
    for name, column in DATED.items():
        rows = [row for row in _rows(folder, name) if _year(row[column]) < year]
        if name == "events":  # what was said of a text before it was tabled goes with the text
            rows = [row for row in rows if row["subject"] not in later]
        if name == "shocks":  # one that goes on ends on the last day
            rows = [{**row, "until": min(row["until"], f"{year - 1}-12-31")} for row in rows]
        _write(folder, name, rows)
    for name in OF_YEARS:
        _write(folder, name, [row for row in _rows(folder, name) if int(row["year"]) <= max(year - 1, BASE_YEAR)])
    return folder


def _year(text: str) -> int:
    """The last year that a date or a span of dates names."""
    return max(int(found) for found in re.findall(r"\d{4}", text))


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
