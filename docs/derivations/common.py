"""What the derivation scripts share: where the package's tables are, and reading and writing a table."""

import argparse
import csv
from pathlib import Path

TABLES = Path(__file__).parents[2] / "sim" / "facts" / "tables"
STATES = ("AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB")


def data_folder(description: str) -> Path:
    """The folder of source figures, given on the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data", type=Path, help="folder of source figures, with trade/ and water/ in it")
    return parser.parse_args().data


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, rows: list[dict]) -> None:
    """Replace a table of the package."""
    path = TABLES / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")
