"""Who gains and who loses: how even gains are, also where some are losses."""

import numpy as np


def bounded_gini(values: np.ndarray) -> np.ndarray:
    """Gini coefficient of each row, in [0, 1] whatever the signs, after Raffinetti, Siletti & Vernizzi (2015).

    The mean absolute difference over twice the mean absolute value; where nothing is negative, the usual coefficient.
    0 where all values are zero.

    Parameters
    ----------
    values : (member, state), in any one unit
    """
    values = np.asarray(values, dtype=np.float64)
    n = values.shape[1]
    spread = np.abs(values[:, :, None] - values[:, None, :]).sum(axis=(1, 2))
    total = np.abs(values).sum(axis=1)
    return np.where(total > 0, spread / (2 * n * np.where(total > 0, total, 1.0)), 0.0)
