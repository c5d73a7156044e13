"""What was known at a date: every table cut by the column that dates its rows."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sim.facts.load import Facts, Rivers, TradeFacts
from sim.facts.tables import TABLES, Table
from sim.facts.trade_rows import BASE_YEAR


def known_on(row: Any, table: Table) -> date:
    """First day on which a row is known: its own day; for the figure of a year or span of months its last day."""
    value = getattr(row, table.dated)
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return date(value, 12, 31)
    return _last_day(value)


def as_of(facts: Facts, rivers: Rivers, trade: TradeFacts, day: date) -> tuple[Facts, Rivers, TradeFacts]:
    """All that was known before a day: what a run that branches there may use."""
    return facts_as_of(facts, day), rivers_as_of(rivers, day), trade_as_of(trade, day)


def facts_as_of(facts: Facts, day: date) -> Facts:
    """Only what had happened, and only figures of years that were over, before a day.

    A shock that had begun ends on the last day known. Texts that were tabled later are gone, and what was said of them.
    """
    eve = day - timedelta(days=1)
    cut = {name: before(getattr(facts, name), TABLES[name], day) for name in TABLES if _is_dated(facts, name)}
    known = {row.id for row in cut["accords"]}
    later = {row.id for row in facts.accords} - known
    cut["events"] = tuple(row for row in cut["events"] if row.subject not in later)
    cut["shocks"] = tuple(replace(row, until=min(row.until, eve)) for row in cut["shocks"])
    return replace(facts, **cut)


def before(rows: tuple, table: Table, day: date) -> tuple:
    """The rows of a dated table that were known before a day."""
    return tuple(row for row in rows if known_on(row, table) < day)


def rivers_as_of(rivers: Rivers, day: date) -> Rivers:
    """Observations, recorded years and disputes before a day; the network is as it is."""
    return replace(
        rivers,
        inflow_years=before(rivers.inflow_years, TABLES["river_inflow_years"], day),
        observations=before(rivers.observations, TABLES["river_observations"], day),
        disputes=before(rivers.disputes, TABLES["river_disputes"], day),
    )


def trade_as_of(trade: TradeFacts, day: date) -> TradeFacts:
    """Figures, agreements and crossings before a day; those of the base year stay, since the model is built on them."""
    kept = {}
    for name in ("sizes", "flows", "deflator", "agreements", "crossings"):
        table = TABLES[f"trade_{name}"]
        last = date(BASE_YEAR + 1, 1, 1)
        kept[name] = before(getattr(trade, name), table, max(day, last) if table.dated == "year" else day)
    return replace(trade, **kept)


def _is_dated(facts: Facts, name: str) -> bool:
    return bool(TABLES[name].dated) and hasattr(facts, name)


def _last_day(text: str) -> date:
    """Last day of `2020`, `2020-10`, `2020-10-20`, `2022-2024`, `2023-01..2025-09`, `2024-01..06`, `1950s`."""
    first, _, last = text.partition("..")
    if last:
        return _last_day(last if len(last) > 2 else f"{first[:4]}-{last}")
    if decade := re.fullmatch(r"(\d{3})0s", text):
        return date(int(decade[1] + "9"), 12, 31)
    years = re.fullmatch(r"\d{4}-(\d{4})", text)
    parts = [int(part) for part in (years[1] if years else text).split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
