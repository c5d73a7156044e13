"""Rivers and borders at the end of `casim run`: disputes, deficits of a dry year, clashes, settlements."""

from typing import Any

import numpy as np

from sim.comparison.pairing import names_in
from sim.outcomes import summarise
from sim.outcomes.water import STATES, simulated_years
from sim.runs import Run

DRY = 0.9  # quantile over simulated years of all members


def water_of(run: Run) -> dict[str, Any]:
    """The main outcomes of rivers and borders as plain values; empty where the run holds no water."""
    members, catalogue = run.columns(), run.catalogue
    columns = [f"deficit_year.{state}" for state in STATES]
    if "disputes_all" not in members or not set(columns) <= set(names_in(run, "yearly")):
        return {}
    span = simulated_years(catalogue)
    clashes = {dyad: members[f"clashes.{dyad}"] * span for dyad in catalogue.dyads if f"clashes.{dyad}" in members}
    return {
        "disputes_a_year": _spread(members["disputes_all"]),
        "deficit": {state: _deficits(run, column) for state, column in zip(STATES, columns)},
        "clashes": _spread(np.sum(list(clashes.values()), axis=0)),
        "clashes_by_pair": {dyad: float(values.mean()) for dyad, values in clashes.items() if values.any()},
        "settlements": _settlements(run),
    }


def _spread(values: np.ndarray) -> dict[str, Any]:
    found = summarise(values)
    return {"mean": float(np.mean(values)), "median": found.median, "band_80": found.bands[80]}


def _deficits(run: Run, column: str) -> dict[str, float]:
    """Median and dry year over the whole simulated years of all members."""
    from sim.runs.arrow import to_numpy

    years = np.asarray(run.catalogue.years)
    values = to_numpy(run.arrow("yearly", [column]).column(column)).reshape(-1, years.size)
    whole = years * 12 >= run.catalogue.branch
    chosen = values[:, whole if whole.any() else years * 12 + 11 >= run.catalogue.branch]
    middle, dry = np.quantile(chosen, (0.5, DRY)) if chosen.size else (np.nan, np.nan)
    return {"median": float(middle), "dry": float(dry)}


def _settlements(run: Run) -> dict[str, Any]:
    """Simulated settlements of each member, all sections."""
    from sim.runs.arrow import to_numpy

    members = np.asarray(run.columns()["member"]).astype(int)
    table = run.arrow("events", ["member", "kind"]).unify_dictionaries()
    counts = np.zeros(members.size)
    for batch in table.to_batches():
        names = batch.column("kind").dictionary.to_pylist()
        if "settlement" not in names:
            continue
        owner = to_numpy(batch.column("member"))
        hit = (to_numpy(batch.column("kind").indices) == names.index("settlement")) & (owner >= 0)
        counts += np.bincount(np.searchsorted(members, owner[hit]), minlength=members.size)
    return _spread(counts)


def print_water(console, run: Run) -> None:
    """Print the block, if the run holds water: six short lines."""
    found = water_of(run)
    if not found:
        return
    console.print("[bold]Rivers and borders[/bold]", markup=True)
    console.print(f"Water disputes a year: {_said(found['disputes_a_year'], 2)}.")
    dry = ", ".join(f"{state} {100 * each['dry']:.0f} %" for state, each in found["deficit"].items())
    console.print(f"Deficit, driest year in ten: {dry}.")
    pairs = sorted(found["clashes_by_pair"].items(), key=lambda pair: -pair[1])[:2]
    most = f"; most on {' and '.join(dyad for dyad, _ in pairs)}" if pairs else ""
    console.print(f"Border clashes: {_said(found['clashes'], 1)}{most}.")
    console.print(f"Border settlements: {_said(found['settlements'], 1)}.")
    console.print("[dim]Mean, and 80 % of the members, from the branch to the end.[/dim]\n")


def _said(found: dict[str, Any], digits: int) -> str:
    low, high = found["band_80"]
    if low == high == found["mean"]:
        return f"{low:.0f}" if low == round(low) else f"{low:.{digits}f}"
    return f"{found['mean']:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
