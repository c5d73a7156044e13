"""What a run keeps of trade: names of the series, and how they are written."""

import math

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.series import series_names

_NEARLY_ALL = 0.95


# in the order in which `record_trade` writes them
YEARLY = (
    "trade.{dyad}",
    "trade_regional",
    "trade_regional_constant",
    "trade_share.{state}",
    "gain.{state}",
    "gdp_volume.{state}",
    "integration_gain.{state}",
    "shapley.{state}",
    "trade_gdp.{state}",
    "deflator",
)


def trade_series(dyads, states) -> list[str]:
    """Names of the yearly series of trade; `dyads` are ids, `A-B`, in alphabetical order."""
    return series_names(YEARLY, {"dyad": dyads, "state": states})


@compiled
def record_trade(commerce, trade, line):
    """The yearly series, into `line` (series,), in the order of YEARLY; nan where trade is not yet known.

    A state's regional share needs figures of the pairs that made up nearly all of its trade in the base year.
    """
    n_states = 0
    for k in range(trade.growth_is_state.shape[0]):
        n_states += trade.growth_is_state[k]
    shares = commerce.step  # work
    shares[:] = 0.0
    all_trade = commerce.share  # work
    all_trade[:] = 0.0
    covered = commerce.growing  # work
    covered[:] = 0.0
    k, regional, pairs = 0, 0.0, 0
    for q in range(commerce.usd.shape[0]):
        value = commerce.usd[q] / 1e9
        if trade.dyad[q] >= 0:
            line[k] = value * commerce.deflator
            k += 1
        if math.isfinite(value):
            regional += value * trade.regional[q]
            pairs += trade.regional[q]
            for side in range(2):
                end = trade.end_a[q] if side == 0 else trade.end_b[q]
                all_trade[end] += value
                covered[end] += trade.covers[q, side]
                shares[end] += value if trade.dyad[q] >= 0 else 0.0
    if pairs == 0:
        regional = np.nan
    line[k], line[k + 1] = regional * commerce.deflator, regional
    k += 2
    for i in range(n_states):
        line[k] = shares[i] / all_trade[i] if covered[i] > _NEARLY_ALL else np.nan
        line[k + n_states] = commerce.gain[i]
        line[k + 2 * n_states] = math.exp(commerce.log_volume[i]) / 1e9
        line[k + 3 * n_states] = commerce.integration_gain[i]
        line[k + 4 * n_states] = commerce.shapley[i] / 1e9
        line[k + 5 * n_states] = shares[i] * 1e9 / commerce.gdp[i] if covered[i] > _NEARLY_ALL else np.nan
        k += 1
    line[k + 5 * n_states] = commerce.deflator
