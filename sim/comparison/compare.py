"""Comparing a run with another of the same random numbers."""

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.comparison.changes import first_change, told
from sim.comparison.effect import COLUMNS, Effect
from sim.comparison.find import find_run
from sim.comparison.over_time import over_time
from sim.comparison.pairing import Pairing, PairingError
from sim.outcomes import SUB_INDICES
from sim.outcomes.metric import CHAPTERS, chapter_of, is_dated, title_of
from sim.outcomes.paired import compare_outcome
from sim.runs import Run

_DIGITS_OF_YEAR = 4
#: Outcomes that are shown wherever they moved.
_ASKED = (
    "new_treaties",
    "trust_mean",
    "index",
    "trade_regional",
    "disputes_all",
)
_GOAL = "goal_month."  # and the pair of states whose trade is followed
#: Outcomes that others sum up; shown where they are asked for.
_DETAILS = ("trust.", "in_force_month.", "treaties_signed_", *SUB_INDICES)


#: Outcomes that sum up a yearly series, by the beginning of their names, and that of the series.
_SUMS = {"deficit_mean.": "deficit_year.", "deficit_worst.": "deficit_year.", "sea_mean.": "flow."}


def series_of(outcome: str) -> str:
    """The yearly series that an outcome is a year of, such as ``index`` for ``index_2040``; else the outcome itself."""
    name, _, year = outcome.rpartition("_")
    return name if name and year.isdigit() and len(year) == _DIGITS_OF_YEAR else outcome


def series_behind(outcome: str) -> str:
    """The yearly series that an outcome is read from, also where it sums up all its years; else the outcome itself."""
    for sums, series in _SUMS.items():
        if outcome.startswith(sums):
            return series + outcome.removeprefix(sums)
    return series_of(outcome)


def is_detail(outcome: str) -> bool:
    """Whether an outcome is left out of a first look: an input, or something that another outcome sums up."""
    return chapter_of(outcome) == "inputs" or outcome.startswith(_DETAILS)


def chosen(names: Sequence[str], patterns: Sequence[str] | None, series: Iterable[str] = ()) -> list[str]:
    """Names that match one of the patterns (``*`` and ``?`` as in file names); all of them without patterns.

    A pattern may name a yearly series too, which chooses every outcome read from it.  Raises PairingError for a pattern
    that matches nothing.
    """
    if not patterns:
        return list(names)
    found: set[str] = set()
    for pattern in patterns:
        matched = {name for name in names if fnmatchcase(name, pattern) or fnmatchcase(series_of(name), pattern)}
        if not matched and not any(fnmatchcase(name, pattern) for name in series):
            near = difflib.get_close_matches(pattern, [*names, *map(series_of, names)], 3, 0.5)
            known = f"  Near: {', '.join(dict.fromkeys(near))}." if near else ""
            raise PairingError(f"no outcome matches {pattern!r}.{known}")
        found |= matched
    return [name for name in names if name in found]


def trimmed(chapters: dict[str, list[Effect]], most: int, leading: int = 2) -> dict[str, list[Effect]]:
    """About ``most`` effects: what everyone asks about, the first of each chapter, then the largest of the rest."""
    kept = {effect.outcome for effects in chapters.values() for effect in effects[:leading]}
    every = [effect for effects in chapters.values() for effect in effects]
    axis = next((each.outcome.removeprefix(_GOAL) for each in every if each.outcome.startswith(_GOAL)), "")
    asked = (*_ASKED, f"trade.{axis}", _GOAL + axis)
    kept |= {effect.outcome for effect in every if series_of(effect.outcome) in asked}
    rest = [effect for effect in every if effect.outcome not in kept]
    kept |= {effect.outcome for effect in sorted(rest, key=lambda effect: -effect.size)[: max(0, most - len(kept))]}
    return {name: [effect for effect in effects if effect.outcome in kept] for name, effects in chapters.items()}


