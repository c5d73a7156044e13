"""Sets of parameters: what the record leaves of them, what is left without any sign assumed, and what was put in.

Each set is a calibration file with a joint draw of every parameter that has a prior in each row, so that what is
assumed varies as much as what is fitted. A member takes one row (`row_of_member`); several members share one, and how
much their answers differ between rows is what the parameters do.

*posterior*: rows of the scenarios' calibration, the rest from the table of parameters. *symmetric*: the same record
under priors that assume no sign, by a normal approximation at the mode or from a file of `casim calibrate --prior
symmetric`; where the range of a parameter allows it, no sign is assumed for what is not fitted either. *prior-only*:
no record at all.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from sim.runs.files import write_whole

SETS = ("posterior", "symmetric", "prior-only")
#: Coefficients whose prior takes a sign for granted, though the record does not speak of them.
SIGN_ASSUMED = (
    "ratification.parties",
    "withdrawal.leader_change",
    "disputes.deficit",
    "disputes.intensity_deficit",
    "trade.tariff_effect",
    "trade.passage_effect",
    "trade.border_time_effect",
)
_FORM = re.compile(r"^([a-z-]+)\((.*)\)$")
_LOG = re.compile(r"^log\(([\d.]+)\)$")


@dataclass(frozen=True, eq=False)
class Draws:
    """Joint draws, (row, parameter), and remarks for the reader on how they were made."""

    names: tuple[str, ...]
    rows: np.ndarray
    remarks: tuple[str, ...] = ()

    def column(self, name: str) -> np.ndarray:
        """(row,) values of a parameter."""
        return self.rows[:, self.names.index(name)]


def quantiles_of_prior(row, u: np.ndarray, symmetric: bool = False) -> np.ndarray | None:
    """Values at the quantiles ``u`` of a parameter's prior, cut to its range; None where it has no prior.

    ``symmetric`` puts a normal prior around zero with its mean square, if the range reaches to both sides.
    """
    found = _FORM.match(row.prior.strip())
    if not found or row.choices:
        return None
    kind, numbers = found[1], [_number(text) for text in found[2].split(",")]
    if any(value is None for value in numbers):
        return None
    if kind == "normal":
        mean, sd = numbers
        if symmetric and row.name in SIGN_ASSUMED and row.lower < 0 < row.upper:
            mean, sd = 0.0, float(np.hypot(mean, sd))
        low, high = stats.norm.cdf([row.lower, row.upper], mean, sd)
        return stats.norm.ppf(low + u * (high - low), mean, sd)
    if kind == "half-normal":
        return np.clip(stats.halfnorm.ppf(u, scale=numbers[0]), row.lower, row.upper)
    if kind == "lognormal":
        return np.clip(np.exp(stats.norm.ppf(u, *numbers)), row.lower, row.upper)
    if kind == "gamma":
        return np.clip(stats.gamma.ppf(u, numbers[0], scale=1 / numbers[1]), row.lower, row.upper)
    if kind == "beta":
        return stats.beta.ppf(u, *numbers)
    return stats.uniform.ppf(u, numbers[0], numbers[1] - numbers[0]) if kind == "uniform" else None


def _number(text: str) -> float | None:
    logged = _LOG.match(text.strip())
    try:
        return float(np.log(float(logged[1]))) if logged else float(text)
    except ValueError:
        return None


def parameter_set(facts, kind: str, rows: int, use: Path | None, seed: int = 1) -> Draws:
    """Draws of every parameter with a prior but those that only claims use.

    Parameters
    ----------
    kind : one of SETS
    use : the calibration that speaks of the fitted parameters; for *symmetric* one made under symmetric priors, or None

    Raises
    ------
    ValueError : no such set
    """
    if kind not in SETS:
        raise ValueError(f"{kind!r} is not a set of parameters.  Known: {', '.join(SETS)}.")
    fitted = {"posterior": _from_file, "symmetric": _symmetric, "prior-only": _prior_only}[kind](facts, rows, use, seed)
    names, columns = list(fitted.names), [fitted.rows]
    for row in facts.parameters:
        if row.name in names or row.status == "claims-only":
            continue
        values = quantiles_of_prior(row, uniforms(row.name, rows, seed), kind == "symmetric")
        if values is not None and not row.name.startswith("leaders."):
            names.append(row.name)
            columns.append(values[:, None])
    return Draws(tuple(names), np.column_stack(columns), fitted.remarks)


def uniforms(name: str, rows: int, seed: int = 1) -> np.ndarray:
    """The same for every set: a parameter keeps its quantile where only its prior differs."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little")).random(rows)


