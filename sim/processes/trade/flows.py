"""How much each pair trades: sizes, the costs that politics moves, and a residual that forgets slowly.

A gravity equation in constant prices (Tinbergen 1962; Baldwin & Taglioni 2006 on deflating), one per pair, in logs:

    ln X(t) = ln X(base) + size elasticity * change of both sizes + cost term(t) - cost term(base) + residual(t)

While the record runs, the residual is whatever makes it exact. A pair's level follows it slowly; in a year without a
figure the residual decays towards that level and takes shocks, part of them common to the region. So a part of every
departure is transitory and a part permanent; the level is the exponentially weighted mean that suits this (Muth 1960).
"""

import math
from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, exponential, load, store
from sim.engine.random import four_uniforms, normal_quantiles


class Path(NamedTuple):
    """What a year of trade reads and writes of one member, (pair,) each; the record `commerce` has the same fields."""

    size_change: np.ndarray  # change of both log sizes since the base year, summed; nan where a size is unknown
    cost_change: np.ndarray  # cost term of the year less that of the base year
    own_spread: np.ndarray  # yearly shock of the pair's own, standard deviation in log points
    normals: np.ndarray  # standard normals of that shock; zeros leave it out
    residual: np.ndarray  # nan until a pair's first figure; updated
    level: np.ndarray  # to which the residual decays, nan until a pair's first figure; updated
    log_trade: np.ndarray  # filled; nan before a pair's first figure


class Rates(NamedTuple):
    """Parameters of the path, as a row of parameters has them."""

    trade_size_elasticity: float  # log points of trade per log point of size, each side
    trade_persistence: float  # share of the residual's distance to its level that survives a year, 0-1
    trade_level_pace: float  # share of that distance which the level makes up in a year, 0-1
    trade_shock_common: float  # yearly shock that all pairs share, standard deviation in log points


class Limits(NamedTuple):
    """The most that can be traded, as a row of parameters has it; ratios of constant 2021 USD."""

    trade_pair_limit: float  # trade of two states over the GDP of the smaller one
    trade_openness_limit: float  # trade with all partners over GDP


@compiled
def trade_year(path, documented, log_base, common_normal, rates):
    """One December for every pair, in place: exact where the year is documented, simulated where it is not.

    Parameters
    ----------
    path : `Path` or `commerce`
    documented : (pair,), log of trade both ways in constant 2021 USD; nan where the year has no figure
    log_base : (pair,), log of trade in the base year
    common_normal : standard normal of the common shock; zero leaves it out
    rates : `Rates` or a row of parameters
    """
    residual, level = path.residual, path.level
    for p in range(documented.shape[0]):
        expected = log_base[p] + rates.trade_size_elasticity * path.size_change[p] + path.cost_change[p]
        if math.isfinite(documented[p]):
            path.log_trade[p] = documented[p]
            if math.isfinite(expected):
                residual[p] = documented[p] - expected
                if not math.isfinite(level[p]):
                    level[p] = residual[p]
        else:
            residual[p] = level[p] + rates.trade_persistence * (residual[p] - level[p])
            residual[p] += rates.trade_shock_common * common_normal + path.own_spread[p] * path.normals[p]
            path.log_trade[p] = expected + residual[p]
        level[p] += rates.trade_level_pace * (residual[p] - level[p])


@compiled
def start_unrecorded(residual, level):
    """Pairs without a figure before the branch start at the level of the base year, in place.

    Only runs that branch before a pair's first figure need this; their level is that of the base year, which such a run
    does not know. Arrays as in `Path`.
    """
    for p in range(residual.shape[0]):
        if not math.isfinite(level[p]):
            residual[p] = level[p] = 0.0


@compiled
def bound_openness(commerce, trade, documented, limits):
    """Nobody trades more than an economy can, in place; documented figures stay.

    A pair of states is cut to its limit of the smaller one's GDP. Then the pairs of an economy that trades more with
    all partners than its limit shrink alike. What is traded is left in `commerce.usd`, GDP in `commerce.gdp`.

    Parameters
    ----------
    documented : (pair,), nan where the year has no figure
    limits : `Limits` or a row of parameters
    """
    total, gdp, usd = commerce.step, commerce.gdp, commerce.usd
    total[:] = 0.0
    grown_gdp(trade.gdp_base, commerce.log_volume, trade.log_volume_base, gdp)
    for p in range(documented.shape[0]):
        if trade.dyad[p] >= 0 and not math.isfinite(documented[p]):
            smaller = min(gdp[trade.end_a[p]], gdp[trade.end_b[p]])
            excess = math.log(limits.trade_pair_limit * smaller) - commerce.log_trade[p]
            if excess < 0.0:
                commerce.log_trade[p] += excess
                commerce.residual[p] += excess
    for start in range(0, usd.shape[0], WIDTH):
        store(usd, start, exponential(load(commerce.log_trade, start, 0.0)))
    for p in range(documented.shape[0]):
        if math.isfinite(commerce.log_trade[p]):
            total[trade.end_a[p]] += usd[p]
            total[trade.end_b[p]] += usd[p]
    for k in range(total.shape[0]):
        largest = limits.trade_openness_limit * gdp[k]
        total[k] = math.log(largest / total[k]) if total[k] > largest else 0.0
    for p in range(documented.shape[0]):
        excess = min(total[trade.end_a[p]], total[trade.end_b[p]])
        if excess < 0.0 and not math.isfinite(documented[p]):
            commerce.log_trade[p] += excess
            commerce.residual[p] += excess
            usd[p] = math.exp(commerce.log_trade[p])


@compiled
def grown_gdp(base, log_volume, log_volume_base, gdp):
    """GDP of every economy, constant 2021 USD, in place: that of the base year, carried on with its volume."""
    for start in range(0, gdp.shape[0], WIDTH):
        growth = load(log_volume, start, 0.0) - load(log_volume_base, start, 0.0)
        store(gdp, start, load(base, start, 0.0) * exponential(growth))


@compiled
def size_changes(commerce, trade):
    """Change of both log sizes of every pair since the base year."""
    for q in range(commerce.size_change.shape[0]):
        both = commerce.log_volume[trade.end_a[q]] + commerce.log_volume[trade.end_b[q]]
        commerce.size_change[q] = both - trade.size_base[q]


@compiled
def draw_shocks(commerce, trade, year, member, first):
    """Standard normals of every pair; a block of four uniforms serves four years, from one divisible by four on."""
    if first or year % 4 == 0:
        for q in range(commerce.normals.shape[0]):
            uniforms = four_uniforms(trade.pair_key[q], 0, year // 4, member)
            for k in range(4):
                commerce.uniforms[q, k] = uniforms[k]
        normal_quantiles(commerce.uniforms, commerce.draws)
    for q in range(commerce.normals.shape[0]):
        commerce.normals[q] = commerce.draws[q, year % 4]
