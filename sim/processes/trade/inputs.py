"""The trade of a run: tables of trade, accords and a scenario's dated events as the record that the engine runs on."""

import numpy as np

from sim.engine.layout import MAX_YEARS, record
from sim.engine.process import fill_channels
from sim.facts.load import Facts, TradeFacts
from sim.facts.trade_panel import TradePanel, base_year_flows, passage, trade_panel
from sim.facts.trade_rows import BASE_YEAR
from sim.processes.trade.gravity import freeness_of_base, newton_correction
from sim.processes.trade.scenario_changes import change_trade
from sim.processes.trade.state import PROCESS, trade_fields


def trade_inputs(facts: Facts, tables: TradeFacts, run, events, free_trade, reading: str, output_ratio: float):
    """The record of trade (`trade_fields`) of a run: the tables, accords, and what dated events of a scenario change.

    A region without figures of trade has a record of the same fields in which `exists` is 0.

    Parameters
    ----------
    facts, tables : the documented world, and its tables of trade
    run : seed and the dates start, branch and end of the run
    events : dated events of the scenario
    free_trade : free-trade content of every accord that can be signed, 0-1, in the engine's order
    reading, output_ratio : as in `trade_record`
    """
    if not tables.economies:
        return without_trade(len(facts.states), run.start.year)
    trade = trade_record(
        tables,
        run.seed,
        run.start.year,
        run.branch.year - 1,
        reading,
        depth_on_record(facts, BASE_YEAR),
        output_ratio,
        run.branch.month - 1,
    )
    trade.free_trade[: len(free_trade)] = free_trade
    change_trade(trade, events, run, facts)
    return trade


def without_trade(states: int, first_year: int):
    """The record of trade of states of whose trade nothing is known: no figure of it is ever simulated."""
    dyads = [(a, b) for a in range(states) for b in range(a + 1, states)]
    table = record(trade_fields(states, len(dyads), states))
    table.first_year, table.axis = first_year, -1
    table.end_a, table.end_b = np.array(dyads).T
    table.dyad, table.growth_is_state = range(len(dyads)), 1
    for name in ("documented", "usd", "log_base", "log_volume", "deflator", "growth_set"):
        getattr(table, name)[:] = np.nan
    table.passage[:] = table.passage_base[:] = table.passage_branch[:] = 1.0
    table.covers[:] = 1.0
    return table


def depth_on_record(facts: Facts, year: int) -> list[float]:
    """Depth of the deepest treaty that every two states have signed by the end of a year, dyads in alphabetical order.

    The engine takes the same measure of its own treaties (`sim.processes.trade.costs.measure_depth`).
    """
    states = [row.id for row in facts.states]
    deepest = {(a, b): 0.0 for k, a in enumerate(states) for b in states[k + 1 :]}
    rungs = {row.id: row.depth for row in facts.rungs}
    signed: dict[str, set[str]] = {row.id: set() for row in facts.accords}
    ended = set()
    for event in sorted(facts.events, key=lambda event: event.date):
        if not event.used or event.date.year > year:
            continue
        acting = {event.actor} if event.actor else set(event.parties)
        if event.kind == "rung":
            dyad = tuple(sorted(event.parties))
            deepest[dyad] = max(deepest[dyad], rungs[event.subject])
        elif event.kind in ("signature", "accession"):
            signed[event.subject] |= acting
        elif event.kind == "withdrawal":
            signed[event.subject] -= acting
        elif event.kind == "format-ends":
            ended |= {row.id for row in facts.accords if row.format == event.subject and row.kind == "organisation"}
    for accord in facts.accords:
        if accord.id not in ended:
            for dyad in deepest:
                if set(dyad) <= signed[accord.id]:
                    deepest[dyad] = max(deepest[dyad], accord.depth)
    return list(deepest.values())


def trade_record(
    facts: TradeFacts,
    seed: int,
    first_year: int,
    last_known: int,
    reading: str,
    depth_base,
    output_ratio=1.0,
    months_before=0,
):
    """The shared record of trade.

    Parameters
    ----------
    facts : the tables of trade
    seed : the run's seed
    first_year : calendar year of the run's start
    last_known : last calendar year that may be taken from the record (the year before the branch, if that is earlier)
    reading : `partner` or `own`, whose figures where a pair has two accounts
    depth_base : (dyad,), depth of the treaties of every two states in the base year, 0-1
    output_ratio : gross output over GDP, the basis of domestic sales
    months_before : months of the year after `last_known` that are still of the record: borders are known to the month

    Returns
    -------
    record with the fields of `trade_fields`; `imposed`, `tariff`, `quicker` and `free_trade` are zero and `growth_set`
    nan, for the scenario to fill
    """
    panel = trade_panel(facts, reading)
    table = record(trade_fields(len(panel.economies), len(panel.names), panel.n_states))
    table.first_year, table.exists = first_year, 1
    table.growth_set[:] = np.nan
    _fill_pairs(table, panel, facts, depth_base)
    _fill_branch(table, panel, facts, last_known + 1, months_before)
    _fill_years(table, panel, facts, first_year, last_known)
    for k, row in enumerate(sorted(facts.growth, key=lambda row: panel.economies.index(row.economy))):
        table.growth[k], table.drift_spread[k], table.yearly_spread[k] = row.median, row.drift_spread, row.yearly_spread
        table.growth_is_state[k] = int(k < panel.n_states)
    flows = base_year_flows(facts, reading, output_ratio)
    table.output, table.expenditure = flows.sum(axis=1), flows.sum(axis=0)
    table.home_share = np.diag(flows) / table.expenditure
    table.gdp = base_year_flows(facts, reading).sum(axis=1)
    table.gdp_base = table.gdp / panel.deflator[panel.base]
    table.log_volume_base = panel.log_volume[:, panel.base]
    table.shocks_from = _first_without_figures(table.documented, last_known + 1 - first_year)
    freeness_of_base(flows, flows.sum(axis=1), flows.sum(axis=0), table.freeness)
    table.correction = newton_correction(flows)
    fill_channels(table, PROCESS.own_channels, seed, {"pair": panel.names, "economy": panel.economies})
    return table


