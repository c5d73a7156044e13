"""Events of the engine in the form of the event table.

The engine numbers rungs, accords, formats, outside powers and links that can be closed apart, by kind of event; the
table numbers them in one list, `Catalogue.instruments`.
"""

import numpy as np
import pyarrow as pa

from sim.outcomes import Catalogue, Events
from sim.outcomes.catalogue import LINKS
from sim.runs import arrow

_OF_RUNGS = ("rung", "rung-lost", "rung-in-force", "declaration", "upgrade")
_OF_FORMATS = ("summit", "format-born", "format-ends")
_OF_POWERS = ("pull", "pull-restored", "group-share")
_OF_LINKS = ("closure", "opening")
_OF_NOTHING = ("clash", "settlement", "verbal", "standoff", "dispute")
_COLUMNS = {
    "member": np.int32,
    "month": np.int32,
    "kind": np.int16,
    "a": np.int16,
    "b": np.int16,
    "instrument": np.int16,
    "value": np.float64,
}


def from_engine(raw: np.ndarray, catalogue: Catalogue) -> Events:
    """Events of a block or of the record; ValueError if a subject lies outside the instruments it can name."""
    kind, subject = raw["kind"].astype(np.int64), raw["subject"].astype(np.int64)
    lists = (catalogue.rungs, catalogue.accords, catalogue.formats, catalogue.powers, LINKS)
    sizes = [len(names) for names in lists]
    group = np.full(kind.size, 1)  # what is named by none of the lists above is an accord
    for number, names in ((0, _OF_RUNGS), (2, _OF_FORMATS), (3, _OF_POWERS), (4, _OF_LINKS)):
        group[np.isin(kind, [catalogue.kind(name) for name in names])] = number
    place = np.where(group == 0, subject - 1, subject)  # rungs count from 1
    place = np.where(np.isin(kind, [catalogue.kind(name) for name in _OF_NOTHING]), -1, place)
    beyond = place >= np.array(sizes)[group]
    if beyond.any():
        first = int(np.argmax(beyond))
        raise ValueError(f"event {catalogue.kinds[kind[first]]!r} names subject {subject[first]}, which there is not")
    instrument = np.where(place < 0, -1, place + np.cumsum([0, *sizes[:-1]])[group])
    values = {**{name: raw[name] for name in ("member", "month", "kind", "a", "b", "value")}, "instrument": instrument}
    return Events(**{name: np.ascontiguousarray(values[name]).astype(dtype) for name, dtype in _COLUMNS.items()})


def coded_table(events: Events) -> pa.Table:
    """The events as a table of codes."""
    return arrow.table({name: getattr(events, name) for name in _COLUMNS})


def readable_table(coded: pa.Table, catalogue: Catalogue) -> pa.Table:
    """Names for codes, a date (first of the month) beside the month, and whether the event is documented."""
    columns = {name: arrow.to_numpy(coded.column(name)) for name in _COLUMNS}
    dates = (columns["month"].astype(np.int64) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    days = arrow.to_arrow(dates.astype(np.int32)).view(pa.date32())
    return arrow.table(
        {
            "member": columns["member"],
            "month": columns["month"],
            "date": days,
            "kind": arrow.named(columns["kind"], catalogue.kinds),
            "a": arrow.named(columns["a"], catalogue.states),
            "b": arrow.named(columns["b"], catalogue.states),
            "instrument": arrow.named(columns["instrument"], catalogue.instruments),
            "value": columns["value"],
            "documented": columns["member"] < 0,
        }
    )
