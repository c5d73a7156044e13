"""Fitting one variant of the hazard of steps to some rows, and scoring it on others."""

from dataclasses import dataclass, field, replace

import numpy as np

from sim.hindcast.variants import Variant, without_signs
from sim.hindcast.vintage import unknown_openness
from sim.inference.covariates import Panel
from sim.inference.laplace import Mode, curvature_root, find_mode
from sim.inference.likelihood import row_probabilities
from sim.inference.posterior import HazardTerm, Posterior, year_blocks
from sim.inference.predictors import Predictor, ladder_covariates, ladder_side, predictor
from sim.inference.priors import Layout, Prior
from sim.inference.risk_sets import KINDS, LadderRows

_INTERCEPT = (-5.0, 2.0)  # prior of a rival's constant hazard: half a year to two centuries
_THETA = tuple(f"ladder.{kind}" for kind in KINDS)


@dataclass(frozen=True, eq=False)
class SoftMinimum(Predictor):
    """A predictor in which the less willing of two states decides: -log(mean(exp(-sharpness V))) / sharpness.

    value and persons are those of the one state, value_b and persons_b those of the other.
    """

    value_b: np.ndarray = field(default_factory=lambda: np.empty(0))
    persons_b: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    sharpness: float = 4.0

    def _sides(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a, b = self.value + u @ self.persons, self.value_b + u @ self.persons_b
        return a, b

    def worth(self, u: np.ndarray) -> np.ndarray:
        """(row,) the dyad's value."""
        return -(np.logaddexp(*(-self.sharpness * side for side in self._sides(u))) - np.log(2.0)) / self.sharpness

    def worth_slope(self, u: np.ndarray) -> np.ndarray:
        """(person, row) its derivative by u."""
        a, b = self._sides(u)
        own = 1.0 / (1.0 + np.exp(self.sharpness * (a - b)))
        return own * self.persons + (1.0 - own) * self.persons_b


@dataclass(frozen=True, eq=False)
class Problem:
    """A variant on a set of rows: its predictor on all of them, and the priors of what can be fitted."""

    variant: Variant
    rows: LadderRows
    predictor: Predictor
    priors: tuple[Prior, ...]

    def posterior(self, mask: np.ndarray) -> Posterior:
        """The posterior on the rows of a mask."""
        return Posterior(self.priors, {"ladder": self.term(mask)})

    def term(self, mask: np.ndarray) -> HazardTerm:
        """The likelihood of the rows of a mask."""
        return HazardTerm(self.predictor.keep(mask), year_blocks(self.rows.keep(mask)), self.spread_at)

    @property
    def spread_at(self) -> int:
        """Place of the spread of the year's shock; -1 without one."""
        return [prior.name for prior in self.priors].index("ladder.wave_sd") if self.variant.wave else -1

    def spread(self, x: np.ndarray) -> float:
        """Of the year's shock at a vector; 0 without one."""
        return float(x[self.spread_at]) if self.variant.wave else 0.0


def pose(
    variant: Variant,
    rows: LadderRows,
    panel: Panel,
    table: dict[str, Prior],
    facts,
    known: tuple[np.ndarray, np.ndarray],
) -> Problem:
    """A variant on the rows of a history.

    Parameters
    ----------
    table : priors of the shipped parameters by name
    known : (leader,) mean and standard deviation of openness that no treaty says, `sim.hindcast.rolling.leaders_known`
    """
    if variant.unknown_leaders:
        n = len(panel.leaders)
        known = np.zeros(n), np.full(n, unknown_openness(facts))
    priors = _priors(variant, table, known)
    layout = Layout(prior.name for prior in priors)
    kinds = ladder_covariates(rows, panel)
    covariates = {name: kinds[name] for name in _THETA} if variant.by_kind else {"theta": np.ones(len(rows))}
    covariates |= {column.name: column.of(rows, panel) for column in variant.columns}
    if variant.persons > 0.0:
        for k in range(len(panel.leaders)):
            covariates[f"shock.{k}"] = 0.5 * (rows.leader_a == k) + 0.5 * (rows.leader_b == k)
    if not variant.value:
        return Problem(variant, rows, predictor(layout, covariates), priors)
    valued = _flat_trust(rows, panel) if variant.flat_trust else rows
    strength = next(row.value for row in facts.parameters if row.name == "border.blocker")
    weight = 1.0 if variant.sharpness else 0.5
    (one, value_a), (other, value_b) = (ladder_side(layout, panel, valued, side, strength, weight) for side in "ab")
    if not variant.openness:  # held at its prior mean
        value_a, value_b = (
            value + weight * known[0][leader] for value, leader in ((value_a, rows.leader_a), (value_b, rows.leader_b))
        )
    if variant.sharpness:
        stacked = np.array(list(other.values())).reshape(-1, len(rows))
        more = {"value_b": value_b, "persons_b": stacked, "sharpness": variant.sharpness}
        made = predictor(layout, covariates, one, value_a, "ladder.interest", make=SoftMinimum, **more)
    else:
        persons = {name: one[name] + other[name] for name in one}
        made = predictor(layout, covariates, persons, value_a + value_b, "ladder.interest")
    return Problem(variant, valued, made, priors)


def _flat_trust(rows: LadderRows, panel: Panel) -> LadderRows:
    """Rows whose value has lost what trust says, month by month: the part that a regression on trust explains."""
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


def _priors(variant: Variant, table: dict[str, Prior], known) -> tuple[Prior, ...]:
    if variant.literature:
        found = [table[name] for name in _THETA]
    else:
        found = [Prior(name, *_INTERCEPT, -15.0, 2.0) for name in (_THETA if variant.by_kind else ("theta",))]
    if variant.value:
        found.append((without_signs(table) if variant.neutral else table)["ladder.interest"])
    found += [Prior(column.name, column.mean, column.sd, -20.0, 20.0) for column in variant.columns]
    if variant.wave:
        found.append(table["ladder.wave_sd"])
    if variant.value and variant.openness:
        found += [Prior(f"openness.{k}", mean, sd, -5.0, 5.0) for k, (mean, sd) in enumerate(zip(*known))]
    if variant.persons > 0.0:
        found += [Prior(f"shock.{k}", 0.0, variant.persons, -5.0, 5.0) for k in range(len(known[0]))]
    return tuple(found)


def fit_variant(problem: Problem, mask: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Mode of the posterior on the rows of a mask."""
    return find_mode(problem.posterior(mask), start, curvature=False).x


def spread_around(problem: Problem, mask: np.ndarray, x: np.ndarray, draws: int, seed: int = 1) -> np.ndarray:
    """(draw, parameter) from the Laplace approximation of the posterior around its mode, inside the ranges."""
    posterior = problem.posterior(mask)
    return inside(posterior, x, curvature_root(posterior, x), np.random.default_rng(seed), draws)


def laplace_draws(posterior: Posterior, mode: Mode, rng: np.random.Generator, draws: int) -> np.ndarray:
    """(draw, parameter) the same of a posterior whose mode is known: seconds where sampling takes many."""
    return inside(posterior, mode.x, curvature_root(posterior, mode.x), rng, draws)


def inside(posterior: Posterior, x: np.ndarray, root: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """(draw, parameter) normal around a vector with a root of its covariance, inside the posterior's ranges."""
    low, high = posterior.limits
    found = x + rng.standard_normal((draws, len(x))) @ root.T
    # a draw beyond a limit (a spread below zero) is mirrored there
    found = np.where(found < low, 2 * low - found, found)
    return np.clip(np.where(found > high, 2 * high - found, found), low, high)


def score_years(problem: Problem, x: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(year,) log predictive density of the rows of a mask, year by year, the shock of each unknown."""
    return problem.term(mask).by_block(x)


def chances(term: HazardTerm, x: np.ndarray) -> np.ndarray:
    """(row,) probability of an event in each row."""
    return row_probabilities(term.predictor.eta(x), term.spread(x), *term.nodes)
