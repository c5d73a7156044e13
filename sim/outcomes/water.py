"""Rivers, disputes and borders: rates and levels of each member.

An upstream neighbour without treaty agency has no place among the states of an event; its disputes are those without a
second state.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Histories
from sim.outcomes.summary import spread

if TYPE_CHECKING:
    from sim.outcomes.view import View

LEVELS = (1, 2, 3, 4, 5)
DRY = 0.9  # quantile over simulated years of all members


def simulated_years(catalogue: Catalogue) -> float:
    """Length of the simulated part of the span in years; at least a month."""
    return max(catalogue.end - catalogue.branch + 1, 1) / 12.0


def pair_filter(states: tuple[str, ...], pair: str):
    """A filter of the disputes of a downstream with an upstream state."""
    down, up = pair.split("-")
    a = states.index(down) if down in states else -2
    b = states.index(up) if up in states else -1
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

    disputes = {f"disputes.{pair}": pair_filter(states, pair) for pair in catalogue.region.disputes}
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

    for state in histories.catalogue.region.users:
        if f"deficit_year.{state}" in histories.yearly and after.any():
            found[f"deficit_mean.{state}"] = simulated(f"deficit_year.{state}").mean(axis=1)
            found[f"deficit_worst.{state}"] = simulated(f"deficit_year.{state}").max(axis=1)
    for node in histories.catalogue.region.seas:
        if f"flow.{node}" in histories.yearly and after.any():
            found[f"sea_mean.{node}"] = simulated(f"flow.{node}").mean(axis=1)
    return found


def has_water(view: "View") -> bool:
    """Whether a run holds disputes and deficits."""
    columns = {f"deficit_year.{state}" for state in view.catalogue.region.users}
    return bool(columns) and "disputes_all" in view.members and columns <= view.yearly_names


def dry_years(view: "View", state: str) -> tuple[float, float]:
    """Deficit of a state in a median year and in the driest of ten, over all whole simulated years of all members."""
    values = view.yearly(f"deficit_year.{state}")
    whole = view.years * 12 >= view.catalogue.branch
    chosen = values[:, whole if whole.any() else view.simulated_part > 0]
    middle, dry = np.quantile(chosen, (0.5, DRY)) if chosen.size else (np.nan, np.nan)
    return float(middle), float(dry)


def water_summary(view: "View") -> dict[str, Any]:
    """Disputes, dry years, clashes and settlements of a run as plain values; empty where it holds no water."""
    if not has_water(view):
        return {}
    members, catalogue = view.members, view.catalogue
    clashes = {
        dyad: members[f"clashes.{dyad}"] * simulated_years(catalogue)
        for dyad in catalogue.dyads
        if f"clashes.{dyad}" in members
    }
    years = {state: dry_years(view, state) for state in catalogue.region.users}
    return {
        "disputes_a_year": spread(members["disputes_all"]),
        "deficit": {state: {"median": middle, "dry": dry} for state, (middle, dry) in years.items()},
        "clashes": spread(np.sum(list(clashes.values()), axis=0)),
        "clashes_by_pair": {dyad: float(values.mean()) for dyad, values in clashes.items() if values.any()},
        "settlements": spread(view.counts(view.simulated("settlement"))),
    }
