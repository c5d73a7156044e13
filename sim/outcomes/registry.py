"""All metrics in one place, and the outcomes of a member computed from them."""

import numpy as np

from sim.outcomes import epochs, series, trade, treaties, water
from sim.outcomes.histories import Histories
from sim.outcomes.metric import Metric

_DRAWN = Metric(
    "drawn.{parameter}",
    "{parameter} of the member",
    "as in the table of parameters",
    None,
    None,
    "Value of the parameter drawn for this member.",
    "An input that differs between members.",
)

#: Metrics of members.parquet, then of the series in yearly.parquet and monthly.parquet.
OUTCOMES: tuple[Metric, ...] = (
    *treaties.METRICS,
    *epochs.METRICS,
    *series.METRICS,
    *trade.METRICS,
    *water.METRICS,
    _DRAWN,
)
YEARLY: tuple[Metric, ...] = (*series.YEARLY, *trade.YEARLY, *water.YEARLY)
MONTHLY: tuple[Metric, ...] = (*series.MONTHLY, *water.MONTHLY)


def describe(column: str) -> Metric:
    """The metric a column of any table of a run belongs to; KeyError if no metric defines it."""
    for metric in (*OUTCOMES, *YEARLY):
        if metric.places(column) is not None:
            return metric
    raise KeyError(f"no metric defines the column {column!r}")


def label(column: str) -> str:
    """Title of a column for tables and plots."""
    return describe(column).label(column)


def member_outcomes(histories: Histories) -> dict[str, np.ndarray]:
    """Every outcome column of members.parquet, each (m,) float; NaN where a dated event never happens."""
    months = treaties.columns(histories)
    return {
        **months,
        **epochs.columns(histories, months),
        **series.columns(histories),
        **trade.columns(histories),
        **water.columns(histories),
    }