def _fill_pairs(table, panel: TradePanel, facts: TradeFacts, depth_base) -> None:
    """Who a pair is; dyads of states are numbered as pairs of the first economies in alphabetical order."""
    table.end_a, table.end_b = panel.pairs.T
    table.axis = panel.pair(facts.axis) if facts.axis else -1
    table.spread_factor = panel.spread_factor
    states = range(panel.n_states)
    dyads = [(a, b) for a in states for b in states if a < b]
    for p, (a, b) in enumerate(panel.pairs):
        ends = (int(a), int(b))
        table.dyad[p] = dyads.index(ends) if ends in dyads else -1
        table.depth_base[p] = depth_base[table.dyad[p]] if ends in dyads else 0.0
        table.regional[p] = int({panel.economies[a], panel.economies[b]} <= facts.core)


def _fill_branch(table, panel: TradePanel, facts: TradeFacts, year: int, months_before: int) -> None:
    """Borders and agreements of the states as the record leaves them, and borders of its months of the last year."""
    table.months_before = months_before
    names = [name for name, dyad in zip(panel.names, table.dyad) if dyad >= 0]
    for month in range(months_before):
        table.passage_before += _in_force(facts.crossings, names, (year, month + 1), "passage", 1.0)
        table.closed_before += _in_force(facts.crossings, names, (year, month + 1), "closed", 0.0)
    last = (year, months_before) if months_before else (year - 1, 12)
    table.passage_branch = _in_force(facts.crossings, names, last, "passage", 1.0)
    table.closed_branch = _in_force(facts.crossings, names, last, "closed", 0.0)
    table.standing = _in_force(facts.agreements, names, last, "content", 0.0)


def _in_force(rows, names: list[str], month: tuple[int, int], column: str, otherwise: float) -> np.ndarray:
    """(name,), the last value of a dated table up to a month (year, month of the year) for some pairs."""
    values = np.full(len(names), otherwise)
    for row in sorted(rows, key=lambda row: row.since):
        name = "-".join(sorted((row.economy_a, row.economy_b)))
        if name in names and (row.since.year, row.since.month) <= month:
            values[names.index(name)] = float(getattr(row, column))
    return values


def _first_without_figures(documented, branch_row: int) -> int:
    """Row of the first year after which some pair has no more figures, the branch at the latest."""
    last = [np.flatnonzero(np.isfinite(column))[-1] for column in documented.T if np.isfinite(column).any()]
    return int(min([row + 1 for row in last] + [max(branch_row, 0)]))


def _fill_years(table, panel: TradePanel, facts: TradeFacts, first_year: int, last_known: int) -> None:
    """Figures by year, nan where the record has none or the run may not know them; borders are held after it."""
    opened, shut = passage(facts, panel.names, panel.years)
    first, second = panel.pairs.T
    table.documented[:] = table.log_volume[:] = table.deflator[:] = np.nan
    for k in range(MAX_YEARS):
        year = first_year + k
        seen = int(np.clip(np.searchsorted(panel.years, year), 0, len(panel.years) - 1))
        table.passage[k], table.closed[k] = opened[:, seen], shut[:, seen]
        if panel.years[seen] == year and year <= last_known:
            table.documented[k] = np.log(panel.trade_usd[:, seen])
            table.usd[k] = panel.trade_usd[:, seen]
            table.log_volume[k] = panel.log_volume[:, seen]
            table.deflator[k] = panel.deflator[seen]
    if np.isnan(table.deflator[0]):
        # a run that starts after the record, or knows nothing of it, begins with the nearest year's sizes and prices
        nearest = int(np.clip(np.searchsorted(panel.years, first_year), 0, len(panel.years) - 1))
        table.log_volume[0], table.deflator[0] = panel.log_volume[:, nearest], panel.deflator[nearest]
    for economy in range(len(panel.economies)):
        known = np.flatnonzero(np.isfinite(table.log_volume[:, economy]))
        table.last_sized[economy] = known[-1] if len(known) else -1
    base = panel.base
    table.log_base = np.log(panel.trade_usd[:, base])
    # A pair whose base year has no documented figure keeps the unobserved one of the table of flows.
    table.size_base = panel.log_volume[first, base] + panel.log_volume[second, base]
    table.passage_base, table.closed_base = opened[:, base], shut[:, base]
    missing = np.isnan(table.log_base)
    flows = base_year_flows(facts) / panel.deflator[base]
    table.log_base[missing] = np.log(flows[first, second] + flows[second, first])[missing]
    weight, whole = np.exp(table.log_base), np.zeros(len(panel.economies))
    for ends in (first, second):
        np.add.at(whole, ends, weight)
    table.covers = weight[:, None] / whole[np.stack([first, second], axis=1)]
