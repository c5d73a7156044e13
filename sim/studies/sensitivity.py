"""What matters: elementary effects of all parameters, then Sobol' indices of those that remain.

Every point of a design is one member. In Morris' design (1991, as enhanced by Campolongo et al. 2007) the points of a
trajectory share the random numbers of one member, so that chance cancels in each elementary effect. In Saltelli's
(2010) the matrices A and AB_i share them and B has others, so chance is one more input of the model: an index is the
share of *all* variance, that of chance included, and what the parameters explain together is reported beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

#: A 95 % half-width of an index beyond which the sample is called too small.
WIDE = 0.1


@dataclass(frozen=True)
class Factor:
    """An input and the range in which it varies; ``basis`` says where the range comes from."""

    name: str
    lower: float
    upper: float
    basis: str = ""


class Problem(Protocol):
    """Something whose outcomes depend on factors and on chance."""

    factors: Sequence[Factor]
    outcomes: Sequence[str]

    def evaluate(self, blocks: Sequence[np.ndarray], chance: Sequence[int]) -> np.ndarray:
        """Outcomes at the points of blocks, (block, point, outcome).

        Parameters
        ----------
        blocks : each (point, factor), all of one length
        chance : which random numbers a block has; a point keeps those of its place
        """
        ...


class SensitivityError(ValueError):
    """A sensitivity analysis that would mislead; the message says why."""


@dataclass(frozen=True, eq=False)
class Screening:
    """Elementary effects, (outcome, factor): mean of the absolute ones, its 95 % half-width, and their spread."""

    problem: Problem
    mu_star: np.ndarray
    half_width: np.ndarray
    sigma: np.ndarray
    constant: tuple[str, ...]

    def chosen(self, most: int) -> list[int]:
        """The factors that are among the ``most`` first for any outcome, in their order."""
        return sorted({int(k) for row in self.mu_star for k in np.argsort(-row)[:most] if row[k] > 0})


@dataclass(frozen=True, eq=False)
class Indices:
    """Sobol' indices, (outcome, factor), with 95 % half-widths, over ``points`` points of each matrix.

    ``together`` is the share of variance that all factors explain, the rest being chance; nan where there is none.
    """

    factors: tuple[Factor, ...]
    outcomes: tuple[str, ...]
    first: np.ndarray
    first_half: np.ndarray
    total: np.ndarray
    total_half: np.ndarray
    together: np.ndarray
    points: int
    warnings: list[str] = field(default_factory=list)

    def ranked(self, outcome: int, most: int) -> list[int]:
        """Factors by total index, the largest first."""
        return [int(k) for k in np.argsort(-self.total[outcome])[:most]]


def _described(factors: Sequence[Factor]) -> dict:
    bounds = [[each.lower, each.upper] for each in factors]
    return {"num_vars": len(factors), "names": [each.name for each in factors], "bounds": bounds}


def _usable(values: np.ndarray, outcomes: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which outcomes vary, and the names of those that do not.

    Raises SensitivityError where a value is missing, since SALib would then give indices of exactly zero.
    """
    flat = values.reshape(-1, values.shape[-1])
    missing = [name for name, column in zip(outcomes, flat.T) if not np.isfinite(column).all()]
    if missing:
        raise SensitivityError(
            f"{missing[0]} is empty at {np.mean(~np.isfinite(flat[:, list(outcomes).index(missing[0])])):.1%} of the "
            "points: say 'by YEAR' or 'ever' for a probability, or capped(...)."
        )
    varies = np.ptp(flat, axis=0) > 1e-12 * (1 + np.abs(flat).max(axis=0))
    return varies, tuple(name for name, does in zip(outcomes, varies) if not does)


