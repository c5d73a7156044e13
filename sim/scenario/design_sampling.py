"""Points of a design from what is said of each key: lists, grids, Latin hypercubes, Sobol' sequences.

Latin hypercube after McKay, Beckman & Conover (1979); Sobol' (1967) with Owen's scrambling, both from scipy.  Each key
of a hypercube is drawn by its own name, so that a further key moves no other.
"""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Levels:
    """A key that takes one of some values."""

    values: tuple[Any, ...]

    def at(self, share: float) -> Any:
        """The value at a share of the way through the list, 0 <= share < 1."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]


@dataclass(frozen=True)
class Range:
    """A key that lies between two numbers; a grid takes `steps` of them, ends included."""

    lower: float
    upper: float
    steps: int | None = None

    def at(self, share: float) -> float:
        """The number at a share of the way from lower to upper."""
        return self.lower + share * (self.upper - self.lower)

    @property
    def values(self) -> tuple[float, ...]:
        """The numbers of a grid, evenly spaced; the ends are exactly the limits."""
        last = self.steps - 1
        inner = [round(self.at(step / last), 12) for step in range(1, last)]
        return (self.lower, *inner, self.upper)


Spread = Levels | Range


def listed(spreads: Sequence[Spread]) -> list[tuple]:
    """Point i takes the i-th value of every key."""
    return list(zip(*(spread.values for spread in spreads), strict=True))


def grid(spreads: Sequence[Spread]) -> list[tuple]:
    """Every combination; the last key changes fastest."""
    return list(itertools.product(*(spread.values for spread in spreads)))


def latin_hypercube(keys: Sequence[str], spreads: Sequence[Spread], points: int, seed: int) -> list[tuple]:
    """As many points as strata in every key, each stratum met once."""
    from scipy.stats import qmc

    shares = [qmc.LatinHypercube(1, rng=_generator(seed, key)).random(points)[:, 0] for key in keys]
    return _points(spreads, zip(*shares, strict=True))


def sobol(keys: Sequence[str], spreads: Sequence[Spread], points: int, seed: int) -> list[tuple]:
    """A scrambled Sobol' sequence, a power of two of points; the order of the keys changes nothing."""
    from scipy.stats import qmc

    order = sorted(range(len(keys)), key=lambda place: keys[place])
    drawn = qmc.Sobol(len(keys), scramble=True, rng=_generator(seed, "sobol")).random(points)
    return _points(spreads, ([row[order.index(place)] for place in range(len(keys))] for row in drawn))


def _generator(seed: int, name: str):
    import numpy as np

    digest = hashlib.blake2b(f"design:{name}".encode(), digest_size=16, key=seed.to_bytes(8, "little")).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def _points(spreads: Sequence[Spread], rows) -> list[tuple]:
    return [tuple(spread.at(float(share)) for spread, share in zip(spreads, row, strict=True)) for row in rows]
