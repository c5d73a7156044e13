"""A run as the plots see it: its tables read column by column, its documented dates, and the line that says what it is.

Memory grows with members only by one column at a time.
"""

from functools import cached_property
from pathlib import Path

import numpy as np

from sim.comparison.pairing import names_in
from sim.facts import Facts, load_facts
from sim.outcomes import adoption_column, probability
from sim.plots import observed
from sim.runs.arrow import to_numpy
from sim.runs.read import Run, open_run

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
#: Quantile columns of the monthly table.
QUANTILES = ("q2.5", "q10", "q25", "q50", "q75", "q90", "q97.5")


def month_name(year: float) -> str:
    """A year fraction as month and year: 2025.5 is July 2025."""
    month = round(year * 12)
    return f"{_MONTHS[month % 12]} {month // 12}"


class View:
    """One finished run; ``start``, ``branch`` and ``end`` are year fractions, ``end`` after the last month."""

    def __init__(self, run: Run, facts: Facts) -> None:
        self.run, self.facts, self.catalogue = run, facts, run.catalogue
        self.start, self.branch = self.catalogue.start / 12, self.catalogue.branch / 12
        self.end = (self.catalogue.end + 1) / 12
        self.record_end = observed.record_end(facts)

    @classmethod
    def open(cls, folder: Path) -> "View":
        """Open a run folder; errors as :func:`sim.runs.open_run`."""
        run = open_run(folder)
        return cls(run, load_facts(run.record))

    @cached_property
    def members(self) -> dict[str, np.ndarray]:
        """Outcome columns of the members, (m,) each."""
        return self.run.columns()

    @property
    def n_members(self) -> int:
        """Members that finished."""
        return self.members["member"].size

    def dates(self, instrument: str) -> np.ndarray:
        """Year fraction in which each member adopts an instrument, (m,), NaN for never; names as in adoption_column."""
        return np.asarray(self.members[adoption_column(self.catalogue, instrument)], dtype=np.float64)

    def is_open(self, instrument: str) -> bool:
        """Whether some member had not adopted the instrument when simulation began."""
        return not bool((self.dates(instrument) < self.branch - 1e-9).all())

    def same_dates(self, one: str, other: str) -> bool:
        """Whether two instruments come in the same month in every member."""
        return np.array_equal(self.dates(one), self.dates(other), equal_nan=True)

    def curve(self, instrument: str) -> tuple[np.ndarray, np.ndarray]:
        """Ends of months from the branch on as year fractions, (k,), and how likely the instrument has come, (3, k).

        The rows are probability, low and high end of its 95 % interval.  Over long spans some months are left out.
        """
        every = 1 + (self.catalogue.end - self.catalogue.branch) // 150
        months = np.arange(self.catalogue.end, self.catalogue.branch - 2, -every)[::-1]
        dates = self.dates(instrument)
        come = np.searchsorted(np.sort(np.rint(dates[np.isfinite(dates)] * 12)), months, side="right")
        sure = {count: probability(int(count), dates.size) for count in np.unique(come)}
        found = np.array([[getattr(sure[count], name) for count in come] for name in ("value", "low", "high")])
        return (months + 1) / 12, found

    @cached_property
    def _monthly(self) -> tuple[list[str], np.ndarray, dict[str, np.ndarray]]:
        table = self.run.arrow("monthly", ["series", "year", *QUANTILES, "mean"])
        series = table.column("series").combine_chunks()
        columns = {name: to_numpy(table.column(name)) for name in ("year", *QUANTILES, "mean")}
        return series.dictionary.to_pylist(), to_numpy(series.indices), columns

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
        return frozenset(names_in(self.run, "yearly"))

    def yearly(self, column: str) -> np.ndarray:
        """A yearly series of every member, (m, years)."""
        values = to_numpy(self.run.arrow("yearly", [column]).column(column))
        return values.reshape(-1, len(self.catalogue.years))

    def mean_rungs(self) -> np.ndarray:
        """Mean over members of the rung of each dyad at the end of each year, (dyads, years)."""
        return np.stack([self.yearly(f"rung.{dyad}").mean(axis=0, dtype=np.float64) for dyad in self.catalogue.dyads])

    def median_trust(self, years: list[int]) -> np.ndarray:
        """Median over members of trust at the end of each of the years, (years, state, other state)."""
        states = self.catalogue.states
        place = [self.catalogue.years.index(year) for year in years]
        found = np.full((len(years), len(states), len(states)), np.nan)
        for i, a in enumerate(states):
            for j, b in enumerate(states):
                if i != j:
                    found[:, i, j] = np.median(self.yearly(f"trust.{a}.{b}")[:, place], axis=0)
        return found

    @cached_property
    def steps(self) -> tuple[observed.Step, ...]:
        """Documented ladder steps of the run's dyads."""
        return tuple(step for step in observed.steps(self.facts) if step.dyad in self.catalogue.dyads)

    @property
    def leaves_record(self) -> bool:
        """Whether the run was simulated over years that are documented."""
        return self.branch < self.record_end - 1e-9

    @cached_property
    def simulated_kinds(self) -> set[str]:
        """Kinds of events that were simulated in some member, not only taken from the record."""
        table = self.run.arrow("events", ["member", "kind"]).unify_dictionaries()
        found = set()
        for batch in table.to_batches():
            kinds = batch.column("kind")
            codes = to_numpy(kinds.indices)[to_numpy(batch.column("member")) >= 0]
            found |= {kinds.dictionary[int(code)].as_py() for code in np.unique(codes)}
        return found

    @property
    def source(self) -> str:
        """What the run is, for the foot of every plot."""
        manifest = self.run.manifest
        last = month_name(self.branch - 1 / 12)
        replayed = f"record until {last}" if self.branch > self.start else "no record replayed"
        changed = "" if manifest["facts_digest"] == self.facts.digest else "; tables of facts have changed since"
        own = f", record {self.facts.record.name} {self.facts.record.digest[:8]}" if self.facts.record else ""
        return (
            f"Source: casim {manifest['versions']['casim']}, scenario {manifest['scenario']}, "
            f"{self.n_members:,} members, seed {manifest['seed']}, {replayed}, "
            f"simulated from {month_name(self.branch)}{own}; run {self.run.key[:8]}{changed}"
        )
