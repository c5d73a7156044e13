"""What happened in the histories of a run: its events of some kinds, as arrays."""

from dataclasses import dataclass

import numpy as np

from sim.plots.data import View
from sim.runs.arrow import to_numpy

_NAMED = ("kind", "a", "b")


@dataclass(frozen=True)
class Happenings:
    """Events, (n,) each: member (-1: replayed from the record), absolute month, places of both states (-1: none)."""

    member: np.ndarray
    month: np.ndarray
    kind: np.ndarray
    a: np.ndarray
    b: np.ndarray
    value: np.ndarray

    def select(self, keep: np.ndarray) -> "Happenings":
        """The events where the boolean array is true."""
        return Happenings(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))

    @property
    def simulated(self) -> "Happenings":
        """Without what was replayed."""
        return self.select(self.member >= 0)

    @property
    def year(self) -> np.ndarray:
        """Calendar year of each."""
        return self.month // 12

    def between(self, one: int, other: int) -> "Happenings":
        """Those of two states, whoever is named first."""
        return self.select(
            (np.minimum(self.a, self.b) == min(one, other)) & (np.maximum(self.a, self.b) == max(one, other))
        )


def happenings(view: View, *kinds: str) -> Happenings:
    """The events of these kinds, in the order of the table; states and kinds as places in the catalogue."""
    catalogue = view.catalogue
    names = {"kind": list(catalogue.kinds), "a": list(catalogue.states), "b": list(catalogue.states)}
    wanted = [catalogue.kinds.index(kind) for kind in kinds if kind in catalogue.kinds]
    pieces: list[list[np.ndarray]] = []
    for batch in view.run.arrow("events", ["member", "month", *_NAMED, "value"]).to_batches():
        coded = {name: _codes(batch.column(name), names[name]) for name in _NAMED}
        keep = np.isin(coded["kind"], wanted)
        plain = {name: to_numpy(batch.column(name)) for name in ("member", "month", "value")}
        pieces.append([{**plain, **coded}[name][keep] for name in Happenings.__dataclass_fields__])
    if not pieces:
        return Happenings(*(np.empty(0, int) for _ in Happenings.__dataclass_fields__))
    return Happenings(*(np.concatenate(column) for column in zip(*pieces)))


def _codes(column, names: list[str]) -> np.ndarray:
    """Place of every entry of a column of names, -1 where it names nothing."""
    places = np.array([*(names.index(name) if name in names else -1 for name in column.dictionary.to_pylist()), -1])
    codes, known = to_numpy(column.indices), column.indices.buffers()[0]
    if known is None:
        return places[codes]
    # Arrow's own way to fill gaps would load pandas
    first = column.indices.offset
    valid = np.unpackbits(np.frombuffer(known, np.uint8), bitorder="little")[first : first + codes.size]
    return places[np.where(valid, codes, -1)]
