"""The integration index: the mean of five sub-indices, always shown with them."""

from collections.abc import Mapping

import numpy as np

from sim.outcomes.metric import Metric

#: Name of each sub-index and the recorded series whose product it is.
SUB_INDICES = {
    "index_treaties": ("treaty_depth",),
    "index_trust": ("trust_mean",),
    "index_institutions": ("institutions",),
    "index_borders": ("borders_settled", "crossings_open"),
    "index_process": ("regional_process",),
}

_MEANINGS = {
    "index_treaties": "treaty depth",
    "index_trust": "mean trust",
    "index_institutions": "institutions Z",
    "index_borders": "share of borders settled times share of crossings open",
    "index_process": "regional process R",
}

SERIES = (
    Metric(
        "index",
        "integration index",
        "index",
        0,
        1,
        "Mean of the five sub-indices: treaties, trust, institutions, borders and regional process.",
        "The equal weights are a convention.  Read it with its parts: equal values may have unlike parts.",
    ),
    *(
        Metric(
            name,
            name.replace("index_", "sub-index of "),
            "index",
            0,
            1,
            f"Sub-index: {meaning}.",
            "One fifth of the integration index.",
        )
        for name, meaning in _MEANINGS.items()
    ),
)


def integration(series: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Index and sub-indices from recorded series of any one shape; empty where a series they need is missing."""
    needed = {name for names in SUB_INDICES.values() for name in names}
    if not needed <= series.keys():
        return {}
    found = {}
    for name, factors in SUB_INDICES.items():
        value = np.asarray(series[factors[0]], dtype=np.float64)
        for factor in factors[1:]:
            value = value * np.asarray(series[factor], dtype=np.float64)
        found[name] = value
    total = sum(found[name] for name in SUB_INDICES)
    return {"index": total / len(SUB_INDICES), **found}
