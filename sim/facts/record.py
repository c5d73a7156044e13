"""A user's record: a folder of tables named like ours, whose rows follow, replace or withdraw ours."""

import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sim.errors import FactsError, Problem, printable
from sim.facts.files import File, exists, label_of, read_folder
from sim.facts.tables import TABLES

# what other collections call our tables
_ELSEWHERE = (
    ("water_events.csv", "river_disputes.csv"),
    ("disputes.csv", "river_disputes.csv"),
    ("flows.csv", "trade_flows.csv"),
    ("treaties.csv", "accords.csv"),
    ("observations.csv", "river_observations.csv"),
    ("gdp.csv", "capacity.csv"),
)
#: Tables that a user's folder may hold; parameters are set in a scenario's [parameters].
RECORD_FILES = tuple(f"{name}.csv" for name in TABLES if not name.endswith("parameters"))
#: What a record may be laid over: our tables, or nothing but those of the model, where it is a region of its own.
BASES = ("ours", "none")
_REGION_FILES = tuple(f"{name}.csv" for name in TABLES)


@dataclass(frozen=True)
class Record:
    """Tables as they were read: they travel with a scenario and with its run.

    name : what the user calls it, the name of its folder
    base : what its rows are laid over: `ours`, or `none` where they are a region of their own
    """

    name: str = ""
    files: tuple[File, ...] = field(default=(), repr=False)
    base: str = "ours"

    def __bool__(self) -> bool:
        return bool(self.files)

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, over names and bytes; where the folder lies does not count."""
        digest = hashlib.sha256(b"" if self.base == "ours" else self.base.encode())
        for file in sorted(self.files, key=lambda file: file.name):
            digest.update(f"{file.name}\n{len(file.data)}\n".encode() + file.data)
        return digest.hexdigest()

    def write(self, folder: Path) -> None:
        """Write the tables into a folder, from which `read_record` reads the same record; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.files:
            (folder / file.name).write_bytes(file.data)


OURS = Record()


def read_record(folder: str | os.PathLike, tables: tuple[str, ...] = RECORD_FILES, base: str = "ours") -> Record:
    """The tables in a user's folder.

    Parameters
    ----------
    tables : names of the files that the folder may hold; a region of its own may hold every table
    base : one of BASES

    Raises
    ------
    FactsError : there is no such folder, it holds no table, or a file that looks like a table but cannot be one
    """
    path = Path(folder)
    label = label_of(path) if str(path).isprintable() else printable(path)
    fault = None
    if not exists(path):
        fault = "does not exist."
    elif not path.is_dir():
        fault = "is not a folder."
    if fault:
        raise FactsError([Problem(label, 0, fault)])
    files, problems = read_folder(path, _REGION_FILES if base == "none" else tables, _ELSEWHERE)
    if not files and not problems:
        known = "table, such as events.csv." if tables == RECORD_FILES else f"table of rivers, such as {tables[0]}."
        problems = [Problem(label, 0, f"holds no {known}")]
    if problems:
        raise FactsError(problems)
    return Record(path.resolve().name, files, base)
