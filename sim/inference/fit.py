"""A whole calibration: mode, chain, checks, and the file that scenarios name.

Treaties, frictions and borders are one posterior and one chain. Disputes over water are a block of their own, given the
mean openness of leaders that the chain finds: they take from it and give nothing back, and are sampled in seconds.
"""

import datetime
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.facts import Facts
from sim.inference.conjugate import Rate, Share, draw_shares, shares_of
from sim.inference.covariates import panel_of
from sim.inference.disputes import draw_hazard, recorded_openness
from sim.inference.laplace import FitError, Mode, find_mode
from sim.inference.observations import record
from sim.inference.posterior import Posterior, posterior_of, priors_on
from sim.inference.priors import Prior, draw_prior, prior_covariance
from sim.inference.sample import joint_draws, sample
from sim.inference.severity import draw_severity, severity_of, severity_priors
from sim.model import MODEL_VERSION
from sim.runs.files import write_whole
from sim.scenario.calibration_file import FORMAT, Calibration, record_digest

_SAMPLER = "emcee: differential evolution"


@dataclass(frozen=True)
class Size:
    """How long and how wide to sample: steps of each walker, walkers, steps left out at the start, draws kept.

    Without `walkers` there are a few more than twice the fitted parameters, which is the least that the sampler takes.
    """

    steps: int = 20_000
    walkers: int | None = None
    discard: int = 1000
    draws: int = 2000
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Fit:
    """What a calibration found; see the fields of the JSON file in docs/calibration.md."""

    about: dict
    draws: np.ndarray
    trace: np.ndarray | None = None  # (kept step, walker, parameter)


def evidence_of(facts: Facts, prior_set: str) -> tuple[Posterior, tuple[Share | Rate, ...]]:
    """The posterior of the record of the facts, and the shares that are fitted by counting."""
    panel = panel_of(facts)
    recorded = record(facts, panel)
    priors = priors_on(facts, panel, recorded, prior_set)
    return posterior_of(panel, recorded, priors, facts), shares_of(facts, recorded)


def calibrate(
    facts: Facts,
    prior_set: str,
    size: Size = Size(),
    checkpoint: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    start: Calibration | None = None,
) -> Fit:
    """Fit the record of the facts under a set of priors.

    Parameters
    ----------
    start : an older calibration, from whose draws the walkers set out; it does not change where they arrive

    Raises
    ------
    ChainTooShortError, CheckpointError : of sampling
    FitError : of the search for the mode
    """
    posterior, shares = evidence_of(facts, prior_set)
    priors = posterior.priors
    about, rng = about_fit(facts, prior_set, size), np.random.default_rng(size.seed)
    counted = draw_shares(shares, size.draws, rng, prior_set != "prior-only")
    if prior_set == "prior-only":
        draws = np.column_stack([draw_prior(priors, size.draws, rng), counted])
        about["diagnostics"] = {"sampler": "independent draws from the priors"}
        return with_disputes(Fit({**about, "parameters": summaries(priors, shares, draws)}, draws), facts)
    size = replace(size, walkers=enough_walkers(size.walkers, len(priors)))
    begin = None if start is None else carried_over(start, priors, np.random.default_rng([size.seed, 1]))
    mode = find_mode(posterior, None if begin is None else begin.mean(axis=0))
    belongs_to = [about["record_digest"], prior_set, size.walkers, size.seed, about["model_version"], _SAMPLER]
    if start is not None:
        about["started_from"] = start.digest
        belongs_to.append(start.digest)
    identity = hashlib.sha256(json.dumps(belongs_to).encode()).hexdigest()
    chain = sample(
        posterior,
        mode,
        size.steps,
        size.walkers,
        size.seed,
        checkpoint and (checkpoint, identity),
        progress,
        start=begin,
    )
    draws, times = joint_draws(chain, size.draws, size.discard)
    about["diagnostics"] = {
        "sampler": _SAMPLER,
        "walkers": size.walkers,
        "steps": chain.steps,
        "discarded": size.discard,
        "acceptance": round(chain.accepted, 3),
        "longest_autocorrelation_time": round(float(times.max()), 1),
        "times_sampled": round((chain.steps - size.discard) / float(times.max()), 1),
        "effective_draws": int((chain.steps - size.discard) * size.walkers / float(times.max())),
        "log_posterior_at_mode": round(mode.log_density, 4),
        "log_likelihood_at_mode": round(posterior.log_likelihood(mode.x), 4),
    }
    draws = np.column_stack([draws, counted])
    about["parameters"] = summaries(priors, shares, draws, mode, times)
    return with_disputes(Fit(about, draws, chain.positions), facts)


def enough_walkers(wanted: int | None, parameters: int) -> int:
    """An even number of walkers; FitError if those wanted are fewer than twice the parameters."""
    if wanted is None:
        return 2 * (parameters + 4)
    if wanted < 2 * parameters:
        raise FitError(f"{wanted} walkers are too few: {parameters} fitted parameters take {2 * parameters} or more.")
    return wanted + wanted % 2


