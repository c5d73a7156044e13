"""The series a run records over time, the index made of them, and the years at which outcomes are read from them."""

from collections.abc import Mapping

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Histories
from sim.outcomes.metric import MONTHLY, Metric

_REPORT_YEARS = (2000, 2010, 2020, 2025, 2030, 2035, 2040)
_AT_END: tuple[Metric, ...] = tuple(each for each in MONTHLY if each.also_at == "end")

#: Name of each sub-index of the integration index and the recorded series whose product it is.
SUB_INDICES = {
    "index_treaties": ("treaty_depth",),
    "index_trust": ("trust_mean",),
    "index_institutions": ("institutions",),
    "index_borders": ("borders_settled", "crossings_open"),
    "index_process": ("regional_process",),
}


def integration(series: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Index and sub-indices from recorded series of any one shape; empty where a series they need is missing."""
    if not {name for names in SUB_INDICES.values() for name in names} <= series.keys():
        return {}
    found = {}
    for name, factors in SUB_INDICES.items():
        value = np.asarray(series[factors[0]], dtype=np.float64)
        for factor in factors[1:]:
            value = value * np.asarray(series[factor], dtype=np.float64)
        found[name] = value
    return {"index": sum(found.values()) / len(SUB_INDICES), **found}


def report_years(catalogue: Catalogue) -> tuple[int, ...]:
    """Years at whose end outcomes are read: some round ones inside the span, and its last."""
    years = catalogue.years
    return tuple(sorted({year for year in _REPORT_YEARS if year in years} | set(years[-1:])))


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Each monthly series at each report year, and the trust matrix at the end of the last one."""
    yearly, found = histories.yearly, {}
    place = {year: position for position, year in enumerate(histories.catalogue.years)}
    chosen = report_years(histories.catalogue)
    for name in (metric.name for metric in _AT_END if metric.name in yearly):
        found |= {f"{name}_{year}": np.asarray(yearly[name][:, place[year]], float) for year in chosen}
    for name in (name for name in yearly if chosen and name.startswith("trust.")):
        found[f"{name}_{chosen[-1]}"] = np.asarray(yearly[name][:, place[chosen[-1]]], float)
    return found
