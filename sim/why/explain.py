"""An explanation: when something came, how likely it was each year, and the terms that made it so, largest first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.model import simulate_members
from sim.outcomes import Probability, probability
from sim.runs import OutputError, Run
from sim.why.again import world_of
from sim.why.target import Target
from sim.why.term_names import chance_at, even_total, words_of
from sim.why.watch import watch

#: Members that are simulated once more where the run kept no terms.
MEMBERS, MEMBERS_WATCHED = 200, 40
_remembered: dict[tuple[str, int, int], np.ndarray] = {}


@dataclass(frozen=True)
class Term:
    """One named term, averaged over the occasions.

    mean : its part of the total
    low, high : the middle 80 % of the occasions
    needed : what it would have to be for an even chance, everything else as it was
    reached : share of the occasions on which it is that high, or that low where less is needed
    """

    name: str
    words: str
    mean: float
    low: float
    high: float
    needed: float
    reached: float


@dataclass(frozen=True)
class Year:
    """One year: how likely it had come by its end, and the mean chance on its occasions (nan without any)."""

    year: int
    come: Probability | None
    chance: float
    occasions: int


@dataclass(frozen=True)
class Explanation:
    """Why one decision falls as it does.  The means of the terms add up to ``total``.

    members : how many histories the terms are averaged over
    occasions : how many decisions; the first of each history unless a year was asked for or nothing is signed
    chance : what the mean total means
    mean_chance : mean over the occasions of the chance on each
    dates : year fractions in which it came, per member of the run; nan for never
    """

    target: Target
    run: Run
    member: int | None
    members: int
    occasions: int
    terms: tuple[Term, ...]
    total: float
    chance: float
    mean_chance: float
    years: tuple[Year, ...]
    dates: np.ndarray


def explain_decision(
    run: Run,
    target: Target,
    member: int | None = None,
    year: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Explanation:
    """Explain a decision over the ensemble, or in one member, or on the occasions of one year.

    Raises OutputError if the member is not in the run, or if there was nothing to decide.
    """
    numbers = run.members.index.to_numpy()
    if member is not None and member not in numbers:
        raise OutputError(f"member {member} is not in this run.  Its members: 0 to {numbers.max()}.")
    rows = decisions(run, target, member, progress)
    total = sum_of(rows, target.kind)
    table = {**rows, "total": total}
    if year is not None or (target.is_dated and member is None):
        chosen = rows["month"] // 12 == year if year is not None else _first_of_each(rows["member"], rows["month"])
        table = {name: values[chosen] for name, values in table.items()}
    if not table["month"].size:
        raise OutputError(_nothing(run, target, member, year))
    terms = _terms(table, target.kind)
    mean = float(np.mean(table["total"]))
    found = run.members[target.column] if member is None else run.members.loc[[member], target.column]
    return Explanation(
        target,
        run,
        member,
        int(np.unique(table["member"]).size),
        int(table["month"].size),
        terms,
        mean,
        chance_at(target.kind, mean),
        float(np.mean([chance_at(target.kind, each) for each in table["total"]])),
        _years(run, target, rows, total, member),
        found.to_numpy(dtype=np.float64, na_value=np.nan),
    )


def decisions(
    run: Run, target: Target, member: int | None = None, progress: Callable[[int], None] = lambda _: None
) -> dict[str, np.ndarray]:
    """Terms of every occasion from the branch on, kept or recomputed: ``member``, ``month``, an array per term."""
    if target.kind in ("dispute", "clash"):
        numbers = [member] if member is not None else run.members.index.to_numpy()[:MEMBERS_WATCHED].tolist()
        return watch(world_of(run), numbers, target, progress)
    if "terms.parquet" in run.manifest["files"]:
        return _kept(run, target, member)
    first, last = (member, member + 1) if member is not None else (0, min(MEMBERS, run.manifest["members"]))
    terms = recomputed(run, first, last)
    states, catalogue = run.catalogue.states, run.catalogue
    chosen = terms["a"] == states.index(target.states[0])
    if target.kind == "rung":
        chosen &= (terms["ladder"] == 1) & (terms["b"] == states.index(target.states[1]))
        chosen &= terms["subject"] == catalogue.rungs.index(target.instrument) + 1
        chosen &= terms["month"] % 12 == 0  # steps taken in other months would be counted twice
    else:
        accords = [accord.id for accord in catalogue.accords]
        chosen &= (terms["ladder"] == 0) & (terms["subject"] == accords.index(target.instrument))
    chosen &= terms["month"] >= catalogue.branch
    return {name: terms[name][chosen] for name in ("member", "month", *words_of(target.kind))}


def recomputed(run: Run, first: int, last: int) -> np.ndarray:
    """Terms of every decision on treaties of members first..last-1, simulated once more; the latest are remembered."""
    key = (run.key, first, last)
    if key not in _remembered:
        _remembered.clear()
        _remembered[key] = simulate_members(world_of(run), first, last, keep_terms=True).terms
    return _remembered[key]


def _first_of_each(members: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Whether a row is the first of its member; a history that says no ten times does not count ten times."""
    order = np.lexsort((months, members))
    first = np.zeros(members.size, dtype=bool)
    first[order[np.unique(members[order], return_index=True)[1]]] = True
    return first


