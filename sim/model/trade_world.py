"""The trade of a scenario: facts of trade brought together as the record that the yearly step runs on."""

import numpy as np

from sim.chance import channel_key
from sim.facts import TradeFacts
from sim.facts.trade_panel import TradePanel, base_year_flows, passage, trade_panel
from sim.processes.records import MAX_ACCORDS, MAX_YEARS, record
from sim.processes.trade.gravity import freeness_of_base, newton_correction

AXIS = "KAZ-UZB"
REGION = ("KAZ", "KGZ", "TJK", "TKM", "UZB")  # whose trade with each other is called intra-regional

_REAL, _WHOLE, _KEY = np.float64, np.int64, np.uint64


def trade_fields(economies: int, pairs: int, states: int) -> list[tuple]:
    """Fields of the record of trade that all members share; years count from the run's first."""
    dyads = states * (states - 1) // 2
    return [
        ("first_year", _WHOLE),
        ("end_a", _WHOLE, pairs),  # economy
        ("end_b", _WHOLE, pairs),
        ("dyad", _WHOLE, pairs),  # dyad of two states, -1 for a pair with an outsider
        ("regional", _WHOLE, pairs),  # 0/1, counts as intra-regional
        ("axis", _WHOLE),  # the pair KAZ-UZB
        ("spread_factor", _REAL, pairs),
        ("documented", _REAL, (MAX_YEARS, pairs)),  # log, constant 2021 USD; nan without a figure
        ("usd", _REAL, (MAX_YEARS, pairs)),  # the same in constant 2021 USD
        ("log_base", _REAL, pairs),
        ("size_base", _REAL, pairs),  # both log sizes, summed
        ("weight", _REAL, pairs),  # trade in the base year, USD
        ("whole", _REAL, economies),  # the same, summed over an economy's pairs
        ("log_volume", _REAL, (MAX_YEARS, economies)),  # nan after the record
        ("last_sized", _WHOLE, economies),  # last year with a documented size
        ("deflator", _REAL, MAX_YEARS),  # current per constant USD; nan after the record
        ("depth_base", _REAL, pairs),  # treaty depth in the base year
        ("passage", _REAL, (MAX_YEARS, pairs)),  # documented share of crossings open
        ("closed", _REAL, (MAX_YEARS, pairs)),  # documented share of the year closed
        ("passage_base", _REAL, pairs),
        ("closed_base", _REAL, pairs),
        ("imposed", _REAL, (MAX_YEARS, pairs)),  # share of the delivered price saved by corridors, less penalties
        ("tariff", _REAL, (MAX_YEARS, pairs)),  # content that the scenario adds to or takes from the record's
        ("quicker", _REAL, (MAX_YEARS, pairs)),  # log points of time at the border saved
        ("free_trade", _REAL, MAX_ACCORDS),  # free-trade content among the parties of an accord, 0-1
        ("standing", _REAL, dyads),  # free-trade content of the record when it ends
        ("passage_branch", _REAL, dyads),  # share of crossings open when the record ends
        ("closed_branch", _REAL, dyads),  # 0/1, border closed to goods when the record ends
        ("passage_before", _REAL, dyads),  # sum over the months of the branch year before the branch
        ("closed_before", _REAL, dyads),
        ("months_before", _WHOLE),  # of the branch year before the branch
        ("growth", _REAL, economies),  # median drift
        ("growth_is_state", _WHOLE, economies),  # 0/1, under trade.growth_scale
        ("drift_spread", _REAL, economies),
        ("yearly_spread", _REAL, economies),
        ("growth_set", _REAL, (MAX_YEARS, economies)),  # growth a scenario holds, log points; nan where it does not
        ("freeness", _REAL, (economies, economies)),  # of the base year
        ("output", _REAL, economies),  # current USD of the base year
        ("expenditure", _REAL, economies),
        ("home_share", _REAL, economies),
        ("correction", _REAL, (economies, economies)),
        ("common_key", _KEY, (1, 2)),
        ("pair_key", _KEY, (pairs, 2)),
        ("growth_key", _KEY, (economies, 2)),
        ("world_growth_key", _KEY, (1, 2)),
        ("price_key", _KEY, (1, 2)),
    ]


