"""Fitting one variant to some rows, and scoring it on others."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from sim.facts import Facts
from sim.hindcast.variants import Variant
from sim.inference.covariates import Panel
from sim.inference.ladder_likelihood import (
    LadderArrays,
    ladder_arrays,
    ladder_log_likelihood,
    quadrature,
    row_probabilities,
)
from sim.inference.priors import Prior
from sim.inference.rows import LadderRows

_WAVE, _NO_WAVE = quadrature(61), (np.zeros(1), np.ones(1))
_INTERCEPT = (-5.0, 2.0)  # prior of a rival's constant hazard: half a year to two centuries


@dataclass(frozen=True, eq=False)
class Problem:
    """A variant on a set of rows: what can be fitted, and how the vector unfolds.

    The vector is theta (4 or 1), slope if V enters, coefficients, spread of the shock if there is one, openness of
    leaders if fitted, shocks of leaders if any.
    """

    variant: Variant
    rows: LadderRows
    columns: np.ndarray
    priors: tuple[Prior, ...]
    openness: np.ndarray
    strength: np.ndarray
    leader_columns: int

    @property
    def nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and weights of the year's shock."""
        return _WAVE if self.variant.wave else _NO_WAVE

    def arrays(self, mask: np.ndarray) -> LadderArrays:
        """Compiled form of some rows."""
        return ladder_arrays(self.rows.keep(mask), self.columns[mask])

    def unfold(self, x: np.ndarray) -> tuple:
        """theta, slope, coefficients, spread, openness, strength, sharpness."""
        v, at = self.variant, 4 if self.variant.by_kind else 1
        theta = x[:4].copy() if v.by_kind else np.full(4, x[0])
        slope = float(x[at]) if v.value else 0.0
        at += int(v.value)
        n = len(v.columns)
        coefficients, at = x[at : at + n], at + n
        spread = float(x[at]) if v.wave else 0.0
        at += int(v.wave)
        openness = self.openness
        if v.value and v.openness:
            openness, at = x[at : at + len(openness)], at + len(openness)
        shocks = x[at : at + self.leader_columns]
        return theta, slope, np.concatenate([coefficients, shocks]), spread, openness, self.strength, v.sharpness


def pose(
    variant: Variant,
    rows: LadderRows,
    panel: Panel,
    table: dict[str, Prior],
    facts: Facts,
    known: tuple[np.ndarray, np.ndarray],
) -> Problem:
    """A variant on the rows of a history.

    Parameters
    ----------
    table : priors of the shipped parameters by name
    known : (leader,) mean and standard deviation of openness that no treaty says, `sim.hindcast.leaders`
    """
    columns = [column.of(rows, panel) for column in variant.columns]
    if variant.unknown_leaders:
        unknown = float(np.hypot(table_sd(facts, "state"), table_sd(facts, "leader")))
        known = np.zeros(len(panel.leaders)), np.full(len(panel.leaders), unknown)
    openness = known[0]
    strength = np.full(len(panel.states), next(r.value for r in facts.parameters if r.name == "border.blocker"))
    leaders = 0
    if variant.persons > 0.0:
        leaders = len(openness)
        columns += [0.5 * ((rows.leader_a == k) + 0.0) + 0.5 * (rows.leader_b == k) for k in range(leaders)]
    if variant.flat_trust:
        rows = _flat_trust(rows, panel)
    return Problem(
        variant,
        rows,
        np.column_stack(columns) if columns else np.empty((len(rows), 0)),
        _priors(variant, table, known, leaders),
        openness,
        strength,
        leaders,
    )


def _flat_trust(rows: LadderRows, panel: Panel) -> LadderRows:
    """Rows whose value has lost what trust tells, month by month: the part that a regression on trust explains."""
    from dataclasses import replace

    t = rows.month - panel.first
    changed = {}
    for side, me, other in (("value_a", rows.state_a, rows.state_b), ("value_b", rows.state_b, rows.state_a)):
        value, trust = getattr(rows, side).copy(), panel.trust[t, me, other]
        for state in range(len(panel.states)):
            for kind in range(4):
                these = (me == state) & (rows.kind == kind)
                if these.sum() > 2 and trust[these].std() > 1e-9:
                    slope = np.cov(trust[these], value[these])[0, 1] / trust[these].var(ddof=1)
                    value[these] -= slope * (trust[these] - trust[these].mean())
        changed[side] = value
    return replace(rows, **changed)


