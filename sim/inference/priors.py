"""Which parameters are fitted, and their priors under each of three sets.

*literature* is the table of parameters. *symmetric* assumes no sign where the table does: a normal around zero with the
same mean square. *prior-only* leaves the record out, so that whatever shows there was put in. A leader's openness is
normal around that of the state, which is normal around zero; nothing is known of a leader but what the record says.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.facts import Facts
from sim.scenario.calibration_file import leader_parameters

PRIOR_SETS = ("literature", "symmetric", "prior-only")
LADDER = (
    "ladder.friendship",
    "ladder.partnership",
    "ladder.alliance",
    "ladder.declaration",
    "ladder.interest",
    "ladder.contagion",
    "ladder.capacity",
    "ladder.declared",
    "ladder.wave_sd",
)
ACCORDS = ("accords.intercept", "accords.bandwagon", "accords.opened", "accords.persistence")
FRICTIONS = ("frictions.base", "frictions.distrust", "frictions.openness")
CLASHES = (
    "borders.clash_base",
    "borders.clash_length",
    "borders.clash_settled",
    "borders.clash_season",
    "borders.clash_trust",
    "borders.clash_repeat",
)
SETTLEMENTS = ("borders.settle_base", "borders.settle_capacity", "borders.settle_openness", "borders.settle_enclave")
CONFLICT = FRICTIONS + CLASHES + SETTLEMENTS
SIGNED = (
    "ladder.interest",
    "ladder.contagion",
    "ladder.capacity",
    "ladder.declared",
    "accords.bandwagon",
    "accords.opened",
    "frictions.distrust",
    "borders.clash_length",
    "borders.clash_settled",
    "borders.clash_season",
    "borders.clash_repeat",
    "borders.settle_capacity",
    "borders.settle_openness",
    "borders.settle_enclave",
)
OFFSET_SD = 0.5  # of a section's clash rate around that of all sections: by a factor of 1.6
_NORMAL = re.compile(r"^(normal|half-normal)\(\s*(-?[\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)$")
_GAMMA = re.compile(r"^gamma\(\s*([\d.]+)\s*,\s*([\d.]+)\s*\)$")
_BETA = re.compile(r"^(?:beta|dirichlet)\(\s*([\d.]+)\s*,\s*([\d.]+)\s*\)$")


@dataclass(frozen=True)
class Prior:
    """A normal prior, cut to a range; a half-normal one is a normal around zero with range from zero.

    Those of one of the `groups` share a normal component of standard deviation `shared`, which is part of `sd`.
    """

    name: str
    mean: float
    sd: float
    lower: float
    upper: float
    groups: tuple[str, ...] = ()
    shared: float = 0.0

    @property
    def own_sd(self) -> float:
        """What no other parameter shares."""
        return float(np.sqrt(self.sd**2 - len(self.groups) * self.shared**2))


class Layout:
    """Names of the parameters in the order of the vector, and their places."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self.leaders = tuple(name for name in self.names if name.startswith("openness."))
        self._place = {name: k for k, name in enumerate(self.names)}

    def at(self, names: Iterable[str]) -> np.ndarray:
        """Places of some parameters."""
        return np.array([self._place[name] for name in names], np.int64)

    def values(self, x: np.ndarray, names: Iterable[str]) -> np.ndarray:
        """What a vector says of some parameters."""
        return x[self.at(names)]


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


def beta_prior(name: str, text: str) -> tuple[float, float]:
    """Both counts of a beta prior; of a part of a Dirichlet, its own count and that of the others.

    Raises
    ------
    ValueError : not a beta prior
    """
    found = _BETA.match(text.strip())
    if not found:
        raise ValueError(f"{name}: prior {text!r} is not beta(a, b) or dirichlet(own, others)")
    return float(found[1]), float(found[2])


def gamma_prior(name: str, text: str) -> tuple[float, float]:
    """Shape and rate of a gamma prior.

    Raises
    ------
    ValueError : not a gamma prior
    """
    found = _GAMMA.match(text.strip())
    if not found:
        raise ValueError(f"{name}: prior {text!r} is not gamma(shape, rate)")
    return float(found[1]), float(found[2])


def priors_of(
    facts: Facts, prior_set: str = "literature", blocked: tuple[str, ...] = (), sections: tuple[str, ...] = ()
) -> tuple[Prior, ...]:
    """Priors of all fitted parameters, in the order of the parameter vector.

    Parameters
    ----------
    prior_set : one of PRIOR_SETS
    blocked : states whose border disputes the record shows; their sensitivity is fitted too
    sections : borders that were at risk of clashes, such as A-B; how conflict-prone each is is fitted too

    Raises
    ------
    ValueError : no such set
    """
    if prior_set not in PRIOR_SETS:
        raise ValueError(f"{prior_set!r} is not a set of priors.  Known: {', '.join(PRIOR_SETS)}.")
    table = {row.name: row for row in facts.parameters}
    names = LADDER + ACCORDS + CONFLICT
    priors = [parse_prior(name, table[name].prior, table[name].lower, table[name].upper) for name in names]
    if prior_set == "symmetric":
        priors = [_without_sign(prior) if prior.name in SIGNED else prior for prior in priors]
    of_state, of_leader = (table[f"leaders.{whose}_openness_sd"].value for whose in ("state", "leader"))
    both = float(np.hypot(of_state, of_leader))
    priors += [
        Prior(name, 0.0, both, -5.0, 5.0, (leader.state,), of_state)
        for name, leader in zip(leader_parameters(facts), facts.leaders)
    ]
    strength = parse_prior("border.blocker", table["border.blocker"].prior, -5.0, 5.0)
    priors += [
        Prior(
            f"blocker.{state}",
            table["border.blocker"].value,
            table["border.blocker_sd"].value,
            strength.lower,
            strength.upper,
        )
        for state in blocked
    ]
    priors += [Prior(f"clash.{section}", 0.0, OFFSET_SD, -5.0, 5.0) for section in sections]
    spread = table["accords.state_sd"].value
    return (*priors, *(Prior(f"readiness.{state.id}", 0.0, spread, -8.0, 8.0) for state in facts.states))


def _without_sign(prior: Prior) -> Prior:
    reach = max(abs(prior.lower), abs(prior.upper))
    return Prior(prior.name, 0.0, float(np.hypot(prior.mean, prior.sd)), -reach, reach)


def prior_covariance(priors: tuple[Prior, ...]) -> np.ndarray:
    """(parameter, parameter) covariance of the normals before they are cut."""
    covariance = np.diag([prior.sd**2 for prior in priors])
    for j, one in enumerate(priors):
        for k, other in enumerate(priors):
            if j != k:
                covariance[j, k] = len(set(one.groups) & set(other.groups)) * one.shared * other.shared
    return covariance


def draw_prior(priors: tuple[Prior, ...], size: int, rng: np.random.Generator) -> np.ndarray:
    """(draw, parameter) from the cut normals; those that share a component lie far inside their ranges."""
    from scipy.stats import truncnorm

    mean = np.array([p.mean for p in priors])
    own = np.array([p.own_sd for p in priors])
    low = (np.array([p.lower for p in priors]) - mean) / own
    high = (np.array([p.upper for p in priors]) - mean) / own
    draws = mean + own * truncnorm.rvs(low, high, size=(size, len(priors)), random_state=rng)
    for group in sorted({group for prior in priors for group in prior.groups}):
        common = rng.standard_normal(size)
        for k, prior in enumerate(priors):
            if group in prior.groups:
                draws[:, k] += prior.shared * common
    return draws
