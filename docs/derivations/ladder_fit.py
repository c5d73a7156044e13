"""Fit the ladder and the signing of accords to the documented record: posterior mode and Laplace spread.

    python docs/derivations/ladder_fit.py

prints the `value` and `spread` that `sim/facts/tables/parameters.csv` holds for the parameters named in LADDER and
ACCORDS. Everything else stays at its central value. One row per dyad and month at risk, or per state and accord
answered; the wave of a year and the lasting attitude of a state are integrated out by Gauss-Hermite quadrature. Priors
are those of the table. First treaties that the record only assumes are left out, and so are the second halves of
double steps.
"""

import re

import numpy as np
from scipy.optimize import minimize

from sim.facts import load_facts
from sim.mechanisms.ladder import contagion, count_standing
from sim.model import build_world
from sim.model.kinds import CODE
from sim.model.region_model import RegionModel
from sim.scenario import load_scenario

LADDER = (
    "ladder.friendship", "ladder.partnership", "ladder.alliance", "ladder.declaration", "ladder.interest",
    "ladder.contagion", "ladder.capacity", "ladder.declared", "ladder.wave_sd",
)  # fmt: skip
ACCORDS = ("accords.intercept", "accords.bandwagon", "accords.persistence")
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def replay():
    """Rows at risk of a step (rung sought, V, contagion, capacity, declared, year, stepped) and answers to accords."""
    scenario = load_scenario("baseline", ["run.parameter_uncertainty=false"])
    facts = load_facts()
    world = build_world(scenario, facts)
    world.setting.schedule.spread[:] = 0.0  # leaders at the mean of their openness
    model = RegionModel(scenario, world=world)
    assumed = {tuple(sorted(e.parties)) for e in facts.events if e.kind == "rung" and e.confidence == "assumed"}
    documented = world.documented_events
    region, ladder = model.region, world.setting.ladder
    steps, answers, declarations = [], [], []
    while model.month < world.setting.clock.branch:
        month = model.month
        before, declared = region.treaties.rung.copy(), region.treaties.declared.copy()
        signed = region.treaties.signed.copy()
        model.step()
        standing = np.empty((len(world.states), 3), np.int64)
        count_standing(before, ladder.dyad_a, ladder.dyad_b, standing)
        now = documented[documented["month"] == month]
        for d, pair in enumerate(world.dyads):
            rung = int(before[d])
            if rung == 3 or (rung == 0 and pair in assumed):
                continue
            i, j = ladder.dyad_a[d], ladder.dyad_b[d]
            value = 0.5 * (region.appraisal.dyad[i, j].sum() + region.appraisal.dyad[j, i].sum())
            others = contagion(standing, i, j, rung + 1)
            capacity = 0.5 * (region.polity.capacity[i] + region.polity.capacity[j]) - 0.5
            stepped = int(region.treaties.rung[d] > rung)
            steps.append((rung + 1, value, others, capacity, declared[d] * (rung == 2), month // 12, stepped))
            if rung == 2 and not declared[d]:
                now_declared = int(region.treaties.declared[d] > declared[d])
                declarations.append((4, value, others, capacity, 0, month // 12, now_declared))
        for kind, said in (("signature", 1), ("refusal", 0)):
            for event in now[now["kind"] == CODE[kind]]:
                m, i = event["subject"], event["a"]
                share = (signed[m] >= 0).sum() / (world.setting.accords.n_parties[m] - 1)
                answers.append((m * 10 + i, region.appraisal.accord[m, i].sum(), share, said))
    return np.array(steps + declarations, float), np.array(answers, float)


def prior(name, table):
    """Mean and standard deviation of a normal or half-normal prior."""
    numbers = [float(x) for x in re.findall(r"-?\d+\.?\d*", table[name].prior)]
    return (numbers[0], numbers[1]) if table[name].prior.startswith("normal") else (0.0, numbers[0])


def log_posterior_ladder(x, rows, table):
    """Log posterior density of the ladder's parameters, the waves of the years integrated out."""
    theta, (beta, phi, capacity, declared, wave) = x[:4], x[4:]
    if wave <= 0:
        return -np.inf
    eta = theta[rows[:, 0].astype(int) - 1] + beta * rows[:, 1] + phi * rows[:, 2] + capacity * rows[:, 3]
    eta += declared * rows[:, 4]
    total = sum(-0.5 * ((v - m) / s) ** 2 for v, (m, s) in zip(x, (prior(n, table) for n in LADDER)))
    for year in np.unique(rows[:, 5]):
        of_year = rows[:, 5] == year
        hazard = np.exp(eta[of_year, None] + wave * NODES - 0.5 * wave**2)
        happened = rows[of_year, 6, None] == 1
        log_rows = np.where(happened, np.log(-np.expm1(-hazard)), -hazard)
        total += np.log(np.exp(log_rows.sum(axis=0)) @ WEIGHTS)
    return total


def log_posterior_accords(x, rows, table):
    """Log posterior density of the signing parameters; each state has one lasting attitude to each accord."""
    if x[2] <= 0:
        return -np.inf
    total = sum(-0.5 * ((v - m) / s) ** 2 for v, (m, s) in zip(x, (prior(n, table) for n in ACCORDS)))
    for pair in np.unique(rows[:, 0]):
        mine = rows[rows[:, 0] == pair]
        logit = x[0] + mine[:, 1, None] + x[1] * mine[:, 2, None] + x[2] * NODES
        log_rows = -np.logaddexp(0.0, np.where(mine[:, 3, None] == 1, -logit, logit))
        total += np.log(np.exp(log_rows.sum(axis=0)) @ WEIGHTS)
    return total


def fit(log_posterior, names, rows, table):
    """Posterior mode and the standard deviations of its Laplace approximation."""
    start = np.array([table[name].value for name in names], float)
    limits = {"xatol": 1e-4, "fatol": 1e-6, "maxiter": 20000, "maxfev": 20000, "adaptive": True}
    best = minimize(lambda x: -log_posterior(x, rows, table), start, method="Nelder-Mead", options=limits)
    size = len(names)
    step = 1e-3 * np.eye(size)
    f = lambda x: log_posterior(x, rows, table)  # noqa: E731
    hessian = np.empty((size, size))
    for a in range(size):
        for b in range(size):
            hessian[a, b] = (f(best.x + step[a] + step[b]) - f(best.x + step[a] - step[b])
                             - f(best.x - step[a] + step[b]) + f(best.x - step[a] - step[b])) / 4e-6  # fmt: skip
    return best.x, np.sqrt(np.diag(np.linalg.inv(-hessian))), -best.fun


def main() -> None:
    """Print value and spread of every fitted parameter."""
    table = {row.name: row for row in load_facts().parameters}
    steps, answers = replay()
    for log_posterior, names, rows in (
        (log_posterior_ladder, LADDER, steps),
        (log_posterior_accords, ACCORDS, answers),
    ):
        mode, spread, value = fit(log_posterior, names, rows, table)
        print(f"{len(rows)} rows, {int(rows[:, -1].sum())} of them events; log posterior {value:.2f}")
        for name, x, s in zip(names, mode, spread):
            print(f"{name},{x:.2f},{s:.2f}")


if __name__ == "__main__":
    main()
