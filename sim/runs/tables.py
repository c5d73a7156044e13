"""What a block of members becomes on disk: tables with the member as first column.

Yearly and monthly values are kept in single precision and counts in one byte, which halves a run on disk; outcomes are
computed from the full values first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sim.outcomes import MONTHLY, Catalogue, Events, Histories, integration, member_outcomes
from sim.runs.events import coded_table, from_engine
from sim.runs.sketch import SeriesSketch

_WHOLE = ("rung.", "declared.", "signed.")
_RESOLUTION = {metric.name: metric.resolution for metric in MONTHLY}
_DEFAULT_RESOLUTION = 0.001


def series_type(name: str) -> np.dtype:
    """Type on disk of a yearly or monthly series."""
    return np.dtype(np.int8 if name.startswith(_WHOLE) else np.float32)


def resolution_of(series: str) -> float:
    """Width of the bins in which a monthly series is kept."""
    return _RESOLUTION.get(series, _DEFAULT_RESOLUTION)


def _long(members: np.ndarray, step_name: str, steps, series: Mapping[str, np.ndarray]) -> pa.Table:
    """A row per member and step, a column per series."""
    steps = np.asarray(steps, dtype=np.int32)
    columns = {"member": np.repeat(members.astype(np.int32), steps.size), step_name: np.tile(steps, members.size)}
    for name, values in series.items():
        columns[name] = np.ascontiguousarray(values).astype(series_type(name)).ravel()
    return pa.table(columns)


def sketch_table(monthly: Mapping[str, np.ndarray], months) -> pa.Table:
    """Distribution of each series in each month: a row per series and month, with its filled bins."""
    pieces = []
    for name, values in monthly.items():
        sketch = SeriesSketch(len(months), resolution_of(name))
        sketch.add(values)
        pieces.append(_sketch_rows(name, months, sketch))
    return pa.concat_tables(pieces)


def _sketch_rows(name: str, months, sketch: SeriesSketch) -> pa.Table:
    sparse = sketch.as_sparse()
    offsets = pa.array(sparse["offsets"].astype(np.int32))
    return pa.table({
        "series": pa.array([name] * len(months), pa.string()),
        "month": np.asarray(months, dtype=np.int32),
        "bins": pa.ListArray.from_arrays(offsets, pa.array(sparse["bins"].astype(np.int32))),
        "counts": pa.ListArray.from_arrays(offsets, pa.array(sparse["counts"].astype(np.int64))),
        "sum": sparse["sums"],
        "number": sparse["numbers"],
    })


def read_sketches(table: pa.Table) -> dict[str, SeriesSketch]:
    """The sketches that :func:`sketch_table` wrote, by series."""
    names = table.column("series").to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.append(True, names[1:] != names[:-1]))
    found = {}
    for start, stop in zip(starts, np.append(starts[1:], names.size)):
        rows = table.slice(start, stop - start).combine_chunks()
        bins, counts = (rows.column(name).chunk(0) for name in ("bins", "counts"))
        offsets = bins.offsets.to_numpy()
        sparse = {"offsets": offsets - offsets[0], "bins": bins.flatten().to_numpy(),
                  "counts": counts.flatten().to_numpy(), "sums": rows.column("sum").to_numpy(),
                  "numbers": rows.column("number").to_numpy()}  # fmt: skip
        found[str(names[start])] = SeriesSketch.from_sparse(sparse, resolution_of(str(names[start])))
    return found


def merge_sketch_tables(tables: Sequence[pa.Table]) -> pa.Table:
    """One sketch table for the members of several, all of the same series and months."""
    merged = read_sketches(tables[0])
    for table in tables[1:]:
        for name, sketch in read_sketches(table).items():
            merged[name].merge(sketch)
    months = tables[0].column("month").to_numpy()[: next(iter(merged.values())).sums.size]
    return pa.concat_tables([_sketch_rows(name, months, sketch) for name, sketch in merged.items()])


def _terms_table(terms: np.ndarray, catalogue: Catalogue) -> pa.Table:
    """Terms of decisions with the states and the instrument by name (``b`` empty for accords)."""
    columns = {name: np.ascontiguousarray(terms[name]) for name in terms.dtype.names}
    if {"ladder", "a", "b", "subject"} <= columns.keys():
        states = np.array([*catalogue.states, ""], dtype=object)
        subject = columns.pop("subject").astype(int)
        offset = np.where(columns["ladder"] > 0, -1, len(catalogue.rungs))
        columns["a"], columns["b"] = (states[columns[side].astype(int)] for side in ("a", "b"))
        columns["instrument"] = np.array(catalogue.instruments, dtype=object)[subject + offset]
    return pa.table(columns)


def tables_of(
    block: Any, world: Any, catalogue: Catalogue, documented: Events, keep_monthly: bool
) -> dict[str, pa.Table]:
    """Every table of a block of simulated members.

    ``keep_monthly`` keeps each member's months; terms are kept where the block has them.
    """
    members = np.asarray(block.members)
    monthly = {**block.monthly, **integration(block.monthly)}
    yearly = {**block.yearly, **integration(block.yearly)}
    events = from_engine(block.events, catalogue)
    outcomes = member_outcomes(Histories(catalogue, members, yearly, events, documented))
    drawn = {f"drawn.{name}": np.asarray(values, dtype=np.float64) for name, values in block.drawn.items()}
    tables = {
        "members": pa.table({"member": members.astype(np.int32), **drawn, **outcomes}),
        "yearly": _long(members, "year", world.years, yearly),
        "events": coded_table(events),
        "sketch": sketch_table(monthly, world.months),
    }
    if keep_monthly:
        tables["monthly_members"] = _long(members, "month", world.months, monthly)
    if block.terms is not None:
        tables["terms"] = _terms_table(block.terms, catalogue)
    return tables
