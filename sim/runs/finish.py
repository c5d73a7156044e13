"""From parts to the finished tables, one part at a time, so that memory does not grow with members.

Row groups have a fixed size whatever the parts were, and a digest is taken of the numbers themselves, so that two runs
can be told equal whichever library version wrote them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.outcomes import Catalogue, Events
from sim.runs import arrow
from sim.runs.errors import DamagedError, explained
from sim.runs.events import coded_table, readable_table
from sim.runs.files import flush, settle, temporary
from sim.runs.parts import ALWAYS, Part, missing_ranges, sound_parts
from sim.runs.sketch import QUANTILES, SeriesSketch
from sim.runs.tables import read_sketches

_ROWS = {"members": 5_000, "yearly": 50_000, "events": 100_000, "monthly_members": 100_000, "terms": 50_000}


class NumbersDigest:
    """Sha-256 over the values of every column of every table, the same however the rows arrived."""

    def __init__(self) -> None:
        self._columns: dict[str, hashlib._Hash] = {}

    def update(self, name: str, table: pa.Table) -> None:
        """Take in rows of a table, in order."""
        for column in table.column_names:
            digest = self._columns.setdefault(f"{name}.{column}", hashlib.sha256())
            values = table.column(column)
            if pa.types.is_primitive(values.type):
                digest.update(np.ascontiguousarray(arrow.to_numpy(values)).data)
            else:
                digest.update("\n".join(map(str, values.to_pylist())).encode() + b"\n")

    def hexdigest(self) -> str:
        """Of everything so far, 64 hex digits."""
        lines = (f"{name} {digest.hexdigest()}\n" for name, digest in sorted(self._columns.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


class TableWriter:
    """A Parquet file written in row groups of one size; it appears under its name when :meth:`close` returns."""

    def __init__(self, path: Path, rows: int) -> None:
        self.path, self.rows = path, rows
        self._temporary = temporary(path.parent, path.name)
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._writer: pq.ParquetWriter | None = None

    def append(self, table: pa.Table) -> None:
        """Add rows; ValueError if the columns differ from those before."""
        if self._writer is None:
            real = [field.name for field in table.schema if pa.types.is_floating(field.type)]
            self._writer = pq.ParquetWriter(
                self._temporary,
                table.schema,
                compression="zstd",
                use_byte_stream_split=real,
                write_page_checksum=True,
                use_dictionary=[field.name for field in table.schema if field.name not in real],
            )
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        if self._n_waiting >= self.rows:
            self._write(last=False)

    def _write(self, last: bool) -> None:
        whole = pa.concat_tables(self._waiting)
        stop = whole.num_rows if last else whole.num_rows - whole.num_rows % self.rows
        for start in range(0, stop, self.rows):
            group = whole.slice(start, min(self.rows, stop - start)).combine_chunks()
            self._writer.write_table(group, row_group_size=self.rows)
        rest = whole.slice(stop)
        self._waiting, self._n_waiting = [rest], rest.num_rows

    def close(self) -> None:
        """Write the rest and give the file its name."""
        if self._n_waiting:
            self._write(last=True)
        self._writer.close()
        flush(self._temporary)
        settle(self._temporary, self.path)

    def abandon(self) -> None:
        """Delete what is unfinished, if anything is."""
        with suppress(OSError):  # a full disk is reported once, by whoever met it first
            if self._writer is not None:
                self._writer.close()
            self._temporary.unlink(missing_ok=True)


def _monthly_table(sketches: dict[str, SeriesSketch], first_month: int) -> pa.Table:
    pieces, names = [], list(sketches)
    for place, sketch in enumerate(sketches.values()):
        months = np.arange(first_month, first_month + sketch.sums.size, dtype=np.int32)
        series = arrow.named(np.full(months.size, place, dtype=np.int16), names)
        columns = {"series": series, "month": months, "year": months / 12}
        columns |= dict(zip(QUANTILES, sketch.quantiles(list(QUANTILES.values())), strict=True))
        pieces.append(arrow.table({**columns, "mean": sketch.mean(), "members": sketch.numbers}))
    return pa.concat_tables(pieces).combine_chunks()


class _Streams:
    """The open tables of a run that is being finished."""

    def __init__(self, folder: Path, catalogue: Catalogue, kept: Sequence[str]) -> None:
        self.catalogue = catalogue
        self.digest = NumbersDigest()
        names = ["members", "yearly", "events", *kept]
        self.writers = {name: TableWriter(folder / f"{name}.parquet", _ROWS[name]) for name in names}
        self.sketches: dict[str, SeriesSketch] = {}

    def append(self, name: str, table: pa.Table) -> None:
        if name == "events":
            self.digest.update(name, table)
            table = readable_table(table, self.catalogue)
        elif name in ("members", "yearly"):  # what is kept on request must not change the digest
            self.digest.update(name, table)
        self.writers[name].append(table)

    def take(self, part: Part) -> None:
        for name in self.writers:
            table = part.table(name)
            if table is not None:
                self.append(name, table)
        table = part.table("sketch")
        if table is not None:
            for series, sketch in read_sketches(table).items():
                if series in self.sketches:
                    self.sketches[series].merge(sketch)
                else:
                    self.sketches[series] = sketch


@dataclass(frozen=True)
class Finished:
    """Finished tables: their sizes by file name, the digest of the numbers, and the members that failed, with causes.

    Without any member that came through there are no tables and the digest is None.
    """

    files: Mapping[str, int]
    numbers_digest: str | None
    failed: tuple[dict[str, Any], ...]


def finish_parts(
    folder: Path, key: str, members: int, kept: Sequence[str], catalogue: Catalogue, documented: Events
) -> Finished:
    """Write the finished tables of a run from the parts in its folder.  DamagedError if the parts are not all there."""
    found = sound_parts(folder / "parts", key, (*ALWAYS, *kept), members)
    if missing_ranges(found, members, members):
        raise DamagedError(
            f"{folder / 'parts'}: parts went missing while the run was going on.  Give the same command "
            "to simulate them again."
        )
    failed = tuple({"member": number, "cause": cause} for part in found for number, cause in part.failed)
    if len(failed) == members:
        return Finished({}, None, failed)
    digest = write_finished(folder, found, catalogue, documented, kept)
    names = [f"{name}.parquet" for name in ("members", "yearly", "monthly", "events", *kept)]
    return Finished({name: (folder / name).stat().st_size for name in names}, digest, failed)


def write_finished(
    folder: Path, found: Sequence[Part], catalogue: Catalogue, documented: Events, kept: Sequence[str]
) -> str:
    """Stream the parts, in member order, into the finished tables of a run.

    ``kept`` names the tables beyond members, yearly, monthly and events.  Returns the digest of the numbers.  Raises
    DamagedError if a part cannot be read, and the errors of :func:`sim.runs.errors.explained`.
    """
    streams = _Streams(folder, catalogue, kept)
    monthly = TableWriter(folder / "monthly.parquet", 1 << 20)
    try:
        with explained(folder):
            streams.append("events", coded_table(documented))
            for part in found:
                try:
                    streams.take(part)
                except pa.ArrowInvalid as error:
                    raise DamagedError(f"{part.folder}: {error}") from error
            table = _monthly_table(streams.sketches, catalogue.start)
            streams.digest.update("monthly", table)
            monthly.append(table)
            for writer in (*streams.writers.values(), monthly):
                writer.close()
    finally:
        for writer in (*streams.writers.values(), monthly):
            writer.abandon()
    return streams.digest.hexdigest()
