"""Counts per epoch and joint patterns: what a free run is judged by against the record."""

import numpy as np

from sim.outcomes.histories import Events, Histories, as_years
from sim.outcomes.metric import Metric

#: First and last year of the epochs in which ladder steps and adopted accords are counted.
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

METRICS = (
    Metric(
        "step_count.{rung}.{span}",
        "{rung} steps {span}",
        "steps",
        0,
        15,
        "Dyads whose {rung} treaty was first signed in these years.",
        "The record is one draw, so expect spread.",
    ),
    Metric(
        "summit_count.{span}",
        "regional summits {span}",
        "summits",
        0,
        None,
        "Summits of regional formats held in these years.",
        "Formats of outside powers are not counted.",
    ),
    Metric(
        "clash_count.KGZ-TJK.2021-2022",
        "KGZ-TJK clashes 2021-22",
        "clashes",
        0,
        None,
        "Border clashes between KGZ and TJK in 2021 and 2022.",
        "Zero in a run that does not simulate clashes.",
    ),
    Metric(
        "settled_month.KGZ-TJK",
        "KGZ-TJK border settled",
        "year",
        1991,
        2101,
        "Month in which the whole common border was settled.",
        "Empty where it never was.",
    ),
    Metric(
        "pattern.summit_gap",
        "no summit 2010-17, five or more 2018-24",
        "flag",
        0,
        1,
        "1 if no regional summit was held in 2010-17 and at least five in 2018-24.",
        "Its mean is the probability of a pattern that did occur: small values count against the model.",
    ),
    Metric(
        "pattern.clash_then_settlement",
        "KGZ-TJK clashes, then settlement",
        "flag",
        0,
        1,
        "1 if KGZ and TJK clashed three times or more in 2021-22 and settled their border in 2023-25.",
        "Its mean is the probability of a pattern that did occur: small values count against the model.",
    ),
)


def _regional_summits(histories: Histories):
    catalogue = histories.catalogue
    offset = len(catalogue.rungs) + len(catalogue.accords)
    regional = [offset + place for place, entry in enumerate(catalogue.formats) if entry.regional]
    return lambda events: np.isin(events.instrument, regional)


def _between(histories: Histories, first: str, second: str):
    states = histories.catalogue.states
    if first not in states or second not in states:
        return lambda events: np.zeros(events.month.size, dtype=bool)
    pair = sorted((states.index(first), states.index(second)))
    return lambda events: (np.minimum(events.a, events.b) == pair[0]) & (np.maximum(events.a, events.b) == pair[1])


def _steps(histories: Histories, months: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    catalogue, found = histories.catalogue, {}
    for rung in catalogue.rungs:
        years = np.stack([months[f"rung_month.{dyad}.{rung}"] for dyad in catalogue.dyads], axis=1)
        for first, last in STEP_EPOCHS:
            if first <= catalogue.end // 12 and last >= catalogue.start // 12:
                inside = (years >= first) & (years < last + 1)
                found[f"step_count.{rung}.{first}-{last}"] = inside.sum(axis=1).astype(float)
    return found


def columns(histories: Histories, months: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Every column of METRICS, each (m,); ``months`` are the columns of :mod:`sim.outcomes.treaties`."""
    catalogue = histories.catalogue
    found = _steps(histories, months)
    wanted = _regional_summits(histories)
    summits = {span: histories.count(("summit",), *span, wanted) for span in SUMMIT_EPOCHS}
    for (first, last), count in summits.items():
        if first <= catalogue.end // 12 and last >= catalogue.start // 12:
            found[f"summit_count.{first}-{last}"] = count
    border = _between(histories, "KGZ", "TJK")
    clashes = histories.count(("clash",), 2021, 2022, border)

    def whole(events: Events) -> np.ndarray:
        return np.where(border(events) & (events.value >= 0.999), 0, -1)

    settled = as_years(histories.first_months(("settlement",), 1, whole)[:, 0])
    found["clash_count.KGZ-TJK.2021-2022"] = clashes
    found["settled_month.KGZ-TJK"] = settled
    found["pattern.summit_gap"] = ((summits[2010, 2017] == 0) & (summits[2018, 2024] >= 5)).astype(float)
    found["pattern.clash_then_settlement"] = ((clashes >= 3) & (settled >= 2023) & (settled < 2026)).astype(float)
    return found
