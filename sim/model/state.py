"""The shapes of everything the compiled engine touches: what is given, what changes, what is written down.

`Inputs` is shared by all members of an ensemble and never written to. `RegionState` holds one member's history as it
unfolds. `EventLog` is where that member's events and decisions are written. Each part is a record of small fixed-size
arrays, so that compiled functions pass pointers and know all shapes. Indices of states, dyads, accords, formats, powers
and issues are those of `World`; months are absolute (year * 12 + month - 1), -1 meaning never.
"""

import itertools
from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.engine.layout import MAX_YEARS
from sim.engine.layout import REAL as _REAL
from sim.engine.layout import WHOLE as _WHOLE
from sim.engine.process import channel_fields, dtype_of, put_starts, records_of
from sim.engine.series import RECORDED
from sim.model.processes import CHANNELS, PROCESSES
from sim.processes.rivers.state import RiverInputs, Rivers, RiverSizes, flow_fields, river_axes
from sim.processes.trade.state import trade_axes


@dataclass(frozen=True)
class Sizes:
    """How many of each there are."""

    states: int
    formats: int
    powers: int
    issues: int
    classes: int
    kinds: int
    rivers: RiverSizes
    economies: int
    pairs: int  # of economies that trade, one of them a state

    @property
    def dyads(self) -> int:
        """Unordered pairs of states."""
        return self.states * (self.states - 1) // 2


class Inputs(NamedTuple):
    """All that is given. Each attribute but the two tables is a record; `input_records` says what it holds."""

    clock: Any
    ladder: Any
    accords: Any
    formats: Any
    borders: Any
    outside: Any
    rivals: Any
    overrides: Any
    event_weights: Any
    channels: Any
    conflict: Any  # see `sim.model.conflict_world`
    rivers: RiverInputs
    trade: Any  # `sim.processes.trade.state`
    schedule: np.ndarray  # SCHEDULE_FIELDS, sorted by month and owner
    impacts: np.ndarray  # IMPACT_FIELDS, sorted by month


SCHEDULE_FIELDS = [
    ("month", _WHOLE),
    ("owner", _WHOLE),  # of sim.engine.event_types.OWNERS
    ("kind", _WHOLE),
    ("a", _WHOLE),
    ("b", _WHOLE),
    ("subject", _WHOLE),
    ("value", _REAL),
    ("spread", _REAL),  # standard deviation of a documented leader's openness
]
IMPACT_FIELDS = [
    ("month", _WHOLE),
    ("target", _WHOLE),  # state whose trust moves
    ("actor", _WHOLE),  # state that it trusts more or less
    ("event_class", _WHOLE),
    ("weight", _REAL),  # signed, alliance = 1
]


