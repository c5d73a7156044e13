"""No code names a state, river, accord, format, power or union of the region that ships: they are rows of tables."""

import csv
import re
from pathlib import Path

import sim

CODE = Path(sim.__file__).parent
TABLES = CODE / "facts" / "tables"
NAMED_IN = {
    "states": ("id", "name"),
    "powers": ("id", "name"),
    "formats": ("id",),
    "accords": ("id",),
    "rival_projects": ("id", "title"),
    "unions": ("id",),
    "region": ("name", "axis", "troubled_border"),
    "river_nodes": ("id", "title", "river"),
    "trade_economies": ("id", "name"),
    "trade_corridors": ("id", "title"),
}
#: Ids that are words of plain English, or that the model itself gives a meaning (docs/how-to/another-region.md).
WORDS = {"middle", "bilateral"}
#: Files that may name them, and why.
ALLOWED = {
    "cli/asking.py": "examples in help texts, to be typed as they stand, on scenarios that ship",
    "cli/discovering.py": "an example in a help text",
    "cli/running.py": "an example in a help text",
    "hindcast/variants.py": "the pair whose part the contest tries; nothing where it is missing",
    "hindcast/checks.py": "one pattern of the record that ships, checked with its calibration",
    "processes/rivers/expected.py": "builds expected of the record that ships; a region without such nodes has none",
    "processes/rivers/inputs.py": "the same",
    "processes/rivers/state.py": "the same",
}


def names() -> set[str]:
    found = set()
    for table, columns in NAMED_IN.items():
        with open(TABLES / f"{table}.csv", encoding="utf-8", newline="") as file:
            found |= {row[column] for row in csv.DictReader(file) for column in columns}
    return found - WORDS - {""}


PATTERN = re.compile(
    rf"(?<![A-Za-z0-9_])({'|'.join(map(re.escape, sorted(names(), key=len, reverse=True)))})(?![A-Za-z0-9_])"
)


def lines_with_names(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").splitlines()
    return [f"{number}: {line.strip()}" for number, line in enumerate(text, 1) if PATTERN.search(line)]


def test_no_file_names_anything_of_the_region():
    """Every file and line at once; a permission that is not needed any more is a fault too."""
    found = {path.relative_to(CODE).as_posix(): lines_with_names(path) for path in CODE.rglob("*.py")}
    assert [
        f"sim/{file}:{line}" for file, lines in sorted(found.items()) if file not in ALLOWED for line in lines
    ] == []
    assert [file for file in ALLOWED if not found.get(file)] == []


def test_the_names_are_found_where_they_stand():
    assert {"UZB", "Syr Darya", "friendship-2022", "EAEU", "Russia"} <= names()
    assert PATTERN.search("trade.KAZ-UZB") and not PATTERN.search("params.water_damage_irrigation_KAZ_")
