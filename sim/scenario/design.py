"""A design: one scenario file, many runs that differ in a few values.

What is varied, and the points at which it is; how a file says so is read in `design_reading`.
"""

from dataclasses import dataclass
from typing import Any

from sim.errors import Origin

KINDS = ("list", "grid", "latin-hypercube", "sobol", "csv")
#: Kinds whose points are drawn, so that their number has to be said.
SAMPLED = ("latin-hypercube", "sobol")
#: More points than anybody compares; a larger grid is better sampled.
MOST_POINTS = 10_000


@dataclass(frozen=True)
class Design:
    """Points of a design, in the order in which they are run.

    `keys` are dotted as in `Scenario.sources`; `points[i]` holds the values of all keys at point i.  `origins` tell
    for each key where it is set; `rows`, if there are any, for each point instead.
    """

    kind: str
    keys: tuple[str, ...]
    points: tuple[tuple[Any, ...], ...]
    origins: tuple[Origin, ...]
    rows: tuple[Origin, ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    def origin(self, point: int, key: int) -> Origin:
        """Where the value of a key at a point was set."""
        return self.rows[point] if self.rows else self.origins[key]


@dataclass(frozen=True)
class Point:
    """One point of a design: its number (from 0) and its value for each dotted key."""

    number: int
    values: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        """The values as JSON can hold them: dates in ISO form."""
        return {
            key: value if isinstance(value, bool | int | float | str) else value.isoformat()
            for key, value in self.values.items()
        }

    def __str__(self) -> str:
        return ", ".join(f"{key.removeprefix('parameters.')} = {value}" for key, value in self.plain().items())
