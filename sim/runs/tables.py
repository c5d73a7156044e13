"""What a block of members becomes on disk: tables with the member as first column.

Yearly and monthly values are kept in single precision and counts in one byte, which halves a run on disk; outcomes are
computed from the full values first.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sim.outcomes import MONTHLY, Catalogue, Events, Histories, integration, member_outcomes
from sim.runs import arrow
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
    return arrow.table(columns)


def sketch_table(monthly: Mapping[str, np.ndarray], months: int) -> pa.Table:
    """How each series, (m, months) each, is distributed in each month; a row per series and month."""
    sketches = {}
    for name, values in monthly.items():
        sketches[name] = SeriesSketch(months, resolution_of(name))
        sketches[name].add(values)
    return write_sketches(sketches)


def write_sketches(sketches: Mapping[str, SeriesSketch]) -> pa.Table:
    """Sketches as a table; the names of the series are in its metadata."""
    pieces = [_sketch_rows(sketch) for sketch in sketches.values()]
    return pa.concat_tables(pieces).replace_schema_metadata({"series": json.dumps(list(sketches))})


def _sketch_rows(sketch: SeriesSketch) -> pa.Table:
    sparse = sketch.as_sparse()
    offsets = arrow.to_arrow(sparse["offsets"].astype(np.int32))
    return arrow.table(
        {
            "bins": pa.ListArray.from_arrays(offsets, arrow.to_arrow(sparse["bins"].astype(np.int32))),
            "counts": pa.ListArray.from_arrays(offsets, arrow.to_arrow(sparse["counts"])),
            "sum": sparse["sums"],
            "number": sparse["numbers"],
        }
    )


def read_sketches(table: pa.Table) -> dict[str, SeriesSketch]:
    """The sketches that :func:`write_sketches` wrote, by series."""
    names = json.loads(table.schema.metadata[b"series"])
    months, found = table.num_rows // len(names), {}
    for place, name in enumerate(names):
        rows = table.slice(place * months, months).combine_chunks()
        bins, counts = (rows.column(column).chunk(0) for column in ("bins", "counts"))
        offsets = arrow.to_numpy(bins.offsets)
        sparse = {
            "offsets": offsets - offsets[0],
            "bins": arrow.to_numpy(bins.flatten()),
            "counts": arrow.to_numpy(counts.flatten()),
            "sums": arrow.to_numpy(rows.column("sum")),
            "numbers": arrow.to_numpy(rows.column("number")),
        }
        found[name] = SeriesSketch.from_sparse(sparse, resolution_of(name))
    return found


def merge_sketch_tables(tables: Sequence[pa.Table]) -> pa.Table:
    """One sketch table for the members of several, all of the same series and months."""
    merged = read_sketches(tables[0])
    for table in tables[1:]:
        for name, sketch in read_sketches(table).items():
            merged[name].merge(sketch)
    return write_sketches(merged)


def _terms_table(terms: np.ndarray, catalogue: Catalogue) -> pa.Table:
    """Terms of decisions with the states and the instrument by name (``b`` empty for accords)."""
    columns = {name: np.ascontiguousarray(terms[name]) for name in terms.dtype.names}
    if {"ladder", "a", "b", "subject"} <= columns.keys():
        subject = columns.pop("subject").astype(int)
        offset = np.where(columns["ladder"] > 0, -1, len(catalogue.rungs))
        for side in ("a", "b"):
            columns[side] = arrow.named(columns[side].astype(np.int16), catalogue.states)
        columns["instrument"] = arrow.named((subject + offset).astype(np.int16), catalogue.instruments)
    return arrow.table(columns)


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
        "members": arrow.table({"member": members.astype(np.int32), **drawn, **outcomes}),
        "yearly": _long(members, "year", world.years, yearly),
        "events": coded_table(events),
        "sketch": sketch_table(monthly, len(world.months)),
    }
    if keep_monthly:
        tables["monthly_members"] = _long(members, "month", world.months, monthly)
    if block.terms is not None:
        tables["terms"] = _terms_table(block.terms, catalogue)
    return tables
