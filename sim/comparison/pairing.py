"""Two runs side by side: may they be paired, and their columns member by member.

Only the columns asked for are read, some at a time, so that memory does not grow with what is not compared.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from sim.comparison.changes import changes
from sim.outcomes.metric import is_dated, is_outcome
from sim.runs import Run, RunError

_AT_ONCE = 24  # columns


class PairingError(RunError):
    """Two runs that do not share their random numbers; the message says in what they differ."""

    exit_status = 2


def _month(absolute: int) -> str:
    return f"{absolute // 12}-{absolute % 12 + 1:02d}"


def _differences(run: Run, against: Run) -> list[str]:
    """In words, everything that keeps two runs from being paired."""
    found = []
    if run.manifest["seed"] != against.manifest["seed"]:
        found.append(f"seed {run.manifest['seed']} against {against.manifest['seed']}")
    for name, said in (("start", "start"), ("branch", "are simulated from"), ("end", "end")):
        ours, theirs = getattr(run.catalogue, name), getattr(against.catalogue, name)
        if ours != theirs:
            found.append(f"they {said} {_month(ours)} against {_month(theirs)}")
    ours, theirs = run.manifest["model_version"], against.manifest["model_version"]
    if ours != theirs:
        found.append(f"they were written by version {ours} of the model against {theirs}: run the older one again")
    return found


class Pairing:
    """Two runs that share seed and span.

    Parameters
    ----------
    run, against : opened runs

    Raises
    ------
    PairingError if they differ in seed, span or model, or have no member in common.
    """

    def __init__(self, run: Run, against: Run) -> None:
        found = _differences(run, against)
        if found:
            raise PairingError(
                f"{run.path} cannot be paired with {against.path}: {'; '.join(found)}.  A member meets "
                "the same random numbers only in runs of one seed, one span and one version."
            )
        self.run, self.against = run, against
        ours, theirs = (each.columns("members", ["member"])["member"] for each in (run, against))
        self.members, self._ours, self._theirs = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
        self._rows = ours.size, theirs.size
        if not self.members.size:
            raise PairingError(f"{run.path} has no member in common with {against.path}.")

    @cached_property
    def notes(self) -> list[str]:
        """What a reader of the comparison should know about the two runs."""
        found = []
        if self._rows[0] != self._rows[1] or self.members.size < max(self._rows):
            found.append(
                f"{self.run.name} has {self._rows[0]} members and {self.against.name} {self._rows[1]}: the "
                f"{self.members.size} that both have are compared"
            )
        if self.run.manifest["facts_digest"] != self.against.manifest["facts_digest"]:
            found.append("the two runs rest on different tables of facts, which are part of what is compared")
        return found

    @cached_property
    def changes(self) -> list[tuple[str, str, str]]:
        """(key, value of ``against``, value of ``run``) of everything in which the scenarios differ."""
        return changes(self.run.manifest["resolved"], self.against.manifest["resolved"])

    @cached_property
    def names(self) -> tuple[list[str], list[str]]:
        """Outcomes that can be compared, and those left out because one run lacks them.

        A dated event that one run does not know, such as an accord that only one scenario tables, never happens there.
        """
        ours, theirs = (each.names("members") for each in (self.run, self.against))
        known, alone = set(ours) & set(theirs), set(ours) ^ set(theirs)
        every = [name for name in [*ours, *(name for name in theirs if name not in known)] if is_outcome(name)]
        left_out = [name for name in every if name in alone and not is_dated(name)]
        return [name for name in every if name not in left_out], left_out

    def columns(self, names: Sequence[str]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """(name, ours, theirs) of outcomes, (m,) each in the order of ``members``."""
        held = [set(each.names("members")) for each in (self.run, self.against)]
        nothing = np.full(self.members.size, np.nan)
        for first in range(0, len(names), _AT_ONCE):
            some = names[first : first + _AT_ONCE]
            ours, theirs = (
                each.columns("members", [name for name in some if name in known])
                for each, known in zip((self.run, self.against), held)
            )
            for name in some:
                yield (
                    name,
                    ours[name][self._ours] if name in ours else nothing,
                    theirs[name][self._theirs] if name in theirs else nothing,
                )

    @cached_property
    def years(self) -> np.ndarray:
        """Years of the yearly table."""
        return np.asarray(self.run.catalogue.years)

    @cached_property
    def series(self) -> list[str]:
        """Yearly series that both runs hold."""
        theirs = set(self.against.names("yearly"))
        return [name for name in self.run.names("yearly") if name in theirs and name not in ("member", "year")]

    def yearly(self, series: str) -> tuple[np.ndarray, np.ndarray]:
        """A yearly series of the common members, (m, years) each."""
        found = []
        for run, rows in ((self.run, self._ours), (self.against, self._theirs)):
            values = run.columns("yearly", [series])[series].reshape(-1, self.years.size)
            found.append(values[rows].astype(np.float64))
        return found[0], found[1]