class Comparison:
    """Paired differences between two runs, outcome by outcome; in a notebook it shows itself as a table.

    Parameters
    ----------
    run, against : opened runs that share seed and span
    outcomes : patterns of outcome columns; all unless given
    precision : half-width of the 95 % interval of a difference for which the members needed are told

    Attributes
    ----------
    effects : an :class:`Effect` per outcome, computed on first use
    notes, warnings : what a reader should know

    Raises
    ------
    PairingError if the runs cannot be paired or a pattern matches nothing.
    """

    def __init__(
        self, run: Run, against: Run, outcomes: Sequence[str] | None = None, precision: float | None = None
    ) -> None:
        self.pairing = Pairing(run, against)
        self.run, self.against, self.precision = run, against, precision
        self.patterns = tuple(outcomes or ())
        names, self.left_out = self.pairing.names
        self.names = chosen(names, self.patterns, self.pairing.series)

    @property
    def members(self) -> int:
        """Pairs compared."""
        return int(self.pairing.members.size)

    def title(self, outcome: str) -> str:
        """What a table calls an outcome, with the accords by the titles that the runs give them."""
        return title_of(outcome, self._accords)

    @cached_property
    def _accords(self) -> dict[str, str]:
        catalogues = (self.against.catalogue, self.run.catalogue)
        return {entry.id: entry.title for catalogue in catalogues for entry in catalogue.accords}

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """An effect per outcome, in the order of the columns."""
        first: dict[bytes, str] = {}
        found = []
        for name, ours, theirs in self.pairing.columns(self.names):
            digest = hashlib.blake2b(np.ascontiguousarray(ours), digest_size=16)
            digest.update(np.ascontiguousarray(theirs))
            twin = first.setdefault(digest.digest(), name)
            paired = compare_outcome(ours, theirs, is_dated(name))
            if paired is not None:
                found.append(Effect(name, self.title(name), paired, None if twin == name else twin))
        return tuple(found)

    @cached_property
    def moved(self) -> tuple[Effect, ...]:
        """Effects in which some member differs, once each where several outcomes are alike; the largest first."""
        found = [effect for effect in self.effects if effect.moves and effect.alike is None]
        return tuple(sorted(found, key=lambda effect: -effect.size))

    def alike(self, outcome: str) -> list[str]:
        """Other outcomes with the same values in every member of both runs."""
        return [effect.outcome for effect in self.effects if effect.alike == outcome]

    @cached_property
    def untabled(self) -> frozenset[str]:
        """Dated outcomes that only one run knows, such as the accord that a scenario tables."""
        ours, theirs = (set(each.names("members")) for each in (self.run, self.against))
        return frozenset((ours ^ theirs) & set(self.names))

    def grouped(self, most: int | None = None) -> dict[str, list[Effect]]:
        """The largest effects by chapter: ``most`` in all, those that moved most first within a chapter.

        Without patterns a series is shown at the last of its years only; inputs and details are left out.
        """
        found: dict[str, list[Effect]] = {name: [] for name in CHAPTERS}
        for effect in self.moved:
            if self.patterns or self._is_main(effect):
                found[effect.group].append(effect)
        found = {name: effects for name, effects in found.items() if effects}
        # whoever names outcomes sees them all
        return found if most is None or self.patterns else trimmed(found, most)

    def _is_main(self, effect: Effect) -> bool:
        series = series_of(effect.outcome)
        last = f"_{self.pairing.years[-1]}"
        untabled = effect.outcome in self.untabled and not effect.outcome.startswith("adopted_month.")
        if is_detail(effect.outcome) or untabled:
            return False
        return series == effect.outcome or effect.outcome.endswith(last)

    @property
    def last_year(self) -> int | None:
        """The year at whose end all levels in :meth:`grouped` are read; None where patterns choose among years."""
        return None if self.patterns else int(self.pairing.years[-1])

    @property
    def parted(self) -> float | None:
        """Year and fraction of the first dated event that only one of the two runs has; None without any."""
        return first_change(self.run.manifest.get("resolved", {}), self.against.manifest.get("resolved", {}))

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(key, value of ``against``, value of ``run``) of everything in which the scenarios differ."""
        return self.pairing.changes

    @property
    def notes(self) -> list[str]:
        """What a reader should know about the pairing."""
        found = [*self.pairing.notes]
        if self.left_out:
            some = ", ".join(self.left_out[:3]) + (", ..." if len(self.left_out) > 3 else "")
            found.append(f"{len(self.left_out)} outcomes that one run lacks are left out: {some}")
        unknown = len(self.names) - len(self.effects)
        if unknown:
            found.append(f"{unknown} outcomes have no value in both members of any pair and are left out")
        return found

    @property
    def warnings(self) -> list[str]:
        """That nothing moved, if nothing did, and what was meant to move something."""
        if any(effect.moves for effect in self.effects):
            return []
        if self.run.key == self.against.key:
            return [f"{self.run.name} and {self.against.name} are the same run: nothing can differ"]
        what = "; ".join(told(self.changes, 4)) or "only titles differ"
        return [
            f"{self.run.name} moved nothing against {self.against.name}: {len(self.effects)} outcomes are equal in "
            f"all {self.members} members ({what})"
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Every number of every effect, by column."""
        names = {
            "run": self.run.name,
            "run_key": self.run.key[:8],
            "against": self.against.name,
            "against_key": self.against.key[:8],
        }
        return [{**names, **effect.row(self.precision)} for effect in self.effects]

    def frame(self):
        """The effects as a pandas frame, a row per outcome."""
        import pandas as pd

        leading = ["run", "run_key", "against", "against_key"]
        columns = [name for name in COLUMNS if self.precision is not None or name != "more_for_precision"]
        return pd.DataFrame(self.rows(), columns=[*leading, *columns])

    def over_time(self, names: Sequence[str] | None = None):
        """The effect year by year as a pandas frame.

        ``names`` are yearly series and dated outcomes; those behind the outcomes compared unless given.
        """
        import pandas as pd

        pieces = [
            pd.DataFrame(
                {
                    "run": self.run.name,
                    "against": self.against.name,
                    "outcome": name,
                    "year": self.pairing.years,
                    **columns,
                }
            )
            for name, columns in over_time(self.pairing, self.timed(names))
        ]
        return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=["run", "outcome", "year"])

    def timed(self, names: Sequence[str] | None = None) -> list[str]:
        """Yearly series and dated outcomes of which the effect over time is known."""
        if names is not None:
            known = {*self.pairing.series, *self.pairing.names[0]}
            for name in names:
                if name not in known:
                    raise PairingError(f"{name!r} is neither a yearly series nor an outcome of both runs.")
            return [name for name in names if name in self.pairing.series or is_dated(name)]
        wanted = dict.fromkeys(series_behind(name) for name in self.names)
        by_pattern = [
            name
            for name in self.pairing.series
            if self.patterns and any(fnmatchcase(name, pattern) for pattern in self.patterns)
        ]
        series = [name for name in dict.fromkeys([*wanted, *by_pattern]) if name in self.pairing.series]
        return [*series, *(name for name in self.names if is_dated(name))]

    def __repr__(self) -> str:
        return (
            f"<Comparison of {self.run.name} with {self.against.name}: {self.members} pairs, "
            f"{len(self.names)} outcomes>"
        )

    def _repr_html_(self) -> str:
        from sim.comparison.html import as_html

        return as_html(self)


def compare(
    run: Run | str | Path,
    against: Run | str | Path,
    outcomes: str | Sequence[str] | None = None,
    precision: float | None = None,
    results: str | Path = "results",
) -> Comparison:
    """Compare a run with another, member by member.

    Parameters
    ----------
    run, against : opened runs, run folders, or names of scenarios whose newest finished run in ``results`` is meant
    outcomes : a pattern of outcome columns or several, such as ``"index*"``; all unless given
    precision : half-width of a 95 % interval for which the members needed are told
    results : folder of runs in which names are looked up

    Raises
    ------
    OutputError where there is no such run; PairingError where the two do not share their random numbers.
    """
    if isinstance(outcomes, str):
        outcomes = [outcomes]
    opened = [each if isinstance(each, Run) else find_run(str(each), results) for each in (run, against)]
    return Comparison(*opened, outcomes, precision)
