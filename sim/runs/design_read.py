"""Reading a finished design: its points, the run of each, and the table of all their members."""

from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.runs.arrow import read_table
from sim.runs.design_folder import INDEX, read_index
from sim.runs.errors import OutputError, RunError
from sim.runs.manifest import SCHEMA
from sim.runs.read import Run, open_run


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
        return read_table(self.path / "members.parquet", columns)

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
