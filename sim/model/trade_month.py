"""Phase 7 in the engine: borders watched each month; each December the year's trade, and what trade is worth to states.

Trade is worth to a state what one per cent more of it would bring, which is to first order its trade with the other
states over its GDP (Arkolakis, Costinot & Rodríguez-Clare 2012). Interest keeps its scale: the documented weight of the
issue, times this figure relative to its mean over the record.
"""

import math

from sim.compiled import compiled
from sim.model.trade_december import trade_of_year
from sim.processes.trade.gravity import check_solution

TRADE = 0  # among the issues


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
    if month % 12 != 11 and month != clock.end:
        return
    if params.trade_depth_effect != 0.0:
        measure_depth(region, inputs)
    if month >= clock.branch:
        measure_content(region, inputs)
        commerce.passage[:] = commerce.passage_sum / (month % 12 + 1)
        commerce.closed[:] = commerce.closed_sum / (month % 12 + 1)
    code = trade_of_year(
        commerce,
        trade,
        params,
        member,
        month // 12 - clock.first_year,
        clock.branch // 12 - clock.first_year,
        commerce.depth,
        commerce.content,
        commerce.passage,
        commerce.closed,
    )
    if code <= 0 and commerce.failure == 0:
        commerce.failure = code
    value_trade(region, inputs, month >= clock.branch)


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
            commerce.crossing_branch[:] = crossing
        return
    if month == branch:
        commerce.passage_sum[:] = trade.passage_before
        commerce.closed_sum[:] = trade.closed_before
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
    content[:] = -trade.standing
    for m in range(inputs.accords.count):
        if trade.free_trade[m] == 0.0 or treaties.in_force[m] < 0 or treaties.lapsed[m] == 1:
            continue
        for d in range(content.shape[0]):
            both = treaties.ratified[m, ladder.dyad_a[d]] >= 0 and treaties.ratified[m, ladder.dyad_b[d]] >= 0
            if both:
                content[d] = max(content[d], trade.free_trade[m] - trade.standing[d])


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
