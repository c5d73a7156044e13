"""Sizes after the record: every economy's volume of GDP as a random walk with a drawn drift and a common part.

The drift of a history is drawn once, since nobody knows the coming decades' growth; yearly departures share a common
part, since the region booms and slumps together. The price level of the United States carries constant into current
dollars.
"""

import math

from sim.compiled import compiled


@compiled
def drawn_drifts(median, spread, correlation, common_normal, own_normals, drift):
    """One history's growth drift of every economy, in place.

    Parameters
    ----------
    median : (economy,), log points a year
    spread : (economy,), standard deviation of the drift over histories, log points a year
    correlation : share of that variance which all economies have in common, 0-1
    common_normal : standard normal, one for the history
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
def next_deflator(deflator, inflation, yearly_spread, normal):
    """The price level one year on: `deflator exp(inflation + spread * normal)`.

    Parameters
    ----------
    deflator : current USD per constant 2021 USD
    inflation : this history's mean, log points a year; yearly_spread : standard deviation, log points
    normal : standard normal
    """
    return deflator * math.exp(inflation + yearly_spread * normal)
