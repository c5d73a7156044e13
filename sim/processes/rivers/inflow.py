"""Stochastic inflow: lognormal years that remember the last one and go together within a basin and across both.

Annual flow is the mean times a lognormal factor whose logarithm follows an AR(1) from year to year, the usual first
model of annual streamflow (Matalas 1967); its innovations are shared: part common, part by basin, part own. Recorded
years enter with their factor, and the memory goes on from them; a river without a record in such a year is drawn given
those that have one.
"""

import math

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.random import normal
from sim.processes.rivers.state import FIRST_RECORDED

LOWER_AMU_SINCE = 2018
MONTH_DAYS = 30.4


@compiled
def log_spread(variation):
    """Standard deviation of the logarithm of a lognormal factor with mean 1 and this coefficient of variation."""
    return math.sqrt(math.log(1.0 + variation * variation))


@compiled
def factor_of(shock, variation):
    """Flow of the year over the mean flow, from a standard normal shock; the factor has mean 1."""
    spread = log_spread(variation)
    return math.exp(spread * shock - 0.5 * spread * spread)


@compiled
def shock_of(factor, variation):
    """The standard normal shock that gives this factor, > 0; zero where the flow does not vary."""
    spread = log_spread(variation)
    if spread == 0.0:
        return 0.0
    return (math.log(factor) + 0.5 * spread * spread) / spread


@compiled
def next_shock(last, common, basin, own, params):
    """This year's shock of a group of rivers.

    Parameters
    ----------
    last : its shock of the year before
    common, basin, own : independent standard normals, the first two shared with other groups
    """
    persistence = params.water_inflow_persistence
    news = news_of(common, basin, own, params.water_inflow_common, params.water_inflow_basin)
    return persistence * last + math.sqrt(1.0 - persistence * persistence) * news


@compiled
def news_of(common, basin, own, common_share, basin_share):
    """What is new in a year's shock, a standard normal; shares of its variance together at most 1."""
    news = math.sqrt(common_share) * common + math.sqrt(basin_share) * basin
    return news + math.sqrt(max(0.0, 1.0 - common_share - basin_share)) * own


def recorded_weights(recorded, basin_of_group, common_share, basin_share) -> np.ndarray:
    """(year, group, group) : how much of a surprise in the recorded group of the last axis another one shares.

    Simple kriging: with C the correlation of the news of all groups, C_ur C_rr^-1 for unrecorded u and recorded r.
    Zero where nothing is recorded or the group has a record of its own.

    Parameters
    ----------
    recorded : (year, group), factors, nan without one
    """
    basins = np.asarray(basin_of_group)
    correlation = common_share + basin_share * (basins[:, None] == basins).astype(float)
    np.fill_diagonal(correlation, 1.0)
    weights = np.zeros((*recorded.shape, recorded.shape[1]))
    for year, seen in enumerate(np.isfinite(recorded)):
        if seen.any() and not seen.all():
            known = correlation[np.ix_(seen, seen)]
            weights[year][np.ix_(~seen, seen)] = correlation[np.ix_(~seen, seen)] @ np.linalg.inv(known)
    return weights


@compiled
def draw_year(shocks, factors, recorded, variation, basin_of_group, normals, params):
    """Shocks and factors of a new year for all groups of rivers, in place.

    Parameters
    ----------
    shocks, factors : (groups,), last year's values on entry, this year's on return
    recorded : (groups,), factors of the record, nan where the year is drawn
    variation : (groups,), coefficients of variation
    basin_of_group : (groups,), basin index
    normals : (1 + basins + groups,), standard normals: common, by basin, own
    """
    groups = shocks.shape[0]
    basins = normals.shape[0] - 1 - groups
    for g in range(groups):
        if math.isnan(recorded[g]):
            basin = normals[1 + basin_of_group[g]]
            own = normals[1 + basins + g]
            shocks[g] = next_shock(shocks[g], normals[0], basin, own, params)
            factors[g] = factor_of(shocks[g], variation[g])
        else:
            factors[g] = recorded[g]
            shocks[g] = shock_of(recorded[g], variation[g])


@compiled
def climate_factor(years, trend, peak_after, trend_after_peak):
    """Mean flow over today's mean flow.

    Parameters
    ----------
    years : since the trend began; before that there is no change
    trend : log change a decade
    peak_after : years until the melt water of the glaciers peaks; infinite = never
    trend_after_peak : log change a decade from then on
    """
    if years <= 0.0:
        return 1.0
    before = min(years, peak_after)
    return math.exp((trend * before + trend_after_peak * (years - before)) / 10.0)


