"""How far the openness of states and of leaders spreads: the evidence of the record.

    python docs/derivations/leader_spread.py

weighs the draws of the shipped calibration, which was fitted under one pair of spreads, by the prior of leaders'
openness under every other pair. The mean weight is the ratio of the evidence of both pairs; with the half-normal priors
of the table of parameters this gives the posterior means, which `leaders.state_openness_sd` and
`leaders.leader_openness_sd` hold. The effective number of draws says how far a ratio can be trusted.
"""

import re

import numpy as np

from sim.facts import load_facts
from sim.inference.psis import smooth
from sim.scenario import load_scenario

STATE = np.array([0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0, 1.2])
LEADER = np.array([0.3, 0.4, 0.5, 0.6, 0.7, 0.85])
NAMES = "leaders.state_openness_sd", "leaders.leader_openness_sd"


def log_prior(openness: np.ndarray, same: np.ndarray, of_state: float, of_leader: float) -> np.ndarray:
    """(draw,) log density of (draw, leader) openness up to a constant; same : (leader, leader), of one state or not."""
    covariance = of_state**2 * same + of_leader**2 * np.eye(len(same))
    precision = np.linalg.inv(covariance)
    return -0.5 * np.einsum("ij,jk,ik->i", openness, precision, openness) - 0.5 * np.linalg.slogdet(covariance)[1]


def main() -> None:
    """The table of evidence and the posterior means."""
    table = {row.name: row for row in load_facts().parameters}
    calibration = load_scenario("baseline").calibration.read()
    leaders = [k for k, name in enumerate(calibration.names) if name.startswith("openness.")]
    states = np.array([calibration.names[k].split(".")[1] for k in leaders])
    openness, same = calibration.draws[:, leaders], states[:, None] == states
    reference = log_prior(openness, same, *(table[name].value for name in NAMES))
    evidence, effective = np.empty((2, len(STATE), len(LEADER)))
    for i, of_state in enumerate(STATE):
        for j, of_leader in enumerate(LEADER):
            gained = log_prior(openness, same, of_state, of_leader) - reference
            evidence[i, j] = gained.max() + np.log(np.exp(gained - gained.max()).mean())
            effective[i, j] = smooth(gained).effective
    print("log evidence against the spreads of the table (effective draws); down: states, across: leaders of one state")
    print("     " + "".join(f"{each:14.2f}" for each in LEADER))
    for i, of_state in enumerate(STATE):
        print(
            f"{of_state:5.2f}" + "".join(f"{evidence[i, j]:8.2f} ({effective[i, j]:4.0f})" for j in range(len(LEADER)))
        )
    widths = [float(re.search(r"[\d.]+", table[name].prior)[0]) for name in NAMES]
    density = np.exp(evidence - 0.5 * (STATE[:, None] / widths[0]) ** 2 - 0.5 * (LEADER / widths[1]) ** 2)
    density *= np.gradient(STATE)[:, None] * np.gradient(LEADER)
    density /= density.sum()
    print(f"posterior mean: states {density.sum(1) @ STATE:.2f}, leaders of one state {density.sum(0) @ LEADER:.2f}")


if __name__ == "__main__":
    main()
