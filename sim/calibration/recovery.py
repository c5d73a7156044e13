"""Does the fit find what is there? Simulation-based calibration and power.

Parameters are drawn from the prior, a history is drawn under them, and the fit is repeated on it (Talts et al. 2018).
Ranks of the truth in the posteriors must be uniform, 80 % intervals must hold it in 80 % of worlds, and the share of
worlds in which a parameter's sign is found says what a record of this size can show at all. Hundreds of chains would
take days: the posterior of a world is its Laplace approximation, and draws from it weighted by how much more or less
likely the exact posterior finds them (importance sampling); both are reported, since they differ where a posterior is
skewed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from sim.calibration.history import record
from sim.calibration.mode import FitError, find_mode
from sim.calibration.panel import panel_of
from sim.calibration.posterior import blocked_states, posterior_of
from sim.calibration.priors import SIGNED, draw_prior, priors_of
from sim.calibration.synthetic import draw_history
from sim.calibration.weighting import weighted_draws
from sim.facts import Facts

_WITHIN_80 = norm.ppf(0.9)


@dataclass(frozen=True, eq=False)
class Recovery:
    """What was put into the worlds and what was found, (world, parameter)."""

    names: tuple[str, ...]
    prior_sd: np.ndarray
    truth: np.ndarray
    mode: np.ndarray
    sd: np.ndarray
    rank: np.ndarray  # share of the weighted draws below the truth
    effective: np.ndarray  # (world,) effective number of weighted draws
    steps: np.ndarray
    failed: int

    def laplace_ranks(self) -> np.ndarray:
        """(world, parameter) share of the Laplace posterior below the truth."""
        return norm.cdf((self.truth - self.mode) / self.sd)

    def laplace_coverage(self) -> np.ndarray:
        """(parameter,) share of worlds whose 80 % Laplace interval holds the truth."""
        return (np.abs(self.truth - self.mode) <= _WITHIN_80 * self.sd).mean(axis=0)

    def coverage(self) -> np.ndarray:
        """(parameter,) share of worlds whose 80 % interval of weighted draws holds the truth."""
        return ((self.rank >= 0.1) & (self.rank <= 0.9)).mean(axis=0)

    def sign_found(self) -> np.ndarray:
        """(parameter,) share of worlds in which at least 90 % of the posterior lies on the truth's side of zero."""
        certain = norm.cdf(np.sign(self.truth) * self.mode / self.sd) >= 0.9
        return certain.mean(axis=0)

    def narrowed(self) -> np.ndarray:
        """(parameter,) mean posterior standard deviation as a share of the prior's."""
        return self.sd.mean(axis=0) / self.prior_sd

    def lines(self) -> list[str]:
        """A table in words; the Monte-Carlo error of a share is its own root."""
        worlds = len(self.truth)
        error = np.sqrt(0.8 * 0.2 / worlds)
        lines = [f"{'':30}{'80 % interval holds':>20}{'mean rank':>16}{'sign':>7}{'narrowed':>10}",
                 f"{'parameter':30}{'weighted':>10}{'Laplace':>10}{'weighted':>9}{'Lapl.':>7}{'found':>7}"]
        columns = zip(self.names, self.coverage(), self.laplace_coverage(), self.rank.mean(axis=0),
                      self.laplace_ranks().mean(axis=0), self.sign_found(), self.narrowed())  # fmt: skip
        for name, covered, laplace, rank, laplace_rank, sign, narrow in columns:
            shown = f"{sign:.2f}" if name in SIGNED else ""
            lines.append(f"{name[:30]:30}{covered:10.2f}{laplace:10.2f}{rank:9.2f}{laplace_rank:7.2f}{shown:>7}"
                         f"{narrow:10.2f}")
        lines.append(f"{worlds} worlds, {self.failed} without a mode left out; {self.steps.mean():.0f} steps a world")
        few, middle = self.effective.min(), np.median(self.effective)
        lines.append(f"effective weighted draws: median {middle:.0f}, least {few:.0f}")
        lines.append(f"a share of 0.80 has a standard error of {error:.2f}, a mean rank of {0.289 / worlds**0.5:.2f}")
        return lines


def recover(facts: Facts, worlds: int, seed: int = 1, prior_set: str = "literature",
            progress: Callable[[int, int], None] = lambda done, total: None) -> Recovery:  # fmt: skip
    """Draw worlds from the prior and fit each of them; the same worlds for the same seed, however many there are."""
    panel = panel_of(facts)
    recorded = record(facts, panel)
    priors = priors_of(facts, prior_set, blocked_states(panel))
    base = posterior_of(panel, recorded, priors, facts)
    kept, failed = [], 0
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        truth = draw_prior(priors, 1, rng)[0]
        openness, strength = base.unpack(truth)
        history = draw_history(panel, recorded, truth, openness, strength, base.accession, rng)
        n_steps = sum(not step.assumed and not step.second_half for step in history.steps)
        try:
            posterior = posterior_of(panel, history, priors, facts)
            found = find_mode(posterior)
            sampled = weighted_draws(posterior, found, rng)
            kept.append((truth, found.x, found.sd, sampled.ranks(truth), sampled.effective, n_steps))
        except FitError:
            failed += 1
        progress(world + 1, worlds)
    truth, mode, sd, rank, effective, steps = (np.array(column) for column in zip(*kept))
    prior_sd = np.array([prior.sd for prior in priors])
    return Recovery(tuple(prior.name for prior in priors), prior_sd, truth, mode, sd, rank, effective, steps, failed)
