"""A finished run as plots and summaries read it: its tables column by column, beside what is documented.

Memory grows with members only by one column at a time.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from sim.facts import Facts, Rivers, load_facts, load_rivers
from sim.outcomes import record
from sim.outcomes.histories import Events
from sim.outcomes.prospects import adoption_curve, dates_of, is_open
from sim.outcomes.summary import few
from sim.words import MONTHS, counted, in_letters, sentence

#: Quantiles of the monthly table by column, and the columns of the edges of each band.
QUANTILES = {"q2.5": 0.025, "q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9, "q97.5": 0.975}
EDGES = {95: ("q2.5", "q97.5"), 80: ("q10", "q90"), 50: ("q25", "q75")}
#: Events of a scenario that change rivers.
_OF_RIVERS = ("drought", "withdrawal", "inflow-trend", "dam-filling", "barter", "release-cut", "transfer")
_WINDOW = 10  # years


def month_name(year: float) -> str:
    """A year fraction as month and year: 2025.5 is July 2025."""
    month = round(year * 12)
    return f"{MONTHS[month % 12]} {month // 12}"


def quantiles(values: np.ndarray) -> dict[str, np.ndarray]:
    """QUANTILES over members of values, (m, k), each (k,)."""
    return dict(zip(QUANTILES, np.quantile(values, list(QUANTILES.values()), axis=0)))


class View:
    """One finished run; ``start``, ``branch`` and ``end`` are year fractions, ``end`` after the last month.

    ``run`` is an opened :class:`sim.runs.Run`; ``facts`` those of its record unless given.
    """

    def __init__(self, run: Any, facts: Facts | None = None) -> None:
        self.run, self.facts, self.catalogue = run, facts or load_facts(run.record), run.catalogue
        self.start, self.branch = self.catalogue.start / 12, self.catalogue.branch / 12
        self.end = (self.catalogue.end + 1) / 12
        self.record_end = record.record_end(self.facts)

    @cached_property
    def rivers(self) -> Rivers:
        """The tables of rivers of the run's record."""
        return load_rivers(self.facts.record)

    @property
    def manifest(self) -> dict[str, Any]:
        """What the run says of itself."""
        return self.run.manifest

    @cached_property
    def members(self) -> dict[str, np.ndarray]:
        """Outcome columns of the members, (m,) each."""
        return self.run.columns()

    @cached_property
    def numbers(self) -> np.ndarray:
        """Number of each member that finished, (m,)."""
        return np.asarray(self.members["member"]).astype(int)

    @property
    def n_members(self) -> int:
        """Members that finished."""
        return self.numbers.size

    @property
    def years(self) -> np.ndarray:
        """Calendar years of the yearly table."""
        return np.asarray(self.catalogue.years)

    @property
    def year_middles(self) -> np.ndarray:
        """Where a yearly figure stands: the middle of its year, in the year of the branch not before it."""
        middles = self.years + 0.5
        split = self.years == self.catalogue.branch // 12
        return np.where(split, np.maximum(middles, self.branch), middles)

    def bars_of_years(self, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Middle and width of a bar for the simulated part of each year: that of the branch stands behind it."""
        since = np.where(years == self.catalogue.branch // 12, self.branch, years)
        return (since + years + 1) / 2, 0.88 * (years + 1 - since)

    @cached_property
    def simulated_part(self) -> np.ndarray:
        """Share of each year that is simulated, (years,); 0 before the branch."""
        return np.clip(np.minimum(self.years + 1, self.end) - np.maximum(self.years, self.branch), 0, 1)

    def dates(self, instrument: str) -> np.ndarray:
        """Year fraction in which each member adopts an instrument, (m,), NaN for never; names as in adoption_column."""
        return dates_of(self.catalogue, self.members, instrument)

    def is_open(self, instrument: str) -> bool:
        """Whether some member had not adopted the instrument when simulation began."""
        return is_open(self.catalogue, self.dates(instrument))

    def same_dates(self, one: str, other: str) -> bool:
        """Whether two instruments come in the same month in every member."""
        return np.array_equal(self.dates(one), self.dates(other), equal_nan=True)

    def curve(self, instrument: str) -> tuple[np.ndarray, np.ndarray]:
        """Ends of months from the branch on as year fractions, (k,), and how likely the instrument has come, (3, k).

        The rows are probability, low and high end of its 95 % interval.  Over long spans some months are left out.
        """
        every = 1 + (self.catalogue.end - self.catalogue.branch) // 150
        months = np.arange(self.catalogue.end, self.catalogue.branch - 2, -every)[::-1]
        return (months + 1) / 12, adoption_curve(self.dates(instrument), months)

    @cached_property
    def _monthly(self) -> tuple[list[str], np.ndarray, dict[str, np.ndarray]]:
        columns = self.run.columns("monthly", ["year", *QUANTILES, "mean"])
        return *self.run.codes("monthly", "series"), columns

    def monthly(self, series: str) -> dict[str, np.ndarray] | None:
        """Year, quantiles and mean over members of a monthly series; None if the run does not hold it."""
        names, codes, columns = self._monthly
        if series not in names:
            return None
        rows = codes == names.index(series)
        return {name: values[rows] for name, values in columns.items()}

    @cached_property
    def yearly_names(self) -> frozenset[str]:
        """Names of the yearly series."""
        return frozenset(self.run.names("yearly"))

    def yearly(self, column: str) -> np.ndarray:
        """A yearly series of every member, (m, years)."""
        return self.run.columns("yearly", [column])[column].reshape(-1, self.years.size)

    @cached_property
    def _events(self) -> Events:
        return self.run.happened()

    def happened(self, *kinds: str) -> Events:
        """Events of these kinds, in the order of the table; those that belong to every history have member -1 or -2."""
        return self._events.of_kinds(tuple(self.catalogue.kind(kind) for kind in kinds))

    def simulated(self, *kinds: str) -> Events:
        """Events of these kinds that belong to one member each."""
        found = self.happened(*kinds)
        return found.select(found.member >= 0)

    def rate_by_year(self, events: Events) -> np.ndarray:
        """Mean number of some events over members in each year, per year that is simulated, (years,)."""
        counts = np.bincount(events.year - self.years[0], minlength=self.years.size) / max(self.n_members, 1)
        return np.divide(counts, self.simulated_part, out=np.zeros_like(counts), where=self.simulated_part > 0)

    def counts(self, events: Events) -> np.ndarray:
        """How many of some events each member has, (m,)."""
        return np.bincount(np.searchsorted(self.numbers, events.member), minlength=self.n_members)

    @cached_property
    def simulated_kinds(self) -> set[str]:
        """Kinds of events that were simulated in some member, not only taken from the record."""
        codes = np.unique(self._events.kind[self._events.member >= 0])
        return {self.catalogue.kinds[code] for code in codes}

    @cached_property
    def steps(self) -> tuple[record.Step, ...]:
        """Documented ladder steps of the run's dyads."""
        return tuple(step for step in record.steps(self.facts) if step.dyad in self.catalogue.dyads)

    @property
    def leaves_record(self) -> bool:
        """Whether the run was simulated over years that are documented."""
        return self.branch < self.record_end - 1e-9

    @property
    def supposed(self) -> list[dict]:
        """Dated events of the scenario, as its file states them."""
        return list(self.manifest.get("resolved", {}).get("events", []))

    @cached_property
    def window(self) -> tuple[int, int]:
        """Ten whole years from the scenario's own first change of the rivers on, else the last ten: first and last."""
        last = max(self.catalogue.end // 12 - int(self.catalogue.end % 12 != 11), self.catalogue.years[0])
        begins = [int(event["date"][:4]) for event in self.supposed if event["kind"] in _OF_RIVERS]
        first = max(min(begins, default=last), self.catalogue.branch // 12 + 1, self.catalogue.years[0])
        first = min(first, max(last - _WINDOW + 1, self.catalogue.years[0]))
        return first, min(first + _WINDOW - 1, last)

    @property
    def window_name(self) -> str:
        """The window in words: ``2031–2040``."""
        first, last = self.window
        return f"{first}\u2013{last}" if first < last else str(last)

    def by_calendar_month(self, series: str) -> dict[str, np.ndarray]:
        """Mean and quantiles of a monthly series by calendar month, (12,) each, averaged over the window."""
        first, last = self.window
        found = self.monthly(series)
        if found is None:
            raise KeyError(f"the run holds no monthly series {series!r}")
        months = np.rint(found.pop("year") * 12).astype(int)
        chosen = (months >= first * 12) & (months < last * 12 + 12)
        return {
            name: np.array([np.mean(values[chosen & (months % 12 == month)]) for month in range(12)])
            for name, values in found.items()
        }

    def window_mean(self, column: str) -> np.ndarray:
        """Mean over the window of a yearly series, (m,)."""
        first, last = self.window
        place = [self.catalogue.years.index(year) for year in range(first, last + 1)]
        return self.yearly(column)[:, place].mean(axis=1, dtype=np.float64)

    def median_trust(self, years: Sequence[int]) -> np.ndarray:
        """Median over members of trust at the end of each of the years, (years, state, other state)."""
        states = self.catalogue.states
        place = [self.catalogue.years.index(year) for year in years]
        found = np.full((len(years), len(states), len(states)), np.nan)
        for i, a in enumerate(states):
            for j, b in enumerate(states):
                if i != j:
                    found[:, i, j] = np.median(self.yearly(f"trust.{a}.{b}")[:, place], axis=0)
        return found

    @property
    def source(self) -> str:
        """What the run is, for the foot of every plot of it, with what a reader of so few histories should know."""
        said = few(self.n_members)
        if said and self.n_members > 1:  # bands of plots are interpolated between the histories
            said = f"{sentence(in_letters(self.n_members))} histories: bands between so few say little."
        return f"{said}  {self.origin}".strip()

    @property
    def origin(self) -> str:
        """What the run is, in a line."""
        manifest = self.manifest
        replayed = (
            f"record until {month_name(self.branch - 1 / 12)}" if self.branch > self.start else "no record replayed"
        )
        changed = "" if manifest["facts_digest"] == self.facts.digest else "; tables of facts have changed since"
        record_of = self.facts.record
        own = f", record {record_of.name} {record_of.digest[:8]}" if record_of else ""
        return (
            f"Source: casim {manifest['versions']['casim']}, scenario {manifest['scenario']}, "
            f"{counted(self.n_members, 'member')}, seed {manifest['seed']}, {replayed}, "
            f"simulated from {month_name(self.branch)}{own}; run {self.run.key[:8]}{changed}"
        )
