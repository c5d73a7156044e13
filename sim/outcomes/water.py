"""Rivers, disputes and borders: the series a run records of them, and what each member lived through.

An upstream neighbour without treaty agency has no place among the states of an event; its disputes are those without a
second state, and it is named by AFGHANISTAN.
"""

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Events, Histories
from sim.outcomes.metric import Metric

AFGHANISTAN = "AFG"
STATES = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
STORAGES = ("toktogul", "nurek", "kairakkum")
SEAS = {"north_aral": "Northern Aral Sea", "delta": "delta of the Amu Darya"}
#: The same by node of the network.
SEA_NODES = {"north_aral": "Northern Aral Sea", "large_aral": "delta and the Large Aral Sea"}
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

MONTHLY = (
    *(
        Metric(
            f"deficit.{state}",
            f"irrigation deficit of {state}",
            "share",
            0,
            1,
            "Unmet share of what users of the state want from both rivers in the month.",
            "Wanted is what is used where water is not short, below the limit.",
        )
        for state in STATES
    ),
    *(
        Metric(
            f"storage.{name}",
            f"storage of {name.capitalize()}",
            "km3",
            0,
            None,
            "Water in store at the end of the month, dead storage included.",
            "Before the branch a reconstruction that all members share.",
            0.01,
        )
        for name in STORAGES
    ),
    *(
        Metric(
            f"inflow.{sea}",
            f"inflow to the {title}",
            "km3 a month",
            0,
            None,
            "Water that arrives in the month.",
            "Drainage that does not come down the river is missing.",
            0.01,
        )
        for sea, title in SEAS.items()
    ),
)

YEARLY = (
    *MONTHLY,
    Metric(
        "deficit_year.{state}",
        "irrigation deficit of {state}, twelve months",
        "share",
        0,
        1,
        "Unmet share of the demand of the last twelve months.",
        "A mean over months that differ.",
    ),
    Metric(
        "power_deficit.{state}",
        "winter power deficit of {state}",
        "share",
        0,
        1,
        "Winter need of hydropower that the rivers did not make, October to March.",
        "0 for states without such a need in the tables.",
    ),
    Metric(
        "loss_water.{state}",
        "loss of {state} to irrigation deficits",
        "share of GDP",
        0,
        1,
        "Damage of the last water year.",
        "Value at stake and curvature are assumed.",
    ),
    Metric(
        "loss_energy.{state}",
        "loss of {state} to winter power deficits",
        "share of GDP",
        0,
        1,
        "Damage of the last winter.",
        "Value at stake and curvature are assumed.",
    ),
    Metric(
        "compliance.{node}",
        "compliance at {node}",
        "share",
        0,
        1,
        "Released of what was agreed for April to September.",
        "Not whether it was enough: see performance.",
    ),
    Metric(
        "performance.{node}",
        "performance of {node}",
        "share",
        0,
        1,
        "Delivered of what was wanted in the basin over twelve months.",
        "Not whether promises were kept.",
    ),
    Metric(
        "flow.{node}",
        "flow below {node}",
        "km3 a year",
        None,
        None,
        "Water that left the node in the year; at a sink what arrived.",
        "Returns of users join below.",
    ),
    Metric(
        "served.{node}",
        "served at {node}",
        "share",
        0,
        1,
        "Delivered of what the users wanted in the year.",
        "One place and its users.",
    ),
    Metric(
        "taken.{node}",
        "taken by {node}",
        "km3 a year",
        0,
        None,
        "Withdrawn in the year before any is shared.",
        "0 unless a scenario opens the canal.",
    ),
)

