"""Comparisons on the terminal, in 80 columns, and as JSON."""

import json
import math
from collections.abc import Sequence
from typing import Any

from sim.comparison.changes import told
from sim.comparison.compare import Comparison
from sim.comparison.format import HEADINGS, cells, explanation, mean_difference
from sim.comparison.grid import most_moved, point_of
from sim.comparison.pairing_gain import WIDELY, WORTHWHILE, pairing_gain
from sim.outcomes.metric import title_of

WIDTH = 80
_MOST_KEYS, _WIDEST_KEY = 2, 20


def _console():
    from rich.console import Console

    return Console(width=WIDTH, highlight=False, markup=False, emoji=False)


def _table(comparison: Comparison, most: int):
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(HEADINGS[0], ratio=1)
    for heading in HEADINGS[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    shown = 0
    for group, effects in comparison.grouped(most).items():
        table.add_row(Text(group, style="bold"))
        for effect in effects:
            title, *figures = cells(effect, len(comparison.alike(effect.outcome)), comparison.last_year)
            table.add_row(Text(f" {title}"), *figures)
            shown += 1
    return table, shown


def print_comparison(comparison: Comparison, most: int) -> None:
    """Print what differs, the largest effects by chapter, and how to read them."""
    from rich.padding import Padding
    from rich.text import Text

    console = _console()
    console.print(f"{comparison.run.name} against {comparison.against.name}", style="bold")
    for line in told(comparison.changes):
        console.print(Padding(Text(line, style="dim"), (0, 0, 0, 2)))
    for note in comparison.notes:
        console.print(f"note: {note}")
    if any(effect.moves for effect in comparison.effects):
        table, shown = _table(comparison, most)
        console.print()
        console.print(table)
        console.print()
        rest = len(comparison.moved) - shown
        if rest:
            console.print(f"{rest} more outcomes moved; --most, --outcomes and --csv show them.")
        same = sum(not effect.moves for effect in comparison.effects)
        if same:
            console.print(f"{same} of {len(comparison.effects)} outcomes are the same in every member.")
    console.print()


def print_many(comparisons: Sequence[Comparison], columns: int = 3) -> None:
    """One line a run: the outcomes that moved most over all of them."""
    from rich.table import Table

    points = [point_of(comparison) for comparison in comparisons]
    keys = [key for key in points[0] if all(key in point for point in points)][:_MOST_KEYS]
    outcomes = most_moved(comparisons, columns if len(keys) < _MOST_KEYS else columns - 1)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in keys or ["run"]:
        table.add_column(".".join(heading.split(".")[-2:]), overflow="fold", max_width=_WIDEST_KEY)
    for outcome in outcomes:
        table.add_column(title_of(outcome), justify="right", min_width=16, max_width=16)
    for comparison, point in zip(comparisons, points):
        known = {effect.outcome: effect for effect in comparison.effects}
        figures = [mean_difference(known[name]) if name in known else "" for name in outcomes]
        table.add_row(*([str(point[key]) for key in keys] or [comparison.run.name]), *figures)
    console = _console()
    console.print(f"against {comparisons[0].against.name}", style="bold")
    console.print(table)
    members = min(comparison.members for comparison in comparisons)
    console.print(
        f"\nmean difference over {members} pairs of members, ± its 95 % interval; with %, percentage points "
        "of the probability that it ever comes.  --csv writes every outcome.",
        style="dim",
    )


def print_reading(comparisons: Sequence[Comparison]) -> None:
    """Print, once, how to read the tables."""
    if any(effect.moves for comparison in comparisons for effect in comparison.effects):
        members = min(comparison.members for comparison in comparisons)
        _console().print(explanation(members, comparisons[0].last_year), style="dim")


def _times(gain: float) -> str:
    return "exact" if math.isinf(gain) else f"{gain:.1f}" if gain < 99.95 else f"{gain:.0f}"


def print_pairing(comparisons: Sequence[Comparison]) -> None:
    """Print how many times smaller the variance of the paired differences is."""
    from rich.table import Table

    console = _console()
    console.print("Variance of the unpaired over the paired difference", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", ratio=1)
    for heading in ("outcomes", "1/4", "median", "3/4", f"{WORTHWHILE:.0f} or more", "widely moved"):
        table.add_column(heading, justify="right")
    worst = []
    for comparison in comparisons:
        found = pairing_gain(comparison)
        if found is None:
            table.add_row(comparison.run.name, "0", "", "", "", "", "")
            continue
        quartiles = [_times(gain) for gain in found.quartiles]
        widely = f"{100 * found.share_widely:.0f} % of {found.widely}" if found.widely else ""
        table.add_row(comparison.run.name, str(found.outcomes), *quartiles, f"{100 * found.share:.0f} %", widely)
        worst.append((comparison.run.name, found.least))
    console.print(table)
    for name, effects in worst:
        said = "; ".join(f"{effect.title} {_times(effect.paired.gain)}" for effect in effects)
        console.print(f"\nleast in {name}: {said}")
    console.print(
        f"\nOutcomes that moved, against {comparisons[0].against.name}; alike ones count once.  An unpaired "
        "comparison needs so many times more members.  Widely moved: the share with "
        f"{WORTHWHILE:.0f} or more among outcomes in which at least {100 * WIDELY:.0f} % of the members "
        "differ.",
        style="dim",
    )


def _plain(value: Any) -> Any:
    """What JSON can hold: numbers that are none, or not finite, as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def as_json(comparisons: Sequence[Comparison]) -> str:
    """All comparisons with every effect as JSON text; what is infinite or undefined is null."""
    plain = [
        {
            "run": each.run.name,
            "run_path": str(each.run.path),
            "against": each.against.name,
            "against_path": str(each.against.path),
            "members": each.members,
            "changes": each.changes,
            "notes": each.notes,
            "warnings": each.warnings,
            "effects": [effect.row(each.precision) for effect in each.effects],
        }
        for each in comparisons
    ]
    return json.dumps(_plain(plain), indent=1, ensure_ascii=False)
