"""Disputes over water: what the record says of each effect, and expected and observed numbers by period and pair.

    python docs/derivations/water_disputes.py [--recover WORLDS] [--refit]

writes into docs/water.md, for the calibration that ships, prior and posterior of every parameter of disputes; the
disputes that each period and each pair should have on record under the observation model, with the middle 80 % of what
such records would hold, beside those it has; and the log evidence of the record under several spreads of pairs. With
--recover synthetic records are drawn and fitted, and what is found of them is written; with --refit the block of
disputes is sampled anew and put into the calibration that ships.
"""

import argparse

import numpy as np
from pages import WATER, put_into_page

from sim.facts import Facts, load_facts
from sim.inference import disputes
from sim.inference.covariates import Panel, panel_of
from sim.inference.disputes import dispute_posterior, dispute_priors, dispute_rows, recorded_openness
from sim.inference.fit import Fit, with_disputes, write_calibration
from sim.inference.laplace import find_mode
from sim.inference.observations import record
from sim.inference.priors import prior_covariance
from sim.scenario.calibration_file import Calibration, read_calibration, shipped_calibrations

SPREADS = (0.25, 0.5, 0.7, 1.0, 1.5, 2.0)


def effects(calibration: Calibration) -> list[str]:
    """Prior and posterior of every parameter of disputes."""
    lines = ["| parameter | prior | posterior | narrowed | share above 0 |", "|---|---|---|---|---|"]
    for row in calibration.about["parameters"]:
        if row["name"].startswith(("disputes.", "dispute.")):
            prior, found = f"{row['prior_mean']:.2f} ± {row['prior_sd']:.2f}", f"{row['mean']:.2f} ± {row['sd']:.2f}"
            lines.append(f"| {row['name']} | {prior} | {found} | {row['narrowed']:.2f} | {row['share_positive']:.2f} |")
    return lines


def counts(facts: Facts, panel: Panel, calibration: Calibration) -> list[str]:
    """Expected and observed disputes by period and by pair, parameters drawn from the posterior."""
    history, rng = record(facts, panel), np.random.default_rng(1)
    openness = recorded_openness(panel, calibration.names, calibration.draws)
    rows = dispute_rows(panel, (), openness, facts.river_reporting)
    posterior = dispute_posterior(panel, rows, dispute_priors(facts, panel))
    place = [calibration.names.index(name) for name in posterior.names]
    chosen = calibration.draws[rng.choice(len(calibration.draws), 400, replace=False)][:, place]
    predictor = posterior.terms["disputes"].predictor
    seen = posterior.names.index(disputes.SEEN)
    eta = np.array([predictor.eta(x) for x in chosen])
    rate = np.exp(eta)
    true = np.exp(eta - rows.log_seen - chosen[:, [seen]])
    acts = [act for act in history.acts if act.kind == "dispute"]
    names = np.array(["-".join(pair[:2]) + " " + pair[2] for pair in panel.riparians])
    lines = [
        "| | on record | expected on record | middle 80 % of records | in truth, expected |",
        "|---|---|---|---|---|",
    ]
    groups = [
        (f"{row.since}-{row.until}", (rows.year >= row.since) & (rows.year <= row.until),
         sum(row.since <= act.month // 12 <= row.until for act in acts))
        for row in facts.river_reporting
    ]  # fmt: skip
    groups += [(name, rows.pair == k, sum(act.place == k for act in acts)) for k, name in enumerate(names)]
    groups += [("all", np.ones(len(rows), bool), len(acts))]
    for name, mask, observed in groups:
        expected = rate[:, mask].sum(axis=1)
        low, high = np.quantile(rng.poisson(expected), (0.1, 0.9), method="inverted_cdf")
        lines.append(
            f"| {name} | {observed} | {expected.mean():.1f} | {low:.0f}-{high:.0f} | "
            f"{true[:, mask].sum(axis=1).mean():.1f} |"
        )
    return lines


def spreads(facts: Facts, panel: Panel, calibration: Calibration) -> list[str]:
    """Laplace approximation of the log evidence under several spreads of the pairs."""
    openness = recorded_openness(panel, calibration.names, calibration.draws)
    rows = dispute_rows(panel, record(facts, panel).acts, openness, facts.river_reporting)
    shipped = disputes.PAIR_SD, disputes.STATE_SD
    lines = ["| spread of pairs | shared with each state | log evidence, up to a constant |", "|---|---|---|"]
    for pair in SPREADS:
        for state in (0.0, round(pair * shipped[1] / shipped[0], 2)):
            disputes.PAIR_SD, disputes.STATE_SD = pair, state
            posterior = dispute_posterior(panel, rows, dispute_priors(facts, panel))
            mode = find_mode(posterior)
            prior = np.linalg.slogdet(prior_covariance(posterior.priors))[1]
            evidence = mode.log_density + 0.5 * (np.linalg.slogdet(mode.covariance)[1] - prior)
            lines.append(f"| {pair:g} | {state:g} | {evidence:.1f} |")
    disputes.PAIR_SD, disputes.STATE_SD = shipped
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recover", type=int, default=0, metavar="WORLDS")
    parser.add_argument("--refit", action="store_true")
    given = parser.parse_args()
    facts, (name, path) = load_facts(), next(iter(shipped_calibrations().items()))
    calibration = read_calibration(path)
    if given.refit:
        fit = with_disputes(Fit(calibration.about, calibration.draws), facts)
        write_calibration(fit, path)
        print(f"{name}: {len(fit.about['parameters'])} parameters")
        return
    if given.recover:
        from sim.inference.dispute_worlds import recover_disputes

        put_into_page(WATER, "dispute recovery", ["```", *recover_disputes(facts, given.recover).lines(), "```"])
        return
    panel = panel_of(facts)
    put_into_page(WATER, "dispute effects", effects(calibration))
    put_into_page(WATER, "dispute counts", counts(facts, panel, calibration))
    put_into_page(WATER, "dispute spreads", spreads(facts, panel, calibration))


if __name__ == "__main__":
    main()
