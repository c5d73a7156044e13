"""Scores of forecasts that are ensembles: members on the last axis, one truth for each; several rules side by side.

CRPS after Gneiting & Raftery (2007), coverage of central intervals, and the randomised probability integral transform
of Czado, Gneiting & Held (2009), which also serves quantities with lumps, such as a time cut at a horizon.
"""

from dataclasses import dataclass

import numpy as np

ENGINE = "the engine"
LEVELS = (0.5, 0.8, 0.95)


def crps(members: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of the members' distribution function, in their unit; less is better.

    The mean distance of a member from the truth less half that of two members, by sorting instead of over all pairs.

    Parameters
    ----------
    members : (..., member)
    truth : (...,)
    """
    members, count = np.sort(members, axis=-1), members.shape[-1]
    ranks = 2.0 * np.arange(1, count + 1) - count - 1.0
    away = np.abs(members - np.asarray(truth)[..., None]).mean(axis=-1)
    return away - members @ ranks / count**2


def crps_of_counts(at_most: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """CRPS of a number of events: the sum over k of (P(at most k) - [seen <= k])^2.

    Parameters
    ----------
    at_most : (..., k), probability of at most k events; the last as good as one
    seen : (...,), number that came
    """
    came = np.asarray(seen)[..., None] <= np.arange(at_most.shape[-1])
    return np.sum((at_most - came) ** 2, axis=-1)


def randomised_pit(members: np.ndarray, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(...,) rank of the truth among the members, in (0, 1), ties broken by chance; uniform if forecasts are right."""
    truth = np.asarray(truth)[..., None]
    below, ties = (members < truth).sum(axis=-1), (members == truth).sum(axis=-1)
    return (below + rng.random(below.shape) * (ties + 1)) / (members.shape[-1] + 1)


def covered(members: np.ndarray, truth: np.ndarray, level: float) -> np.ndarray:
    """(...,) whether the truth lies inside the central interval of a level, its ends included."""
    low, high = np.quantile(members, [0.5 - level / 2, 0.5 + level / 2], axis=-1)
    return (low <= truth) & (truth <= high)


def mean_gain(worse: np.ndarray, better: np.ndarray, clusters: np.ndarray, seed: int = 1, resamples: int = 4000):
    """Mean of worse - better over cases, and its 90 % interval from resampling whole clusters of cases.

    Parameters
    ----------
    worse, better : (case,) scores of which less is better
    clusters : (case,) label of the cluster of each; cases of one overlap and are drawn together or not at all

    Returns
    -------
    mean, 5th and 95th percentile
    """
    labels, at = np.unique(clusters, return_inverse=True)
    total, size = np.bincount(at, worse - better), np.bincount(at)
    drawn = np.random.default_rng(seed).integers(0, len(labels), (resamples, len(labels)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    return float(np.mean(worse - better)), float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))


@dataclass(frozen=True, eq=False)
class Cases:
    """Forecasts of one quantity.

    title : what is forecast; unit : of its scores
    truth : (case,)
    members : rule -> (case, member), the engine first
    clusters : (case,) cases that overlap and are resampled together; clustered_by : what they share
    """

    title: str
    unit: str
    truth: np.ndarray
    members: dict[str, np.ndarray]
    clusters: np.ndarray
    clustered_by: str

    def __len__(self) -> int:
        return len(self.truth)


@dataclass(frozen=True, eq=False)
class RuleScore:
    """How one rule forecast a quantity.

    crps : mean, in the quantity's unit; gain : CRPS by which the engine is better, with its 90 % interval; zeros for
        the engine itself
    rmse : of the median
    inside : share of cases inside the central intervals of 50, 80 and 95 %
    pit : randomised transforms, by quarters
    """

    rule: str
    crps: float
    gain: tuple[float, float, float]
    rmse: float
    inside: tuple[float, ...]
    pit: tuple[int, ...]


def score_rules(cases: Cases, seed: int = 1) -> list[RuleScore]:
    """Every rule of some cases, in their order."""
    by_rule = {rule: crps(members, cases.truth) for rule, members in cases.members.items()}
    ours, found = next(iter(by_rule.values())), []
    for rule, members in cases.members.items():
        pit = randomised_pit(members, cases.truth, np.random.default_rng(seed))
        found.append(
            RuleScore(
                rule,
                float(by_rule[rule].mean()),
                mean_gain(by_rule[rule], ours, cases.clusters, seed),
                float(np.sqrt(np.mean((np.median(members, axis=1) - cases.truth) ** 2))),
                tuple(float(covered(members, cases.truth, level).mean()) for level in LEVELS),
                tuple(int(n) for n in np.histogram(pit, 4, (0.0, 1.0))[0]),
            )
        )
    return found


def joined(parts: list[Cases]) -> Cases:
    """The same quantity from several origins as one."""
    first = parts[0]
    members = {rule: np.concatenate([part.members[rule] for part in parts]) for rule in first.members}
    truth, clusters = (np.concatenate([getattr(part, name) for part in parts]) for name in ("truth", "clusters"))
    return Cases(first.title, first.unit, truth, members, clusters, first.clustered_by)