def _kept(run: Run, target: Target, member: int | None) -> dict[str, np.ndarray]:
    frame = run.terms
    chosen = (frame["a"] == target.states[0]) & (frame["instrument"] == target.instrument)
    chosen &= frame["month"] >= run.catalogue.branch
    if target.kind == "rung":
        chosen &= (frame["ladder"] == 1) & (frame["b"] == target.states[1]) & (frame["month"] % 12 == 0)
    else:
        chosen &= frame["ladder"] == 0
    if member is not None:
        chosen &= frame["member"] == member
    return {name: frame.loc[chosen, name].to_numpy() for name in ("member", "month", *words_of(target.kind))}


def sum_of(rows: dict[str, np.ndarray], kind: str) -> np.ndarray:
    """The totals, the terms added in the order in which the engine adds them."""
    total = np.zeros(rows["month"].size)
    for name in words_of(kind):
        total = total + rows[name]
    return total


def _terms(table: dict[str, np.ndarray], kind: str) -> tuple[Term, ...]:
    missing = even_total(kind) - float(np.mean(table["total"]))
    found = []
    for name, words in words_of(kind).items():
        values = table[name]
        if not values.any():
            continue
        mean = float(np.mean(values))
        low, high = np.quantile(values, (0.1, 0.9))
        needed = mean + missing
        reached = float(np.mean(values >= needed if missing > 0 else values <= needed))
        found.append(Term(name, words, mean, float(low), float(high), needed, reached))
    return tuple(sorted(found, key=lambda term: -abs(term.mean)))


def _years(run: Run, target: Target, rows: dict, total: np.ndarray, member: int | None) -> tuple[Year, ...]:
    catalogue = run.catalogue
    dates = run.members[target.column].to_numpy(dtype=np.float64, na_value=np.nan)
    found = []
    for year in range(catalogue.branch // 12, catalogue.end // 12 + 1):
        here = rows["month"] // 12 == year
        chances = [chance_at(target.kind, each) for each in total[here]]
        come = None
        if target.is_dated and member is None:
            come = probability(int((dates < year + 1 - 1e-9).sum()), dates.size)
        found.append(Year(year, come, float(np.mean(chances)) if chances else float("nan"), int(here.sum())))
    return tuple(found)


def _nothing(run: Run, target: Target, member: int | None, year: int | None) -> str:
    where = f" in member {member}" if member is not None else ""
    when = f" in {year}" if year is not None else f" from {run.catalogue.branch // 12} on"
    return (
        f"{target.title}: there was nothing to decide{where}{when}.  It had been signed before, could not yet be "
        "signed, or no summit met."
    )
