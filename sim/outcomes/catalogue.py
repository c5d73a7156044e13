"""The names a run speaks in: states, dyads, instruments, formats, event kinds and the span.

It travels in the manifest of a run, so that tables can be read and outcomes computed without the facts or the model.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from typing import Any

from sim.words import STATES

#: What a closure shuts and an opening opens, in the order in which the engine numbers them.
LINKS = ("crossings", "transport", "energy", "water")


@dataclass(frozen=True)
class AccordEntry:
    """An accord as the run knew it.

    ``required`` is the number of signatories at which it counts as adopted: every party under unanimity, else the
    minimum its own text asks for.  ``opens`` is an absolute month (year * 12 + calendar month - 1).
    """

    id: str
    title: str
    parties: tuple[str, ...]
    rule: str
    required: int
    opens: int
    kind: str


@dataclass(frozen=True)
class FormatEntry:
    """A summit format; ``regional`` ones feed the regional process."""

    id: str
    title: str
    regional: bool


@dataclass(frozen=True)
class RegionEntry:
    """What the region of a run is called, and what its outcomes look at; empty where it has no such thing.

    Attributes
    ----------
    names : code and name of every state, and of neighbours upstream
    core : states whose trade with each other is called intra-regional
    axis, goal : pair of states whose trade is followed, and the level that it is held against, billion current USD
    border : border whose clashes and settlement are followed
    users : states with users on the rivers
    storages, seas : nodes that are followed from month to month: reservoirs, and where rivers end
    disputes : downstream and upstream state, joined by a hyphen, each pair once
    """

    name: str
    names: tuple[tuple[str, str], ...]
    core: tuple[str, ...]
    axis: str
    goal: float
    border: str
    users: tuple[str, ...]
    storages: tuple[str, ...]
    seas: tuple[str, ...]
    disputes: tuple[str, ...]

    @classmethod
    def of(cls, facts: Any, rivers: Any) -> "RegionEntry":
        """The entry of a documented world."""
        states = tuple(row.id for row in facts.states)
        pairs = tuple(dict.fromkeys((row.downstream, row.upstream) for row in rivers.pairs))
        economies = {row.id: row.name for row in facts.trade_economies}
        beyond = dict.fromkeys(upstream for _, upstream in pairs if upstream not in states)
        using = {state for node in rivers.of_kind("demand") for state in node.states[:1]}
        watched = {kind: tuple(row.node for row in rivers.watched if row.series == kind) for kind in _WATCHED}
        return cls(
            name=facts.about.name,
            names=(
                *((row.id, row.name) for row in facts.states),
                *((code, economies.get(code, code)) for code in beyond),
            ),
            core=facts.core_states,
            axis=facts.about.axis,
            goal=facts.about.axis_goal or 0.0,
            border=facts.about.troubled_border,
            users=tuple(state for state in states if state in using),
            storages=watched["storage"],
            seas=watched["inflow"],
            disputes=tuple("-".join(pair) for pair in pairs),
        )

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "RegionEntry":
        """The entry as a manifest holds it; raises KeyError or TypeError if it is none."""
        texts: dict[str, Any] = {
            name: _texts(plain[name]) for name in ("core", "users", "storages", "seas", "disputes")
        }
        names = tuple((code, name) for code, name in map(_texts, plain["names"]))
        return cls(names=names, **texts, **{name: plain[name] for name in ("name", "axis", "goal", "border")})


_WATCHED = ("storage", "inflow")


@cache
def shipped_region() -> RegionEntry:
    """The entry of the record that ships: that of every run that does not say otherwise."""
    from sim.facts import load_facts, load_rivers

    return RegionEntry.of(load_facts(), load_rivers())


_LAST_MONTH = 12 * 10_000


def _texts(values: object) -> tuple[str, ...]:
    """Names as written in a manifest; TypeError if one is none."""
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
        raise TypeError("names that are no texts")
    return tuple(values)


@dataclass(frozen=True)
class Catalogue:
    """Names and span of one run; all months are absolute, ``end`` is the last simulated month."""

    states: tuple[str, ...]
    dyads: tuple[str, ...]
    rungs: tuple[str, ...]
    accords: tuple[AccordEntry, ...]
    formats: tuple[FormatEntry, ...]
    powers: tuple[str, ...]
    kinds: tuple[str, ...]
    start: int
    branch: int
    end: int
    region: RegionEntry = field(default_factory=shipped_region)
    texts: tuple[AccordEntry, ...] = ()  # new texts that summits may table

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years that the span touches; the last is read at the end of the span."""
        return tuple(range(self.start // 12, self.end // 12 + 1))

    @cached_property
    def instruments(self) -> tuple[str, ...]:
        """Every id that the instrument column of the events may name: rungs, accords, texts, formats, powers, links."""
        treaties = (entry.id for entry in (*self.accords, *self.texts))
        return (*self.rungs, *treaties, *(entry.id for entry in self.formats), *self.powers, *LINKS)

    @cached_property
    def dated_by(self) -> dict[str, str]:
        """Outcome column that dates each instrument: an accord's id, ``A-B.alliance``, ``accord.STATE`` for a party."""
        found = {accord.id: f"adopted_month.{accord.id}" for accord in self.accords}
        found |= {f"{dyad}.{rung}": f"rung_month.{dyad}.{rung}" for dyad in self.dyads for rung in self.rungs}
        parties = (f"{accord.id}.{state}" for accord in self.accords for state in accord.parties)
        return {**{name: f"signed_month.{name}" for name in parties}, **found}

    def touches(self, years: tuple[int, int]) -> bool:
        """Whether the span has a part of these years, from the first to the last."""
        return years[0] <= self.end // 12 and years[1] >= self.start // 12

    def kind(self, name: str) -> int:
        """Code of an event kind, or -2 (which matches no event) where this run knows no such kind."""
        return self.kinds.index(name) if name in self.kinds else -2

    def dyad_positions(self) -> dict[tuple[int, int], int]:
        """Position of each dyad by the positions of its two states, in either order."""
        found = {}
        for position, dyad in enumerate(self.dyads):
            a, b = (self.states.index(name) for name in dyad.split("-"))
            found[a, b] = found[b, a] = position
        return found

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and numbers, for the manifest."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Catalogue":
        """The catalogue written by :meth:`as_dict`; raises KeyError or TypeError if it is not one."""
        names: dict[str, Any] = {name: _texts(plain[name]) for name in ("states", "dyads", "rungs", "powers", "kinds")}
        accords, texts = (
            tuple(AccordEntry(**{**entry, "parties": _texts(entry["parties"])}) for entry in entries)
            for entries in (plain["accords"], plain.get("texts", ()))
        )
        formats = tuple(FormatEntry(**entry) for entry in plain["formats"])
        _texts([each for entry in (*accords, *texts) for each in (entry.id, entry.title, entry.rule, entry.kind)])
        _texts([each for entry in formats for each in (entry.id, entry.title)])
        months = {name: plain[name] for name in ("start", "branch", "end")}
        whole = [*months.values(), *(each for entry in (*accords, *texts) for each in (entry.required, entry.opens))]
        if not all(type(each) is int and 0 <= each < _LAST_MONTH for each in whole):
            raise TypeError("a month or a number that is none")
        region = RegionEntry.from_dict(plain["region"]) if "region" in plain else shipped_region()
        STATES.learn(dict(region.names))
        return cls(**names, accords=accords, formats=formats, **months, region=region, texts=texts)
