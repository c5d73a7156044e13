"""The series a run records over time, and the years at which outcomes are read from them."""

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Histories
from sim.outcomes.integration import SERIES as INTEGRATION_SERIES
from sim.outcomes.metric import Metric

_REPORT_YEARS = (2000, 2010, 2020, 2025, 2030, 2035, 2040)

MONTHLY = (
    Metric(
        "trust_mean",
        "mean trust",
        "probability",
        0,
        1,
        "Mean over ordered pairs of states of the belief that the other keeps its word.",
        "0.5 is indifference.  It says what the states would expect of each other, not what they do.",
    ),
    Metric(
        "trust_minimum",
        "lowest trust",
        "probability",
        0,
        1,
        "Lowest trust of one state in another.",
        "The worst relation of the month, whichever it is.",
    ),
    Metric(
        "regional_process",
        "regional process R",
        "index",
        0,
        1,
        "Momentum of regional summits: each one lifts it, every month without lets it fade.",
        "Near 0 when nobody meets; about 0.6-0.8 under yearly summits.",
    ),
    Metric(
        "institutions",
        "institutions Z",
        "index",
        0,
        1,
        "Weight of regional bodies and programmes times how far each is implemented.",
        "0 no regional body works, 1 a full set of working ones.",
    ),
    Metric(
        "treaty_depth",
        "treaty depth",
        "share",
        0,
        1,
        "Depth of all signed ladder steps and accords over the depth of all that could be signed.",
        "1 would be every rung and accord signed by all.  Signed is not implemented.",
    ),
    Metric(
        "implemented",
        "implemented share",
        "share",
        0,
        1,
        "Depth of what is implemented over the depth of all that could be signed.",
        "At most the treaty depth; rises over years, since a new treaty starts at zero.",
    ),
    Metric(
        "borders_settled",
        "borders settled",
        "share",
        0,
        1,
        "Share of the common border length that is delimited.",
        "Taken from the record before the branch.",
    ),
    Metric(
        "crossings_open",
        "crossings open",
        "share",
        0,
        1,
        "Share of the neighbouring pairs whose crossings are open.",
        "1 unless a closure lasts.",
    ),
    Metric(
        "elite_identity",
        "elite identity",
        "index",
        0,
        1,
        "Regional identification of elites.",
        "Coefficients are assumed: use it for sensitivity only.",
    ),
    Metric(
        "society_identity",
        "societal identity",
        "index",
        0,
        1,
        "Regional identification of societies.",
        "Coefficients are assumed: use it for sensitivity only.",
    ),
    Metric(
        "pull_mean",
        "outside pull",
        "index",
        0,
        None,
        "Mean over states of the pull of outside powers.",
        "Assumed weight; it matters where a scenario moves it.",
    ),
    Metric(
        "turbulence",
        "turbulence",
        "index",
        0,
        1,
        "Documented or assumed turbulence of the year.",
        "An input, not a result.",
    ),
    *INTEGRATION_SERIES,
)

YEARLY = (
    *MONTHLY,
    Metric(
        "trust.{state}.{other}",
        "trust of {state} in {other}",
        "probability",
        0,
        1,
        "Belief of the first state that the second keeps its word.",
        "Directed: the reverse may differ.",
    ),
    Metric(
        "rung.{dyad}",
        "rung of {dyad}",
        "rung",
        0,
        3,
        "Bilateral ladder: 0 relations, 1 friendship, 2 strategic partnership, 3 alliance.",
        "The highest rung signed and not lost.",
    ),
    Metric(
        "declared.{dyad}",
        "allied declaration of {dyad}",
        "flag",
        0,
        1,
        "1 once the dyad has declared itself allied without an alliance treaty.",
        "Makes the treaty likelier.",
    ),
    Metric(
        "signed.{accord}",
        "signatories of {accord}",
        "states",
        0,
        6,
        "Number of parties that have signed.",
        "Signed, whether or not ratified.",
    ),
    Metric(
        "pull.{state}",
        "outside pull on {state}",
        "index",
        0,
        None,
        "Dependence on outside powers times their pull.",
        "Assumed weight.",
    ),
    Metric(
        "capacity.{state}",
        "capacity of {state}",
        "index",
        0,
        1,
        "State capacity from GDP per head.",
        "Carries the time trend of the fit.",
    ),
    Metric(
        "openness.{state}",
        "openness of {state}",
        "standard scale",
        None,
        None,
        "Openness of the state plus its leader.",
        "0 is neutral; a new leader is a two-sided draw.",
    ),
)

METRICS = (
    *(
        Metric(
            f"{metric.name}_{{year}}",
            f"{metric.title}, end of {{year}}",
            metric.unit,
            metric.lower,
            metric.upper,
            metric.meaning,
            metric.reading,
        )
        for metric in MONTHLY
    ),
    Metric(
        "trust.{state}.{other}_{year}",
        "trust of {state} in {other}, end of {year}",
        "probability",
        0,
        1,
        "Belief of the first state that the second keeps its word.",
        "Directed: the reverse may differ.",
    ),
)


def report_years(catalogue: Catalogue) -> tuple[int, ...]:
    """Years at whose end outcomes are read: some round ones inside the span, and its last."""
    years = catalogue.years
    return tuple(sorted({year for year in _REPORT_YEARS if year in years} | set(years[-1:])))


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Each monthly series at each report year, and the trust matrix at the end of the last one."""
    found = {}
    place = {year: position for position, year in enumerate(histories.catalogue.years)}
    chosen = report_years(histories.catalogue)
    for metric in MONTHLY:
        if metric.name in histories.yearly:
            for year in chosen:
                found[f"{metric.name}_{year}"] = np.asarray(histories.yearly[metric.name][:, place[year]], float)
    if chosen:
        for name, values in histories.yearly.items():
            if name.startswith("trust."):
                found[f"{name}_{chosen[-1]}"] = np.asarray(values[:, place[chosen[-1]]], float)
    return found
