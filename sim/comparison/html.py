"""A comparison as a notebook shows it."""

from sim.comparison.changes import told
from sim.comparison.format import HEADINGS, cells, explanation
from sim.html import page, table

_MOST = 16


def as_html(comparison) -> str:
    """The largest effects by chapter, with what changed and how to read it."""
    rows: list[tuple[str, ...]] = []
    for group, effects in comparison.grouped(_MOST).items():
        rows.append((group,))
        rows += [cells(effect, len(comparison.alike(effect.outcome)), comparison.last_year) for effect in effects]
    lines = [*(f"changed: {line}" for line in told(comparison.changes)), *comparison.notes, *comparison.warnings]
    title = f"{comparison.run.name} against {comparison.against.name}"
    tables = [table(HEADINGS, rows)] if rows else []
    reading = [explanation(comparison.members, comparison.last_year)] if rows else []
    return page(title, lines, *tables) + page("", reading)
