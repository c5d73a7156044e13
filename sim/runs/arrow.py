"""Plain arrays to and from Arrow by their buffers.

Arrow's own conversions load pandas to see whether they were given something of its kind, which costs a run a second.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def to_arrow(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """A numeric array as Arrow's; ``missing`` marks entries that hold no value."""
    values = np.ascontiguousarray(values)
    bitmap = None
    if missing is not None:
        bitmap = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    kind = pa.from_numpy_dtype(values.dtype)
    held = np.packbits(values, bitorder="little") if values.dtype == np.bool_ else values
    return pa.Array.from_buffers(kind, values.size, [bitmap, pa.py_buffer(held)])


def strings(values: Sequence[str]) -> pa.Array:
    """Texts as Arrow's."""
    encoded = [value.encode() for value in values]
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def named(codes: np.ndarray, names: Sequence[str]) -> pa.DictionaryArray:
    """Names for codes; a negative code names nothing, and two codes may have one name (an accord and its format)."""
    once = list(dict.fromkeys(names))
    place = np.array([*(once.index(name) for name in names), -1], dtype=np.int16)[codes]
    return pa.DictionaryArray.from_arrays(to_arrow(place, codes < 0), strings(once))


def to_numpy(column: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """A numeric column as one array, NaN where a real number is missing; copied only from several pieces."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    dtype = np.dtype(column.type.to_pandas_dtype())
    pieces = [_values(chunk, dtype) for chunk in chunks if len(chunk)]
    if not pieces:
        return np.empty(0, dtype)
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def _values(chunk: pa.Array, dtype: np.dtype) -> np.ndarray:
    rows = slice(chunk.offset, chunk.offset + len(chunk))
    bitmap, buffer = chunk.buffers()
    values = np.frombuffer(buffer, dtype)[rows]
    if chunk.null_count and dtype.kind == "f":
        there = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little")[rows]
        values = np.where(there, values, dtype.type(np.nan))
    return values


def places(column: pa.ChunkedArray, names: Sequence[str] | None = None) -> tuple[list[str], np.ndarray]:
    """A column of names as (names, place of each entry among them): -1 where it names nothing or something else."""
    chunks = column.unify_dictionaries().chunks
    names = list(names) if names is not None else chunks[0].dictionary.to_pylist() if chunks else []
    place = {name: number for number, name in reversed(list(enumerate(names)))}
    found = [np.empty(0, np.int64)]
    for chunk in chunks:
        known = np.array([*(place.get(name, -1) for name in chunk.dictionary.to_pylist()), -1])
        codes, bitmap = to_numpy(chunk.indices), chunk.indices.buffers()[0]
        if bitmap is not None:
            rows = slice(chunk.indices.offset, chunk.indices.offset + codes.size)
            there = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little")[rows]
            codes = np.where(there, codes, -1)
        found.append(known[codes])
    return names, np.concatenate(found)


def table(columns: Mapping[str, np.ndarray | pa.Array | pa.ChunkedArray]) -> pa.Table:
    """A table of arrays, in their order."""
    arrays = [to_arrow(each) if isinstance(each, np.ndarray) else each for each in columns.values()]
    return pa.Table.from_arrays(arrays, list(columns))


def nan_to_null(whole: pa.Table) -> pa.Table:
    """The table with nothing, instead of NaN, where a real number is missing: readers disagree about NaN."""
    columns = {}
    for name, column in zip(whole.column_names, whole.columns, strict=True):
        if pa.types.is_floating(column.type) and not column.null_count:
            values = to_numpy(column)
            missing = np.isnan(values)
            column = to_arrow(values, missing) if missing.any() else column
        columns[name] = column
    return table(columns)


def read_table(path: Path, columns: Sequence[str] | None = None, described: pq.FileMetaData | None = None) -> pa.Table:
    """A Parquet file, or some of its columns; OSError if a page is not what was written.

    ``described`` is what the file says of itself, where that has been read before: of many columns it takes longer than
    a column.
    """
    with pq.ParquetFile(path, metadata=described, page_checksum_verification=True) as file:
        return file.read(columns=None if columns is None else list(columns), use_threads=False)
