"""From parts to the finished tables, one part at a time, so that memory does not grow with members.

Row groups have a fixed size whatever the parts were, and a digest is taken of the numbers themselves, so that two runs
can be told equal whichever library version wrote them.  Tables are written side by side.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from sim.runs.files import checksum, flush, settle, temporary
from sim.runs.manifest import provenance
from sim.runs.parts import Part
from sim.runs.resume import gaps
from sim.runs.tables import ALWAYS, coded_table, monthly_table, readable_table

_ROWS = {"members": 5_000, "yearly": 50_000, "events": 100_000, "monthly_members": 100_000, "terms": 50_000}


class TableWriter:
    """A Parquet file written in row groups of one size; it appears under its name when :meth:`close` returns.

    ``prepare`` makes of each group of rows what is written.
    """

    def __init__(self, path: Path, rows: int, prepare: Callable[[pa.Table], pa.Table] = lambda group: group) -> None:
        self.path, self.rows, self._prepare = path, rows, prepare
        self._temporary = temporary(path.parent, path.name)
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._writer: pq.ParquetWriter | None = None

    def append(self, table: pa.Table) -> None:
        """Add rows; ValueError if the columns differ from those before."""
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        if self._n_waiting >= self.rows:
            self._write(last=False)

    def _write(self, last: bool) -> None:
        whole = pa.concat_tables(self._waiting)
        stop = whole.num_rows if last else whole.num_rows - whole.num_rows % self.rows
        for start in range(0, stop, self.rows) or (0,):
            group = self._prepare(whole.slice(start, min(self.rows, stop - start)).combine_chunks())
            self._writer = self._writer or self._open(group.schema)
            self._writer.write_table(group, row_group_size=self.rows)
        rest = whole.slice(stop)
        self._waiting, self._n_waiting = [rest], rest.num_rows

    def _open(self, schema: pa.Schema) -> pq.ParquetWriter:
        real = [field.name for field in schema if pa.types.is_floating(field.type)]
        others = [field.name for field in schema if field.name not in real]
        return pq.ParquetWriter(
            self._temporary,
            schema,
            compression="zstd",
            use_byte_stream_split=real,
            write_page_checksum=True,
            use_dictionary=others,
            write_statistics=others,  # nobody looks for members by the range of an outcome
        )

    def close(self) -> None:
        """Write the rest and give the file its name."""
        if self._n_waiting or self._writer is None:
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


@dataclass(frozen=True)
class Finished:
    """Finished tables: size, sha-256 and time of change by file name, the digest of the numbers, the members that
    failed, with causes, and what the parts were made with where that is not what this process runs.

    Without any member that came through there are no tables and the digest is None.
    """

    files: Mapping[str, int]
    checksums: Mapping[str, str]
    changed: Mapping[str, int]
    numbers_digest: str | None
    failed: tuple[dict[str, Any], ...]
    made_with: tuple[Mapping[str, Any], ...]


def finish_parts(
    folder: Path,
    parts: Sequence[Part],
    members: int,
    kept: Sequence[str],
    catalogue: Catalogue,
    documented: Events,
    threads: int = 1,
) -> Finished:
    """Write the finished tables of a run from its parts, in member order.

    ``kept`` names the tables beyond members, yearly, monthly and events.  Raises DamagedError if the parts are not all
    there or one cannot be read, and the errors of :func:`sim.runs.errors.explained`.
    """
    if gaps(parts, members):
        raise DamagedError(
            f"{folder / 'parts'}: parts went missing while the run was going on.  Give the same command "
            "to simulate them again."
        )
    failed = tuple({"member": number, "cause": cause} for part in parts for number, cause in part.failed)
    others = _unlike([part.made_with for part in parts])
    if len(failed) == members:
        return Finished({}, {}, {}, None, failed, others)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        # the longest first
        futures = {
            name: pool.submit(_write_table, folder, name, parts, catalogue, documented)
            for name in sorted((*ALWAYS, *kept), key=["monthly_members", "yearly", "members", "terms", "events"].index)
        }
        futures["monthly"] = pool.submit(_write_monthly, folder, parts, catalogue)
        digests = {name: future.result() for name, future in futures.items()}
        files = {f"{name}.parquet": folder / f"{name}.parquet" for name in (*ALWAYS, "monthly", *kept)}
        checksums = dict(zip(files, pool.map(checksum, files.values()), strict=True))
    # what is kept on request must not change the digest
    columns = {name: digest for table in (*ALWAYS, "monthly") for name, digest in digests[table].items()}
    lines = (f"{name} {digest.hexdigest()}\n" for name, digest in sorted(columns.items()))
    stats = {name: path.stat() for name, path in files.items()}
    return Finished(
        {name: stat.st_size for name, stat in stats.items()},
        checksums,
        {name: stat.st_mtime_ns for name, stat in stats.items()},
        hashlib.sha256("".join(lines).encode()).hexdigest(),
        failed,
        others,
    )


def _unlike(made_with: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """What parts were made with, each once, unless all were made with what this process runs."""
    found = [each for number, each in enumerate(made_with) if each not in made_with[:number]]
    return () if found == [provenance()] else tuple(found)


_Digests = dict[str, "hashlib._Hash"]


def _digest(digests: _Digests, name: str, table: pa.Table) -> None:
    """Take rows of a table, in order, into a sha-256 of each column's values."""
    for column in table.column_names:
        digest = digests.setdefault(f"{name}.{column}", hashlib.sha256())
        values = table.column(column)
        if pa.types.is_primitive(values.type):
            digest.update(np.ascontiguousarray(arrow.to_numpy(values)).data)
        else:
            names, places = arrow.places(values)
            lines = [*(f"{name}\n".encode() for name in names), b"None\n"]
            digest.update(b"".join(map(lines.__getitem__, places.tolist())))


def _writing(writer: TableWriter, tables: Iterable[pa.Table]) -> None:
    try:
        with explained(writer.path):
            for table in tables:
                writer.append(table)
            writer.close()
    finally:
        writer.abandon()


def _write_table(folder: Path, name: str, parts: Sequence[Part], catalogue: Catalogue, documented: Events) -> _Digests:
    """Stream one table of all parts into its file; returns the digests of its columns."""
    digests: _Digests = {}

    def prepare(group: pa.Table) -> pa.Table:
        if name in ALWAYS:
            _digest(digests, name, group)
        if name == "events":
            return readable_table(group, catalogue)
        return arrow.nan_to_null(group) if name == "members" else group

    def tables() -> Iterator[pa.Table]:
        """The parts of the table in order, documented events first."""
        if name == "events":
            yield coded_table(documented)
        for part in parts:
            try:
                table = part.table(name)
            except (pa.ArrowInvalid, OSError) as error:
                raise DamagedError(f"{part.folder}: {error}") from error
            if table is not None:
                yield table

    _writing(TableWriter(folder / f"{name}.parquet", _ROWS[name], prepare), tables())
    return digests


def _write_monthly(folder: Path, parts: Sequence[Part], catalogue: Catalogue) -> _Digests:
    from sim.runs.sketch import Sketch

    whole = None
    for part in parts:
        sketch = part.read_sketch()
        if sketch is not None:
            whole = whole or Sketch(sketch.resolutions, sketch.months)
            whole.merge(sketch)
    table, digests = monthly_table(whole, catalogue.start), {}
    _digest(digests, "monthly", table)
    _writing(TableWriter(folder / "monthly.parquet", 1 << 20), [table])
    return digests
