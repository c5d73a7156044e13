"""Synthetic worlds in which the truth about a claim is known, for the rates of the decision table.

A record says something of a coefficient b; the model lets events come at the rate exp(a + b) in one arm and exp(a) in
the other, on common random numbers. What is claimed is that there are more events in the first.
"""

import numpy as np
from scipy import stats

from sim.studies.estimate import Estimate, estimate
from sim.studies.verdict import Judgement, judge

LITERATURE = (0.5, 0.7)  # prior mean and sd of b
KINDS = ("true", "false", "built-in", "prior", "not identified")
EXPECTED = {
    "true": "supported",
    "false": "contradicted",
    "built-in": "assumed",
    "prior": "assumed",
    "not identified": "not identified",
}


def _posterior(prior: tuple[float, float], record: tuple[float, float] | None) -> tuple[float, float]:
    if record is None:
        return prior
    (m, s), (b, e) = prior, record
    precision = 1 / s**2 + 1 / e**2
    return (m / s**2 + b / e**2) / precision, precision**-0.5


def _effect(b: np.ndarray, rows: np.ndarray, rng: np.random.Generator, at_rest: float = 0.0) -> Estimate:
    """Paired differences of events, five a member or so, from one uniform for both arms."""
    u = rng.random(rows.size)
    ours = stats.poisson.ppf(u, 5 * np.exp(np.clip(b[rows], -5, 3)))
    return estimate(ours - stats.poisson.ppf(u, 5 * np.exp(at_rest)), rows)


def world(kind: str, seed: int, members: int = 500, rows: int = 100) -> Judgement:
    """The judgement in one world of a kind."""
    rng = np.random.default_rng([KINDS.index(kind), seed])
    prior, record = LITERATURE, None
    if kind in ("true", "false"):
        error = 0.2  # four standard errors from nothing
        record = (rng.normal(0.8 if kind == "true" else -0.8, error), error)
    elif kind == "prior":
        prior, record = (1.2, 0.5), (rng.normal(1.2, 1.5), 1.5)
    elif kind == "not identified":
        record = (rng.normal(0.0, 1.0), 1.0)
    member_rows = rng.integers(rows, size=members)
    symmetric = (0.0, float(np.hypot(*prior)))
    effects = {}
    for name, (mean, sd) in (
        ("posterior", _posterior(prior, record)),
        ("symmetric", _posterior(symmetric, record)),
        ("prior-only", prior),
    ):
        b = rng.normal(mean, sd, rows)
        if kind == "built-in":  # the equation takes the size of the coefficient, whatever its sign
            b = np.abs(b)
        effects[name] = _effect(b, member_rows, rng)
    return judge(effects, "higher", 0.0)


def rate(kind: str, worlds: int, **size: int) -> float:
    """Share of worlds of a kind with the right verdict."""
    return float(np.mean([world(kind, seed, **size).verdict == EXPECTED[kind] for seed in range(worlds)]))


if __name__ == "__main__":
    for kind in KINDS:
        shipped, small = rate(kind, 400), rate(kind, 400, members=200, rows=50)
        print(f"{kind:15} {EXPECTED[kind]:15} {shipped:.3f}, with 200 members on 50 rows {small:.3f}")
