"""The folder of a design: a run folder for each point, an index, and one table of all members of all points.

results/<scenario>-design/
  design.json        what is varied, and for each point its values, the key and the folder of its run
  members.parquet    point, design.<key>..., then the members' columns of the runs, for the points of design.json
  points/<key16>/    ordinary run folders; points that a later design no longer has stay and are found again
"""

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.runs import arrow
from sim.runs.arrow import read_table, strings, to_arrow
from sim.runs.errors import DamagedError, explained
from sim.runs.files import write_json
from sim.runs.finish import TableWriter
from sim.runs.key import canonical
from sim.runs.manifest import SCHEMA, now

INDEX = "design.json"
_ROWS = 5_000


def design_folder(out: Path, name: str) -> Path:
    """Folder of the design of the scenario of that name."""
    return out / f"{name}-design"


def point_folder(folder: Path, key: str) -> Path:
    """Run folder of a point with that content key."""
    return folder / "points" / key[:16]


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
    if found is not None and found.get("key") == index["key"] and _size(table) == found.get("size"):
        return
    with explained(folder):
        # an index that stood beside another table would lie
        (folder / INDEX).unlink(missing_ok=True)
    _write_members(table, points, [folder / each["folder"] / "members.parquet" for each in points])
    write_json(folder / INDEX, {**index, "size": _size(table), "written": now()})


def _write_members(path: Path, points: Sequence[dict[str, Any]], tables: Sequence[Path]) -> None:
    """The members of all points in one table, a point after the other; columns that a point lacks are empty in it."""
    writer = TableWriter(path, _ROWS)
    try:
        with explained(path):
            names, words = _columns(tables), _words(points)
            for point, source in zip(points, tables, strict=True):
                writer.append(_with_point(read_table(source), point, names, words))
            writer.close()
    except pa.ArrowInvalid as error:
        raise DamagedError(f"{path}: {error}") from error
    finally:
        writer.abandon()


def _columns(tables: Sequence[Path]) -> list[str]:
    """Columns of all tables in the order in which they are first met."""
    import pyarrow.parquet as pq

    found: dict[str, None] = {}
    for path in tables:
        found |= dict.fromkeys(pq.read_schema(path).names)
    return list(found)


def _words(points: Sequence[dict[str, Any]]) -> set[str]:
    """Keys of which some value is no number: their columns hold text."""
    return {key for point in points for key, value in point["values"].items() if isinstance(value, bool | str)}


def _with_point(table: pa.Table, point: dict[str, Any], names: Sequence[str], words: set[str]) -> pa.Table:
    rows = table.num_rows
    columns: dict[str, Any] = {"point": to_arrow(np.full(rows, point["point"], dtype=np.int32))}
    for key, value in point["values"].items():
        filled = strings([_word(value)] * rows) if key in words else to_arrow(np.full(rows, float(value)))
        columns[f"design.{key}"] = filled
    there = dict(zip(table.column_names, table.columns, strict=True))
    columns |= {name: there[name] if name in there else to_arrow(np.full(rows, math.nan)) for name in names}
    return arrow.table(columns)


def _word(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def read_index(folder: Path) -> dict[str, Any] | None:
    """The index of a design folder; None if it has none that can be read."""
    try:
        found = json.loads((folder / INDEX).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
