"""Does the fit find what is there? Simulation-based calibration and power.

Parameters are drawn from the prior, a history is drawn under them, and the fit is repeated on it (Talts et al. 2018).
Ranks of the truth in the posteriors must be uniform, 80 % intervals must hold it in 80 % of worlds, and the share of
worlds in which a parameter's sign is found says what a record of this size can show at all. Posteriors are sampled by
Hamiltonian Monte Carlo; the Laplace approximation stands beside them. What is counted
(`sim.inference.conjugate`) has an exact posterior.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
from scipy.stats import norm

from sim.engine.workers import Worker
from sim.facts import Facts, load_facts
from sim.inference.conjugate import SHARES, draw_shares, shares_of
from sim.inference.covariates import Panel, panel_of
from sim.inference.engine_history import priors_in, simulate_history
from sim.inference.laplace import FitError, find_mode
from sim.inference.observations import History, record
from sim.inference.posterior import posterior_of, priors_on
from sim.inference.priors import SIGNED, Prior, draw_prior, priors_of
from sim.inference.sample import posterior_draws
from sim.inference.synthetic import draw_history

#: Effects on disputes over water whose sign a fit may find (`sim.inference.dispute_worlds`).
DISPUTE_EFFECTS = ("disputes.deficit", "disputes.trust", "disputes.flood", "disputes.season", "disputes.openness")
_WITHIN_80 = norm.ppf(0.9)
_DRAWS = 250  # from the posterior of each world


@dataclass(frozen=True, eq=False)
class Recovery:
    """What was put into the worlds and what was found, (world, parameter).

    names : of the sampled parameters, then of the counted ones, for which there is a rank alone
    mode, sd : of the Laplace approximation; found_sd, positive : posterior spread and share above zero
    rank : share of the posterior below the truth
    steps : events of each world, of the kind that is `counted`
    """

    names: tuple[str, ...]
    prior_sd: np.ndarray
    truth: np.ndarray
    mode: np.ndarray
    sd: np.ndarray
    found_sd: np.ndarray
    positive: np.ndarray
    rank: np.ndarray
    steps: np.ndarray
    failed: int
    counted: str = "steps"

    @property
    def n_sampled(self) -> int:
        """How many parameters were sampled."""
        return self.mode.shape[1]

    def laplace_coverage(self) -> np.ndarray:
        """(sampled parameter,) share of worlds whose 80 % Laplace interval holds the truth."""
        away = np.abs(self.truth[:, : self.n_sampled] - self.mode)
        return (away <= _WITHIN_80 * self.sd).mean(axis=0)

    def coverage(self) -> np.ndarray:
        """(parameter,) share of worlds whose 80 % interval holds the truth."""
        return ((self.rank >= 0.1) & (self.rank <= 0.9)).mean(axis=0)

    def sign_found(self) -> np.ndarray:
        """(sampled parameter,) share of worlds in which at least 90 % of the posterior lies on the truth's side."""
        right = np.where(self.truth[:, : self.n_sampled] > 0, self.positive, 1.0 - self.positive)
        return (right >= 0.9).mean(axis=0)

    def narrowed(self) -> np.ndarray:
        """(sampled parameter,) mean posterior standard deviation as a share of the prior's."""
        return self.found_sd.mean(axis=0) / self.prior_sd

    def lines(self) -> list[str]:
        """A table in words; the Monte-Carlo error of a share is its own root."""
        worlds = len(self.truth)
        lines = [
            f"{'':36}{'80 % interval holds':>20}{'mean':>7}{'sign':>7}{'narrowed':>10}",
            f"{'parameter':36}{'sampled':>10}{'Laplace':>10}{'rank':>7}{'found':>7}",
        ]
        covered, laplace, rank = self.coverage(), self.laplace_coverage(), self.rank.mean(axis=0)
        sign, narrowed = self.sign_found(), self.narrowed()
        for k, name in enumerate(self.names):
            line = f"{name[:36]:36}{covered[k]:10.2f}"
            if k < self.n_sampled:
                shown = f"{sign[k]:.2f}" if name in SIGNED or name in DISPUTE_EFFECTS else ""
                line += f"{laplace[k]:10.2f}{rank[k]:7.2f}{shown:>7}{narrowed[k]:10.2f}"
            else:
                line += f"{'':10}{rank[k]:7.2f}"
            lines.append(line)
        outside = [name for name, share in zip(self.names, covered) if not 0.7 <= share <= 0.9]
        number = "1 world" if worlds == 1 else f"{worlds} worlds"
        lines.append(f"{number}, {self.failed} without a mode left out; {self.steps.mean():.0f} {self.counted} a world")
        lines.append(f"outside 0.70-0.90: {', '.join(outside) or 'none'}")
        lines.append(
            f"a share of 0.80 has a standard error of {np.sqrt(0.16 / worlds):.3f}, a mean rank of "
            f"{0.289 / worlds**0.5:.3f}"
        )
        return lines


