"""Treaties: when each rung of each dyad and each accord comes, if it does."""

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Events, Histories, as_years
from sim.outcomes.metric import Metric
from sim.outcomes.series import report_years

_NEVER = "Empty where it never happens in the span: read the share of filled rows first, then the dates."

METRICS = (
    Metric(
        "rung_month.{dyad}.{rung}",
        "{dyad} {rung}",
        "year",
        1991,
        2101,
        "Month of the treaty that first took the dyad to the rung, as a year fraction.",
        _NEVER,
    ),
    Metric(
        "declaration_month.{dyad}",
        "{dyad} allied declaration",
        "year",
        1991,
        2101,
        "Month in which the dyad first declared itself allied.",
        _NEVER,
    ),
    Metric(
        "signed_month.{accord}.{state}",
        "{accord} signed by {state}",
        "year",
        1991,
        2101,
        "Month in which the state signed or acceded for the first time.",
        _NEVER,
    ),
    Metric(
        "adopted_month.{accord}",
        "{accord} adopted",
        "year",
        1991,
        2101,
        "Month in which enough parties had signed: all under unanimity, else the accord's own minimum.",
        _NEVER,
    ),
    Metric("in_force_month.{accord}", "{accord} in force", "year", 1991, 2101, "Month of entry into force.", _NEVER),
    Metric(
        "treaties_signed_{year}",
        "treaties signed by {year}",
        "treaties",
        0,
        None,
        "Ladder steps taken plus accords adopted by the end of the year, the record included.",
        "Counts a shallow accord like a deep one; treaty depth weighs them.",
    ),
    Metric(
        "new_treaties_{year}",
        "new treaties, branch to {year}",
        "treaties",
        0,
        None,
        "Ladder steps and accords that came from the branch to the end of the year.",
        "Zero before the branch.  What the simulation adds to the record.",
    ),
    Metric(
        "rungs_lost",
        "rungs lost",
        "rungs",
        0,
        None,
        "Ladder steps undone from the branch on.",
        "A dyad may lose and regain one; each loss counts.",
    ),
    Metric(
        "withdrawals",
        "withdrawals from accords",
        "withdrawals",
        0,
        None,
        "Withdrawals from accords from the branch on.",
        "Documented withdrawals are not counted.",
    ),
)


def _dyad_slots(catalogue: Catalogue) -> np.ndarray:
    table = np.full((len(catalogue.states) + 1, len(catalogue.states) + 1), -1)
    for (a, b), position in catalogue.dyad_positions().items():
        table[a, b] = position
    return table


def rung_months(histories: Histories) -> np.ndarray:
    """First month of each rung, (m, dyads, rungs), infinite where never."""
    catalogue, table = histories.catalogue, _dyad_slots(histories.catalogue)
    rungs = len(catalogue.rungs)

    def slot(events: Events) -> np.ndarray:
        dyad = table[events.a, events.b]
        known = (dyad >= 0) & (events.instrument >= 0) & (events.instrument < rungs)
        return np.where(known, dyad * rungs + events.instrument, -1)

    first = histories.first_months(("rung",), len(catalogue.dyads) * rungs, slot)
    return first.reshape(-1, len(catalogue.dyads), rungs)


def signed_months(histories: Histories) -> np.ndarray:
    """First month in which each state signed or joined each accord, (m, accords, states), infinite where never."""
    catalogue = histories.catalogue
    accords, states, rungs = len(catalogue.accords), len(catalogue.states), len(catalogue.rungs)

    def slot(events: Events) -> np.ndarray:
        accord = events.instrument - rungs
        known = (accord >= 0) & (accord < accords) & (events.a >= 0)
        return np.where(known, accord * states + events.a, -1)

    first = histories.first_months(("signature", "accession"), accords * states, slot)
    return first.reshape(-1, accords, states)


def in_force_months(histories: Histories) -> np.ndarray:
    """Month of entry into force of each accord, (m, accords), infinite where never."""
    accords, rungs = len(histories.catalogue.accords), len(histories.catalogue.rungs)

    def slot(events: Events) -> np.ndarray:
        accord = events.instrument - rungs
        return np.where((accord >= 0) & (accord < accords), accord, -1)

    return histories.first_months(("in-force",), accords, slot)


def adopted_months(signed: np.ndarray, in_force: np.ndarray, catalogue: Catalogue) -> np.ndarray:
    """Month in which each accord had the signatures it requires or entered into force, (m, accords)."""
    ordered = np.sort(signed, axis=2)
    adopted = in_force.copy()
    for position, accord in enumerate(catalogue.accords):
        if 1 <= accord.required <= ordered.shape[2]:
            adopted[:, position] = np.minimum(adopted[:, position], ordered[:, position, accord.required - 1])
    return adopted


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Every column of METRICS, each (m,)."""
    catalogue, found = histories.catalogue, {}
    rungs, signed, in_force = rung_months(histories), signed_months(histories), in_force_months(histories)
    adopted = adopted_months(signed, in_force, catalogue)
    table = _dyad_slots(catalogue)
    declared = histories.first_months(("declaration",), len(catalogue.dyads), lambda events: table[events.a, events.b])
    for d, dyad in enumerate(catalogue.dyads):
        for r, rung in enumerate(catalogue.rungs):
            found[f"rung_month.{dyad}.{rung}"] = as_years(rungs[:, d, r])
        found[f"declaration_month.{dyad}"] = as_years(declared[:, d])
    for m, accord in enumerate(catalogue.accords):
        found[f"adopted_month.{accord.id}"] = as_years(adopted[:, m])
        found[f"in_force_month.{accord.id}"] = as_years(in_force[:, m])
        for state in accord.parties:
            if state in catalogue.states:
                found[f"signed_month.{accord.id}.{state}"] = as_years(signed[:, m, catalogue.states.index(state)])
    steps = np.concatenate([rungs.reshape(rungs.shape[0], -1), adopted], axis=1)
    for year in report_years(catalogue):
        by_then = steps < (year + 1) * 12
        found[f"treaties_signed_{year}"] = by_then.sum(axis=1).astype(float)
        found[f"new_treaties_{year}"] = (by_then & (steps >= catalogue.branch)).sum(axis=1).astype(float)
    since = catalogue.branch // 12

    def after(events: Events) -> np.ndarray:
        return events.month >= catalogue.branch

    found["rungs_lost"] = histories.count(("rung-lost",), since, catalogue.end // 12, after)
    found["withdrawals"] = histories.count(("withdrawal",), since, catalogue.end // 12, after)
    return found
