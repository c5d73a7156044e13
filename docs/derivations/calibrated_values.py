"""Values and spreads of what the shipped calibration has fitted, for runs that use none.

    python docs/derivations/calibrated_values.py

writes the posterior mean and standard deviation of every fitted parameter into the tables of parameters, of every
leader into leaders.csv, and of every border section's clash rate into river_borders.csv. A run with a calibration draws
from it jointly; one without draws each parameter on its own around these values.
"""

from common import TABLES, read, write

from sim.facts import load_facts
from sim.scenario.calibration_file import leader_parameters, read_calibration, shipped_calibrations

SHIPPED = "2025-06-f55aade1"
SOURCE = "docs/derivations/calibrated_values.py: calibration on the record (docs/calibration.md)"


def main() -> None:
    found = {row["name"]: row for row in read_calibration(shipped_calibrations()[SHIPPED]).about["parameters"]}
    for table in ("parameters", "river_parameters"):
        rows = read(TABLES / f"{table}.csv")
        for row in rows:
            if row["name"] in found:
                fit = found[row["name"]]
                row["value"] = f"{fit['mean']:.4g}"
                # shares that are counted and thresholds, which are in order, stay at their means without a calibration
                still = "counted" in fit or row["name"].startswith("disputes.cut")
                row["spread"] = "" if still else f"{fit['sd']:.2g}"
                row["source"] = "; ".join([SOURCE, *row["source"].split("; ")[1:]])
        write(table, rows)
    leaders = read(TABLES / "leaders.csv")
    for row, name in zip(leaders, leader_parameters(load_facts()), strict=True):
        row["openness_mean"], row["openness_sd"] = f"{found[name]['mean']:.2f}", f"{found[name]['sd']:.2f}"
        row["source"] = row["source"].split("; openness:")[0] + f"; openness: {SOURCE}"
    write("leaders", leaders)
    borders = read(TABLES / "river_borders.csv")
    for row in borders:
        fit = found.get(f"clash.{row['state_a']}-{row['state_b']}")
        if fit:
            row["clash_offset"] = f"{fit['mean']:.2f}"
            row["source"] = row["source"].split("; offset:")[0] + f"; offset: {SOURCE}"
    write("river_borders", borders)


if __name__ == "__main__":
    main()