def recover(
    facts: Facts,
    worlds: int,
    seed: int = 1,
    prior_set: str = "literature",
    progress: Callable[[int, int], None] = lambda done, total: None,
    processes: int | None = None,
    engine: bool = False,
) -> Recovery:
    """Draw worlds from the prior and fit each of them; the same worlds for the same seed, however many there are.

    Parameters
    ----------
    processes : how many worlds to fit at once, by default as many as there are cores; 1 stays in this process
    engine : simulate the worlds with the engine from 1992, instead of drawing them on the record's covariates
    """
    tasks = [(seed, world, prior_set, engine) for world in range(worlds)]
    found = []
    for result in _each(tasks, min(processes or os.cpu_count() or 1, worlds)):
        found.append(result)
        progress(len(found), worlds)
    kept = [world for world in found if world is not None]
    names, prior_sd = kept[0][:2]
    columns = [np.array(column) for column in zip(*(world[2:] for world in kept))]
    return Recovery(names, prior_sd, *columns, len(found) - len(kept))


def _each(tasks: list[tuple], processes: int) -> Iterator[tuple | None]:
    """Worlds one by one in order; in several processes, since most of a fit holds the interpreter."""
    if processes == 1:
        yield from map(one_world, tasks)
        return
    workers, free = [Worker() for _ in range(processes)], SimpleQueue()
    for worker in workers:
        free.put(worker)

    def fit(task: tuple) -> tuple | None:
        worker = free.get()
        try:
            return worker.call(one_world, task)
        finally:
            free.put(worker)

    with ThreadPoolExecutor(processes) as pool:
        try:
            yield from pool.map(fit, tasks)
        finally:
            for worker in workers:
                worker.close()


@dataclass(frozen=True, eq=False)
class _World:
    """A synthetic history: what the fit may see, and the truth of its parameters and shares; `kept` are reported."""

    panel: Panel
    history: History
    priors: tuple[Prior, ...]
    truth: np.ndarray
    counted: np.ndarray
    kept: np.ndarray


def one_world(task: tuple[int, int, str, bool]) -> tuple | None:
    """Draw and fit one world; None where no mode was found.

    Parameters
    ----------
    task : seed, number of the world, set of priors, whether the engine simulates it; the facts are those that ship
    """
    seed, number, prior_set, engine = task
    facts, rng = load_facts(), np.random.default_rng([seed, number])
    world = (_from_engine if engine else _from_likelihood)(facts, prior_set, number, rng)
    try:
        posterior = posterior_of(world.panel, world.history, world.priors, facts)
        mode = find_mode(posterior)
    except FitError:
        return None
    draws, kept = posterior_draws(posterior, mode, rng, _DRAWS)[:, world.kept], world.kept
    shares, truth = shares_of(facts, world.history), world.truth[kept]
    exact = [share.rank(value) for share, value in zip(shares, world.counted)]
    names = (*(world.priors[k].name for k in kept), *(share.name for share in shares))
    n_steps = sum(not step.assumed and not step.second_half for step in world.history.steps)
    return (
        names,
        np.array([world.priors[k].sd for k in kept]),
        np.concatenate([truth, world.counted]),
        mode.x[kept],
        mode.sd[kept],
        draws.std(axis=0),
        (draws > 0).mean(axis=0),
        np.concatenate([(draws < truth).mean(axis=0), exact]),
        n_steps,
    )


def _from_likelihood(facts: Facts, prior_set: str, number: int, rng: np.random.Generator) -> _World:
    """On the record's covariates, by the likelihood's own process."""
    panel = panel_of(facts)
    recorded = record(facts, panel)
    priors, shares = priors_on(facts, panel, recorded, prior_set), shares_of(facts, recorded)
    truth, counted = draw_prior(priors, 1, rng)[0], draw_shares(shares, 1, rng, with_record=False)[0]
    base = posterior_of(panel, recorded, priors, facts)
    history = draw_history(panel, recorded, base, truth, dict(zip(SHARES, counted.tolist())), rng)
    return _World(panel, history, priors, truth, counted, np.arange(len(priors)))


def _from_engine(facts: Facts, prior_set: str, number: int, rng: np.random.Generator) -> _World:
    """By the engine; its leaders are others than the record's, and only those of January 1992 are reported."""
    panel = panel_of(facts)
    neighbours = tuple("-".join(dyad) for dyad, common in zip(panel.dyads, panel.neighbours) if common)
    priors, shares = priors_of(facts, prior_set, panel.states, neighbours), shares_of(facts, record(facts, panel))
    # calibration files keep single precision
    truth = draw_prior(priors, 1, rng)[0].astype(np.float32).astype(np.float64)
    counted = draw_shares(shares, 1, rng, with_record=False)[0]
    names = [*(prior.name for prior in priors), *SHARES]
    simulated = simulate_history(facts, names, np.concatenate([truth, counted]), number)
    own = priors_in(simulated, facts, priors)
    value = dict(zip(names, truth)) | dict(zip((prior.name for prior in own if prior.groups), simulated.openness))
    first = {f"openness.{state}.1" for state in panel.states}
    kept = [k for k, prior in enumerate(own) if not prior.groups or prior.name in first]
    return _World(
        simulated.panel, simulated.history, own, np.array([value[prior.name] for prior in own]), counted, np.array(kept)
    )
