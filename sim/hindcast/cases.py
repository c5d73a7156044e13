"""Forecasts of one quantity by several rules, with what came, and how each rule scored."""

from dataclasses import dataclass

import numpy as np

from sim.hindcast.ensemble_scores import LEVELS, covered, crps, mean_gain, randomised_pit

ENGINE = "the engine"


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
