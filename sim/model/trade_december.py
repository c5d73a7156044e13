"""Phase 7, trade: each December the year's flows, sizes and prices of one member, and what policy was worth.

Gains are those of the cost changes among states since the branch, in the economy of the base year, output and
expenditure held.
"""

import math

import numpy as np

from sim.chance import four_uniforms, normal, normal_quantile
from sim.compiled import compiled
from sim.processes.trade.gains import policy_gains
from sim.processes.trade.growth import drawn_drifts, grow, next_deflator
from sim.processes.trade.path import cost_term, delivered_cost_effect, phase_in, start_unrecorded, trade_year

_NEARLY_ALL = 0.95
_ROUNDING = 1e-12  # log points: means over months need not come back to the last bit


def trade_series(dyads, states) -> list[str]:
    """Names of the yearly series, in the order in which `record_trade` writes them.

    Parameters
    ----------
    dyads : ids of the dyads of states, such as `KAZ-UZB`, in alphabetical order; states : ids
    """
    return [
        *(f"trade.{dyad}" for dyad in dyads),  # billion current USD
        "trade_regional",  # billion current USD, the five
        "trade_regional_constant",  # billion constant 2021 USD
        *(f"trade_share.{state}" for state in states),  # of a state's trade that is with other states
        *(f"gain.{state}" for state in states),  # relative
        *(f"gdp_volume.{state}" for state in states),  # billion constant 2021 international dollars
        "deflator",
    ]


@compiled
def begin_trade(commerce, trade, params, member):
    """Before the first year, in place: nothing is known yet, and this history's drifts are drawn."""
    commerce.residual[:] = np.nan
    commerce.residual_sum[:] = 0.0
    commerce.residual_count[:] = 0.0
    commerce.phased[:] = 0.0
    commerce.cost[:] = np.nan
    commerce.cost_branch[:] = np.nan
    commerce.log_trade[:] = np.nan
    commerce.usd[:] = np.nan
    commerce.gain[:] = 0.0
    commerce.depth[:] = commerce.depth_branch[:] = 0.0
    commerce.content[:] = -trade.standing
    commerce.passage_sum[:] = commerce.closed_sum[:] = 0.0
    commerce.crossing_branch[:] = 1.0
    commerce.figure_sum[:] = commerce.figure_count[:] = 0.0
    commerce.normals[:] = 0.0  # no shocks while the record runs
    commerce.outward[:] = 1.0  # later years start from the resistances of the year before
    commerce.failure = 0
    commerce.log_volume[:] = np.nan
    commerce.deflator = np.nan
    commerce.inflation = params.trade_inflation
    _draw_growth(commerce.growth_normals, trade.growth_key, 0, member)
    drawn_drifts(
        trade.growth,
        trade.drift_spread,
        params.trade_growth_correlation,
        normal(trade.world_growth_key[0], 0, 0, member),
        commerce.growth_normals,
        commerce.drift,
    )
    for k in range(commerce.drift.shape[0]):
        if trade.growth_is_state[k] == 1:
            # the scale moves the expected growth, not the uncertainty about it
            commerce.drift[k] += (params.trade_growth_scale - 1.0) * trade.growth[k]
    for q in range(commerce.own_spread.shape[0]):
        spread = params.trade_shock_kaz_uzb if q == trade.axis else params.trade_shock_others * trade.spread_factor[q]
        commerce.own_spread[q] = math.sqrt(
            max(spread * spread - params.trade_shock_common * params.trade_shock_common, 0.0)
        )
        commerce.cost_base[q] = cost_term(
            trade.depth_base[q],
            0.0,
            trade.passage_base[q],
            trade.closed_base[q],
            0.0,
            params.trade_depth_effect,
            params.trade_tariff_effect,
            params.trade_passage_effect,
            params.trade_closed_effect,
        )