@compiled
def fill_inflow(nodes, table, month, factors, climate, earlier):
    """Write this month's inflow (km3) to the records of `RiverState.nodes`.

    Parameters
    ----------
    nodes : (nodes,) records
    table : with `climatology`, (12, nodes) km3, and `group`, (nodes,), -1 where nothing ever flows in
    month : 0-11
    factors, climate : (groups,) factor of the year and of the climate
    earlier : months by which the melt has come forward; 0-1
    """
    for k in range(nodes.shape[0]):
        g = table.group[k]
        if g >= 0:
            usual = (1.0 - earlier) * table.climatology[month, k] + earlier * table.climatology[(month + 1) % 12, k]
            nodes[k].inflow = usual * factors[g] * climate[g]


@compiled
def group_mean(given, params, group, year):
    """Mean flow of a group of rivers over its long-term mean."""
    return params.water_other_amu_since_2018 if given.table.recent[group] == 1 and year >= LOWER_AMU_SINCE else 1.0


@compiled
def draw_normals(rivers, given, member, year):
    """Standard normals of the year, common, by basin and own, in place."""
    table, normals = given.table, rivers.account.normals
    groups, basins = rivers.account.shock.shape[0], rivers.account.flood.shape[0]
    normals[0] = normal(table.common_key[0], 0, year, member)
    for b in range(basins):
        normals[1 + b] = normal(table.basin_key[b], 0, year, member)
    for g in range(groups):
        normals[1 + basins + g] = normal(table.group_key[g], 0, year, member)


@compiled
def draw_flows(rivers, given, params, member, year):
    """The flow of a new year, in place."""
    table, account = given.table, rivers.account
    account.unrecorded[:] = np.nan
    draw_normals(rivers, given, member, year)
    draw_year(
        account.shock,
        account.factor,
        account.unrecorded,
        table.variation,
        table.basin_of_group,
        account.normals,
        params,
    )


@compiled
def recall_flows(rivers, given, params, member, year):
    """The flow of a year before the branch, in place: recorded, or drawn given what is recorded of the other groups."""
    table, account = given.table, rivers.account
    groups, basins, row = account.shock.shape[0], account.flood.shape[0], year - FIRST_RECORDED
    persistence = params.water_inflow_persistence
    fresh = math.sqrt(1.0 - persistence * persistence)
    draw_normals(rivers, given, member, year)
    for g in range(groups):
        basin, own = account.normals[1 + table.basin_of_group[g]], account.normals[1 + basins + g]
        account.news[g] = news_of(account.normals[0], basin, own, params.water_inflow_common, params.water_inflow_basin)
        account.surprise[g] = 0.0
        if not np.isnan(table.recorded[row, g]):
            account.factor[g] = table.recorded[row, g] / group_mean(given, params, g, year)
            found = shock_of(account.factor[g], table.variation[g])
            account.surprise[g] = (found - persistence * account.shock[g]) / fresh - account.news[g]
            account.shock[g] = found
    for g in range(groups):
        if np.isnan(table.recorded[row, g]):
            for r in range(groups):
                account.news[g] += table.shared_surprise[row, g, r] * account.surprise[r]
            account.shock[g] = persistence * account.shock[g] + fresh * account.news[g]
            account.factor[g] = factor_of(account.shock[g], table.variation[g])


@compiled
def scale_flows(rivers, given, params, year, moving):
    """What stands between the factor of the year and the flow: recent mean, climate, a scenario's drought; in place.

    Parameters
    ----------
    moving : whether the climate has begun to change, which it does at the branch
    """
    account = rivers.account
    if moving:
        account.earlier = min(1.0, max(0.0, account.earlier + params.water_climate_earlier / MONTH_DAYS / 120.0))
    for g in range(account.scale.shape[0]):
        if moving:
            own = params.water_climate_trend * (1.0 if given.table.recent_basin[g] == 1 else params.water_climate_syr)
            account.climate[g] *= math.exp((0.1 * own + account.trend[g]) / 12.0)
        account.scale[g] = group_mean(given, params, g, year) * account.climate[g] * account.drought[g]
