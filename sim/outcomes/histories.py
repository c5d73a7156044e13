"""The tables of some members as arrays: what every outcome is computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.outcomes.catalogue import Catalogue


@dataclass(frozen=True)
class Events:
    """Events as parallel arrays of codes.

    ``member`` is -1 for documented events and -2 for those of the scenario, both of which belong to every history;
    ``month`` is absolute; ``kind`` indexes ``Catalogue.kinds``, ``a`` and ``b`` index its states and ``instrument`` its
    instruments (-1: none).
    """

    member: np.ndarray
    month: np.ndarray
    kind: np.ndarray
    a: np.ndarray
    b: np.ndarray
    instrument: np.ndarray
    value: np.ndarray

    def select(self, chosen: np.ndarray) -> "Events":
        """The events where the boolean array is true, or of these places."""
        return Events(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def of_kinds(self, kinds: tuple[int, ...]) -> "Events":
        """The events of some kinds, by code, in their order; found once, however often they are asked for."""
        if kinds not in self._found:
            order, bounds = self._by_kind
            places = [order[bounds[kind] : bounds[kind + 1]] for kind in kinds if 0 <= kind < len(bounds) - 1]
            alone = len(places) == 1
            self._found[kinds] = self.select(places[0] if alone else np.sort(np.concatenate([*places, order[:0]])))
        return self._found[kinds]

    @cached_property
    def _found(self) -> "dict[tuple[int, ...], Events]":
        return {}

    @cached_property
    def _by_kind(self) -> tuple[np.ndarray, np.ndarray]:
        """Places of the events, kind after kind, and where each kind begins."""
        order = np.argsort(self.kind, kind="stable")
        return order, np.searchsorted(self.kind[order], np.arange(int(self.kind.max(initial=-1)) + 2))

    @property
    def year(self) -> np.ndarray:
        """Calendar year of each."""
        return self.month // 12

    def are_between(self, one: int, other: int) -> np.ndarray:
        """Whether each concerns these two states, whichever is named first."""
        return (np.minimum(self.a, self.b) == min(one, other)) & (np.maximum(self.a, self.b) == max(one, other))

    def between(self, one: int, other: int) -> "Events":
        """Those that concern two states, whichever is named first."""
        return self.select(self.are_between(one, other))


@dataclass(frozen=True)
class Histories:
    """Some members' histories.

    Parameters
    ----------
    members : (m,) ascending member numbers
    yearly : series name -> (m, years), values at 31 December of ``catalogue.years``
    simulated : events of these members
    documented : events of the record, shared by all
    """

    catalogue: Catalogue
    members: np.ndarray
    yearly: Mapping[str, np.ndarray]
    simulated: Events
    documented: Events

    def position(self, member: np.ndarray) -> np.ndarray:
        """Row of each member number."""
        return np.searchsorted(self.members, member)

    def of_kind(self, *names: str) -> tuple[Events, Events]:
        """(documented, simulated) events of the named kinds."""
        codes = tuple(self.catalogue.kind(name) for name in names)
        return self.documented.of_kinds(codes), self.simulated.of_kinds(codes)

    def first_months(self, kinds: tuple[str, ...], slots: int, slot_of) -> np.ndarray:
        """First month in which each slot saw such an event, (m, slots), infinite where never.

        ``slot_of`` maps :class:`Events` to slot numbers, negative where the event concerns no slot.
        """
        documented, simulated = self.of_kind(*kinds)
        first = np.full((self.members.size, slots), np.inf)
        if documented.month.size:
            slot = slot_of(documented)
            for number, month in zip(slot[slot >= 0], documented.month[slot >= 0]):
                first[:, number] = np.minimum(first[:, number], month)
        slot = slot_of(simulated)
        keep = slot >= 0
        np.minimum.at(first, (self.position(simulated.member[keep]), slot[keep]), simulated.month[keep])
        return first

    def count(self, kinds: tuple[str, ...], first_year: int, last_year: int, wanted=None) -> np.ndarray:
        """Number of such events of each member in the years, both inclusive, (m,); ``wanted`` filters events."""
        documented, simulated = self.of_kind(*kinds)
        counts = []
        for events in (documented, simulated):
            keep = (events.month >= first_year * 12) & (events.month < (last_year + 1) * 12)
            if wanted is not None:
                keep &= wanted(events)
            counts.append(events.select(keep))
        own = np.bincount(self.position(counts[1].member), minlength=self.members.size)
        return own.astype(np.float64) + counts[0].month.size


def as_years(months: np.ndarray) -> np.ndarray:
    """Absolute months as year fractions (1992-07 is 1992.5); NaN where the month is infinite (never)."""
    return np.where(np.isfinite(months), months / 12.0, np.nan)
