"""Does the fit find what is there? Simulation-based calibration and power.

Parameters are drawn from the prior, a history is drawn under them, and the fit is repeated on it (Talts et al. 2018).
Ranks of the truth in the posteriors must be uniform, 80 % intervals must hold it in 80 % of worlds, and the share of
worlds in which a parameter's sign is found says what a record of this size can show at all. Posteriors are those of
Laplace: hundreds of chains would take days.
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
    steps: np.ndarray
    failed: int

    def ranks(self) -> np.ndarray:
        """(world, parameter) share of the Laplace posterior below the truth."""
        return norm.cdf((self.truth - self.mode) / self.sd)

    def coverage(self) -> np.ndarray:
        """(parameter,) share of worlds whose 80 % interval holds the truth."""
        return (np.abs(self.truth - self.mode) <= _WITHIN_80 * self.sd).mean(axis=0)

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
        lines = [f"{'parameter':38}{'coverage 80 %':>14}{'mean rank':>11}{'sign found':>12}{'narrowed':>10}"]
        columns = zip(self.names, self.coverage(), self.ranks().mean(axis=0), self.sign_found(), self.narrowed())
        for name, covered, rank, sign, narrow in columns:
            shown = f"{sign:.2f}" if name in SIGNED else ""
            lines.append(f"{name[:38]:38}{covered:>14.2f}{rank:>11.2f}{shown:>12}{narrow:>10.2f}")
        lines.append(f"{worlds} worlds, {self.failed} without a mode left out; {self.steps.mean():.0f} steps a world; "
                     f"a share of 0.80 has a standard error of {error:.2f}, a mean rank of {0.289 / worlds**0.5:.2f}")
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
            found = find_mode(posterior_of(panel, history, priors, facts))
            kept.append((truth, found.x, found.sd, n_steps))
        except FitError:
            failed += 1
        progress(world + 1, worlds)
    truth, mode, sd, steps = (np.array(column) for column in zip(*kept))
    prior_sd = np.array([prior.sd for prior in priors])
    return Recovery(tuple(prior.name for prior in priors), prior_sd, truth, mode, sd, steps, failed)
