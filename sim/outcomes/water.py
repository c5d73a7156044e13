"""Rivers, disputes and borders: rates and levels of each member.

An upstream neighbour without treaty agency has no place among the states of an event; its disputes are those without a
second state, and it is named by AFGHANISTAN.
"""

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Histories

AFGHANISTAN = "AFG"
STATES = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
STORAGES = ("toktogul", "nurek", "kairakkum")
SEAS = ("north_aral", "large_aral")
#: Downstream and upstream state, each pair once, whatever the river.
PAIRS = (
    "UZB-KGZ",
    "KAZ-KGZ",
    "TJK-KGZ",
    "UZB-TJK",
    "KAZ-TJK",
    "KAZ-UZB",
    "TKM-TJK",
    "TKM-UZB",
    "UZB-TKM",
    f"UZB-{AFGHANISTAN}",
    f"TKM-{AFGHANISTAN}",
)
LEVELS = (1, 2, 3, 4, 5)


def simulated_years(catalogue: Catalogue) -> float:
    """Length of the simulated part of the span in years; at least a month."""
    return max(catalogue.end - catalogue.branch + 1, 1) / 12.0


def pair_filter(states: tuple[str, ...], pair: str):
    """A filter of the disputes of a downstream with an upstream state."""
    down, up = pair.split("-")
    a = states.index(down) if down in states else -2
    b = -1 if up == AFGHANISTAN else states.index(up) if up in states else -2
    return lambda events: (events.a == a) & (events.b == b)


def _rates(histories: Histories) -> dict[str, np.ndarray]:
    """Simulated disputes, clashes and unilateral acts a year."""
    catalogue, states = histories.catalogue, histories.catalogue.states

    def rates(kinds: tuple[str, ...], wanted: dict) -> dict[str, np.ndarray]:
        _, events = histories.of_kind(*kinds)
        found = {}
        for name, chosen in wanted.items():
            rows = histories.position(events.member[chosen(events)])
            found[name] = np.bincount(rows, minlength=histories.members.size) / simulated_years(catalogue)
        return found

    disputes = {f"disputes.{pair}": pair_filter(states, pair) for pair in PAIRS}
    for level in LEVELS:
        disputes[f"disputes_grave.{level}"] = lambda events, level=level: np.rint(events.value) == -level
    disputes["disputes_all"] = lambda events: np.ones(events.month.size, dtype=bool)
    pairs = {dyad: [states.index(name) for name in dyad.split("-")] for dyad in catalogue.dyads}
    clashes = {f"clashes.{dyad}": lambda events, pair=pair: events.are_between(*pair) for dyad, pair in pairs.items()}
    acts = {f"frictions.{state}": lambda events, k=place: events.a == k for place, state in enumerate(states)}
    return {
        **rates(("dispute",), disputes),
        **rates(("clash",), clashes),
        **rates(("closure", "verbal", "standoff"), acts),
    }


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Rates of disputes, clashes and acts, means of deficits and inflows, (m,) each; what the run lacks is left out."""
    found = _rates(histories)
    after = np.array(histories.catalogue.years) * 12 + 11 >= histories.catalogue.branch

    def simulated(name: str) -> np.ndarray:
        # contiguous, so that a sum runs in the same order however many members a part has
        return np.ascontiguousarray(histories.yearly[name][:, after], float)

    for state in STATES:
        if f"deficit_year.{state}" in histories.yearly and after.any():
            found[f"deficit_mean.{state}"] = simulated(f"deficit_year.{state}").mean(axis=1)
            found[f"deficit_worst.{state}"] = simulated(f"deficit_year.{state}").max(axis=1)
    for node in SEAS:
        if f"flow.{node}" in histories.yearly and after.any():
            found[f"sea_mean.{node}"] = simulated(f"flow.{node}").mean(axis=1)
    return found
