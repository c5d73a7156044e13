"""Sampling the posterior with emcee, in steps that can be interrupted, and a check that refuses too short a chain.

Differential-evolution moves (ter Braak 2006; Nelson et al. 2014) of an ensemble of walkers (Foreman-Mackey et al.
2013). A chain must be fifty autocorrelation times long before anything is said about it.
"""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import emcee
import numpy as np

from sim.inference.laplace import Mode
from sim.inference.posterior import Posterior

TIMES_NEEDED = 50
THIN = 10
_STEPS_AT_ONCE = 200


class ChainTooShortError(RuntimeError):
    """The chain cannot be trusted yet; `needed` says how many steps would do."""

    def __init__(self, steps: int, time: float, needed: int):
        super().__init__(
            f"{steps} steps are only {steps / time:.0f} autocorrelation times (longest {time:.0f} steps); "
            f"{TIMES_NEEDED} are needed: about {needed} steps.  Go on with --steps {needed}."
        )
        self.steps, self.time, self.needed = steps, time, needed


class CheckpointError(RuntimeError):
    """A checkpoint belongs to another fit, or is damaged."""


@dataclass(frozen=True, eq=False)
class Chain:
    """What the walkers visited: (kept step, walker, parameter), one of every THIN steps, and shares accepted."""

    positions: np.ndarray
    accepted: float

    @property
    def steps(self) -> int:
        """Steps taken by each walker."""
        return len(self.positions) * THIN

    def autocorrelation_times(self, discard: int) -> np.ndarray:
        """(parameter,) integrated autocorrelation times in steps, without the first `discard` steps."""
        kept = self.positions[discard // THIN :]
        return THIN * emcee.autocorr.integrated_time(kept, tol=0, quiet=True)


def sample(
    posterior: Posterior,
    mode: Mode,
    steps: int,
    walkers: int,
    seed: int,
    checkpoint: Path | None = None,
    identity: str = "",
    progress: Callable[[int, int], None] = lambda done, total: None,
    threads: int = 2,
) -> Chain:
    """Walk for `steps` steps, going on from a checkpoint if there is one.

    The result depends on the seed alone, not on interruptions or threads.

    Parameters
    ----------
    walkers : at least twice the number of parameters
    checkpoint : file that is written every few hundred steps; only one of the same `identity` is continued

    Raises
    ------
    CheckpointError : see there
    """
    pool = ThreadPoolExecutor(threads)
    try:
        sampler = emcee.EnsembleSampler(
            walkers,
            len(mode.x),
            lambda x: np.concatenate(list(pool.map(posterior.log_densities, np.array_split(x, threads)))),
            vectorize=True,
            moves=[(emcee.moves.DEMove(), 0.9), (emcee.moves.DESnookerMove(), 0.1)],
        )
        state, kept, accepted = _resume(checkpoint, identity) or (_begin(posterior, mode, walkers, seed), [], 0.0)
        done = len(kept) * THIN
        while done < steps:
            several = min(_STEPS_AT_ONCE, steps - done)
            several += -several % THIN
            sampler.reset()
            state = sampler.run_mcmc(state, several, thin_by=1)
            kept += list(sampler.get_chain()[THIN - 1 :: THIN])
            accepted += float(np.mean(sampler.acceptance_fraction)) * several
            done += several
            if checkpoint is not None:
                _keep(checkpoint, identity, state, kept, accepted)
            progress(done, steps)
    finally:
        pool.shutdown()
    return Chain(np.array(kept), accepted / max(done, 1))


def _begin(posterior: Posterior, mode: Mode, walkers: int, seed: int) -> emcee.State:
    """Walkers spread as the Laplace approximation says, inside the ranges."""
    rng = np.random.default_rng(seed)
    found = np.empty((0, len(mode.x)))
    scale = 1.0
    while len(found) < walkers:
        tries = rng.multivariate_normal(mode.x, scale * mode.covariance, size=4 * walkers)
        found = np.concatenate([found, tries[np.isfinite(posterior.log_densities(tries))]])
        scale *= 0.9  # a mode at the edge of a range leaves few tries inside
    state = np.random.RandomState(seed % 2**32).get_state()
    return emcee.State(found[:walkers], random_state=state)


def _keep(path: Path, identity: str, state: emcee.State, kept: list, accepted: float) -> None:
    kind, keys, position, has_gauss, cached = state.random_state
    words = json.dumps(
        {
            "identity": identity,
            "kind": kind,
            "position": int(position),
            "has_gauss": int(has_gauss),
            "cached": float(cached),
            "accepted": accepted,
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    with open(partial, "wb") as file:
        np.savez(
            file, words=np.array(words), keys=keys, coords=state.coords, log_prob=state.log_prob, kept=np.array(kept)
        )
    os.replace(partial, path)


def _resume(path: Path | None, identity: str):
    if path is None or not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            words = json.loads(str(file["words"]))
            arrays = {name: file[name] for name in ("keys", "coords", "log_prob", "kept")}
    except Exception as error:
        raise CheckpointError(f"{path} cannot be read ({error}); remove it to begin anew") from None
    if words["identity"] != identity:
        raise CheckpointError(
            f"{path} belongs to another fit (other record, priors, seed or walkers); remove it or choose another --out"
        )
    random_state = (words["kind"], arrays["keys"], words["position"], words["has_gauss"], words["cached"])
    state = emcee.State(arrays["coords"], log_prob=arrays["log_prob"], random_state=random_state)
    return state, list(arrays["kept"]), words["accepted"]


def joint_draws(chain: Chain, draws: int, discard: int) -> tuple[np.ndarray, np.ndarray]:
    """(draw, parameter) spread evenly over the chain after `discard` steps, and the autocorrelation times.

    Raises
    ------
    ChainTooShortError : see there
    """
    times = chain.autocorrelation_times(discard)
    longest, steps = float(np.max(times)), chain.steps - discard
    if not longest > 0 or steps < TIMES_NEEDED * longest:
        longest = longest if longest > 0 else steps
        # times found on a short chain are too small: ask for a fifth more
        raise ChainTooShortError(steps, longest, int(discard + 1.2 * TIMES_NEEDED * longest) // 100 * 100 + 100)
    flat = chain.positions[discard // THIN :].reshape(-1, chain.positions.shape[2])
    return flat[np.linspace(0, len(flat) - 1, draws).round().astype(int)], times
