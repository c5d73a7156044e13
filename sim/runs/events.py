"""Events of the engine in the form of the event table.

The engine numbers rungs, accords and formats apart; the table numbers them in one list, `Catalogue.instruments`.
"""

import numpy as np
import pyarrow as pa

from sim.outcomes import Catalogue, Events

_OF_RUNGS = ("rung", "rung-lost", "rung-in-force")
_OF_FORMATS = ("summit", "format-born", "format-ends", "format-revives")
_COLUMNS = {"member": np.int32, "month": np.int32, "kind": np.int16, "a": np.int16, "b": np.int16,
            "instrument": np.int16, "value": np.float64}  # fmt: skip

#: What the parts hold: codes.
CODED_SCHEMA = pa.schema([(name, pa.from_numpy_dtype(dtype)) for name, dtype in _COLUMNS.items()])


def from_engine(raw: np.ndarray, catalogue: Catalogue) -> Events:
    """Events of a block or of the record; ValueError if a subject lies outside the instruments it can name."""
    kind, subject = raw["kind"].astype(np.int64), raw["subject"].astype(np.int64)
    n_rungs, n_accords = len(catalogue.rungs), len(catalogue.accords)
    rungs = np.isin(kind, [catalogue.kind(name) for name in _OF_RUNGS])
    formats = np.isin(kind, [catalogue.kind(name) for name in _OF_FORMATS])
    offset = np.where(rungs, -1, np.where(formats, n_rungs + n_accords, n_rungs))
    size = np.where(rungs, n_rungs + 1, np.where(formats, len(catalogue.formats), n_accords))
    if (subject >= size).any():
        first = int(np.argmax(subject >= size))
        raise ValueError(f"event {catalogue.kinds[kind[first]]!r} names instrument {subject[first]}, of {size[first]}")
    # a rung counts from 1; 0 and below name none
    instrument = np.where(subject < rungs.astype(int), -1, subject + offset)
    values = {**{name: raw[name] for name in ("member", "month", "kind", "a", "b", "value")}, "instrument": instrument}
    return Events(**{name: np.ascontiguousarray(values[name]).astype(dtype) for name, dtype in _COLUMNS.items()})


def coded_table(events: Events) -> pa.Table:
    """The events as a table of codes."""
    return pa.table({name: getattr(events, name) for name in _COLUMNS}, schema=CODED_SCHEMA)


def _named(codes: np.ndarray, names: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(names, pa.string()))


def readable_table(coded: pa.Table, catalogue: Catalogue) -> pa.Table:
    """Names for codes, a date (first of the month) beside the month, and whether the event is documented."""
    columns = {name: coded.column(name).to_numpy() for name in _COLUMNS}
    months = columns["month"].astype(np.int64) - 1970 * 12
    return pa.table({
        "member": columns["member"],
        "month": columns["month"],
        "date": months.astype("datetime64[M]").astype("datetime64[D]"),
        "kind": _named(columns["kind"], catalogue.kinds),
        "a": _named(columns["a"], catalogue.states),
        "b": _named(columns["b"], catalogue.states),
        "instrument": _named(columns["instrument"], catalogue.instruments),
        "value": columns["value"],
        "documented": columns["member"] < 0,
    })
