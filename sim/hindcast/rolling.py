"""Scores on steps that the fit has not seen: rolling origin, one split in time, and one dyad left out at a time.

The score is the log predictive density of all months at risk, steps and silences, in nats. Declarations are fitted but
not scored. A year's shock is integrated out anew in each forecast year; all covariates of a month are taken as known in
it, so these are one-step forecasts and not forecasts years ahead.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import poisson

from sim.facts import Facts
from sim.hindcast.hazard_fit import Problem, chances, fit_variant, pose, score_years, spread_around
from sim.hindcast.variants import Variant
from sim.inference.covariates import Panel
from sim.inference.laplace import find_mode
from sim.inference.observations import Act, History, tidy_history
from sim.inference.posterior import WAVE, Posterior, ladder_term, posterior_of
from sim.inference.priors import Prior
from sim.inference.risk_sets import CERTAIN, LadderRows, every_step, ladder_rows
from sim.inference.sample import posterior_draws
from sim.inference.synthetic import draw_steps

FIRST = 2010
MOST_FOR_CHANCES = 50
Progress = Callable[[int, int], None]
CONFLICT_TERMS = ("frictions", "clashes", "settlements")


def quiet(done: int, total: int) -> None:
    """Report no progress."""


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


def count_distribution(expected: float, spread: float, most: int = 40) -> np.ndarray:
    """(most + 1,) probability of at most 0, 1, ... steps."""
    rates = expected * np.exp(spread * WAVE[0] - 0.5 * spread**2)
    return poisson.cdf(np.arange(most + 1)[:, None], rates) @ WAVE[1]


def coverage(score: Score, level: float) -> float:
    """Share of units whose number of steps lies inside the central interval of a level."""
    inside = []
    for expected, spread, seen in zip(score.expected, score.spread, score.observed):
        below = count_distribution(expected, spread)
        low, high = np.searchsorted(below, (1 - level) / 2), np.searchsorted(below, (1 + level) / 2)
        inside.append(low <= seen <= high)
    return float(np.mean(inside))


def count_pit(score: Score, seed: int = 1) -> np.ndarray:
    """(unit,) uniform if the forecasts are right (Czado, Gneiting & Held 2009)."""
    rng, found = np.random.default_rng(seed), []
    for expected, spread, seen in zip(score.expected, score.spread, score.observed):
        below = count_distribution(expected, spread)
        low, high = (below[int(seen) - 1] if seen else 0.0), below[int(seen)]
        found.append(low + rng.random() * (high - low))
    return np.array(found)


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

    @property
    def last(self) -> int:
        """Last year of the record."""
        return (self.panel.end - 1) // 12

    def pose(self, variant: Variant, until: int | None = None) -> Problem:
        """The variant on these rows, leaders known by their acts before a month, or by all."""
        known = leaders_known(self.panel, self.history.acts, self.priors, self.facts, until or self.panel.end)
        return pose(variant, self.rows, self.panel, self.table, self.facts, known)


def ground_of(panel: Panel, history: History, priors: Sequence[Prior], facts: Facts) -> Ground:
    """A history and priors from `sim.inference.posterior.priors_on`, made ready."""
    return Ground(ladder_rows(panel, history), panel, history, tuple(priors), facts)


@functools.lru_cache(maxsize=64)
def leaders_known(
    panel: Panel, acts: tuple[Act, ...], priors: tuple[Prior, ...], facts: Facts, until: int
) -> tuple[np.ndarray, np.ndarray]:
    """(leader,) mean and standard deviation of openness: mode and Laplace spread on acts before a month.

    Treaties are left to the variant that is scored.

    Parameters
    ----------
    acts : of a history
    priors : from `sim.inference.posterior.priors_on`
    until : absolute month
    """
    posterior = posterior_of(panel, tidy_history((), (), acts), priors, facts, until).only(*CONFLICT_TERMS)
    mode = find_mode(posterior)
    leaders = posterior.layout.at(posterior.layout.leaders)
    return mode.x[leaders], mode.sd[leaders]


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
    log_score = np.array([score_years(problem, vector, scored) for vector in vectors])
    if together:
        log_score = log_score.sum(axis=1, keepdims=True)
    term = problem.term(scored)
    chance = np.mean([chances(term, vector) for vector in vectors[:MOST_FOR_CHANCES]], axis=0)
    return np.logaddexp.reduce(log_score, axis=0) - np.log(len(vectors)), chance


def rolling(variant: Variant, ground: Ground, first: int = FIRST, last: int | None = None, draws: int = 0) -> Score:
    """Each year from the years before it, with a new fit every January, at the mode or averaged over the posterior."""
    rows, parts, x = ground.rows, [], None
    for year in range(first, (last or ground.last) + 1):
        problem = ground.pose(variant, year * 12)
        x = fit_variant(problem, rows.year < year, x)
        mask = scored(rows) & (rows.year == year)
        if mask.any():
            found, chance = averaged(problem, rows.year < year, mask, x, draws)
            parts.append((year, float(found.sum()), chance, mask, problem.spread(x)))
    return assemble(variant.name, variant.title, ground, parts, variant.chosen_after)


def split(variant: Variant, ground: Ground, last_fitted: int = 2017, draws: int = 0) -> Score:
    """One fit on the years up to `last_fitted`; every later year is scored."""
    problem, rows, parts = ground.pose(variant, 12 * (last_fitted + 1)), ground.rows, []
    x = fit_variant(problem, rows.year <= last_fitted)
    for year in np.unique(rows.year[rows.year > last_fitted]):
        mask = scored(rows) & (rows.year == year)
        found, chance = averaged(problem, rows.year <= last_fitted, mask, x, draws)
        parts.append((int(year), float(found.sum()), chance, mask, problem.spread(x)))
    return assemble(variant.name, variant.title, ground, parts, variant.chosen_after)


def leave_one_dyad_out(variant: Variant, ground: Ground, draws: int = 0) -> Score:
    """Each dyad from the fourteen others; what their same year tells of its shock is not used."""
    problem, rows, parts, x = ground.pose(variant), ground.rows, [], None
    for dyad, pair in enumerate(ground.panel.dyads):
        x = fit_variant(problem, rows.dyad != dyad, x)
        mask = scored(rows) & (rows.dyad == dyad)
        by_year, chance = averaged(problem, rows.dyad != dyad, mask, x, draws, together=True)
        parts.append(("-".join(pair), float(by_year.sum()), chance, mask, problem.spread(x)))
    return assemble(variant.name, variant.title, ground, parts, variant.chosen_after)


SCHEMES = {"rolling": rolling, "split": split, "dyads": leave_one_dyad_out}


def all_scores(
    scheme: str,
    variants: Sequence[Variant],
    ground: Ground,
    draws: int = 0,
    progress: Progress = quiet,
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


def whole_calibration(
    ground: Ground,
    draws: int = 250,
    first: int = FIRST,
    last: int | None = None,
    progress: Progress = quiet,
) -> Score:
    """Score of each year's steps under the posterior of everything decided before it, averaged over its draws.

    The other schemes fit the ladder alone, with what acts between neighbours say of leaders put in as a prior, so that
    rivals and variants can be treated alike. Here treaties, answers, frictions, clashes and settlements are fitted
    together every January, as in the calibration that ships, and sampled instead of approximated.

    Raises
    ------
    FitError : the record before a year has no posterior mode
    """
    parts, last = [], last or ground.last
    for year in range(first, last + 1):
        posterior = posterior_of(ground.panel, ground.history, ground.priors, ground.facts, year * 12)
        mask = scored(ground.rows) & (ground.rows.year == year)
        vectors = posterior_draws(posterior, find_mode(posterior), np.random.default_rng([9, year]), draws)
        log_score, chance = _predict(posterior, ground, mask, vectors)
        parts.append(
            (year, log_score, chance, mask, float(np.median(posterior.layout.values(vectors.T, ["ladder.wave_sd"]))))
        )
        progress(year - first + 1, last - first + 1)
    return assemble(
        "the whole calibration", "treaties, answers and acts fitted together, sampled", ground, parts, chosen_after=True
    )


def _predict(posterior: Posterior, ground: Ground, mask: np.ndarray, vectors: np.ndarray) -> tuple[float, np.ndarray]:
    """Log predictive density of the rows of one year and the chance of each, over draws of the posterior."""
    rows = ground.rows.keep(mask)
    term = ladder_term(posterior.layout, ground.panel, rows, posterior.fixed.strength)
    values, chance = np.array([term.value(x) for x in vectors]), np.zeros(len(rows))
    for x in vectors:
        chance += chances(term, x) / len(vectors)
    return float(np.logaddexp.reduce(values) - np.log(len(vectors))), chance


def null_gains(
    model: Variant,
    rival: Variant,
    ground: Ground,
    worlds: int,
    seed: int = 1,
    draws: int = 0,
    progress: Progress = quiet,
) -> np.ndarray:
    """(world,) gain in nats of `model` over `rival` on the rolling origin, in synthetic histories made by the rival.

    The rival must have no covariates: its histories are drawn from its constants and its year's shock, fitted to the
    whole record.
    """
    problem, panel = ground.pose(rival), ground.panel
    x = fit_variant(problem, np.ones(len(ground.rows), bool))
    everything = replace(ground, rows=every_step(panel)).pose(rival)
    linear = everything.predictor.eta(x).reshape(panel.n_months, len(panel.dyads), -1)
    gains = []
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        steps = draw_steps(panel, ground.history, linear, 0.0, 0.0, problem.spread(x), rng)
        made = ground_of(panel, tidy_history(steps, (), ground.history.acts), ground.priors, ground.facts)
        gains.append(rolling(model, made, draws=draws).total - rolling(rival, made, draws=draws).total)
        progress(world + 1, worlds)
    return np.array(gains)
