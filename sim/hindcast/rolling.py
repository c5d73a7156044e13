"""Scores on steps that the fit has not seen: rolling origin, one split in time, and one dyad left out at a time.

The score is the log predictive density of all months at risk, steps and silences, in nats. Declarations are fitted but
not scored. A year's shock is integrated out anew in each forecast year; all covariates of a month are taken as known in
it, so these are one-step forecasts and not forecasts years ahead.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.facts import Facts
from sim.hindcast.hazard import Problem, chances, fit_variant, pose, score_years, spread_around
from sim.hindcast.leaders import leaders_known
from sim.hindcast.variants import Variant
from sim.inference.covariates import Panel
from sim.inference.observations import History
from sim.inference.priors import Prior
from sim.inference.rows import CERTAIN, LadderRows, ladder_rows

FIRST, LAST = 2010, 2025
MOST_FOR_CHANCES = 50
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Score:
    """How one variant did.

    units, log_score : years or dyads, and the log predictive density of each
    events : steps scored
    chance, came : (row,) probability of each scored month, and whether the step came; months of a step known to the
        year only count in the log score alone
    row_unit : (row,) the unit of each row
    spread : (unit,) of the year's shock in the fit used there; 0 without one
    """

    name: str
    title: str
    units: tuple
    log_score: np.ndarray
    events: int
    chance: np.ndarray
    came: np.ndarray
    row_unit: np.ndarray
    spread: np.ndarray
    chosen_after: bool = False

    @property
    def total(self) -> float:
        """Nats over all units."""
        return float(self.log_score.sum())

    @property
    def expected(self) -> np.ndarray:
        """(unit,) steps expected, given what was at risk."""
        return np.bincount(self.row_unit, self.chance, len(self.units))

    @property
    def observed(self) -> np.ndarray:
        """(unit,) steps that came."""
        return np.bincount(self.row_unit, self.came, len(self.units))

    @property
    def brier(self) -> float:
        """Sum of squared errors of monthly probabilities."""
        return float(np.sum((self.chance - self.came) ** 2))


@dataclass(frozen=True, eq=False)
class Ground:
    """Rows of a history with all that variants need."""

    rows: LadderRows
    panel: Panel
    history: History
    priors: tuple[Prior, ...]
    facts: Facts

    @property
    def table(self) -> dict[str, Prior]:
        """Priors by name."""
        return {prior.name: prior for prior in self.priors}

    def pose(self, variant: Variant, until: int | None = None) -> Problem:
        """The variant on these rows, leaders known by their acts before a month, or by all."""
        known = leaders_known(self.panel, self.history.acts, self.priors, self.facts, until or self.panel.end)
        return pose(variant, self.rows, self.panel, self.table, self.facts, known)


def ground_of(panel: Panel, history: History, priors: Sequence[Prior], facts: Facts) -> Ground:
    """A history and priors from `sim.inference.posterior.priors_on`, made ready."""
    return Ground(ladder_rows(panel, history), panel, history, tuple(priors), facts)


def scored(rows: LadderRows) -> np.ndarray:
    """(row,) whether a row counts in scores: steps do, declarations do not."""
    return rows.kind < 3


def assemble(name: str, title: str, ground: Ground, parts: list[tuple], chosen_after: bool = False) -> Score:
    """A score from its parts: (unit, log score, chance of rows, mask, spread) of each unit."""
    rows = ground.rows
    windows = {int(g) for part in parts for g in rows.group[part[3]] if g >= 0}
    certain = [rows.phase[part[3]] == CERTAIN for part in parts]
    came = np.concatenate([rows.event[part[3]][sure].astype(float) for part, sure in zip(parts, certain)])
    return Score(
        name,
        title,
        tuple(part[0] for part in parts),
        np.array([part[1] for part in parts]),
        int(came.sum()) + len(windows),
        np.concatenate([part[2][sure] for part, sure in zip(parts, certain)]),
        came,
        np.concatenate([np.full(sure.sum(), k) for k, sure in enumerate(certain)]),
        np.array([part[4] for part in parts]),
        chosen_after,
    )


def averaged(
    problem: Problem, fitted: np.ndarray, scored: np.ndarray, x: np.ndarray, draws: int, together: bool = False
):
    """Log predictive density of each year of the scored rows, and their chances, averaged over the posterior.

    With no draws they are those at the mode. `together` averages the product of all years, not each year.
    """
    vectors = spread_around(problem, fitted, x, draws) if draws else x[None]
    log_score = np.array([score_years(problem, vector, scored)[1] for vector in vectors])
    if together:
        log_score = log_score.sum(axis=1, keepdims=True)
    chance = np.mean([chances(problem, vector, scored) for vector in vectors[:MOST_FOR_CHANCES]], axis=0)
    return np.logaddexp.reduce(log_score, axis=0) - np.log(len(vectors)), chance


def rolling(variant: Variant, ground: Ground, first: int = FIRST, last: int = LAST, draws: int = 0) -> Score:
    """Each year from the years before it, with a new fit every January, at the mode or averaged over the posterior."""
    rows, parts, x = ground.rows, [], None
    for year in range(first, last + 1):
        problem = ground.pose(variant, year * 12)
        x = fit_variant(problem, rows.year < year, x)
        mask = scored(rows) & (rows.year == year)
        if mask.any():
            found, chance = averaged(problem, rows.year < year, mask, x, draws)
            parts.append((year, float(found.sum()), chance, mask, problem.unfold(x)[3]))
    return assemble(variant.name, variant.title, ground, parts, variant.chosen_after)


def split(variant: Variant, ground: Ground, last_fitted: int = 2017, draws: int = 0) -> Score:
    """One fit on the years up to `last_fitted`; every later year is scored."""
    problem, rows, parts = ground.pose(variant, 12 * (last_fitted + 1)), ground.rows, []
    x = fit_variant(problem, rows.year <= last_fitted)
    for year in np.unique(rows.year[rows.year > last_fitted]):
        mask = scored(rows) & (rows.year == year)
        found, chance = averaged(problem, rows.year <= last_fitted, mask, x, draws)
        parts.append((int(year), float(found.sum()), chance, mask, problem.unfold(x)[3]))
    return assemble(variant.name, variant.title, ground, parts, variant.chosen_after)


def leave_one_dyad_out(variant: Variant, ground: Ground, draws: int = 0) -> Score:
    """Each dyad from the fourteen others; what their same year tells of its shock is not used."""
    problem, rows, parts, x = ground.pose(variant), ground.rows, [], None
    for dyad, pair in enumerate(ground.panel.dyads):
        x = fit_variant(problem, rows.dyad != dyad, x)
        mask = scored(rows) & (rows.dyad == dyad)
        by_year, chance = averaged(problem, rows.dyad != dyad, mask, x, draws, together=True)
        parts.append(("-".join(pair), float(by_year.sum()), chance, mask, problem.unfold(x)[3]))
    return assemble(variant.name, variant.title, ground, parts, variant.chosen_after)


SCHEMES = {"rolling": rolling, "split": split, "dyads": leave_one_dyad_out}


def all_scores(
    scheme: str,
    variants: Sequence[Variant],
    ground: Ground,
    draws: int = 0,
    progress: Progress = lambda done, total: None,
) -> list[Score]:
    """Scores of several variants by one of the three schemes, in order."""
    found = []
    for k, variant in enumerate(variants):
        found.append(SCHEMES[scheme](variant, ground, draws=draws))
        progress(k + 1, len(variants))
    return found


def reliable_gain(better: Score, worse: Score, seed: int = 1, resamples: int = 4000) -> tuple[float, float, float]:
    """Gain in nats of one score over another and its 90 % interval, by resampling units (years or dyads)."""
    gain = better.log_score - worse.log_score
    rng = np.random.default_rng(seed)
    totals = gain[rng.integers(0, len(gain), (resamples, len(gain)))].sum(axis=1)
    return float(gain.sum()), float(np.quantile(totals, 0.05)), float(np.quantile(totals, 0.95))
