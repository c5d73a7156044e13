"""What would have to be true: boxes of parameters and events in which something happens.

PRIM (Friedman & Fisher 1999), as scenario discovery uses it (Bryant & Lempert 2010): a box over all histories is
peeled, a thin slice at a time, so that what is left holds ever more of the histories wanted. *Density* is the share of
them in the box, *coverage* the share of them that it holds. A box is judged on histories that it was not found with,
and called a finding only if boxes found in shuffled answers are seldom as dense.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

_PEEL, _LEAST = 0.05, 0.05  # share peeled off at once; smallest share of histories in a box
_FOLDS, _SHUFFLES = 5, 20
#: A condition is dropped unless leaving it out costs so much density on held-out histories, relatively.
_WORTH = 0.05


@dataclass(frozen=True)
class Limit:
    """A condition on one input: from ``lower`` to ``upper``, both included, infinite where open."""

    name: str
    lower: float
    upper: float

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Whether it holds, (history,)."""
        return (values >= self.lower) & (values <= self.upper)

    def __str__(self) -> str:
        if self.lower == self.upper:
            return f"{self.name} = {self.lower:g}"
        if np.isinf(self.upper):
            return f"{self.name} ≥ {self.lower:.3g}"
        if np.isinf(self.lower):
            return f"{self.name} ≤ {self.upper:.3g}"
        return f"{self.name} from {self.lower:.3g} to {self.upper:.3g}"


@dataclass(frozen=True)
class Box:
    """Conditions that hold together, and what they hold.

    density, coverage, support : share of wanted histories inside, share of the wanted that are inside, share of all
    held_out : density on histories that such boxes were not found with
    base : share of wanted histories overall
    chance : 95th percentile of ``held_out`` for boxes found in shuffled answers
    """

    limits: tuple[Limit, ...]
    density: float
    coverage: float
    support: float
    held_out: float
    base: float
    chance: float

    @property
    def found(self) -> bool:
        """Whether it is denser, out of sample, than shuffled answers make nineteen of twenty boxes."""
        return bool(self.limits) and self.held_out > max(self.chance, self.base)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What histories differ in: names and values, (history, input)."""

    names: tuple[str, ...]
    values: np.ndarray = field(repr=False)

    def inside(self, limits: Sequence[Limit]) -> np.ndarray:
        """(history,) whether all limits hold."""
        held = np.ones(len(self.values), dtype=bool)
        for limit in limits:
            held &= limit.holds(self.values[:, self.names.index(limit.name)])
        return held


def _peel(inputs: Inputs, wanted: np.ndarray) -> tuple[Limit, ...]:
    """The box on the way that is best by density times the square root of coverage."""
    x, total = inputs.values, max(int(wanted.sum()), 1)
    low, high = np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)
    held = np.ones(len(x), dtype=bool)
    best, best_score = (), float(wanted.mean())
    while held.sum() > _LEAST * len(x):
        cut = _best_cut(x, wanted, held)
        if cut is None:
            break
        k, side, edge = cut
        (low if side == "low" else high)[k] = edge
        held &= (x[:, k] >= low[k]) & (x[:, k] <= high[k])
        density, coverage = float(wanted[held].mean()), float(wanted[held].sum()) / total
        score = density * np.sqrt(coverage)
        if score > best_score:
            used = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
            best, best_score = tuple(Limit(inputs.names[k], low[k], high[k]) for k in used), score
    return best


def _best_cut(x, wanted, held) -> tuple[int, str, float] | None:
    """The slice whose loss gains most density for what it removes: (input, side, new edge); None where none can be cut.

    By what it removes, since a slice of an input with few values takes many histories at once.
    """
    here, best, found = wanted[held], -np.inf, None
    now = float(here.mean())
    least = max(_LEAST * len(x), 1)
    for k in range(x.shape[1]):
        column = x[held, k]
        values = np.unique(column)
        if values.size < 2:
            continue
        few = values.size <= 10
        edges = (values[1], values[-2]) if few else tuple(np.quantile(column, [_PEEL, 1 - _PEEL], method="nearest"))
        for side, edge in zip(("low", "high"), edges):
            kept = column >= edge if side == "low" else column <= edge
            count = int(kept.sum())
            if count < least or count == column.size:
                continue
            gain = (float(here[kept].mean()) - now) / (column.size - count)
            if gain > best + 1e-15:
                best, found = gain, (int(k), side, float(edge))
    return found


def _pruned(inputs: Inputs, wanted: np.ndarray, limits: tuple[Limit, ...], most: int) -> tuple[Limit, ...]:
    """The box without the conditions that add next to no density, and with ``most`` of them at most."""
    kept = list(limits)
    while kept:
        whole = wanted[inputs.inside(kept)].mean()
        without = [float(wanted[inputs.inside([o for o in kept if o is not each])].mean()) for each in kept]
        weakest = int(np.argmax(without))
        if len(kept) <= most and without[weakest] < whole * (1 - _WORTH):
            break
        kept.pop(weakest)
    return tuple(kept)


def _box_in(inputs: Inputs, wanted: np.ndarray, most: int) -> tuple[Limit, ...]:
    """Peel all inputs, keep those that count, and peel these again from the start."""
    kept = [limit.name for limit in _pruned(inputs, wanted, _peel(inputs, wanted), most)]
    if not kept:
        return ()
    few = Inputs(tuple(kept), inputs.values[:, [inputs.names.index(name) for name in kept]])
    return _pruned(few, wanted, _peel(few, wanted), most)


def _held_out(inputs: Inputs, wanted: np.ndarray, most: int, rng: np.random.Generator) -> float:
    """Mean density, on held-out histories, of boxes found in the others; that of all where no box is found."""
    fold = rng.permutation(len(wanted)) % _FOLDS
    inside = counted = 0
    for k in range(_FOLDS):
        train, test = fold != k, fold == k
        limits = _box_in(Inputs(inputs.names, inputs.values[train]), wanted[train], most)
        held = Inputs(inputs.names, inputs.values[test]).inside(limits)
        inside += int(wanted[test][held].sum())
        counted += int(held.sum())
    return inside / counted if counted else float(wanted.mean())


def discover(inputs: Inputs, wanted: np.ndarray, most: int = 4, seed: int = 0, shuffles: int = _SHUFFLES) -> Box:
    """The box of histories in which something happens.

    Parameters
    ----------
    wanted : (history,) whether it happens
    most : conditions, at most
    shuffles : of the answers, for what chance finds

    Raises ValueError where it happens in all histories or fewer than twenty.
    """
    wanted = np.asarray(wanted, dtype=bool)
    if wanted.all() or wanted.sum() < 20:
        raise ValueError(
            f"it happens in {int(wanted.sum())} of {wanted.size} histories; some twenty and not all are needed"
        )
    limits = _box_in(inputs, wanted, most)
    rng = np.random.default_rng(seed)
    chance = [_held_out(inputs, rng.permutation(wanted), most, rng) for _ in range(shuffles)]
    held = inputs.inside(limits)
    return Box(
        limits,
        float(wanted[held].mean()),
        float(wanted[held].sum() / wanted.sum()),
        float(held.mean()),
        _held_out(inputs, wanted, most, rng),
        float(wanted.mean()),
        float(np.quantile(chance, 0.95)) if chance else 0.0,
    )
