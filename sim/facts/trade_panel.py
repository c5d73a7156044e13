"""The tables of trade as arrays: the base-year table of flows, trade of every pair by year, sizes, prices, borders.

A pair is two economies of which at least one is a state, in the order of `trade_economies.csv`; its trade is counted
both ways. A year in which either direction has no figure is nan.
"""

from dataclasses import dataclass

import numpy as np

from sim.facts.load import TradeFacts
from sim.facts.trade_rows import BASE_YEAR, DOCUMENTED_STATUSES

_ROADS_WITHOUT_TABLE = 1.0  # a border without a row is open


@dataclass(frozen=True, kw_only=True)
class TradePanel:
    """What the record says, as arrays.

    Attributes
    ----------
    economies : ids, the `n_states` states first
    pairs : (pair, 2) indices of economies; pair ids are `names`, `A-B` with the ends in alphabetical order
    years : the years of the record, ascending
    trade_usd : (pair, year), both ways, constant 2021 USD; nan without a figure
    spread_factor : (pair,), spread of yearly shocks over that of the typical pair
    first_share : (pair,), share of the first economy's exports in the pair's trade of the base year
    log_volume : (economy, year), log of GDP in constant 2021 international dollars; nan without a figure
    gdp_usd : (economy, year), current USD; nan without a figure
    deflator : (year,), current USD per constant 2021 USD
    base : index of the base year in `years`
    """

    economies: tuple[str, ...]
    n_states: int
    pairs: np.ndarray
    names: tuple[str, ...]
    years: np.ndarray
    trade_usd: np.ndarray
    spread_factor: np.ndarray
    first_share: np.ndarray
    log_volume: np.ndarray
    gdp_usd: np.ndarray
    deflator: np.ndarray
    base: int

    def pair(self, name: str) -> int:
        """Index of a pair by its id, `A-B`."""
        return self.names.index(name)


def trade_panel(facts: TradeFacts, reading: str = "partner") -> TradePanel:
    """The record under one reading of pairs with two accounts: `partner` (mirror figures first) or `own`."""
    ids = facts.ids
    n_states = sum(economy.kind == "state" for economy in facts.economies)
    years = np.array(sorted(row.year for row in facts.deflator))
    column = {int(year): k for k, year in enumerate(years)}
    deflator = np.array([row.deflator for row in sorted(facts.deflator, key=lambda row: row.year)])
    pairs = np.array([(i, j) for i in range(n_states) for j in range(i + 1, len(ids))])
    flows = _flows(facts, reading, column, documented_only=True) / deflator
    base_flows = base_year_flows(facts, reading)
    first, second = pairs[:, 0], pairs[:, 1]
    names = tuple("-".join(sorted((ids[i], ids[j]))) for i, j in pairs)
    factor = {row.pair: row.spread_factor for row in facts.pairs}
    return TradePanel(
        economies=ids,
        n_states=n_states,
        pairs=pairs,
        names=names,
        years=years,
        trade_usd=flows[first, second] + flows[second, first],
        spread_factor=np.array([factor.get(name, 1.0) for name in names]),
        first_share=base_flows[first, second] / (base_flows[first, second] + base_flows[second, first]),
        log_volume=np.log(_sizes(facts, column, "gdp_volume")),
        gdp_usd=_sizes(facts, column, "gdp_current_usd"),
        deflator=deflator,
        base=column[BASE_YEAR],
    )


def base_year_flows(facts: TradeFacts, reading: str = "partner", output_ratio: float = 1.0) -> np.ndarray:
    """All flows of the base year with domestic sales on the diagonal.

    Parameters
    ----------
    reading : as `trade_panel`
    output_ratio : gross output over GDP; domestic sales are output less exports (1: GDP less exports)

    Returns
    -------
    (exporter, importer), current USD of the base year

    Raises
    ------
    ValueError : an economy exports more than it makes on this basis
    """
    flows = _flows(facts, reading, {BASE_YEAR: 0}, documented_only=False)[:, :, 0]
    np.fill_diagonal(flows, 0.0)
    domestic = output_ratio * _sizes(facts, {BASE_YEAR: 0}, "gdp_current_usd")[:, 0] - flows.sum(axis=1)
    for name, value in zip(facts.ids, domestic):
        if not value > 0.0:
            raise ValueError(f"{name}: exports exceed {output_ratio} times GDP, so nothing is left to sell at home")
    np.fill_diagonal(flows, domestic)
    return flows


def tariff_content(facts: TradeFacts, names: tuple[str, ...], years: np.ndarray) -> np.ndarray:
    """(pair, year), free-trade content agreed, 0-1, the mean over the months of each year."""
    content = np.zeros((len(names), len(years)))
    for row in sorted(facts.agreements, key=lambda row: row.since):
        _from_then_on(content, names, years, row, row.content)
    return content


def passage(facts: TradeFacts, names: tuple[str, ...], years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(pair, year) each: share of crossings open, and share of the year in which the whole border was closed."""
    open_share = np.full((len(names), len(years)), _ROADS_WITHOUT_TABLE)
    closed = np.zeros((len(names), len(years)))
    for row in sorted(facts.crossings, key=lambda row: row.since):
        _from_then_on(open_share, names, years, row, row.passage)
        _from_then_on(closed, names, years, row, float(row.closed))
    return open_share, closed


def _from_then_on(table: np.ndarray, names: tuple[str, ...], years: np.ndarray, row, value: float) -> None:
    """Put a value into a pair's row of the table from a date on; the month of the date counts whole."""
    p = names.index("-".join(sorted((row.economy_a, row.economy_b))))
    for k, year in enumerate(years):
        if year > row.since.year:
            table[p, k] = value
        elif year == row.since.year:
            before = (row.since.month - 1) / 12.0
            table[p, k] = before * table[p, k] + (1.0 - before) * value


def _flows(facts: TradeFacts, reading: str, column: dict[int, int], documented_only: bool) -> np.ndarray:
    """(exporter, importer, year), current USD; nan without a figure."""
    if reading not in ("partner", "own"):
        raise ValueError(f"reading must be partner or own, not {reading!r}")
    index = {name: k for k, name in enumerate(facts.ids)}
    flows = np.full((len(index), len(index), len(column)), np.nan)
    for row in facts.flows:
        wanted = row.reading in ("", reading) and row.year in column
        if wanted and (row.status in DOCUMENTED_STATUSES or not documented_only):
            flows[index[row.exporter], index[row.importer], column[row.year]] = row.usd_current
    return flows


def _sizes(facts: TradeFacts, column: dict[int, int], name: str) -> np.ndarray:
    """(economy, year) of one column of the sizes; nan without a figure."""
    index = {economy: k for k, economy in enumerate(facts.ids)}
    sizes = np.full((len(index), len(column)), np.nan)
    for row in facts.sizes:
        value = getattr(row, name)
        if row.year in column and value is not None:
            sizes[index[row.economy], column[row.year]] = value
    return sizes
