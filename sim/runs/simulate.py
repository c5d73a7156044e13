"""Simulating a range of members, so that one that fails does not take the others with it."""

from typing import Any

import pyarrow as pa

from sim.outcomes import Catalogue, Events
from sim.runs.tables import merge_sketch_tables, tables_of


def _cause(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def simulate_part(
    world: Any, catalogue: Catalogue, documented: Events, first: int, last: int, keep_terms: bool, keep_monthly: bool
) -> tuple[dict[str, pa.Table], list[tuple[int, str]]]:
    """Tables of members first..last-1 without those that fail, and (member, cause) of those.

    A range that fails is halved until the members at fault stand alone.
    """
    from sim.model import simulate_members

    try:
        block = simulate_members(world, first, last, keep_terms=keep_terms)
        return tables_of(block, world, catalogue, documented, keep_monthly), []
    except OSError:
        raise
    except Exception as error:
        if last - first == 1:
            return {}, [(first, _cause(error))]
    middle = (first + last) // 2
    halves = [
        simulate_part(world, catalogue, documented, *bounds, keep_terms, keep_monthly)
        for bounds in ((first, middle), (middle, last))
    ]
    failed = [each for _, causes in halves for each in causes]
    filled = [tables for tables, _ in halves if tables]
    if not filled:
        return {}, failed
    return {name: _joined(name, [tables[name] for tables in filled]) for name in filled[0]}, failed


def _joined(name: str, tables: list[pa.Table]) -> pa.Table:
    """Rows one after another; sketches have a row per month, so they are merged instead."""
    if name != "sketch" or len(tables) == 1:
        return pa.concat_tables(tables)
    return merge_sketch_tables(tables)
