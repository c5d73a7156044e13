"""Draws from a posterior: by emcee, in steps that can be interrupted, or by mici where fits are made by the hundred.

emcee: differential-evolution moves (ter Braak 2006; Nelson et al. 2014) of an ensemble of walkers (Foreman-Mackey et
al. 2013). A chain must be fifty autocorrelation times long before anything is said about it.

mici: the gradient is exact and the Laplace approximation gives the scales, so that a few hundred draws of the No-U-Turn
sampler (Hoffman & Gelman 2014; Betancourt 2017) take seconds, where the ensemble of walkers of the shipped calibration
takes minutes. Beyond the range of a parameter the density is mirrored, so that a trajectory does not end there.
"""

import io
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import emcee
import mici
import numpy as np

from sim.inference.laplace import Mode
from sim.inference.posterior import Posterior
from sim.runs.files import write_whole

TIMES_NEEDED = 50
THIN = 10
THREADS = 2
_STEPS_AT_ONCE = 200
WARM_UP = 100
_STEP_SIZE = 0.4  # in units of the posterior's spread, where the warm-up starts from
_DEEPEST = 4  # doublings of a trajectory: at most 15 steps


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
    checkpoint: tuple[Path, str] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    start: np.ndarray | None = None,
) -> Chain:
    """Walk for `steps` steps, going on from a checkpoint if there is one.

    The result depends on the seed alone, not on interruptions or threads.

    Parameters
    ----------
    walkers : at least twice the number of parameters
    checkpoint : file that is written every few hundred steps, and what it belongs to; only one of the same is continued
    start : (draw, parameter) of another posterior close by, from which walkers set out; by default Laplace's

    Raises
    ------
    CheckpointError : see there
    """
    pool = ThreadPoolExecutor(THREADS)
    try:
        sampler = emcee.EnsembleSampler(
            walkers,
            len(mode.x),
            lambda x: np.concatenate(list(pool.map(posterior.log_densities, np.array_split(x, THREADS)))),
            vectorize=True,
            # not with emcee's snooker move: that of 3.1.6 does not keep the posterior, it draws the walkers together
            moves=emcee.moves.DEMove(),
        )
        resumed = None if checkpoint is None else _resume(*checkpoint)
        state, kept, accepted = resumed or (_begin(posterior, mode, walkers, seed, start), [], 0.0)
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
                _keep(*checkpoint, state, kept, accepted)
            progress(done, steps)
    finally:
        pool.shutdown()
    return Chain(np.array(kept), accepted / max(done, 1))


def _begin(posterior: Posterior, mode: Mode, walkers: int, seed: int, start: np.ndarray | None = None) -> emcee.State:
    """Walkers at draws of `start` or, where there are too few, spread as the Laplace approximation says."""
    rng = np.random.default_rng(seed)
    found = np.empty((0, len(mode.x)))
    if start is not None:
        found = np.unique(rng.permutation(start)[: 4 * walkers], axis=0)
        found = rng.permutation(found[np.isfinite(posterior.log_densities(found))])
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
    packed = io.BytesIO()
    np.savez(
        packed, words=np.array(words), keys=keys, coords=state.coords, log_prob=state.log_prob, kept=np.array(kept)
    )
    write_whole(path, packed.getvalue())


def _resume(path: Path, identity: str):
    if not path.exists():
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


def posterior_draws(posterior: Posterior, mode: Mode, rng: np.random.Generator, size: int = 250) -> np.ndarray:
    """(size, parameter) draws from a posterior whose mode is known, weakly correlated from one to the next."""
    # mici says on its log what becomes of every divergence
    logging.getLogger("mici").setLevel(logging.ERROR)
    low, high = posterior.limits
    spread = mode.covariance + 1e-9 * np.eye(len(mode.x))

    def downhill(x):
        inside, side = _folded(x, low, high)
        value, slope = posterior.value_and_gradient(inside)
        return -slope * side, -value

    system = mici.systems.EuclideanMetricSystem(
        neg_log_dens=lambda x: downhill(x)[1],
        grad_neg_log_dens=downhill,
        metric=mici.matrices.DensePositiveDefiniteMatrix(np.linalg.inv(spread)),
    )
    sampler = mici.samplers.DynamicMultinomialHMC(
        system, mici.integrators.LeapfrogIntegrator(system, _STEP_SIZE), rng, max_tree_depth=_DEEPEST
    )
    with np.errstate(over="ignore", invalid="ignore"):  # a trajectory that diverges is given up
        found = sampler.sample_chains(
            WARM_UP,
            size,
            [mode.x],
            trace_funcs=[lambda state: {"x": state.pos}],
            adapters=[mici.adapters.DualAveragingStepSizeAdapter(0.8)],
            display_progress=False,
        )
    return np.array([_folded(x, low, high)[0] for x in found.traces["x"][0]])


def effective_draws(draws: np.ndarray) -> float:
    """How many independent draws these, (draw, parameter), are worth for the parameter that mixes worst.

    A parameter that never moved counts as a single draw.
    """
    times = emcee.autocorr.integrated_time(draws[:, None, :], tol=0, quiet=True)
    times = np.where((np.ptp(draws, axis=0) > 0) & np.isfinite(times), times, len(draws))
    return float(min(len(draws), len(draws) / np.max(times)))


def _folded(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A vector with what lies beyond a range mirrored into it, and -1 where it was."""
    inside = np.where(x < low, 2.0 * low - x, np.where(x > high, 2.0 * high - x, x))
    return inside, np.where(inside == x, 1.0, -1.0)