#: Fields of the records of `Inputs`: name, type, axes.
INPUT_FIELDS: dict[str, list[tuple]] = {
    "clock": [
        ("start", _WHOLE),
        ("branch", _WHOLE),  # first simulated month
        ("end", _WHOLE),  # last month
        ("first_year", _WHOLE),
    ],
    "ladder": [
        ("dyad_a", _WHOLE, "dyad"),  # state
        ("dyad_b", _WHOLE, "dyad"),  # state
        ("dyad_of", _WHOLE, "state", "state"),  # dyad, -1 on the diagonal
        ("depth", _REAL, "rung"),  # in [0.2, 1]
        ("content", _REAL, "rung", "issue"),  # shares
        ("institution", _REAL, "rung"),  # weight in Z
        ("barred", _WHOLE, "state", "span"),  # first month in which a state may not ally, and the first after
    ],
    "accords": [
        ("named", _WHOLE),  # how many of the MAX_ACCORDS the record and the scenario name
        ("count", _WHOLE),  # the same with the room for new texts that summits may table
        ("texts_from", _WHOLE),  # month
        ("proposes", _REAL, "state"),  # how often each state has proposed, and a little
        ("party", _WHOLE, "accord", "state"),  # 0/1
        ("n_parties", _WHOLE, "accord"),
        ("format", _WHOLE, "accord"),  # where it is tabled
        ("opens", _WHOLE, "accord"),  # month
        ("proposal", _WHOLE, "accord"),  # 0/1, an idea that nobody has yet made a text to sign
        ("unanimous", _WHOLE, "accord"),  # 0/1
        ("opened", _REAL, "accord"),  # 0/1, of the record, where it was opened to whoever would sign
        ("minimum", _WHOLE, "accord"),  # ratifications needed for entry into force
        ("depth", _REAL, "accord"),
        ("depth_signed", _REAL, "accord", "state"),  # its part that is signed by one state, two, three and so on
        ("content", _REAL, "accord", "issue"),  # shares
        ("institution", _REAL, "accord"),  # weight in Z
        ("weight", _REAL, "accord"),  # of a signature, alliance = 1
        ("event_class", _WHOLE, "accord"),
        ("organisation", _WHOLE, "accord"),  # 0/1, ends with its format
        ("ratification", _WHOLE, "accord"),  # 0/1, whether it needs any
        ("expires", _WHOLE, "accord"),  # month after its last
        ("runs", _WHOLE, "accord"),  # months from its opening to its end
        ("plans", _WHOLE),  # how many have an end
        ("plan", _WHOLE, "accord"),  # which they are
        ("leaving", _WHOLE, "accord"),  # 0 nobody leaves it, 1 an organisation, 2 another
        ("hard", _WHOLE, "accord", "state", "span"),  # first month of a bar in law, and the first after it
        ("soft", _WHOLE, "accord", "state", "span"),  # the same of a policy
        ("full_depth", _REAL),  # of all that is documented and could be signed, rungs included
    ],
    "formats": [
        ("party", _WHOLE, "format", "state"),  # 0/1
        ("regional", _WHOLE, "format"),  # 0/1, feeds the regional process
        ("simulated_from", _WHOLE, "format"),  # month
        ("first_simulated", _WHOLE),  # the earliest of them
        ("frequency", _REAL, "format"),  # chance of a summit in a year, for formats that are not regional
        ("power", _WHOLE, "format"),  # outside power that the five meet, -1 for none
        ("yearly", _WHOLE, "format"),  # 0/1, meets every year whatever happens (two neighbours always do)
        ("season", _REAL, "format", "month"),  # share of its meetings by month, smoothed
    ],
    "borders": [
        ("exists", _WHOLE, "dyad"),  # 0/1, a common land border
        ("length", _REAL, "dyad"),  # km
        ("unsettled", _REAL, "dyad"),  # share at the start
    ],
    "outside": [
        ("gdp_per_head", _REAL, "year", "state"),  # constant 2021 international dollars, nan without a figure
        ("turbulence", _REAL, "year"),  # in [0, 1]
        ("dependence", _REAL, "year", "state", "power"),  # in [0, 1]
        ("turnover", _REAL, "state"),  # changes of leader per year, where no term is known
        ("term_end", _WHOLE, "state"),  # month in which the term of the holder ends, -1 where it is not known
        ("term_months", _WHOLE, "state"),
        ("born", _WHOLE, "state"),  # month, of the holder
        ("barred", _WHOLE, "state"),  # 0/1, from another term
        ("heir", _WHOLE, "state"),  # 0/1, named
        ("unrest", _REAL, "state"),  # leaders ousted per year
        ("issue_weight", _REAL, "state", "issue"),
        ("identity", _REAL, "state", "span"),  # of elite and society at the start
    ],
    "rivals": [  # regions led from outside (`sim.processes.rivals`)
        ("count", _WHOLE),  # how many of the MAX_PROJECTS exist
        ("power", _WHOLE, "project"),
        ("exclusive", _WHOLE, "project"),  # 0/1, shuts other unions out
        ("founded", _WHOLE, "project"),  # month
        ("weight", _REAL, "project"),  # how far it holds a member, 0 to 1
        ("party", _WHOLE, "project", "state"),  # 0/1, may belong to it
        ("since", _WHOLE, "project", "state"),  # month
        ("until", _WHOLE, "project", "state"),  # first month outside
    ],
    "overrides": [  # what a scenario says about single states; nan where it says nothing
        ("openness", _REAL, "state"),
        ("scepticism", _REAL, "state"),
        ("blocker", _REAL, "state"),
    ],
    "event_weights": [  # event weights, alliance = 1, and classes of what the engine itself makes happen
        ("rung_weight", _REAL, "rung"),
        ("rung_class", _WHOLE, "rung"),
        ("kind_weight", _REAL, "kind"),
        ("kind_class", _WHOLE, "kind"),
    ],
}


