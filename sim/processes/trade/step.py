"""Trade in the month: borders watched, and in December the year's sizes, prices and flows, and what policy was worth.

Gains are those of the cost changes among states since the branch, in the economy of the base year, output and
expenditure held. Trade is worth to a state what one per cent more of it would bring, which is to first order its trade
with the other states over its GDP (Arkolakis, Costinot & Rodríguez-Clare 2012). Interest keeps its scale: the weight
of the issue on record, times this figure relative to its mean over the record.
"""

import math

import numpy as np

from sim.engine.arrays import copy_into
from sim.engine.compiled import compiled
from sim.engine.layout import ISSUES
from sim.engine.random import normal
from sim.processes.trade.costs import (
    cost_term,
    costs_of_branch,
    costs_of_year,
    measure_content,
    measure_depth,
    watch_borders,
)
from sim.processes.trade.equity import gains_of_integration, share_out
from sim.processes.trade.flows import bound_openness, draw_shocks, size_changes, start_unrecorded, trade_year
from sim.processes.trade.gains import policy_gains
from sim.processes.trade.gravity import check_solution
from sim.processes.trade.growth import draw_growth, drawn_drifts, sizes_and_prices

TRADE = ISSUES.index("trade")
_ROUNDING = 1e-12  # log points: means over months need not come back to the last bit


def check_trade(failure: int, economies: tuple[str, ...]) -> None:
    """Stop where a member's gains from trade could not be found.

    Raises
    ------
    GravityError : naming the economy that stands in the way
    """
    if failure != 0:
        check_solution(int(failure), economies)


@compiled
def step_trade(region, inputs, params, member, month):
    """One month of trade, in place: December, or the last month of the run, brings the year's figures."""
    commerce, trade, clock = region.commerce, inputs.trade, inputs.clock
    watch_borders(commerce, trade, params, region.frontier.crossing, month, clock.branch)
    if trade.exists == 0 or (month % 12 != 11 and month != clock.end):
        return
    if params.trade_depth_effect != 0.0:
        measure_depth(region, inputs)
    if month >= clock.branch:
        measure_content(region, inputs)
        for d in range(commerce.passage.shape[0]):
            commerce.passage[d] = commerce.passage_sum[d] / (month % 12 + 1)
            commerce.closed[d] = commerce.closed_sum[d] / (month % 12 + 1)
    row, branch_row = month // 12 - clock.first_year, clock.branch // 12 - clock.first_year
    code = trade_of_year(commerce, trade, params, member, row, branch_row)
    if code > 0 and month == clock.end and month >= clock.branch:
        code = share_out(commerce, trade, params.trade_elasticity)
    if code <= 0 and commerce.failure == 0:
        commerce.failure = code
    value_trade(region, inputs, month >= clock.branch)


@compiled
def begin_trade(commerce, trade, params, member):
    """Before the first year, in place: the member's drifts are drawn."""
    for d in range(commerce.content.shape[0]):
        commerce.content[d] = -trade.standing[d]
    commerce.inflation = params.trade_inflation
    draw_growth(commerce.growth_normals, trade.growth_key, 0, 0, member)
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
            params,
            trade.depth_base[q],
            0.0,
            trade.passage_base[q],
            trade.closed_base[q],
            0.0,
        )


@compiled(apart=True)
def trade_of_year(commerce, trade, params, member, row, branch_row):
    """One December, in place.

    Parameters
    ----------
    commerce : record of this member; its `depth`, `content`, `passage` and `closed` are those of the year (the last
        two are ignored before the branch)
    trade : shared record (`trade_fields`)
    params : one row of parameters
    member : number of the member
    row : years since the run's first
    branch_row : the same for the year of the branch, the first that is simulated

    Returns
    -------
    code : 1, or the failure of `solve_resistances`
    """
    year = trade.first_year + row
    simulated = row >= branch_row
    sizes_and_prices(commerce, trade, params, member, row)
    size_changes(commerce, trade)
    if row == branch_row:
        start_unrecorded(commerce.residual, commerce.level)
    if row < branch_row:
        copy_into(commerce.depth_branch, commerce.depth)
    elif row <= branch_row + 1:
        costs_of_branch(commerce, trade, params, row == branch_row)
    costs_of_year(commerce, trade, params, row, simulated)
    common = 0.0
    if row >= trade.shocks_from:
        common = normal(trade.common_key[0], 0, year, member)
        draw_shocks(commerce, trade, year, member, row == trade.shocks_from)
    trade_year(commerce, trade.documented[row], trade.log_base, common, params)
    bound_openness(commerce, trade, trade.documented[row], params)
    for q in range(commerce.usd.shape[0]):
        if not np.isnan(trade.documented[row, q]):
            commerce.usd[q] = trade.usd[row, q]
    if not simulated:
        return 1
    code = _gains(commerce, trade, params)
    return gains_of_integration(commerce, trade, params.trade_elasticity) if code > 0 else code


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
        trade,
        params.trade_elasticity,
        trade.home_share,
        commerce,
        commerce.outward,
        commerce.gain,
    )
    if code <= 0:
        commerce.outward[:] = 1.0
    return code


@compiled
def value_trade(region, inputs, simulated):
    """What trade with the others is worth to each state from now on, in place; the record has its documented weight."""
    commerce, trade = region.commerce, inputs.trade
    with_others = commerce.step  # work
    with_others[:] = 0.0
    for q in range(trade.dyad.shape[0]):
        if trade.dyad[q] >= 0:
            with_others[trade.end_a[q]] += commerce.usd[q]
            with_others[trade.end_b[q]] += commerce.usd[q]
    for i in range(commerce.figure_sum.shape[0]):
        figure = with_others[i] / math.exp(commerce.log_volume[i])
        if not math.isfinite(figure):
            continue  # some pair has no figure yet
        if not simulated or commerce.figure_count[i] == 0.0:
            commerce.figure_sum[i] += figure
            commerce.figure_count[i] += 1.0
        if simulated:
            mean = commerce.figure_sum[i] / commerce.figure_count[i]
            region.polity.gains[i, TRADE] = inputs.outside.issue_weight[i, TRADE] * figure / mean
