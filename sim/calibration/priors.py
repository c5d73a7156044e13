"""Which parameters are fitted, and their priors under each of three sets.

*literature* is the table of parameters and the table of leaders. *symmetric* assumes no sign where the table does: a
normal around zero with the same mean square. *prior-only* leaves the record out, so that whatever shows there was put
in. A leader's openness has its prior from the frictions of the record under all three; those are other rows than the
ones fitted here.
"""

import re
from dataclasses import dataclass

import numpy as np

from sim.facts import Facts
from sim.scenario.calibration import leader_parameters

PRIOR_SETS = ("literature", "symmetric", "prior-only")
LADDER = (
    "ladder.friendship", "ladder.partnership", "ladder.alliance", "ladder.declaration", "ladder.interest",
    "ladder.contagion", "ladder.capacity", "ladder.declared", "ladder.wave_sd",
)  # fmt: skip
ACCORDS = ("accords.intercept", "accords.bandwagon", "accords.persistence")
SIGNED = ("ladder.interest", "ladder.contagion", "ladder.capacity", "ladder.declared", "accords.bandwagon")
_NORMAL = re.compile(r"^(normal|half-normal)\(\s*(-?[\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)$")


@dataclass(frozen=True)
class Prior:
    """A normal prior, cut to a range; a half-normal one is a normal around zero with range from zero."""

    name: str
    mean: float
    sd: float
    lower: float
    upper: float


def parse_prior(name: str, text: str, lower: float, upper: float) -> Prior:
    """The prior of a row of the table of parameters.

    Raises
    ------
    ValueError : neither normal nor half-normal
    """
    found = _NORMAL.match(text.strip())
    if not found:
        raise ValueError(f"{name}: prior {text!r} is not normal(mean, sd) or half-normal(sd)")
    if found[1] == "half-normal":
        return Prior(name, 0.0, float(found[2]), max(lower, 0.0), upper)
    return Prior(name, float(found[2]), float(found[3]), lower, upper)


def priors_of(facts: Facts, prior_set: str = "literature", blocked: tuple[str, ...] = ()) -> tuple[Prior, ...]:
    """Priors of all fitted parameters, in the order of the parameter vector.

    Parameters
    ----------
    prior_set : one of PRIOR_SETS
    blocked : states whose border disputes the record shows; their sensitivity is fitted too

    Raises
    ------
    ValueError : no such set
    """
    if prior_set not in PRIOR_SETS:
        raise ValueError(f"{prior_set!r} is not a set of priors.  Known: {', '.join(PRIOR_SETS)}.")
    table = {row.name: row for row in facts.parameters}
    priors = [parse_prior(name, table[name].prior, table[name].lower, table[name].upper) for name in LADDER + ACCORDS]
    if prior_set == "symmetric":
        priors = [_without_sign(prior) if prior.name in SIGNED else prior for prior in priors]
    for name, leader in zip(leader_parameters(facts), facts.leaders):
        priors.append(Prior(name, leader.openness_mean, max(leader.openness_sd, 1e-6), -5.0, 5.0))
    strength = parse_prior("border.blocker", table["border.blocker"].prior, -5.0, 5.0)
    priors += [
        Prior(f"blocker.{state}", table["border.blocker"].value, table["border.blocker_sd"].value, strength.lower,
              strength.upper) for state in blocked
    ]  # fmt: skip
    return tuple(priors)


def _without_sign(prior: Prior) -> Prior:
    return Prior(prior.name, 0.0, float(np.hypot(prior.mean, prior.sd)), -prior.upper, prior.upper)


def log_prior(x: np.ndarray, priors: tuple[Prior, ...]) -> float:
    """Log prior density up to a constant; minus infinity outside a range."""
    mean, sd = np.array([p.mean for p in priors]), np.array([p.sd for p in priors])
    low, high = np.array([p.lower for p in priors]), np.array([p.upper for p in priors])
    if np.any(x < low) or np.any(x > high):
        return -np.inf
    return float(-0.5 * np.sum(((x - mean) / sd) ** 2))


def draw_prior(priors: tuple[Prior, ...], size: int, rng: np.random.Generator) -> np.ndarray:
    """(draw, parameter) from the cut normals."""
    from scipy.stats import truncnorm

    mean, sd = np.array([p.mean for p in priors]), np.array([p.sd for p in priors])
    low = (np.array([p.lower for p in priors]) - mean) / sd
    high = (np.array([p.upper for p in priors]) - mean) / sd
    return mean + sd * truncnorm.rvs(low, high, size=(size, len(priors)), random_state=rng)
