"""Checks of the tables of trade: pairs that exist, nobody's trade with itself, a base year that is complete."""

from typing import Any

from sim.errors import Problem
from sim.facts.checks import each
from sim.facts.reading import Placed
from sim.facts.trade_rows import BASE_YEAR, READINGS


def check_trade(tables: dict[str, dict[Any, Placed]]) -> list[Problem]:
    """All problems between the tables of trade; empty if there is none."""
    known = set(tables["trade_economies"])
    problems = each(tables["trade_corridors"], "pairs", lambda row: _strange_pair(row.pairs, known))
    problems += each(tables["trade_pairs"], "pair", lambda row: _strange_pair((row.pair,), known))
    problems += each(
        tables["trade_flows"],
        "importer",
        lambda row: "an economy's trade with itself is computed, not carried" if row.exporter == row.importer else None,
    )
    return problems or _gaps(tables, known)


def _strange_pair(pairs: tuple[str, ...], known: set[str]) -> str | None:
    for pair in pairs:
        ends = pair.split("-")
        if len(ends) != 2 or ends[0] >= ends[1] or not set(ends) <= known:
            return f"'{pair}' is not a pair of known economies in alphabetical order, joined by a hyphen"
    return None


def _gaps(tables: dict[str, dict[Any, Placed]], known: set[str]) -> list[Problem]:
    """The base year must have a size for every economy and a flow for every ordered pair, under both readings."""
    sizes = (placed.row for placed in tables["trade_sizes"].values())
    sized = {row.economy for row in sizes if row.year == BASE_YEAR and row.gdp_current_usd}
    problems = [
        Problem(f"{table}.csv", 0, f"no figures for {economy} in the base year")
        for table, missing in (("trade_sizes", known - sized), ("trade_growth", known - set(tables["trade_growth"])))
        for economy in sorted(missing)
    ]
    flows = [placed.row for placed in tables["trade_flows"].values() if placed.row.year == BASE_YEAR]
    for reading in READINGS:
        present = {(row.exporter, row.importer) for row in flows if row.reading in ("", reading)}
        for a, b in sorted((a, b) for a in known for b in known if a != b and (a, b) not in present):
            problems.append(
                Problem("trade_flows.csv", 0, f"no figure for {a} to {b} in the base year, reading {reading}")
            )
    return problems