def input_records(n: Sizes) -> dict[str, list[tuple]]:
    """The numpy fields of the records of `Inputs`."""
    sizes = {**axes(n), "year": MAX_YEARS, "kind": n.kinds}
    found = {
        record: [(name, kind, tuple(sizes[axis] for axis in per)) for name, kind, *per in declared]
        for record, declared in INPUT_FIELDS.items()
    }
    return {**found, "channels": channel_fields(CHANNELS, sizes)}


#: One member's history as it unfolds: a record for each name under which processes declare fields, and the rivers.
RegionState = namedtuple("RegionState", [*(name for name in records_of(PROCESSES) if name != "account"), "rivers"])


class Memory(NamedTuple):
    """A region and the one block of memory in which all of it lies: copying the words copies the region."""

    region: RegionState  # type: ignore[valid-type]
    words: np.ndarray  # (word,) int64
    reals: np.ndarray  # (word,) the same, read as float64
    start: np.ndarray  # (word,) float64, what it holds before its first month
    recorded: np.ndarray  # (series, 2) word of each recorded field, and 1 if it is a whole number


def axes(n: Sizes) -> dict[str, int]:
    """How many entries each axis of a declared field has."""
    parts = {**river_axes(n.rivers, n.states), **trade_axes(n.economies, n.pairs, n.states)}
    own = {"state": n.states, "other": n.states, "dyad": n.dyads, "format": n.formats, "power": n.powers}
    return {**parts, **own, "issue": n.issues, "class": n.classes}


def memory_layout(n: Sizes) -> np.dtype:
    """The layout of the memory of one region: a record for each declared name, and the flow of the rivers."""
    declared = records_of(PROCESSES)
    fields = [(name, np.dtype(dtype_of(found, axes(n)), align=True)) for name, found in declared.items()]
    return np.dtype([*fields, ("flows", np.dtype(flow_fields(n.rivers), align=True))], align=True)


def new_memory(n: Sizes, start: np.ndarray | None = None, recorded: np.ndarray | None = None) -> Memory:
    """Memory of one region, with the declared start values; what processes draw or compute is zero.

    Parameters
    ----------
    start, recorded : of the world that it is for; where left out, the declared values and no recorded fields
    """
    whole = np.zeros(1, memory_layout(n))
    parts = {name: whole[name].view(np.recarray)[0] for name in whole.dtype.names}
    for name, found in records_of(PROCESSES).items():
        put_starts(whole[name], found)
    rivers = Rivers(parts.pop("flows"), parts.pop("account"))
    words = whole.view(np.int64)
    start = words.copy() if start is None else start
    recorded = np.zeros((0, 2), np.int64) if recorded is None else recorded
    return Memory(RegionState(**parts, rivers=rivers), words, whole.view(np.float64), start.view(np.float64), recorded)


def recorded_words(n: Sizes, names: Mapping[str, Sequence[str]]) -> tuple[list[str], np.ndarray]:
    """Names of the yearly series that are fields of the state, and for each its word in the memory and 1 if whole.

    Parameters
    ----------
    names : axis -> names of its entries; a pair of a state with itself is left out
    """
    layout, found, words = memory_layout(n), [], []
    for record, fields in records_of(PROCESSES).items():
        inner, start = layout.fields[record]
        for one in (field for field in fields if f"{record}.{field.name}" in RECORDED):
            series = RECORDED[f"{record}.{one.name}"]
            first = (start + inner.fields[one.name][1]) // 8
            places = itertools.product(*(range(axes(n)[axis]) for axis in one.per))
            for k, place in enumerate(places):
                if one.per == ("state", "other") and place[0] == place[1]:
                    continue
                found.append(series.format(**{axis: names[axis][entry] for axis, entry in zip(one.per, place)}))
                words.append((first + k, int(one.whole)))
    return found, np.array(words, np.int64)


class EventLog(NamedTuple):
    """Where a member writes down what happened."""

    events: np.ndarray  # (line, 6): month, kind, a, b, subject, value
    n_events: np.ndarray  # (1,)
    terms: np.ndarray  # (line, column) of `sim.engine.decisions`; no lines unless kept
    n_terms: np.ndarray  # (1,)
