"""The outcomes of members: every column of members.parquet computed from their histories."""

import numpy as np

from sim.outcomes import epochs, series, trade, treaties, water
from sim.outcomes.histories import Histories


def member_outcomes(histories: Histories) -> dict[str, np.ndarray]:
    """Every outcome column, each (m,) float; NaN where a dated event never happens."""
    months = treaties.columns(histories)
    return {
        **months,
        **epochs.columns(histories, months),
        **series.columns(histories),
        **trade.columns(histories),
        **water.columns(histories),
    }