def _from_file(facts, rows: int, use: Path, seed: int) -> Draws:
    from sim.scenario.calibration_file import read_calibration

    found = read_calibration(use)
    chosen = np.random.default_rng(seed).permutation(len(found.draws))[:rows]
    if rows > len(chosen):
        chosen = np.resize(chosen, rows)
    return Draws(found.names, found.draws[chosen])


def _prior_only(facts, rows: int, use: Path | None, seed: int) -> Draws:
    from sim.inference.fit import Size, calibrate

    found = calibrate(facts, "prior-only", Size(draws=rows, seed=seed))
    return Draws(tuple(row["name"] for row in found.about["parameters"]), found.draws)


def _symmetric(facts, rows: int, use: Path | None, seed: int) -> Draws:
    if use is not None:
        return _from_file(facts, rows, use, seed)
    from sim.inference.conjugate import draw_shares, shares_of
    from sim.inference.covariates import panel_of
    from sim.inference.laplace import find_mode
    from sim.inference.observations import record
    from sim.inference.posterior import posterior_of, priors_on

    panel = panel_of(facts)
    recorded = record(facts, panel)
    priors, shares = priors_on(facts, panel, recorded, "symmetric"), shares_of(facts, recorded)
    mode = find_mode(posterior_of(panel, recorded, priors, facts))
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_normal(mode.x, mode.covariance, rows)
    drawn = np.clip(drawn, [prior.lower for prior in priors], [prior.upper for prior in priors])
    names = (*(prior.name for prior in priors), *(share.name for share in shares))
    return Draws(
        names,
        np.column_stack([drawn, draw_shares(shares, rows, rng)]),
        ("the symmetric set is a normal approximation at the mode of the posterior (Laplace)",),
    )


def write_draws(draws: Draws, facts, path: Path, about: str) -> Path:
    """Write draws as a calibration file that scenarios can use; the same draws give the same bytes."""

    from sim.scenario.calibration_file import FORMAT, record_digest

    packed = _packed(draws.rows)
    content = {
        "format": FORMAT,
        "prior_set": about,
        "record_digest": record_digest(facts),
        "facts_digest": facts.digest,
        "draws": len(draws.rows),
        "diagnostics": {"sampler": about, "remarks": list(draws.remarks)},
        "parameters": [_described(name, draws.column(name)) for name in draws.names],
        "draws_sha256": hashlib.sha256(packed).hexdigest(),
    }
    write_whole(path.with_suffix(".npz"), packed)
    write_whole(path, (json.dumps(content, indent=1) + "\n").encode())
    return path


def _described(name: str, values: np.ndarray) -> dict:
    """What the format asks of every parameter; how far a record moved it is not a question here."""
    mean, sd = round(float(values.mean()), 9), round(float(values.std()), 9)
    return {"name": name, "mean": mean, "sd": sd, "moved": 0.0, "prior_mean": mean, "prior_sd": sd}


def _packed(rows: np.ndarray) -> bytes:
    """An .npz file without the time of day in it."""
    import io
    import zipfile

    array, archive = io.BytesIO(), io.BytesIO()
    np.save(array, np.ascontiguousarray(rows, dtype=np.float64))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("draws.npy", (1980, 1, 1, 0, 0, 0)), array.getvalue())
    return archive.getvalue()


def row_of_member(seed: int, members: np.ndarray, rows: int) -> np.ndarray:
    """(member,) the row of a calibration of so many rows that each member of a run takes."""
    from sim.engine.random import channel_key, uniform

    key = channel_key(seed, "calibration")
    return np.array([int(uniform(key, 0, 0, int(member)) * rows) for member in members], dtype=np.int64)
