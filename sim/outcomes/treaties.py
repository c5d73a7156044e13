"""Treaties: when each rung of each dyad and each accord comes, if it does."""

from typing import NamedTuple

import numpy as np

from sim.outcomes.catalogue import AccordEntry, Catalogue
from sim.outcomes.histories import Events, Histories, as_years
from sim.outcomes.series import report_years


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


def accord_months(histories: Histories, kinds: tuple[str, ...], by_state: bool, new: bool = False) -> np.ndarray:
    """First month of such an event of each accord, (m, accords), or of each accord and state, (m, accords, states).

    Parameters
    ----------
    new : of the new texts that summits may table instead of the accords that record and scenario name
    """
    catalogue = histories.catalogue
    accords, states = len(catalogue.texts if new else catalogue.accords), len(catalogue.states) if by_state else 1
    before = len(catalogue.rungs) + (len(catalogue.accords) if new else 0)

    def slot(events: Events) -> np.ndarray:
        accord = events.instrument - before
        state = events.a if by_state else np.zeros_like(events.a)
        return np.where((accord >= 0) & (accord < accords) & (state >= 0), accord * states + state, -1)

    first = histories.first_months(kinds, accords * states, slot)
    return first.reshape(first.shape[0], accords, states) if by_state else first


def adopted_months(signed: np.ndarray, in_force: np.ndarray, accords: tuple[AccordEntry, ...]) -> np.ndarray:
    """Month in which each of some accords had the signatures it requires or entered into force, (m, accords)."""
    ordered = np.sort(signed, axis=2)
    adopted = in_force.copy()
    for position, accord in enumerate(accords):
        if 1 <= accord.required <= ordered.shape[2]:
            adopted[:, position] = np.minimum(adopted[:, position], ordered[:, position, accord.required - 1])
    return adopted


class NewTexts(NamedTuple):
    """When new texts were tabled and adopted, (m, text), and signed, (m, text, state); infinite where never."""

    tabled: np.ndarray
    adopted: np.ndarray
    signed: np.ndarray


def new_texts(histories: Histories) -> NewTexts:
    """What became of texts that summits tabled after the record."""
    tabled = accord_months(histories, ("proposal",), by_state=False, new=True)
    signed = accord_months(histories, ("signature", "accession"), by_state=True, new=True)
    in_force = accord_months(histories, ("in-force",), by_state=False, new=True)
    return NewTexts(tabled, adopted_months(signed, in_force, histories.catalogue.texts), signed)


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Dates of every rung and accord, and counts of treaties, losses and withdrawals, (m,) each."""
    catalogue, found = histories.catalogue, {}
    rungs = rung_months(histories)
    signed = accord_months(histories, ("signature", "accession"), by_state=True)
    in_force = accord_months(histories, ("in-force",), by_state=False)
    adopted = adopted_months(signed, in_force, catalogue.accords)
    new = new_texts(histories)
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
    found["new_texts_tabled"] = np.isfinite(new.tabled).sum(axis=1).astype(float)
    found["new_texts_adopted"] = np.isfinite(new.adopted).sum(axis=1).astype(float)
    found["new_text_signatures"] = np.isfinite(new.signed).sum(axis=(1, 2)).astype(float)
    steps = np.concatenate([rungs.reshape(rungs.shape[0], -1), adopted, new.adopted], axis=1)
    for year in report_years(catalogue):
        by_then = steps < (year + 1) * 12
        found[f"treaties_signed_{year}"] = by_then.sum(axis=1).astype(float)
        found[f"new_treaties_{year}"] = (by_then & (steps >= catalogue.branch)).sum(axis=1).astype(float)
    simulated = catalogue.branch // 12, catalogue.end // 12, lambda events: events.month >= catalogue.branch
    found["rungs_lost"] = histories.count(("rung-lost",), *simulated)
    found["withdrawals"] = histories.count(("withdrawal",), *simulated)
    return found
