"""The decision table: what may be said of a claim.

A claim says where an effect lies: above or below zero by as much as would matter, or within that of zero. *For* means
that the effect lies there with a probability of 95 % or more, *against* that it lies elsewhere with as much, *open*
neither. Each is judged under three sets of parameters (`sim.studies.draws`):

    posterior   symmetric   prior-only       placebo   verdict
    for         for         open, against    passed    supported
    for         for         for (sign)       passed    assumed
    for         not for     any              passed    assumed
    for         any         any              failed    not identified
    against     against     not against      any       contradicted
    against     otherwise                    any       not identified
    open        any         any              any       not identified

Under prior-only it is the sign that counts, whatever its size: a sign that is there without any record was put in. A
placebo passes if the intervention has more of the claimed effect than it, with a probability of 95 %. A claim of
several tests has the weakest of their verdicts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.studies.estimate import Estimate

SUPPORTED, ASSUMED, OPEN, CONTRADICTED = "supported", "assumed", "not identified", "contradicted"
#: The weakest first: a claim of several tests has the first of theirs.
VERDICTS = (CONTRADICTED, OPEN, ASSUMED, SUPPORTED)
EXPECTED = ("higher", "lower", "same", "not-higher", "not-lower")
SURE = 0.95


@dataclass(frozen=True)
class Judgement:
    """A verdict, why, and the probabilities that it rests on: of the claimed region, by set."""

    verdict: str
    reason: str
    probability: Mapping[str, float]


def region(expected: str, matters: float) -> tuple[float, float]:
    """Bounds, excluded, of where a claim says that the effect lies."""
    return {
        "higher": (matters, np.inf),
        "lower": (-np.inf, -matters),
        "same": (-matters, matters),
        "not-higher": (-np.inf, matters),
        "not-lower": (-matters, np.inf),
    }[expected]


def _leaning(effect: Estimate, bounds: tuple[float, float]) -> str:
    p = effect.probability(*bounds)
    return "for" if p >= SURE else "against" if p <= 1 - SURE else "open"


def judge(
    effects: Mapping[str, Estimate], expected: str, matters: float, excess: Mapping[str, Estimate] | None = None
) -> Judgement:
    """The verdict on one test.

    Parameters
    ----------
    effects : by set: posterior, symmetric, prior-only
    expected : one of EXPECTED
    matters : smallest effect that would count
    excess : by placebo, the effect of the intervention less that of the placebo, under the posterior
    """
    bounds, sign = region(expected, matters), region(expected, 0.0 if expected in ("higher", "lower") else matters)
    said = {name: _leaning(effect, bounds) for name, effect in effects.items()}
    probability = {name: effect.probability(*bounds) for name, effect in effects.items()}
    found = lambda verdict, reason: Judgement(verdict, reason, probability)  # noqa: E731
    if all(effect.moved == 0 for effect in effects.values()) and expected in ("higher", "lower"):
        return found(OPEN, "nothing moves in any member: no mechanism of the model connects the two")
    if said["posterior"] == "open":
        return found(
            OPEN, "the parameters that the record leaves possible give effects on both sides of what would count"
        )
    if said["posterior"] == "against":
        return _against(said, found)
    side = {"higher": (0.0, np.inf), "lower": (-np.inf, 0.0)}.get(expected)
    failed = [name for name, more in (excess or {}).items() if side and more.probability(*side) < SURE]
    if failed:
        return found(
            OPEN, f"no larger than the effect of the placebo {', '.join(failed[:3])}{' ...' if failed[3:] else ''}"
        )
    if _leaning(effects["prior-only"], sign) == "for":
        return found(ASSUMED, "the sign is there without any record: it is built into the equations or their priors")
    if said["symmetric"] != "for":
        return found(ASSUMED, "the effect hangs on the sign that the priors assume")
    return found(SUPPORTED, "the record gives it also where no sign is assumed, and without the record it is open")


def _against(said: Mapping[str, str], found) -> Judgement:
    if said["prior-only"] == "against":
        return found(
            OPEN, "the effect falls short, but so it does without any record: the equations say so, not the data"
        )
    if said["symmetric"] != "against":
        return found(OPEN, "the effect falls short, but hangs on the signs that the priors assume")
    return found(CONTRADICTED, "the record puts the effect elsewhere, also where no sign is assumed")


def weakest(judgements: Sequence[Judgement]) -> Judgement:
    """The judgement that a claim of several tests has."""
    return min(judgements, key=lambda each: VERDICTS.index(each.verdict))