def with_disputes(fit: Fit, facts: Facts) -> Fit:
    """A fit with disputes over water sampled anew, given its leaders; as it was where no river is shared."""
    about, panel = fit.about, panel_of(facts)
    names = [row["name"] for row in about["parameters"]]
    kept = [k for k, name in enumerate(names) if not name.startswith(("disputes.", "dispute."))]
    recorded, with_record = record(facts, panel), about["prior_set"] != "prior-only"
    openness = recorded_openness(panel, names, fit.draws)
    size, seed = len(fit.draws), about.get("seed", 1)
    priors, hazard, found = draw_hazard(facts, panel, recorded, openness, size, seed, with_record)
    if not priors:
        return fit
    known = severity_of(panel, recorded.acts if with_record else ())
    draws = np.column_stack([hazard, draw_severity(facts, *known, size, np.random.default_rng([seed, 3]))])
    rows = summaries((*priors, *severity_priors(facts)), (), draws)
    told = {"diagnostics": {**about.get("diagnostics", {}), "disputes": found}} if found else {}
    parameters = [*(about["parameters"][k] for k in kept), *rows]
    whole = np.column_stack([fit.draws[:, kept], draws])
    return Fit({**about, **told, "parameters": parameters, "record_digest": record_digest(facts)}, whole, fit.trace)


def made_of(facts: Facts, prior_set: str, record_ends: str, parameters: list[dict], draws: np.ndarray) -> Fit:
    """A fit that was made elsewhere, with what a calibration file must say."""
    digest = record_digest(facts)
    about = {"format": FORMAT, "prior_set": prior_set, "record_digest": digest, "record_ends": record_ends}
    return Fit({**about, "parameters": parameters}, draws)


def carried_over(older: Calibration, priors: tuple[Prior, ...], rng: np.random.Generator) -> np.ndarray:
    """(draw, parameter) an older calibration's draws in the order of some priors.

    What it does not have, a leader who came since, is drawn from the prior given what it has: a new leader resembles
    those of the same state.
    """
    place = {name: k for k, name in enumerate(older.names)}
    known = np.array([prior.name in place for prior in priors])
    draws = np.empty((len(older.draws), len(priors)))
    draws[:, known] = older.draws[:, [place[prior.name] for prior in priors if prior.name in place]]
    if not known.all():
        mean, covariance = np.array([prior.mean for prior in priors]), prior_covariance(priors)
        of_known = np.linalg.solve(covariance[np.ix_(known, known)], covariance[np.ix_(known, ~known)])
        left = covariance[np.ix_(~known, ~known)] - covariance[np.ix_(~known, known)] @ of_known
        found = mean[~known] + (draws[:, known] - mean[known]) @ of_known
        found += rng.multivariate_normal(np.zeros(len(left)), left, len(draws))
        low, high = (np.array([getattr(prior, end) for prior in priors])[~known] for end in ("lower", "upper"))
        draws[:, ~known] = np.clip(found, low, high)
    return draws


def about_fit(facts: Facts, prior_set: str, size: Size) -> dict:
    """What a calibration file says of the record, the priors and the size of its fit."""
    return {
        "format": FORMAT,
        "prior_set": prior_set,
        "record_digest": record_digest(facts),
        "facts_digest": facts.digest,
        "model_version": str(MODEL_VERSION),
        "record_ends": f"{facts.record_ends:%Y-%m}",
        "made": datetime.date.today().isoformat(),
        "seed": size.seed,
        "draws": size.draws,
    }


def summaries(
    priors: tuple[Prior, ...], shares: tuple[Share | Rate, ...], draws, mode: Mode | None = None, times=None
) -> list[dict]:
    """Prior, posterior and how far the record moved each parameter; what is counted comes last."""
    rows = []
    counted = [Prior(share.name, share.prior_mean, share.prior_sd, 0.0, share.most) for share in shares]
    for k, prior in enumerate((*priors, *counted)):
        column = draws[:, k]
        row = {
            "name": prior.name,
            "prior_mean": prior.mean,
            "prior_sd": prior.sd,
            "lower": prior.lower,
            "upper": prior.upper,
            "mean": float(column.mean()),
            "sd": float(column.std()),
            "q05": float(np.quantile(column, 0.05)),
            "q50": float(np.quantile(column, 0.5)),
            "q95": float(np.quantile(column, 0.95)),
            "share_positive": float((column > 0).mean()),
            "moved": float((column.mean() - prior.mean) / prior.sd),
            "narrowed": float(column.std() / prior.sd),
        }
        if k >= len(priors):
            share = shares[k - len(priors)]
            row |= share.prior | {"counted": share.counted}
        elif mode is not None:
            row |= {"mode": float(mode.x[k]), "laplace_sd": float(mode.sd[k]), "autocorrelation_time": float(times[k])}
        rows.append({name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()})
    return rows


def write_calibration(fit: Fit, path: Path) -> None:
    """Write PATH.json and PATH.npz, each complete or not at all; single precision is enough for draws."""
    packed = io.BytesIO()
    np.savez_compressed(packed, draws=fit.draws.astype(np.float32))
    about = {**fit.about, "draws_sha256": hashlib.sha256(packed.getvalue()).hexdigest()}
    write_whole(path.with_suffix(".npz"), packed.getvalue())
    write_whole(path.with_suffix(".json"), (json.dumps(about, indent=1) + "\n").encode())
