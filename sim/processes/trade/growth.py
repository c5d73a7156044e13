"""Sizes after the record: every economy's volume of GDP as a random walk with a drawn drift and a common part.

The drift of a member is drawn, since nobody knows the coming decades' growth. It reverts to the growth of the world,
and new departures keep its spread as wide as it was drawn. Yearly departures share a common part, since the region
booms and slumps together. The price level of the dollar carries constant into current dollars.
"""

import math

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.random import normal


@compiled
def drawn_drifts(median, spread, correlation, common_normal, own_normals, drift):
    """One member's growth drift of every economy, in place.

    Parameters
    ----------
    median : (economy,), log points a year
    spread : (economy,), standard deviation of the drift over members, log points a year
    correlation : share of that variance which all economies have in common, 0-1
    common_normal : standard normal, one for the member
    own_normals : (economy,), standard normals
    drift : (economy,), log points a year, filled
    """
    common, own = math.sqrt(correlation), math.sqrt(1.0 - correlation)
    for i in range(median.shape[0]):
        drift[i] = median[i] + spread[i] * (common * common_normal + own * own_normals[i])


@compiled
def grow(log_size, drift, yearly_spread, correlation, common_normal, own_normals):
    """One year of growth, in place.

    Parameters
    ----------
    log_size : (economy,), log of GDP in constant 2021 international dollars
    drift : (economy,), log points a year
    yearly_spread : (economy,), standard deviation of one year's departure, log points
    correlation : share of that variance which all economies have in common, 0-1
    common_normal : standard normal of the year
    own_normals : (economy,), standard normals
    """
    common, own = math.sqrt(correlation), math.sqrt(1.0 - correlation)
    for i in range(log_size.shape[0]):
        log_size[i] += drift[i] + yearly_spread[i] * (common * common_normal + own * own_normals[i])


@compiled
def next_drift(drift, far, persistence, departure):
    """Next year's drift: growth reverts to the world's (Pritchett & Summers 2014); all in log points a year.

    Parameters
    ----------
    far : rate to which it reverts; persistence : share of the distance that survives a year, 0-1
    departure : a draw of the drift's own spread; it enters so that the spread stays what it is
    """
    return far + persistence * (drift - far) + math.sqrt(1.0 - persistence * persistence) * departure


@compiled
def next_deflator(deflator, inflation, yearly_spread, normal):
    """The price level one year on: `deflator exp(inflation + spread * normal)`.

    Parameters
    ----------
    deflator : current USD per constant 2021 USD
    inflation : this member's mean, log points a year; yearly_spread : standard deviation, log points
    normal : standard normal
    """
    return deflator * math.exp(inflation + yearly_spread * normal)


@compiled
def draw_growth(normals, keys, slot, year, member):
    """Standard normals of every economy, in place; slot 0 is growth, slot 1 its drift."""
    for k in range(normals.shape[0]):
        normals[k] = normal(keys[k], slot, year, member)


@compiled
def expected_growth(commerce, trade, row, economy):
    """Growth of one economy in a year without its shock, log points: what a scenario holds, else the member's drift."""
    held = trade.growth_set[row, economy]
    return commerce.drift[economy] if np.isnan(held) else held


@compiled
def sizes_and_prices(commerce, trade, params, member, row):
    """Documented where they are, else grown from the year before."""
    if not np.isnan(trade.deflator[row]):
        commerce.deflator = trade.deflator[row]
    else:
        draw = normal(trade.price_key[0], 0, trade.first_year + row, member)
        commerce.deflator = next_deflator(commerce.deflator, commerce.inflation, params.trade_inflation_spread, draw)
    known = 0
    for k in range(commerce.log_volume.shape[0]):
        if not np.isnan(trade.log_volume[row, k]):
            commerce.log_volume[k] = trade.log_volume[row, k]
            known += 1
    if known > 0:
        for k in range(commerce.log_volume.shape[0]):
            if trade.last_sized[k] < row:
                commerce.log_volume[k] += commerce.drift[k]  # on at its drift until the record ends for all
        return
    year = trade.first_year + row
    for k in range(commerce.growing.shape[0]):
        commerce.growing[k] = expected_growth(commerce, trade, row, k)
    revert_drifts(commerce, trade, params, year, member)
    draw_growth(commerce.growth_normals, trade.growth_key, 0, year, member)
    common = normal(trade.world_growth_key[0], 0, year, member)
    grow(
        commerce.log_volume,
        commerce.growing,
        trade.yearly_spread,
        params.trade_growth_correlation,
        common,
        commerce.growth_normals,
    )


@compiled
def revert_drifts(commerce, trade, params, year, member):
    """Every economy's drift of the next year, in place."""
    share = params.trade_growth_correlation
    shared = math.sqrt(share) * normal(trade.world_growth_key[0], 1, year, member)
    draw_growth(commerce.growth_normals, trade.growth_key, 1, year, member)
    for k in range(commerce.drift.shape[0]):
        far = params.trade_world_growth * (params.trade_growth_scale if trade.growth_is_state[k] == 1 else 1.0)
        departure = trade.drift_spread[k] * (shared + math.sqrt(1.0 - share) * commerce.growth_normals[k])
        commerce.drift[k] = next_drift(commerce.drift[k], far, params.trade_growth_persistence, departure)