def screen(problem: Problem, trajectories: int, seed: int = 1) -> Screening:
    """Morris' elementary effects of every factor, in standard deviations of the outcome over the range.

    Raises SensitivityError where an outcome is empty at some points.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sample

    described, k = _described(problem.factors), len(problem.factors)
    points = sample.sample(described, trajectories, num_levels=4, seed=seed)
    blocks = points.reshape(trajectories, k + 1, k).transpose(1, 0, 2)
    values = problem.evaluate(list(blocks), [0] * (k + 1))
    varies, constant = _usable(values, problem.outcomes)
    shape = len(problem.outcomes), k
    mu, half, sigma = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for o in np.flatnonzero(varies):
        column = values[:, :, o].T.reshape(-1)
        found = analysis.analyze(described, points, column, num_levels=4, scaled=False, seed=seed)
        scale = column.std()
        mu[o] = np.asarray(found["mu_star"]) / scale
        half[o] = np.asarray(found["mu_star_conf"]) / scale
        sigma[o] = np.asarray(found["sigma"]) / scale
    return Screening(problem, mu, half, sigma, constant)


def sobol(problem: Problem, points: int, seed: int = 1) -> Indices:
    """Sobol' indices of every factor with bootstrap intervals.

    Parameters
    ----------
    points : of each matrix, a power of two

    Raises
    ------
    SensitivityError : not a power of two, or an outcome that is empty at some points
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sample

    if points < 2 or points & (points - 1):
        raise SensitivityError(f"{points} points: Sobol' sequences need a power of two, such as 512.")
    described, k = _described(problem.factors), len(problem.factors)
    drawn = sample.sample(described, points, calc_second_order=False, seed=seed)
    blocks = list(drawn.reshape(points, k + 2, k).transpose(1, 0, 2))
    # A under other random numbers, for what the factors explain together
    values = problem.evaluate([*blocks, blocks[0]], [0] * (k + 1) + [1, 1])
    varies, constant = _usable(values, problem.outcomes)
    shape = len(problem.outcomes), k
    first, first_half, total, total_half = (np.full(shape, np.nan) for _ in range(4))
    together, warnings = np.full(len(problem.outcomes), np.nan), []
    for o, name in enumerate(problem.outcomes):
        if not varies[o]:
            continue
        column = values[: k + 2, :, o].T.reshape(-1)
        found = analysis.analyze(described, column, calc_second_order=False, num_resamples=400, seed=seed)
        first[o], first_half[o] = found["S1"], found["S1_conf"]
        total[o], total_half[o] = found["ST"], found["ST_conf"]
        together[o] = np.corrcoef(values[0, :, o], values[-1, :, o])[0, 1]
        warnings += _too_small(name, first_half[o], total[o], total_half[o], points)
    warnings += [f"{name} has one value at every point: nothing here moves it." for name in constant]
    return Indices(
        tuple(problem.factors),
        tuple(problem.outcomes),
        first,
        first_half,
        total,
        total_half,
        together,
        points,
        warnings,
    )


def _too_small(name: str, first_half, total, total_half, points: int) -> list[str]:
    """Whether intervals are too wide to rank factors by, and how many points would do."""
    widest = float(max(first_half.max(), total_half[np.argsort(-total)[:10]].max()))
    if widest <= WIDE:
        return []
    needed = 2 ** math.ceil(math.log2(points * (widest / WIDE) ** 2))
    return [
        f"{name}: intervals reach {widest:.2f} to either side; the sample is too small.  --points {needed} would do."
    ]


class Ishigami:
    """The function of Ishigami and Homma (1990), whose indices are known: a check of the whole path."""

    factors = tuple(Factor(name, -math.pi, math.pi, "definition") for name in ("x1", "x2", "x3"))
    outcomes = ("y",)
    #: First-order and total indices for a = 7, b = 0.1.
    A, B = 7.0, 0.1

    def evaluate(self, blocks: Sequence[np.ndarray], chance: Sequence[int]) -> np.ndarray:
        """Its values; nothing is left to chance."""
        x = np.asarray(blocks)
        y = np.sin(x[..., 0]) + self.A * np.sin(x[..., 1]) ** 2 + self.B * x[..., 2] ** 4 * np.sin(x[..., 0])
        return y[..., None]

    @classmethod
    def exact(cls) -> tuple[np.ndarray, np.ndarray]:
        """First-order and total indices, (factor,) each."""
        a, b, pi = cls.A, cls.B, math.pi
        v1, v2 = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8
        v13 = b**2 * pi**8 * (1 / 18 - 1 / 50)
        whole = v1 + v2 + v13
        return np.array([v1, v2, 0.0]) / whole, np.array([v1 + v13, v2, v13]) / whole
