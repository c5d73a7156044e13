"""Parts of a run: the tables of some consecutive members, in memory, or in a folder of their own, whole or not there.

A part is written to a temporary folder, flushed, and renamed.  `part.json` holds the key of the histories, a checksum
of each file, and what made it: a part that does not answer to key and checksums is deleted and simulated again.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.runs.errors import explained
from sim.runs.files import checksum, delete, flush, read_json, settle, temporary
from sim.runs.manifest import provenance

if TYPE_CHECKING:
    from sim.runs.sketch import Sketch

NOTE = "part.json"
NAME = re.compile(r"(\d{6,})-(\d{6,})")
_SKETCH = "sketch"


@dataclass(frozen=True, eq=False)
class Part:
    """Members first..last-1, and those of them that failed, with the cause; no tables where all did.

    ``tables`` and ``sketch`` are those of a part in memory; one on disk has a ``folder`` and is read when asked.
    """

    first: int
    last: int
    failed: tuple[tuple[int, str], ...] = ()
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    sketch: "Sketch | None" = None
    made_with: Mapping[str, Any] = field(default_factory=provenance)
    folder: Path | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def members(self) -> int:
        """Members, failed ones included."""
        return self.last - self.first

    def table(self, name: str) -> pa.Table | None:
        """A table of the part; None where it has none because every member failed."""
        if self.folder is None:
            return self.tables.get(name)
        if _file(name) not in self.files:
            return None
        with pa.memory_map(str(self.folder / _file(name))) as file:
            return pa.ipc.open_file(file).read_all()

    def read_sketch(self) -> "Sketch | None":
        """The months of the members; None as :meth:`table`."""
        if self.folder is None:
            return self.sketch
        from sim.runs.sketch import Sketch

        table = self.table(_SKETCH)
        return None if table is None else Sketch.from_table(table)


def _file(table: str) -> str:
    return f"{table}.arrow"


def part_name(first: int, last: int) -> str:
    """Folder name of members first..last-1, in an order that sorts."""
    return f"{first:06d}-{last - 1:06d}"


def write_part(parts: Path, key: str, part: Part) -> None:
    """Write a part that is in memory.  DiskFullError, OutputError or RunError if that is not possible."""
    name = part_name(part.first, part.last)
    with explained(parts / name):
        folder = temporary(parts, name)
        folder.mkdir(parents=True)
        try:
            tables = dict(part.tables)
            if part.sketch is not None:
                tables[_SKETCH] = part.sketch.as_table()
            for table_name, table in tables.items():
                _write_table(folder / _file(table_name), table)
            files = {path.name: checksum(path) for path in sorted(folder.iterdir())}
            note = {"key": key, "first": part.first, "last": part.last, "files": files, "made_with": part.made_with}
            note["failed"] = [list(each) for each in part.failed]
            (folder / NOTE).write_text(json.dumps(note, indent=1), "utf-8")
            flush(folder / NOTE)
            flush(folder)
            _put_in_place(folder, parts / name, key, [file.removesuffix(".arrow") for file in files])
        finally:
            delete(folder)


def _write_table(path: Path, table: pa.Table) -> None:
    """Uncompressed: what is read back once is not worth compressing."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    flush(path)


def _put_in_place(folder: Path, target: Path, key: str, tables: Collection[str]) -> None:
    """Give a whole part its name; where a sound one has it already, that one stays: its numbers are the same."""
    for _ in range(3):
        try:
            settle(folder, target)
            return
        except OSError:
            if not target.exists():
                raise
        if read_part(target, key, tables) is not None:
            return
        delete(target)
    settle(folder, target)


def read_part(folder: Path, key: str, needed: Collection[str]) -> Part | None:
    """The part in a folder, or None if it is damaged, of other histories, or lacks a needed table."""
    try:
        note = read_json(folder / NOTE) or {}
        failed = tuple((int(number), str(cause)) for number, cause in note["failed"])
        part = Part(
            int(note["first"]),
            int(note["last"]),
            failed,
            made_with=dict(note["made_with"]),
            folder=folder,
            files=dict(note["files"]),
        )
        if note["key"] != key or folder.name != part_name(part.first, part.last):
            return None
        if len(failed) < part.members and not {_file(name) for name in (*needed, _SKETCH)} <= part.files.keys():
            return None
        if any(checksum(folder / name) != expected for name, expected in part.files.items()):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return part