@compiled
def trade_of_year(commerce, trade, params, member, row, branch_row, depth, content, passage, closed):
    """One December, in place.

    Parameters
    ----------
    commerce : record of this member (`commerce_fields`)
    trade : shared record (`trade_fields`)
    params : one row of parameters
    member : number of the member
    row : years since the run's first
    branch_row : the same for the year of the branch, the first that is simulated
    depth : (dyad,), depth of the treaties two states have, 0-1
    content : (dyad,), free-trade content of the states' own accords beyond the agreements of the record, as a full
        area is 1; negative where those go further
    passage : (dyad,), share of the common crossings open this year; ignored before the branch
    closed : (dyad,), share of the year in which the whole border was closed; ignored before the branch

    Returns
    -------
    code : 1, or the failure of `solve_resistances`
    """
    year = trade.first_year + row
    simulated = row >= branch_row
    _sizes_and_prices(commerce, trade, params, member, row)
    _size_changes(commerce, trade)
    if row == branch_row:
        start_unrecorded(commerce.residual, commerce.residual_sum, commerce.residual_count)
    if row < branch_row:
        commerce.depth_branch[:] = depth
    elif row <= branch_row + 1:
        _costs_of_branch(commerce, trade, params, row == branch_row)
    _costs(commerce, trade, params, row, simulated, depth, content, passage, closed)
    common = 0.0
    if simulated:
        common = normal(trade.common_key[0], 0, year, member)
        _draw_shocks(commerce, trade, year, member, row == branch_row)
    trade_year(
        trade.documented[row],
        trade.log_base,
        commerce.size_change,
        commerce.cost_change,
        params.trade_size_elasticity,
        params.trade_persistence,
        commerce.own_spread,
        params.trade_shock_common,
        common,
        commerce.normals,
        commerce.residual,
        commerce.residual_sum,
        commerce.residual_count,
        commerce.log_trade,
    )
    for q in range(commerce.usd.shape[0]):
        known = not np.isnan(trade.documented[row, q])
        commerce.usd[q] = trade.usd[row, q] if known else math.exp(commerce.log_trade[q])
    return _gains(commerce, trade, params) if simulated else 1


