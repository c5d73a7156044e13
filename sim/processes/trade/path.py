"""How much each pair trades: sizes, the costs that politics moves, and a residual that forgets slowly.

A gravity equation in constant prices (Tinbergen 1962; Baldwin & Taglioni 2006 on deflating), one per pair, in logs:

    ln X(t) = ln X(base) + size elasticity * change of both sizes + cost term(t) - cost term(base) + residual(t)

While the record runs, the residual is whatever makes it exact. Afterwards it decays towards the pair's own mean in the
record and takes shocks, part of them common to the region.
"""

import math

from sim.compiled import compiled


@compiled
def phase_in(phased, content, years):
    """Tariff content in effect one year on: a share `1 / years` of a full area a year, an exit at once.

    Parameters
    ----------
    phased : content in effect, -1 to 1
    content : content agreed, as a change against the agreements of the record: 1 is a full free-trade area where none
        was, -1 the end of one
    years : years until a full area is in effect, positive (Baier & Bergstrand 2007 find ten)
    """
    if content <= phased:
        return content
    return min(content, phased + 1.0 / years)


@compiled
def cost_term(depth, tariff, passage, closed, imposed, depth_effect, tariff_effect, passage_effect, closed_effect):
    """Log points of trade that treaties, tariffs, borders and routes are worth to a pair.

    Parameters
    ----------
    depth : depth of the pair's political treaties, 0-1
    tariff : tariff content in effect beyond the agreements of the record, as `phase_in` gives it
    passage : share of the border crossings open, 0-1 (1 without a common border)
    closed : share of the year in which the whole border was closed to goods, 0-1
    imposed : log points from corridors and sanctions, as `delivered_cost_effect` gives them
    depth_effect, tariff_effect, passage_effect, closed_effect : log points per unit; `closed_effect` >= 0 is a loss
    """
    borders = passage_effect * (passage - 1.0) - closed_effect * closed
    return depth_effect * depth + tariff_effect * tariff + borders + imposed


@compiled
def delivered_cost_effect(cost_cut, trade_elasticity):
    """Log points of trade from a cut of the delivered cost, `-elasticity * ln(1 - cut)`.

    Parameters
    ----------
    cost_cut : share of the delivered price saved, below 1; negative for sanctions and transit penalties
    trade_elasticity : positive
    """
    return -trade_elasticity * math.log(1.0 - cost_cut)


@compiled
def trade_year(
    documented,
    log_base,
    size_change,
    cost_change,
    size_elasticity,
    persistence,
    own_spread,
    common_spread,
    common_normal,
    own_normals,
    residual,
    residual_sum,
    residual_count,
    log_trade,
):
    """One December for every pair, in place: exact where the year is documented, simulated where it is not.

    Parameters
    ----------
    documented : (pair,), log of trade both ways in constant 2021 USD; nan where the year has no figure
    log_base : (pair,), log of trade in the base year
    size_change : (pair,), change of both log sizes since the base year, summed; nan where a size is unknown
    cost_change : (pair,), cost term of the year less that of the base year
    size_elasticity : log points of trade per log point of size, each side
    persistence : share of the residual's distance to its mean that survives a year, 0-1
    own_spread : (pair,), yearly shock of the pair's own, standard deviation in log points
    common_spread : yearly shock that all pairs share, standard deviation in log points
    common_normal, own_normals : standard normal and (pair,) standard normals; zeros leave out the shocks
    residual : (pair,), nan until a pair's first figure; updated
    residual_sum, residual_count : (pair,), running sum and number of documented residuals; updated
    log_trade : (pair,), filled; nan before a pair's first figure
    """
    for p in range(documented.shape[0]):
        expected = log_base[p] + size_elasticity * size_change[p] + cost_change[p]
        if math.isfinite(documented[p]):
            log_trade[p] = documented[p]
            if math.isfinite(expected):
                residual[p] = documented[p] - expected
                residual_sum[p] += residual[p]
                residual_count[p] += 1.0
        else:
            if residual_count[p] > 0.0:
                mean = residual_sum[p] / residual_count[p]
                residual[p] = mean + persistence * (residual[p] - mean)
                residual[p] += common_spread * common_normal + own_spread[p] * own_normals[p]
            log_trade[p] = expected + residual[p]


@compiled
def start_unrecorded(residual, residual_sum, residual_count):
    """Pairs without a figure before the branch start at the level of the base year, in place.

    Only runs that branch before a pair's first figure need this; their level is that of the base year, which such a run
    does not know. Parameters as in `trade_year`.
    """
    for p in range(residual.shape[0]):
        if residual_count[p] == 0.0:
            residual[p] = 0.0
            residual_count[p] = 1.0
