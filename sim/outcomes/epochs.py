"""Counts per epoch and joint patterns: what a free run is judged by against the record."""

import numpy as np

from sim.outcomes.histories import Events, Histories, as_years

#: First and last year of the epochs in which ladder steps are counted.
STEP_EPOCHS = (
    (1992, 1999),
    (2000, 2009),
    (2010, 2016),
    (2017, 2021),
    (2022, 2025),
    (2026, 2030),
    (2031, 2035),
    (2036, 2040),
)
#: The same for regional summits: none was held in 2010-17, at least five in 2018-24.
SUMMIT_EPOCHS = ((1992, 2000), (2001, 2009), (2010, 2017), (2018, 2024), (2025, 2030), (2031, 2035), (2036, 2040))
WHOLE = 0.999  # share of a border from which on it counts as settled


def columns(histories: Histories, months: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Counts of steps, summits and clashes, and the joint patterns, each (m,).

    ``months`` are the columns of :mod:`sim.outcomes.treaties`.
    """
    catalogue, found = histories.catalogue, {}
    for rung in catalogue.rungs:
        years = np.stack([months[f"rung_month.{dyad}.{rung}"] for dyad in catalogue.dyads], axis=1)
        for first, last in filter(catalogue.touches, STEP_EPOCHS):
            inside = (years >= first) & (years < last + 1)
            found[f"step_count.{rung}.{first}-{last}"] = inside.sum(axis=1).astype(float)
    regional = [catalogue.instruments.index(entry.id) for entry in catalogue.formats if entry.regional]
    summits = {
        span: histories.count(("summit",), *span, lambda events: np.isin(events.instrument, regional))
        for span in SUMMIT_EPOCHS
    }
    found |= {f"summit_count.{span[0]}-{span[1]}": summits[span] for span in filter(catalogue.touches, SUMMIT_EPOCHS)}
    ends = histories.first_months(("format-ends",), 1, lambda events: np.isin(events.instrument, regional) - 1)
    found["format_ends_month"] = as_years(ends[:, 0])
    found["rivals_won"] = histories.count(("joins-rival",), 1900, 2200)
    border = catalogue.region.border
    clashes, settled = _border(histories)
    if border:
        found[f"clash_count.{border}.2021-2022"] = clashes
        found[f"settled_month.{border}"] = settled
    found["pattern.summit_gap"] = ((summits[2010, 2017] == 0) & (summits[2018, 2024] >= 5)).astype(float)
    found["pattern.clash_then_settlement"] = ((clashes >= 3) & (settled >= 2023) & (settled < 2026)).astype(float)
    return found


def _border(histories: Histories) -> tuple[np.ndarray, np.ndarray]:
    """Clashes of 2021 and 2022 on the border that is followed, and when all of it was settled (year fraction), (m,)."""
    states, border = histories.catalogue.states, histories.catalogue.region.border
    pair = [states.index(name) if name in states else -2 for name in (border or "-").split("-")]

    def whole(events: Events) -> np.ndarray:
        return np.where(events.are_between(*pair) & (events.value >= WHOLE), 0, -1)

    clashes = histories.count(("clash",), 2021, 2022, lambda events: events.are_between(*pair))
    return clashes, as_years(histories.first_months(("settlement",), 1, whole)[:, 0])