def commerce_fields(economies: int, pairs: int, states: int) -> list[tuple]:
    """Fields of the record in which one member's trade unfolds."""
    dyads = states * (states - 1) // 2
    return [
        ("log_volume", _REAL, economies),
        ("drift", _REAL, economies),
        ("deflator", _REAL),
        ("inflation", _REAL),
        ("residual", _REAL, pairs),
        ("residual_sum", _REAL, pairs),
        ("residual_count", _REAL, pairs),
        ("phased", _REAL, pairs),  # tariff content in effect beyond the record's
        ("cost", _REAL, pairs),  # cost term, log points
        ("cost_base", _REAL, pairs),  # of the base year
        ("cost_branch", _REAL, pairs),  # of the year, had nothing changed since the record ended
        ("log_trade", _REAL, pairs),  # log, constant 2021 USD
        ("usd", _REAL, pairs),  # the same in constant 2021 USD
        ("gain", _REAL, economies),  # relative, against the same year with the costs of the branch
        ("depth", _REAL, dyads),  # of the treaties two states have
        ("depth_branch", _REAL, dyads),  # when the record ended
        ("content", _REAL, dyads),  # free-trade content of their accords beyond the record's
        ("passage", _REAL, dyads),  # of this year
        ("closed", _REAL, dyads),
        ("passage_sum", _REAL, dyads),  # over the months of this year
        ("closed_sum", _REAL, dyads),
        ("crossing_branch", _REAL, dyads),  # share of crossings open in the engine when the record ended
        ("figure_sum", _REAL, states),  # trade with the other states over GDP, documented years
        ("figure_count", _REAL, states),
        ("failure", _WHOLE),  # code of what went wrong, 0 if nothing did
        ("size_change", _REAL, pairs),  # work from here on
        ("cost_change", _REAL, pairs),
        ("own_spread", _REAL, pairs),
        ("normals", _REAL, pairs),
        ("luck", _REAL, (pairs, 4)),  # of four years
        ("growth_normals", _REAL, economies),
        ("growing", _REAL, economies),  # growth of this year without its luck
        ("log_change", _REAL, (economies, economies)),
        ("shifted", _REAL, (economies, economies)),
        ("outward", _REAL, economies),
        ("inward", _REAL, economies),
        ("step", _REAL, economies),
        ("share", _REAL, economies),
    ]


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
    reading : `partner` or `own`, whose figures of KAZ-UZB
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
    table.first_year = first_year
    table.growth_set[:] = np.nan
    _fill_pairs(table, panel, depth_base)
    _fill_branch(table, panel, facts, last_known + 1, months_before)
    _fill_years(table, panel, facts, first_year, last_known)
    for k, row in enumerate(sorted(facts.growth, key=lambda row: panel.economies.index(row.economy))):
        table.growth[k], table.drift_spread[k], table.yearly_spread[k] = row.median, row.drift_spread, row.yearly_spread
        table.growth_is_state[k] = int(k < panel.n_states)
    flows = base_year_flows(facts, reading, output_ratio)
    table.output, table.expenditure = flows.sum(axis=1), flows.sum(axis=0)
    table.home_share = np.diag(flows) / table.expenditure
    freeness_of_base(flows, flows.sum(axis=1), flows.sum(axis=0), table.freeness)
    table.correction = newton_correction(flows)
    table.common_key[0] = channel_key(seed, "trade")
    table.world_growth_key[0] = channel_key(seed, "growth")
    table.price_key[0] = channel_key(seed, "prices")
    for p, name in enumerate(panel.names):
        table.pair_key[p] = channel_key(seed, f"trade:{name}")
    for k, name in enumerate(panel.economies):
        table.growth_key[k] = channel_key(seed, f"growth:{name}")
    return table


def _fill_pairs(table, panel: TradePanel, depth_base) -> None:
    """Who a pair is; dyads of states are numbered as pairs of the first economies in alphabetical order."""
    table.end_a, table.end_b = panel.pairs.T
    table.axis = panel.pair(AXIS)
    table.spread_factor = panel.spread_factor
    states = range(panel.n_states)
    dyads = [(a, b) for a in states for b in states if a < b]
    for p, (a, b) in enumerate(panel.pairs):
        ends = (int(a), int(b))
        table.dyad[p] = dyads.index(ends) if ends in dyads else -1
        table.depth_base[p] = depth_base[table.dyad[p]] if ends in dyads else 0.0
        table.regional[p] = int(panel.economies[a] in REGION and panel.economies[b] in REGION)


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
    table.weight = np.exp(table.log_base)
    for ends in (first, second):
        np.add.at(table.whole, ends, table.weight)