@compiled
def _draw_shocks(commerce, trade, year, member, first):
    """Standard normals of every pair; a block of four uniforms serves four years, from one divisible by four on."""
    if first or year % 4 == 0:
        for q in range(commerce.normals.shape[0]):
            a, b, c, d = four_uniforms(trade.pair_key[q], 0, year // 4, member)
            commerce.luck[q, 0], commerce.luck[q, 1] = normal_quantile(a), normal_quantile(b)
            commerce.luck[q, 2], commerce.luck[q, 3] = normal_quantile(c), normal_quantile(d)
    for q in range(commerce.normals.shape[0]):
        commerce.normals[q] = commerce.luck[q, year % 4]


@compiled
def _draw_growth(normals, keys, year, member):
    for k in range(normals.shape[0]):
        normals[k] = normal(keys[k], 0, year, member)


@compiled
def _sizes_and_prices(commerce, trade, params, member, row):
    """Documented where they are, else grown from the year before."""
    if not np.isnan(trade.deflator[row]):
        commerce.deflator = trade.deflator[row]
    else:
        luck = normal(trade.price_key[0], 0, trade.first_year + row, member)
        commerce.deflator = next_deflator(commerce.deflator, commerce.inflation, params.trade_inflation_spread, luck)
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
    _draw_growth(commerce.growth_normals, trade.growth_key, trade.first_year + row, member)
    for k in range(commerce.growing.shape[0]):
        held = trade.growth_set[row, k]
        commerce.growing[k] = commerce.drift[k] if np.isnan(held) else held
    common = normal(trade.world_growth_key[0], 0, trade.first_year + row, member)
    grow(
        commerce.log_volume,
        commerce.growing,
        trade.yearly_spread,
        params.trade_growth_correlation,
        common,
        commerce.growth_normals,
    )


@compiled
def _size_changes(commerce, trade):
    """Change of both log sizes of every pair since the base year."""
    for q in range(commerce.size_change.shape[0]):
        both = commerce.log_volume[trade.end_a[q]] + commerce.log_volume[trade.end_b[q]]
        commerce.size_change[q] = both - trade.size_base[q]


@compiled
def _costs(commerce, trade, params, row, simulated, depth, content, passage, closed):
    """Cost terms of the year and their change since the base year."""
    for q in range(commerce.cost.shape[0]):
        d = trade.dyad[q]
        deep, agreed = 0.0, trade.tariff[row, q]
        open_share, shut = trade.passage[row, q], trade.closed[row, q]
        if d >= 0:
            deep = depth[d]
            agreed = max(agreed, content[d])
            if simulated:
                open_share, shut = passage[d], closed[d]
        commerce.phased[q] = phase_in(commerce.phased[q], agreed, params.trade_tariff_years)
        imposed = 0.0
        if trade.imposed[row, q] != 0.0:
            imposed = delivered_cost_effect(trade.imposed[row, q], params.trade_elasticity)
        imposed += params.trade_border_time_effect * trade.quicker[row, q]
        commerce.cost[q] = cost_term(
            deep,
            commerce.phased[q],
            open_share,
            shut,
            imposed,
            params.trade_depth_effect,
            params.trade_tariff_effect,
            params.trade_passage_effect,
            params.trade_closed_effect,
        )
        commerce.cost_change[q] = commerce.cost[q] - commerce.cost_base[q]


@compiled
def _costs_of_branch(commerce, trade, params, first):
    """Cost terms of a year in which nothing changed since the record ended; in its `first` year some months are its."""
    before = trade.months_before if first else 0
    for q in range(commerce.cost_branch.shape[0]):
        d = trade.dyad[q]
        deep, open_share, shut = 0.0, 1.0, 0.0
        if d >= 0:
            deep, open_share, shut = commerce.depth_branch[d], trade.passage_branch[d], trade.closed_branch[d]
            if first:
                open_share = (trade.passage_before[d] + (12 - before) * open_share) / 12.0
                shut = (trade.closed_before[d] + (12 - before) * shut) / 12.0
        commerce.cost_branch[q] = cost_term(
            deep,
            0.0,
            open_share,
            shut,
            0.0,
            params.trade_depth_effect,
            params.trade_tariff_effect,
            params.trade_passage_effect,
            params.trade_closed_effect,
        )


@compiled
def _gains(commerce, trade, params):
    """What the change of costs since the branch is worth to every economy, in place."""
    moved = False
    for q in range(commerce.cost.shape[0]):
        change = commerce.cost[q] - commerce.cost_branch[q]
        if abs(change) < _ROUNDING:
            change = 0.0
        a, b = trade.end_a[q], trade.end_b[q]
        commerce.log_change[a, b] = commerce.log_change[b, a] = change
        moved = moved or change != 0.0
    if not moved:
        commerce.gain[:] = 0.0
        return 1
    code = policy_gains(
        trade.freeness,
        commerce.log_change,
        trade.output,
        trade.expenditure,
        trade.correction,
        params.trade_elasticity,
        trade.home_share,
        commerce.shifted,
        commerce.outward,
        commerce.inward,
        commerce.step,
        commerce.share,
        commerce.gain,
    )
    if code <= 0:
        commerce.outward[:] = 1.0
    return code


@compiled
def record_trade(commerce, trade, line):
    """The yearly series, into `line` (series,), in the order of `trade_series`; nan where trade is not yet known.

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
            for end in (trade.end_a[q], trade.end_b[q]):
                all_trade[end] += value
                covered[end] += trade.weight[q] / trade.whole[end]
                shares[end] += value if trade.dyad[q] >= 0 else 0.0
    if pairs == 0:
        regional = np.nan
    line[k], line[k + 1] = regional * commerce.deflator, regional
    k += 2
    for i in range(n_states):
        line[k] = shares[i] / all_trade[i] if covered[i] > _NEARLY_ALL else np.nan
        line[k + n_states] = commerce.gain[i]
        line[k + 2 * n_states] = math.exp(commerce.log_volume[i]) / 1e9
        k += 1
    line[k + 2 * n_states] = commerce.deflator
