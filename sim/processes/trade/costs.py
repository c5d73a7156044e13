"""What trade costs between two economies: treaties, tariffs, borders and routes, in log points of trade.

Borders are watched each month; treaties and tariffs are measured when the year's figures are due.
"""

import math
from typing import NamedTuple

from sim.engine.arrays import copy_into
from sim.engine.compiled import compiled


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


class CostEffects(NamedTuple):
    """Log points of trade per unit, as a row of parameters has them; `trade_closed_effect` >= 0 is a loss."""

    trade_depth_effect: float
    trade_tariff_effect: float
    trade_passage_effect: float
    trade_closed_effect: float


@compiled
def cost_term(effects, depth, tariff, passage, closed, imposed):
    """Log points of trade that treaties, tariffs, borders and routes are worth to a pair.

    Parameters
    ----------
    effects : `CostEffects` or a row of parameters
    depth : depth of the pair's political treaties, 0-1
    tariff : tariff content in effect beyond the agreements of the record, as `phase_in` gives it
    passage : share of the border crossings open, 0-1 (1 without a common border)
    closed : share of the year in which the whole border was closed to goods, 0-1
    imposed : log points from corridors and sanctions, as `delivered_cost_effect` gives them
    """
    borders = effects.trade_passage_effect * (passage - 1.0) - effects.trade_closed_effect * closed
    return effects.trade_depth_effect * depth + effects.trade_tariff_effect * tariff + borders + imposed


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
def costs_of_year(commerce, trade, params, row, simulated):
    """Cost terms of the year and their change since the base year."""
    for q in range(commerce.cost.shape[0]):
        d = trade.dyad[q]
        deep, agreed = 0.0, trade.tariff[row, q]
        open_share, shut = trade.passage[row, q], trade.closed[row, q]
        if d >= 0:
            deep = commerce.depth[d]
            agreed = max(agreed, commerce.content[d])
            if simulated:
                open_share, shut = commerce.passage[d], commerce.closed[d]
        commerce.phased[q] = phase_in(commerce.phased[q], agreed, params.trade_tariff_years)
        imposed = 0.0
        if trade.imposed[row, q] != 0.0:
            imposed = delivered_cost_effect(trade.imposed[row, q], params.trade_elasticity)
        imposed += params.trade_border_time_effect * trade.quicker[row, q]
        commerce.cost[q] = cost_term(
            params,
            deep,
            commerce.phased[q],
            open_share,
            shut,
            imposed,
        )
        commerce.cost_change[q] = commerce.cost[q] - commerce.cost_base[q]
        commerce.cost_alone[q] = commerce.cost[q]
        if d >= 0:
            commerce.cost_alone[q] = cost_term(
                params,
                0.0,
                -trade.standing[d],
                min(open_share, trade.passage_branch[d]),
                max(shut, trade.closed_branch[d]),
                min(imposed, 0.0),
            )


@compiled
def costs_of_branch(commerce, trade, params, first):
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
            params,
            deep,
            0.0,
            open_share,
            shut,
            0.0,
        )


@compiled
def watch_borders(commerce, trade, params, crossing, month, branch):
    """Sum over the months of a year how far borders are open to goods, in place.

    When the record ends they are as the tables of trade have them. Later closures leave what a documented one left on
    average; a border opened since is open.

    Parameters
    ----------
    crossing : (dyad,), share of crossings open, as the engine has it
    """
    if month < branch:
        if month == branch - 1:
            copy_into(commerce.crossing_branch, crossing)
        return
    if month == branch:
        copy_into(commerce.passage_sum, trade.passage_before)
        copy_into(commerce.closed_sum, trade.closed_before)
    elif month % 12 == 0:
        commerce.passage_sum[:] = 0.0
        commerce.closed_sum[:] = 0.0
    for d in range(crossing.shape[0]):
        before, now = commerce.crossing_branch[d], crossing[d]
        open_share, shut = trade.passage_branch[d], trade.closed_branch[d]
        if now < before:
            lost = (before - now) / before
            open_share *= 1.0 - lost * (1.0 - params.trade_closure_passage)
            shut = max(shut, lost * params.trade_closure_total)
        elif now > before:
            open_share, shut = max(open_share, now), 0.0
        commerce.passage_sum[d] += open_share
        commerce.closed_sum[d] += shut


@compiled
def measure_depth(region, inputs):
    """Depth of the deepest treaty that every two states have signed and not left, in place."""
    treaties, ladder, accords = region.treaties, inputs.ladder, inputs.accords
    for d in range(treaties.rung.shape[0]):
        a, b = ladder.dyad_a[d], ladder.dyad_b[d]
        deepest = 0.0
        for k in range(treaties.rung[d]):
            deepest = max(deepest, ladder.depth[k])
        for m in range(accords.count):
            if treaties.lapsed[m] == 0 and treaties.signed[m, a] >= 0 and treaties.signed[m, b] >= 0:
                deepest = max(deepest, accords.depth[m])
        region.commerce.depth[d] = deepest


@compiled
def measure_content(region, inputs):
    """Free-trade content of the accords in force between two states beyond the agreements of the record, in place."""
    treaties, ladder, trade, content = region.treaties, inputs.ladder, inputs.trade, region.commerce.content
    for d in range(content.shape[0]):
        content[d] = -trade.standing[d]
    for m in range(inputs.accords.count):
        if trade.free_trade[m] == 0.0 or treaties.in_force[m] < 0 or treaties.lapsed[m] == 1:
            continue
        for d in range(content.shape[0]):
            both = treaties.ratified[m, ladder.dyad_a[d]] >= 0 and treaties.ratified[m, ladder.dyad_b[d]] >= 0
            if both:
                content[d] = max(content[d], trade.free_trade[m] - trade.standing[d])