def _priors(variant: Variant, table: dict[str, Prior], known, leaders: int) -> tuple[Prior, ...]:
    names = ("ladder.friendship", "ladder.partnership", "ladder.alliance", "ladder.declaration")
    if variant.literature:
        found = [table[name] for name in names]
    else:
        found = [Prior("theta", *_INTERCEPT, -15.0, 2.0)] * (4 if variant.by_kind else 1)
    if variant.value:
        found.append(table["ladder.interest"])
    found += [Prior(column.name, column.mean, column.sd, -20.0, 20.0) for column in variant.columns]
    if variant.wave:
        found.append(table["ladder.wave_sd"])
    if variant.value and variant.openness:
        found += [Prior("openness", mean, sd, -5.0, 5.0) for mean, sd in zip(*known)]
    return (*found, *([Prior("leader", 0.0, variant.persons, -5.0, 5.0)] * leaders))


def table_sd(facts, whose: str) -> float:
    """Spread of openness between states or between leaders of one state."""
    return float(next(row.value for row in facts.parameters if row.name == f"leaders.{whose}_openness_sd"))


def spread_around(problem: Problem, mask: np.ndarray, x: np.ndarray, draws: int, seed: int = 1) -> np.ndarray:
    """(draw, parameter) from the Laplace approximation of the posterior around its mode, inside the ranges."""
    mean, sd, low, high = np.array([(p.mean, p.sd, p.lower, p.upper) for p in problem.priors]).T
    step, size = 1e-3, len(x)
    slope = _slope_of(problem, mask, mean, sd)
    curvature = np.array([(slope(x + step * e) - slope(x - step * e)) / (2 * step) for e in np.eye(size)])
    values, vectors = np.linalg.eigh(-0.5 * (curvature + curvature.T))
    root = vectors / np.sqrt(np.maximum(values, 1.0 / sd.max() ** 2))
    found = x + np.random.default_rng(seed).standard_normal((draws, size)) @ root.T
    # a draw beyond a limit (a spread below zero) is mirrored there
    found = np.where(found < low, 2 * low - found, found)
    return np.clip(np.where(found > high, 2 * high - found, found), low, high)


def _slope_of(problem: Problem, mask: np.ndarray, mean: np.ndarray, sd: np.ndarray):
    """Gradient of the log posterior density as a function of the vector."""
    arrays = problem.arrays(mask)
    per_year = np.empty(len(arrays.begins) - 1)
    gradient = np.empty(6 + problem.columns.shape[1] + len(problem.openness) + len(problem.strength))

    def slope(x):
        ladder_log_likelihood(arrays, *problem.unfold(x), *problem.nodes, per_year, gradient)
        return fold(problem, gradient) - (x - mean) / sd**2

    return slope


def fit_variant(problem: Problem, mask: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Mode of the posterior on the rows of a mask."""
    arrays = problem.arrays(mask)
    mean, sd, low, high = np.array([(p.mean, p.sd, p.lower, p.upper) for p in problem.priors]).T
    if start is None:
        start = np.where(low == mean, mean + 0.5 * sd, mean)
    per_year = np.empty(len(arrays.begins) - 1)
    n_columns = problem.columns.shape[1]
    gradient = np.empty(6 + n_columns + len(problem.openness) + len(problem.strength))

    def downhill(x):
        value = ladder_log_likelihood(arrays, *problem.unfold(x), *problem.nodes, per_year, gradient)
        if not np.isfinite(value):
            return 1e12, np.zeros(len(x))
        slope = fold(problem, gradient) - (x - mean) / sd**2
        return -value + 0.5 * np.sum(((x - mean) / sd) ** 2), -slope

    bounds = list(zip(low + 1e-3, high - 1e-3))
    found = minimize(
        downhill,
        np.clip(start, low + 1e-3, high - 1e-3),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 300},
    )
    return found.x


def fold(problem: Problem, gradient: np.ndarray) -> np.ndarray:
    """The gradient of the compiled likelihood in the order of the problem's vector."""
    v, n_own = problem.variant, len(problem.variant.columns)
    n_all = problem.columns.shape[1]
    parts = [gradient[:4] if v.by_kind else [gradient[:4].sum()]]
    if v.value:
        parts.append(gradient[4:5])
    parts.append(gradient[5 : 5 + n_own])
    if v.wave:
        parts.append(gradient[5 + n_all : 6 + n_all])
    if v.value and v.openness:
        parts.append(gradient[6 + n_all : 6 + n_all + len(problem.openness)])
    parts.append(gradient[5 + n_own : 5 + n_all])
    return np.concatenate(parts)


def score_years(problem: Problem, x: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Calendar years of the rows of a mask and the log predictive density of each, its shock unknown."""
    arrays = problem.arrays(mask)
    per_year = np.empty(len(arrays.begins) - 1)
    ladder_log_likelihood(arrays, *problem.unfold(x), *problem.nodes, per_year, np.empty(0))
    return arrays.month[arrays.begins[:-1]] // 12, per_year


def chances(problem: Problem, x: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(row,) probability of an event in each row of a mask."""
    return row_probabilities(problem.arrays(mask), *problem.unfold(x), *problem.nodes)
