"""parameters.csv, signing.depth: how adoption fell with depth among the texts of accords.csv.

    python docs/derivations/depth_of_texts.py

A logit of adopted (anybody signed) on depth with a normal prior (0, 5) on the slope, on a grid. Prints mean and spread.
"""

import numpy as np
from common import TABLES, read

PRIOR_SD, INTERCEPT_SD = 5.0, 3.0


def slope() -> tuple[float, float]:
    """Posterior mean and standard deviation of the effect of depth on the log-odds of adoption."""
    signed = {
        row["subject"] for row in read(TABLES / "events.csv") if row["used"] == "1" and row["kind"] == "signature"
    }
    texts = read(TABLES / "accords.csv")
    depth = np.array([float(row["depth"]) for row in texts])
    adopted = np.array([row["id"] in signed for row in texts])
    a, b = np.meshgrid(np.linspace(-8, 14, 221), np.linspace(-25, 15, 401))
    log_posterior = -0.5 * (a / INTERCEPT_SD) ** 2 - 0.5 * (b / PRIOR_SD) ** 2
    for q, yes in zip(depth - depth.mean(), adopted):
        log_posterior += yes * (a + b * q) - np.logaddexp(0.0, a + b * q)
    weight = np.exp(log_posterior - log_posterior.max())
    weight /= weight.sum()
    mean = float((weight * b).sum())
    return mean, float(np.sqrt((weight * b**2).sum() - mean**2))


if __name__ == "__main__":
    print("effect of depth on the log-odds of adoption: {:.1f} ± {:.1f}".format(*slope()))
