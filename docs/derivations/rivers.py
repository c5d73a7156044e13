"""Refit the calibrated river numbers to the observed figures.

    python docs/derivations/rivers.py            # fit and report
    python docs/derivations/rivers.py --report   # report on the tables as they are
    python docs/derivations/rivers.py --write    # also write the numbers into the tables of the package

Three fits by least squares with priors, one after the other because water only runs downhill: Toktogul (release
rule and two unrecorded years of inflow), Nurek (release rule), and the two basins (losses, returns, splits of the
limits). The mean flows on which fixed losses rest are those of the fitted model itself, found by repetition.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import river_targets as targets
from pages import MODEL, put_into_page
from river_runs import recorded_factors, run, with_numbers
from scipy.optimize import least_squares

from sim.facts import Rivers, load_rivers
from sim.facts.load import FOLDER

# (node, quantity) or (year, group): what is fitted, and the spread of its prior as a share of the prior value
TOKTOGUL = [
    (("toktogul", "annual_volume"), 0.04),
    (("toktogul", "power_profile"), 0.25),
    ((2020, "naryn"), 0.10),
    ((2021, "naryn"), 0.05),  # of these the yearbooks have the sum of three rivers
    ((2022, "naryn"), 0.15),
    ((2024, "naryn"), 0.05),
]
NUREK = [
    (("nurek", "annual_volume"), 0.02),
    (("nurek", "reference_storage"), 0.10),
    (("nurek", "storage_feedback"), 0.50),
    (("nurek", "mode_share"), 0.30),
    (("nurek", "anomaly_share"), 0.30),
]
BASINS = [
    (("j_kelif", "loss"), 0.30),
    (("j_kerki", "loss"), 0.30),
    (("j_middle_amu", "loss"), 0.30),
    (("j_lower_amu", "loss"), 0.50),
    (("tuyamuyun", "evaporation"), 0.50),
    (("d_tjk_amu", "return_share"), 0.30),
    (("d_uzb_lower", "limit"), 0.05),
    (("d_tkm_dashoguz", "limit"), 0.05),
    ((2022, "amu"), 0.10),
    (("d_fergana_valleys", "limit"), 0.25),
    (("d_fergana_valleys", "return_share"), 0.40),
    (("d_uzb_fergana", "return_share"), 0.40),
    (("d_uzb_middle", "return_share"), 0.40),
    (("j_fergana_valleys", "return_delay"), 0.30),
    (("j_fergana", "return_delay"), 0.30),
    (("j_middle", "return_delay"), 0.30),
    (("j_fergana", "loss"), 0.30),
    (("j_middle", "loss"), 0.30),
    (("j_lower_syr", "loss"), 0.50),
    (("d_kaz_lower", "limit"), 0.20),
    (("north_aral", "priority"), 0.50),
    ((2022, "syr"), 0.10),
]
LARGEST = {
    "return_share": 0.7,
    "anomaly_share": 1.0,
    "mode_share": 0.95,
    "loss": 0.6,
    "evaporation": 0.6,
    "priority": 1.0,
}
REPETITIONS = 3


def start_values(rivers: Rivers, factors: dict, names: list) -> list[np.ndarray]:
    """Present values of what is fitted."""
    return [np.atleast_1d(rivers.values(*key) if isinstance(key[0], str) else factors[key]) for key, _ in names]


def changed(rivers: Rivers, factors: dict, names: list, logs: np.ndarray) -> tuple[Rivers, dict]:
    """Rivers and factors with every fitted number multiplied by exp(log); a profile is brought back to sum to one."""
    numbers, years, place = {}, dict(factors), 0
    for (key, _), values in zip(names, start_values(rivers, factors, names)):
        new = values * np.exp(logs[place : place + len(values)])
        place += len(values)
        if len(values) > 1:
            new *= values.sum() / new.sum()
        if isinstance(key[0], str):
            numbers[key] = np.minimum(new, LARGEST.get(key[1], np.inf))
        else:
            years[key] = float(new[0])
    return with_numbers(rivers, numbers), years


def fit(rivers: Rivers, factors: dict, names: list, aims: tuple) -> tuple[Rivers, dict]:
    """The rivers and factors that come nearest to the aims, held by priors around the values given."""
    spreads = np.concatenate(
        [np.full(len(values), spread) for (_, spread), values in zip(names, start_values(rivers, factors, names))]
    )

    def residuals(standard: np.ndarray) -> np.ndarray:
        new, years = changed(rivers, factors, names, standard * spreads)
        history = run(new, targets.FIRST, targets.LAST, years, targets.START)
        misses = [(model - seen) / tolerance for aim in aims for _, seen, model, tolerance in aim(new, history)]
        return np.concatenate([misses, standard])

    best = least_squares(residuals, np.zeros(len(spreads)), diff_step=0.02, max_nfev=25)
    return changed(rivers, factors, names, best.x * spreads)


def with_reference_flows(rivers: Rivers) -> Rivers:
    """The mean flow below the withdrawals of every junction with losses, in mean years of the model itself."""
    for _ in range(REPETITIONS):
        history = run(rivers, 2000 * 12, 2019 * 12 + 11, {(y, "amu"): 0.86 for y in range(2000, 2020)}, targets.START)
        flows = {}
        for node in rivers.of_kind("junction"):
            if rivers.has(node.id, "reference_flow"):
                users = [other.id for other in rivers.of_kind("demand") if other.to == node.id]
                left = history.node("arrived", node.id) - history.users("delivered", *users)
                flows[node.id, "reference_flow"] = np.round(left.reshape(-1, 12)[10:].mean(axis=0), 4)
        rivers = with_numbers(rivers, flows)
    return rivers


def rounded(rivers: Rivers, names: list) -> Rivers:
    """The fitted numbers with four decimals."""
    keys = [key for key, _ in names if isinstance(key[0], str)]
    return with_numbers(rivers, {key: np.round(rivers.values(*key), 4) for key in keys})


def priors() -> tuple[Rivers, dict]:
    """The tables with the values that were believed before fitting, so that a second fit gives what the first gave."""
    rivers, numbers = load_rivers(), {}
    factors = recorded_factors(rivers)
    with (Path(__file__).parent / "river_priors.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["of"].isdigit():
                factors[int(row["of"]), row["quantity"]] = float(row["values"])
            else:
                numbers[row["of"], row["quantity"]] = [float(part) for part in row["values"].split(";")]
    return with_numbers(rivers, numbers), factors


def refit() -> tuple[Rivers, dict]:
    """All fits in turn."""
    rivers, factors = priors()
    rivers, factors = fit(rivers, factors, TOKTOGUL, (targets.toktogul,))
    rivers, factors = fit(rivers, factors, NUREK, (targets.nurek,))
    for _ in range(REPETITIONS):
        rivers, factors = fit(rivers, factors, BASINS, (targets.amu, targets.syr))
        rivers = with_reference_flows(rivers)
    rivers = rounded(rivers, TOKTOGUL + NUREK + BASINS)
    return rivers, {key: round(value, 3) for key, value in factors.items()}


def table(rivers: Rivers, factors: dict) -> list[str]:
    """Every observed figure beside the model's, and the root mean square by kind, as lines of a page."""
    history = run(rivers, targets.FIRST, targets.LAST, factors, targets.START)
    lines = ["| | observed | model | difference |", "|---|---|---|---|"]
    for aim in (targets.toktogul, targets.nurek, targets.amu, targets.syr):
        rows = aim(rivers, history)
        lines += [f"| {name} | {seen:.2f} | {model:.2f} | {model - seen:+.2f} |" for name, seen, model, _ in rows]
        for kind in dict.fromkeys(name.split(" 20")[0] for name, *_ in rows):
            misses = [model - seen for name, seen, model, _ in rows if name.split(" 20")[0] == kind]
            if len(misses) > 1:
                lines.append(f"| *{kind}: root mean square* | | | {np.sqrt(np.mean(np.square(misses))):.2f} |")
    closed = "below 1e-12" if history.worst_balance < 1e-12 else f"{history.worst_balance:.0e}"
    return [*lines, f"| *worst balance error* | | | {closed} |"]


def write(rivers: Rivers, factors: dict) -> None:
    """Put the fitted numbers and years into the tables."""
    _rewrite(FOLDER / "river_numbers.csv", "values", lambda row: rivers.numbers[row["node"], row["quantity"]].values)
    _rewrite(FOLDER / "river_inflow_years.csv", "factor", lambda row: repr(factors[int(row["year"]), row["group"]]))


def _rewrite(path: Path, column: str, value) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["basis"] == "calibrated":
            row[column] = value(row)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    fitted = (load_rivers(), recorded_factors(load_rivers())) if "--report" in sys.argv else refit()
    put_into_page(MODEL, "rivers", table(*fitted))
    if "--write" in sys.argv:
        write(*fitted)
