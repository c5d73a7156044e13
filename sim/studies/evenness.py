"""Who gains and who loses: how even gains are, also where some are losses."""

import numpy as np

from sim.outcomes.trade import gini


def bounded_gini(values: np.ndarray) -> np.ndarray:
    """Gini coefficient of each row, in [0, 1] whatever the signs, after Raffinetti, Siletti & Vernizzi (2015).

    The mean absolute difference over twice the mean absolute value; where nothing is negative, the usual coefficient.
    0 where all values are zero.

    Parameters
    ----------
    values : (member, state), in any one unit
    """
    return np.nan_to_num(gini(np.asarray(values, dtype=np.float64)))
