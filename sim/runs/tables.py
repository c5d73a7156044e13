"""What a block of simulated members becomes: tables with the member as first column.

Yearly and monthly values are kept in single precision and counts in one byte, which halves a run on disk; outcomes are
computed from the full values first.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from sim.engine.event_types import SUBJECT
from sim.outcomes import MONTHLY, AccordEntry, Catalogue, Events, FormatEntry, Histories, integration, member_outcomes
from sim.outcomes.catalogue import LINKS, RegionEntry
from sim.runs import arrow

if TYPE_CHECKING:  # compiled: a run that is there already is shown without it
    from sim.runs.sketch import Sketch

#: Tables that every part of a run holds beside its sketch, and those kept on request.
ALWAYS = ("members", "yearly", "events")

_WHOLE = ("rung.", "declared.", "signed.")
_RESOLUTION = {metric.name: metric.resolution for metric in MONTHLY}
_DEFAULT_RESOLUTION = 0.001

# what a subject names -> its list among the instruments; what none of them holds (rivers) has no instrument
_LISTS = {"rung": 0, "accord": 1, "format": 2, "power": 3, "link": 4}
#: Where an event comes from: supposed by the scenario, on record, or drawn.
ORIGINS = ("scenario", "documented", "simulated")
_EVENT_COLUMNS = {
    "member": np.int32,
    "month": np.int32,
    "kind": np.int16,
    "a": np.int16,
    "b": np.int16,
    "instrument": np.int16,
    "value": np.float64,
}


def tables_of(
    block: Any, world: Any, catalogue: Catalogue, documented: Events, sketch: "Sketch", kept: Sequence[str]
) -> dict[str, pa.Table]:
    """Every table of a block of simulated members; their months go into the sketch.

    ``kept`` names those of OPTIONAL that are wanted; terms are kept where the block has them.
    """
    members = np.asarray(block.members)
    monthly = {**block.monthly, **integration(block.monthly)}
    yearly = {**block.yearly, **integration(block.yearly)}
    events = from_engine(block.events, catalogue)
    outcomes = member_outcomes(Histories(catalogue, members, yearly, events, documented))
    drawn = {f"drawn.{name}": np.asarray(values, dtype=np.float64) for name, values in block.drawn.items()}
    sketch.add(monthly)
    tables = {
        "members": arrow.table({"member": members.astype(np.int32), **drawn, **outcomes}),
        "yearly": _long(members, "year", world.years, yearly),
        "events": coded_table(events),
    }
    if "monthly_members" in kept:
        tables["monthly_members"] = _long(members, "month", world.months, monthly)
    if block.terms is not None:
        tables["terms"] = _terms_table(block.terms, catalogue)
    return tables


def new_sketch(series: Sequence[str], months: int) -> "Sketch":
    """An empty sketch of every monthly series and of what is computed from them."""
    from sim.runs.sketch import Sketch

    names = [*series, *integration({name: np.zeros(1) for name in series})]
    return Sketch({name: _RESOLUTION.get(name, _DEFAULT_RESOLUTION) for name in names}, months)


def monthly_table(sketch: "Sketch", first_month: int) -> pa.Table:
    """Quantiles and mean of every series and month."""
    from sim.runs.sketch import QUANTILES

    series, months = sketch.low.shape
    month = np.tile(np.arange(first_month, first_month + months, dtype=np.int32), series)
    place = np.repeat(np.arange(series, dtype=np.int16), months)
    columns = {"series": arrow.named(place, list(sketch.resolutions)), "month": month, "year": month / 12}
    found = sketch.quantiles(list(QUANTILES.values()))
    columns |= {name: values.ravel() for name, values in zip(QUANTILES, found, strict=True)}
    return arrow.table({**columns, "mean": sketch.mean().ravel(), "members": sketch.numbers.ravel()})


def _long(members: np.ndarray, step_name: str, steps, series: Mapping[str, np.ndarray]) -> pa.Table:
    """A row per member and step, a column per series."""
    steps = np.asarray(steps, dtype=np.int32)
    columns = {"member": np.repeat(members.astype(np.int32), steps.size), step_name: np.tile(steps, members.size)}
    for name, values in series.items():
        columns[name] = values.astype(np.int8 if name.startswith(_WHOLE) else np.float32, order="C").ravel()
    return arrow.table(columns)


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


def from_engine(raw: np.ndarray, catalogue: Catalogue) -> Events:
    """Events of a block or of the record, their subjects numbered in one list, `Catalogue.instruments`.

    ValueError if a subject lies outside the instruments it can name.
    """
    kind, subject = raw["kind"].astype(np.int64), raw["subject"].astype(np.int64)
    lists = (catalogue.rungs, (*catalogue.accords, *catalogue.texts), catalogue.formats, catalogue.powers, LINKS)
    sizes = [len(names) for names in lists]
    list_of = np.array([_LISTS.get(SUBJECT[name], -1) for name in catalogue.kinds])
    group = list_of[kind]
    place = np.where(group < 0, -1, np.where(group == 0, subject - 1, subject))  # rungs count from 1
    beyond = place >= np.array(sizes)[group]
    if beyond.any():
        first = int(np.argmax(beyond))
        raise ValueError(f"event {catalogue.kinds[kind[first]]!r} names subject {subject[first]}, which there is not")
    instrument = np.where(place < 0, -1, place + np.cumsum([0, *sizes[:-1]])[group])
    values = {**{name: raw[name] for name in ("member", "month", "kind", "a", "b", "value")}, "instrument": instrument}
    return Events(**{name: np.ascontiguousarray(values[name]).astype(dtype) for name, dtype in _EVENT_COLUMNS.items()})


def coded_table(events: Events) -> pa.Table:
    """The events as a table of codes."""
    return arrow.table({name: getattr(events, name) for name in _EVENT_COLUMNS})


def readable_table(coded: pa.Table, catalogue: Catalogue) -> pa.Table:
    """Names for codes, a date (first of the month) beside the month, and where the event comes from.

    Events of the record and of the scenario belong to every member and stand once, with member -1.
    """
    columns = {name: arrow.to_numpy(coded.column(name)) for name in _EVENT_COLUMNS}
    dates = (columns["month"].astype(np.int64) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    days = arrow.to_arrow(dates.astype(np.int32)).view(pa.date32())
    return arrow.table(
        {
            "member": np.maximum(columns["member"], -1),
            "month": columns["month"],
            "date": days,
            "kind": arrow.named(columns["kind"], catalogue.kinds),
            "a": arrow.named(columns["a"], catalogue.states),
            "b": arrow.named(columns["b"], catalogue.states),
            "instrument": arrow.named(columns["instrument"], catalogue.instruments),
            "value": columns["value"],
            "documented": columns["member"] == -1,
            "origin": arrow.named(np.clip(columns["member"], -2, 0) + 2, ORIGINS),
        }
    )


def catalogue_of(world: Any, scenario: Any, facts: Any) -> Catalogue:
    """The names of a world built from a scenario and the facts, in the form that travels with a run."""
    from sim.facts.rows import month_of

    accord_kinds = {row.id: row.kind for row in facts.accords}
    formats = {row.id: row for row in facts.formats}
    return Catalogue(
        states=tuple(world.states),
        dyads=tuple("-".join(pair) for pair in world.dyads),
        rungs=tuple(world.rungs),
        accords=tuple(_accord(entry, month_of(entry.opens), accord_kinds) for entry in world.accords),
        texts=tuple(_accord(entry, month_of(entry.opens), accord_kinds) for entry in world.texts),
        formats=tuple(FormatEntry(name, formats[name].title, bool(formats[name].regional)) for name in world.formats),
        powers=tuple(world.powers),
        kinds=tuple(world.event_kinds),
        **{name: month_of(getattr(scenario.run, name)) for name in ("start", "branch", "end")},
        region=RegionEntry.of(facts, world.rivers.facts),
    )


def _accord(entry: Any, opens: int, kinds: Mapping[str, str]) -> AccordEntry:
    parties = tuple(entry.parties)
    # signatories at which it counts as adopted
    required = len(parties) if entry.rule == "unanimity" else max(1, min(int(entry.minimum or 2), len(parties)))
    title, kind = entry.title or entry.id, kinds.get(entry.id, "instrument")
    return AccordEntry(entry.id, title, parties, entry.rule, required, opens, kind)