METRICS = (
    Metric(
        "disputes.{pair}",
        "water disputes {pair} a year",
        "disputes a year",
        0,
        None,
        "Disputes of the downstream with the upstream state per simulated year.",
        "Three are on record since 1992: the level is known to a factor of three at best.",
    ),
    Metric(
        "disputes_grave.{level}",
        "disputes of intensity -{level} a year",
        "disputes a year",
        0,
        None,
        "Disputes of this intensity on the BAR scale per simulated year, all pairs.",
        "The thresholds between intensities are assumed.",
    ),
    Metric(
        "disputes_all",
        "water disputes a year",
        "disputes a year",
        0,
        None,
        "All disputes per simulated year.",
        "The level is uncertain; compare scenarios member by member.",
    ),
    Metric(
        "clashes.{dyad}",
        "border clashes {dyad} a year",
        "clashes a year",
        0,
        None,
        "Border clashes per simulated year.",
        "Years differ far more than chance would have it.",
    ),
    Metric(
        "frictions.{state}",
        "unilateral acts of {state} a year",
        "acts a year",
        0,
        None,
        "Threats, cut-offs and stand-offs of the state against its neighbours per simulated year.",
        "Follows from the openness drawn for its leaders.",
    ),
    Metric(
        "deficit_mean.{state}",
        "mean irrigation deficit of {state}",
        "share",
        0,
        1,
        "Mean over simulated years of the deficit of twelve months.",
        "The worst year is far above it.",
    ),
    Metric(
        "deficit_worst.{state}",
        "worst irrigation deficit of {state}",
        "share",
        0,
        1,
        "Highest deficit of twelve months at the end of a simulated year.",
        "Of this member's span.",
    ),
    *(
        Metric(
            f"sea_mean.{node}",
            f"mean inflow to the {title}",
            "km3 a year",
            0,
            None,
            "Mean yearly inflow over simulated years.",
            "Drainage that does not come down the river is missing.",
        )
        for node, title in SEA_NODES.items()
    ),
)


def simulated_years(catalogue: Catalogue) -> float:
    """Length of the simulated part of the span in years; at least a month."""
    return max(catalogue.end - catalogue.branch + 1, 1) / 12.0


def _rate(histories: Histories, kind: tuple[str, ...], wanted) -> np.ndarray:
    """Simulated events a year of each member that are wanted, (m,)."""
    _, events = histories.of_kind(*kind)
    chosen = events.select(wanted(events))
    counts = np.bincount(histories.position(chosen.member), minlength=histories.members.size)
    return counts / simulated_years(histories.catalogue)


def pair_filter(states: tuple[str, ...], pair: str):
    """A filter of the disputes of a downstream with an upstream state."""
    down, up = pair.split("-")
    a = states.index(down) if down in states else -2
    b = -1 if up == AFGHANISTAN else states.index(up) if up in states else -2
    return lambda events: (events.a == a) & (events.b == b)


def _rates(histories: Histories) -> dict[str, np.ndarray]:
    catalogue, states = histories.catalogue, histories.catalogue.states
    found = {f"disputes.{pair}": _rate(histories, ("dispute",), pair_filter(states, pair)) for pair in PAIRS}
    for level in LEVELS:
        wanted = lambda events, level=level: np.rint(events.value) == -level  # noqa: E731
        found[f"disputes_grave.{level}"] = _rate(histories, ("dispute",), wanted)
    found["disputes_all"] = _rate(histories, ("dispute",), lambda events: np.ones(events.month.size, dtype=bool))
    for dyad in catalogue.dyads:
        pair = sorted(states.index(name) for name in dyad.split("-"))

        def between(events: Events, pair=pair) -> np.ndarray:
            return (np.minimum(events.a, events.b) == pair[0]) & (np.maximum(events.a, events.b) == pair[1])

        found[f"clashes.{dyad}"] = _rate(histories, ("clash",), between)
    for place, state in enumerate(states):
        acts = lambda events, place=place: events.a == place  # noqa: E731
        found[f"frictions.{state}"] = _rate(histories, ("closure", "verbal", "standoff"), acts)
    return found


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Every column of METRICS, each (m,); nan where no year was simulated or the series are missing."""
    found = _rates(histories)
    years = np.array(histories.catalogue.years)
    after = years * 12 + 11 >= histories.catalogue.branch
    # contiguous, so that a sum runs in the same order however many members a part has
    for state in STATES:
        series = histories.yearly.get(f"deficit_year.{state}")
        if series is not None and after.any():
            found[f"deficit_mean.{state}"] = np.ascontiguousarray(series[:, after], float).mean(axis=1)
            found[f"deficit_worst.{state}"] = np.ascontiguousarray(series[:, after], float).max(axis=1)
    for node in SEA_NODES:
        series = histories.yearly.get(f"flow.{node}")
        if series is not None and after.any():
            found[f"sea_mean.{node}"] = np.ascontiguousarray(series[:, after], float).mean(axis=1)
    return found
