"""Checks of the free run of the calibration that the baseline uses, stored beside it; made anew after every refit.

python docs/derivations/posterior_checks.py [members]
"""

import csv
import sys

import numpy as np

from sim.facts import load_facts
from sim.facts.load import CALIBRATIONS
from sim.hindcast.checks import FIRST, checks_of
from sim.hindcast.leads.happened import of_members, of_record
from sim.model import MODEL_VERSION, build_world, simulate_members
from sim.outcomes.posterior_checks import BANDS, COLUMNS
from sim.scenario import load_scenario


def main() -> None:
    members, facts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000, load_facts()
    scenario = load_scenario("free-run", ["run.end=2025-12-31"])
    world = build_world(scenario, facts)
    regional = next(row.id for row in facts.formats if row.regional)
    free = checks_of(of_members(simulate_members(world, 0, members), world, FIRST), members, regional)
    recorded = checks_of(of_record(facts), 1, regional)
    used, shares = scenario.calibration, [float(name[1:]) / 100 for name in BANDS]
    path = CALIBRATIONS / f"{used.name}.checks.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for (name, unit), values in free.items():
            truth = int(recorded[name, unit][0])
            bands = np.quantile(values, shares, method="inverted_cdf").astype(int)
            tails = f"{np.mean(values <= truth):.3f}", f"{np.mean(values >= truth):.3f}"
            table.writerow([name, unit, truth, *bands, *tails, members, MODEL_VERSION, used.digest])
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
