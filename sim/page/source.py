"""A run as the page reads it: its tables as plain arrays, opened once."""

from functools import cached_property

import numpy as np

from sim.runs import Run


class Source:
    """One finished run; every array has a row per member that finished."""

    def __init__(self, run: Run) -> None:
        self.run, self.catalogue, self.manifest, self.record = run, run.catalogue, run.manifest, run.record
        self.years = list(run.catalogue.years)

    @cached_property
    def members(self) -> dict[str, np.ndarray]:
        """Outcome columns, (m,) float each; nan where a dated event never happens."""
        frame = self.run.members
        return {name: frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in frame.columns}

    @cached_property
    def numbers(self) -> np.ndarray:
        """Numbers of the members, (m,)."""
        return self.run.members.index.to_numpy()

    @property
    def n_members(self) -> int:
        """Members that finished."""
        return self.numbers.size

    @cached_property
    def series(self) -> dict[str, np.ndarray]:
        """Every yearly series, (m, years) float32."""
        table = self.run.arrow("yearly")
        rows = len(self.years)
        return {
            name: table.column(name).to_numpy().astype(np.float32).reshape(-1, rows)
            for name in table.column_names
            if name not in ("member", "year")
        }

    @cached_property
    def events(self):
        """Events of record and members as a frame, by month."""
        return self.run.events.sort_values(["month"], kind="stable")

    def happened(self, *kinds: str):
        """Events of these kinds."""
        return self.events[self.events["kind"].isin(kinds)]

    @property
    def label(self) -> str:
        """The scenario's title, or its name without one."""
        return str(self.manifest.get("title") or self.manifest["scenario"])
