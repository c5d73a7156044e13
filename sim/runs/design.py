"""The folder of a design: a run folder for each point, an index, and one table of all members of all points.

results/<scenario>-design/
  design.json        what is varied, and for each point its values, the key and the folder of its run
  members.parquet    point, design.<key>..., then the members' columns of the runs, for the points of design.json
  points/<key16>/    ordinary run folders; points that a later design no longer has stay and are found again
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs import arrow
from sim.runs.errors import DamagedError, OutputError, RunError, explained
from sim.runs.files import checksum, read_json, write_json
from sim.runs.finish import TableWriter
from sim.runs.manifest import SCHEMA, canonical, now
from sim.runs.read import Run, open_run

INDEX = "design.json"
_ROWS = 5_000


def design_folder(out: Path, name: str) -> Path:
    """Folder of the design of the scenario of that name."""
    return out / f"{name}-design"


def point_folder(folder: Path, key: str) -> Path:
    """Run folder of a point with that content key."""
    return folder / "points" / key[:16]


def read_index(folder: Path) -> dict[str, Any] | None:
    """The index of a design folder; None if it has none that can be read."""
    return read_json(folder / INDEX)


def write_design(folder: Path, scenario: Any, keys: Sequence[str]) -> None:
    """Write index and table of a design whose runs are all complete; nothing if they are there already.

    ``keys`` holds the content key of each point's run.  Raises the errors of writing, and DamagedError.
    """
    from sim.scenario.design import Point

    design = scenario.design
    points = [
        {
            "point": number,
            "key": key,
            "folder": point_folder(Path(), key).as_posix(),
            "values": Point(number, dict(zip(design.keys, values, strict=True))).plain(),
        }
        for number, (key, values) in enumerate(zip(keys, design.points, strict=True))
    ]
    index = {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "title": scenario.title,
        "kind": design.kind,
        "keys": list(design.keys),
        "points": points,
        "members": scenario.run.members,
        "seed": scenario.run.seed,
    }
    index["key"] = hashlib.sha256(canonical([points, list(design.keys)])).hexdigest()
    table = folder / "members.parquet"
    found = read_index(folder)
    if found is not None and found.get("key") == index["key"] and table.is_file():
        if checksum(table) == found.get("checksum"):
            return
    with explained(folder):
        # an index that stood beside another table would lie
        (folder / INDEX).unlink(missing_ok=True)
    _write_members(table, points, [folder / each["folder"] / "members.parquet" for each in points])
    write_json(folder / INDEX, {**index, "checksum": checksum(table), "written": now()})


def _write_members(path: Path, points: Sequence[dict[str, Any]], tables: Sequence[Path]) -> None:
    """The members of all points in one table, a point after the other; columns that a point lacks are empty in it."""
    # columns in the order in which they are first met; keys of which some value is no number hold text
    names = list(dict.fromkeys(name for source in tables for name in pq.read_schema(source).names))
    words = {key for each in points for key, value in each["values"].items() if isinstance(value, bool | str)}
    writer = TableWriter(path, _ROWS)
    try:
        with explained(path):
            for point, source in zip(points, tables, strict=True):
                writer.append(_with_point(arrow.read_table(source), point, names, words))
            writer.close()
    except pa.ArrowInvalid as error:
        raise DamagedError(f"{path}: {error}") from error
    finally:
        writer.abandon()


def _with_point(table: pa.Table, point: dict[str, Any], names: Sequence[str], words: set[str]) -> pa.Table:
    rows = table.num_rows
    columns: dict[str, Any] = {"point": np.full(rows, point["point"], dtype=np.int32)}
    for key, value in point["values"].items():
        filled = arrow.strings([_word(value)] * rows) if key in words else np.full(rows, float(value))
        columns[f"design.{key}"] = filled
    there = dict(zip(table.column_names, table.columns, strict=True))
    nothing = arrow.to_arrow(np.full(rows, np.nan), np.ones(rows, dtype=bool))
    return arrow.table(columns | {name: there.get(name, nothing) for name in names})


def _word(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


class DesignRun:
    """All runs of a design on disk; ``members`` and ``points`` are pandas frames, read on first use."""

    def __init__(self, path: Path, index: dict[str, Any]) -> None:
        self.path, self.index = path, index

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.index["scenario"]

    @property
    def keys(self) -> tuple[str, ...]:
        """What is varied, as dotted keys; their columns are named ``design.<key>``."""
        return tuple(self.index["keys"])

    def __len__(self) -> int:
        return len(self.index["points"])

    def run(self, point: int) -> Run:
        """The run of a point (from 0).  RunError if there is no such point."""
        if not 0 <= point < len(self):
            raise RunError(f"{self.path}: there is no point {point}; points go from 0 to {len(self) - 1}.")
        return open_run(self.path / self.index["points"][point]["folder"])

    @cached_property
    def points(self):
        """A row per point: its values."""
        import pandas as pd

        rows = [{f"design.{key}": value for key, value in each["values"].items()} for each in self.index["points"]]
        return pd.DataFrame(rows).rename_axis("point")

    def arrow(self, columns: list[str] | None = None) -> pa.Table:
        """The table of all members, or some of its columns."""
        return arrow.read_table(self.path / "members.parquet", columns)

    @cached_property
    def members(self):
        """A row per point and member: design values, parameters drawn and every outcome."""
        return self.arrow().to_pandas().set_index(["point", "member"])

    def __repr__(self) -> str:
        varied, members = ", ".join(self.keys), self.index["members"]
        return f"<DesignRun {self.name}: {len(self)} points of {varied}, {members} members each, in {self.path}>"


def open_design(path: str | Path) -> DesignRun:
    """Open a finished design folder.  OutputError if there is none, or one of another layout or not finished."""
    path = Path(path)
    index = read_index(path)
    if index is None:
        unfinished = (path / "points").is_dir()
        what = (
            "this design is not finished.  Give the command that started it again to go on."
            if unfinished
            else f"no design folder here (no readable {INDEX}).  casim batch writes one."
        )
        raise OutputError(f"{path}: {what}")
    if index.get("schema") != SCHEMA:
        raise OutputError(
            f"{path}: design folder of layout {index.get('schema')}, this version reads {SCHEMA}.  Run "
            "the scenario again into another folder."
        )
    return DesignRun(path, index)
