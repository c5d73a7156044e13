"""Which lever to pull: how robustly each policy satisfies, what one would regret, and who gains and who loses.

Robust decision making (Lempert, Popper & Bankes 2003): policies are judged over all that the posterior leaves possible,
on common random numbers. *Satisficing* (Simon 1956; McPhail et al. 2018) is the share of histories in which every
outcome has its level; *regret* (Savage 1951) by how much a policy falls short of the best one in the same history,
in standard deviations of the outcome.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.outcomes.catalogue import shipped_region
from sim.studies.evenness import bounded_gini
from sim.studies.expression import ExpressionError
from sim.studies.lever_file import LeverFile, Policy, Wish

STATES = shipped_region().core


@dataclass(frozen=True)
class Standing:
    """What a policy comes to.

    Attributes
    ----------
    levels : mean of each outcome
    meets : share of histories in which each has its level
    satisfied, low, high : share in which all have, with its 90 % interval over rows of parameters
    regret : 90th percentile over histories of the largest regret of any outcome, in standard deviations
    efficient : whether no other policy is as good in every outcome and better in one (Pareto)
    gains : by state, gain from trade less that of no lever, in per cent of income
    """

    policy: Policy
    levels: tuple[float, ...]
    meets: tuple[float, ...]
    satisfied: float
    low: float
    high: float
    regret: float
    efficient: bool
    gains: Mapping[str, float]

    @property
    def smallest_gain(self) -> float:
        """Of any state."""
        return min(self.gains.values())

    @property
    def gini(self) -> float:
        """Of the states' gains, in [0, 1] whatever their signs."""
        return float(bounded_gini(np.array([list(self.gains.values())]))[0])


def try_levers(file: LeverFile, laboratory: Any, progress: Callable | None = None) -> list[Standing]:
    """Run every policy and rank them, the most robust first.

    Raises
    ------
    ScenarioError : an outcome that no run has, by file and line
    RunError : of running
    """
    scenarios = [laboratory.scenario(policy.arm, "posterior") for policy in file.policies]
    _check(file, laboratory)
    laboratory.run(scenarios, progress)
    columns = [laboratory.columns(scenario) for scenario in scenarios]
    values = [_values(file, each) for each in columns]
    rows = laboratory.rows(columns[0].members)
    gains = [_gains(each) for each in columns]
    return rank(file.policies, file.wishes, values, rows, gains)


def _check(file: LeverFile, laboratory: Any) -> None:
    """Names of all outcomes, before anything but two histories is run."""
    from sim.errors import ScenarioError
    from sim.studies.experiment import probe

    columns = probe(file.policies[0].arm, laboratory)
    own = {each.id for policy in file.policies for each in policy.arm.scenario.instruments}
    wrong = [
        file.document.problem(("outcomes", wish.place, "metric"), f"metric: {said}")
        for wish in file.wishes
        for said in wish.metric.check(columns)
        if not any(instrument in said.split(" ")[0] for instrument in own)
    ]
    if wrong:
        raise ScenarioError(wrong)


def _values(file: LeverFile, columns: Any) -> np.ndarray:
    """(member, outcome), the higher the better."""
    from sim.errors import ScenarioError

    found = []
    for wish in file.wishes:
        try:
            column = wish.metric.evaluate(columns).astype(np.float64)
            if not np.isfinite(column).all():
                raise ExpressionError("is empty in some members: say 'by YEAR', 'ever' or capped(...).")
        except ExpressionError as error:
            problem = file.document.problem(("outcomes", wish.place, "metric"), f"metric: {error}")
            raise ScenarioError([problem]) from None
        found.append(column)
    return np.column_stack(found)


def _gains(columns: Any) -> dict[str, np.ndarray]:
    return {state: 100 * columns.outcome(f"gain.{state}_{columns.end}") for state in STATES}


def rank(
    policies: Sequence[Policy],
    wishes: Sequence[Wish],
    values: Sequence[np.ndarray],
    rows: np.ndarray,
    gains: Sequence[Mapping[str, np.ndarray]],
) -> list[Standing]:
    """Standings of policies whose outcomes are known, by share satisfied, then by regret.

    Parameters
    ----------
    values : of each policy, (member, outcome)
    rows : (member,) row of parameters of each
    gains : of each policy, by state, (member,)
    """
    from sim.studies.estimate import estimate

    sign = np.array([1.0 if wish.upwards else -1.0 for wish in wishes])
    level = np.array([wish.level for wish in wishes])
    block = np.array([each * sign for each in values])  # (policy, member, outcome), higher is better
    scale = np.where(block.std(axis=(0, 1)) > 0, block.std(axis=(0, 1)), 1.0)
    regret = ((block.max(axis=0) - block) / scale).max(axis=2)
    means = block.mean(axis=1)
    bare = next((each for policy, each in zip(policies, gains) if not policy.levers), None)
    found = []
    for k, policy in enumerate(policies):
        met = block[k] >= level * sign
        share = estimate(met.all(axis=1).astype(float), rows)
        apart = {
            state: float(np.mean(column - (bare[state] if bare is not None else 0.0)))
            for state, column in gains[k].items()
        }
        found.append(
            Standing(
                policy,
                tuple(float(each) for each in (block[k] * sign).mean(axis=0)),
                tuple(float(each) for each in met.mean(axis=0)),
                share.value,
                max(share.low, 0.0),
                min(share.high, 1.0),
                float(np.quantile(regret[k], 0.9)),
                _efficient(means, k),
                apart,
            )
        )
    return sorted(found, key=lambda each: (-each.satisfied, each.regret))


def _efficient(means: np.ndarray, k: int) -> bool:
    better = (means >= means[k]).all(axis=1) & (means > means[k]).any(axis=1)
    return not better.any()


def shapley_of_levers(standings: Sequence[Standing]) -> dict[str, float] | None:
    """Each lever's part in the share satisfied: its mean contribution over all orders of pulling them.

    None unless every set of levers was tried.
    """
    from sim.processes.trade.equity import shapley_values

    names = sorted({name for each in standings for name in each.policy.levers})
    known = {frozenset(each.policy.levers): each.satisfied for each in standings}
    if len(known) != 2 ** len(names):
        return None
    worth = np.array(
        [known[frozenset(name for i, name in enumerate(names) if code >> i & 1)] for code in range(2 ** len(names))]
    )
    values = np.empty(len(names))
    shapley_values(worth, len(names), values)
    return dict(zip(names, values.tolist()))
