"""Parts of a run: some consecutive members' tables in a folder of their own, whole or not there.

A part is written to a temporary folder, flushed, and renamed.  `part.json` holds the key of the run and a checksum of
each file: a part that does not answer to both is deleted and simulated again.
"""

import json
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sim.runs.arrow import read_table
from sim.runs.errors import explained
from sim.runs.files import checksum, clear_temporaries, flush, settle, temporary, write_parquet

_NAME = re.compile(r"(\d{6,})-(\d{6,})")
NOTE = "part.json"
#: Tables that every part holds; others are kept on request.
ALWAYS = ("members", "yearly", "events", "sketch")


@dataclass(frozen=True)
class Part:
    """A part on disk: members first..last-1, and those of them that failed, with the cause."""

    folder: Path
    first: int
    last: int
    files: Mapping[str, str]
    failed: tuple[tuple[int, str], ...]

    def table(self, name: str) -> pa.Table | None:
        """A table of the part; None where it has none because every member failed."""
        path = self.folder / f"{name}.parquet"
        return read_table(path) if path.name in self.files else None


def part_name(first: int, last: int) -> str:
    """Folder name of members first..last-1, in an order that sorts."""
    return f"{first:06d}-{last - 1:06d}"


def write_part(
    parts: Path, key: str, first: int, last: int, tables: Mapping[str, pa.Table], failed: Sequence[tuple[int, str]] = ()
) -> None:
    """Write members first..last-1 as one part.  DiskFullError, OutputError or RunError if that is not possible."""
    name = part_name(first, last)
    with explained(parts / name):
        folder = temporary(parts, name)
        folder.mkdir(parents=True)
        try:
            for table_name, table in tables.items():
                write_parquet(folder / f"{table_name}.parquet", table)
            files = {path.name: checksum(path) for path in sorted(folder.glob("*.parquet"))}
            note = {"key": key, "first": first, "last": last, "files": files, "failed": [list(each) for each in failed]}
            (folder / NOTE).write_text(json.dumps(note, indent=1), "utf-8")
            flush(folder / NOTE)
            flush(folder)
            _put_in_place(folder, parts / name, key)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(folder: Path, target: Path, key: str) -> None:
    """Give a whole part its name; where a sound one has it already, that one stays: its numbers are the same."""
    for _ in range(3):
        try:
            settle(folder, target)
            return
        except OSError:
            if not target.exists():
                raise
        if read_part(target, key, [path.removesuffix(".parquet") for path in _tables_of(folder)]) is not None:
            return
        shutil.rmtree(target, ignore_errors=True)
        target.unlink(missing_ok=True) if target.is_file() else None
    settle(folder, target)


def _tables_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.parquet"))


def read_part(folder: Path, key: str, needed: Collection[str]) -> Part | None:
    """The part in a folder, or None if it is damaged, of another run, or lacks a needed table."""
    try:
        note = json.loads((folder / NOTE).read_text("utf-8"))
        part = Part(
            folder,
            note["first"],
            note["last"],
            note["files"],
            tuple((number, cause) for number, cause in note["failed"]),
        )
        whole = len(part.failed) < part.last - part.first
        if note["key"] != key or folder.name != part_name(part.first, part.last):
            return None
        if whole and not {f"{name}.parquet" for name in needed} <= part.files.keys():
            return None
        if any(checksum(folder / name) != expected for name, expected in part.files.items()):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return part


def sound_parts(parts: Path, key: str, needed: Collection[str], members: int) -> list[Part]:
    """Every part that can be trusted, in member order without overlap; what cannot be trusted is deleted."""
    if not parts.is_dir():
        return []
    with explained(parts):
        clear_temporaries(parts)
        found, reached = [], 0
        for folder in sorted(parts.iterdir(), key=_range_of):
            part = read_part(folder, key, needed) if _NAME.fullmatch(folder.name) else None
            if part is None or part.first < reached or part.last > members:
                shutil.rmtree(folder, ignore_errors=True)
                folder.unlink(missing_ok=True) if folder.is_file() else None
                continue
            found.append(part)
            reached = part.last
    return found


def _range_of(folder: Path) -> tuple[int, int]:
    matched = _NAME.fullmatch(folder.name)
    # of two parts that begin alike the longer one is of more use
    return (int(matched[1]), -int(matched[2])) if matched else (-1, -1)


def missing_ranges(found: Sequence[Part], members: int, part_size: int) -> list[tuple[int, int]]:
    """Members not covered by the parts, as ranges first..last-1 of at most ``part_size``."""
    gaps, reached = [], 0
    for first, last in [*((part.first, part.last) for part in found), (members, members)]:
        gaps += [(start, min(start + part_size, first)) for start in range(reached, first, part_size)]
        reached = last
    return gaps
