"""Comparisons on the terminal and as JSON."""

import json
import math
from collections.abc import Sequence

from sim.cli.printing import Table, say, wide
from sim.cli.summary import plain
from sim.comparison.changes import told
from sim.comparison.compare import Comparison
from sim.comparison.format import HEADINGS, cells, explanation, mean_difference
from sim.comparison.grid import most_moved, point_of
from sim.comparison.labels import label_of, said, short_keys, varied_keys
from sim.comparison.pairing_gain import WIDELY, WORTHWHILE, pairing_gain
from sim.words import named

_COLUMNS = 3


def print_comparison(comparison: Comparison, most: int) -> None:
    """Print what differs, the largest effects by chapter, and how to read them."""
    say(f"{comparison.run.name} against {comparison.against.name}", "bold")
    titles = [str(run.manifest.get("title") or "") for run in (comparison.run, comparison.against)]
    if any(titles):
        say(" against ".join(f"“{title}”" for title in titles), "dim")
    for line in told(comparison.changes):
        say(line, "dim", 2)
    for note in comparison.notes:
        say(f"note: {note}")
    if any(effect.moves for effect in comparison.effects):
        say()
        shown = _effects(comparison, most)
        rest = len(comparison.moved) - shown
        if rest > 0:
            say(f"{rest} more outcomes moved; --most, --outcomes and --csv show them.")
        same = sum(not effect.moves for effect in comparison.effects)
        if same:
            say(f"{same} of {len(comparison.effects)} outcomes are the same in every member.")
    say()


def _effects(comparison: Comparison, most: int) -> int:
    table, shown = Table(HEADINGS, "", wide()), 0
    for group, effects in comparison.grouped(most).items():
        table.row(group, style="bold")
        for effect in effects:
            title, *figures = cells(effect, len(comparison.alike(effect.outcome)), comparison.last_year)
            table.row(f" {named(title)}", *figures)
            shown += 1
    table.print()
    say()
    return shown


def print_many(comparisons: Sequence[Comparison]) -> None:
    """One line a run: every key that varies, and the outcomes asked for, else those that moved most over all."""
    keys = varied_keys(comparisons)
    asked = [name for name in comparisons[0].names if comparisons[0].patterns]
    outcomes = asked[: 2 * _COLUMNS] if asked else most_moved(comparisons, _COLUMNS)
    say(f"against {comparisons[0].against.name}", "bold")
    letters = [f"({letter})" for letter in "abcdef"[: len(outcomes)]]
    for letter, outcome in zip(letters, outcomes):
        say(f"{letter} {named(comparisons[0].title(outcome))}")
    if len(asked) > len(outcomes):
        say(f"{len(asked) - len(outcomes)} more outcomes were asked for; --csv writes them.")
    table = Table([" · ".join(short_keys(keys)) if keys else "run", *letters], "", wide())
    for comparison in comparisons:
        known = {effect.outcome: effect for effect in comparison.effects}
        figures = [mean_difference(known[name]) if name in known else "" for name in outcomes]
        point = point_of(comparison)
        table.row(" · ".join(said(point[key]) for key in keys) if keys else label_of(comparison), *figures)
    table.print()
    members = min(comparison.members for comparison in comparisons)
    said = f"mean difference over {members} pairs of members, ± its 95 % interval"
    said = "difference of one pair of members: no interval" if members == 1 else said
    say(
        f"\n{said}; with %, percentage points of the share, or of the probability that it ever comes.  --csv writes "
        "every outcome.",
        "dim",
    )


def print_reading(comparisons: Sequence[Comparison]) -> None:
    """Print, once, how to read the tables."""
    if any(effect.moves for comparison in comparisons for effect in comparison.effects):
        members = min(comparison.members for comparison in comparisons)
        say(explanation(members, comparisons[0].last_year), "dim")


def _times(gain: float) -> str:
    return "exact" if math.isinf(gain) else f"{gain:.1f}" if gain < 99.95 else f"{gain:.0f}"


def print_pairing(comparisons: Sequence[Comparison]) -> None:
    """Print how many times smaller the variance of the paired differences is."""
    headings = ["", "outcomes", "1/4", "median", "3/4", f"{WORTHWHILE:.0f} or more", "widely moved"]
    table, worst = Table(headings, "Variance of the unpaired over the paired difference"), []
    for comparison in comparisons:
        found = pairing_gain(comparison)
        if found is None:
            table.row(comparison.run.name, "0", *[""] * 5)
            continue
        widely = f"{100 * found.share_widely:.0f} % of {found.widely}" if found.widely else ""
        gains = [_times(gain) for gain in found.quartiles]
        table.row(comparison.run.name, str(found.outcomes), *gains, f"{100 * found.share:.0f} %", widely)
        worst.append((comparison.run.name, found.least))
    table.print()
    if min(comparison.members for comparison in comparisons) == 1:
        say("\nOne pair of members has no variance: run both with more members.", "dim")
    for name, effects in worst:
        least = "; ".join(f"{effect.title} {_times(effect.paired.gain)}" for effect in effects)
        say(f"\nleast in {name}: {least}")
    say(
        f"\nOutcomes that moved, against {comparisons[0].against.name}; alike ones count once.  An unpaired comparison "
        f"needs so many times more members.  Widely moved: the share with {WORTHWHILE:.0f} or more among outcomes in "
        f"which at least {100 * WIDELY:.0f} % of the members differ.",
        "dim",
    )


def as_json(comparisons: Sequence[Comparison]) -> str:
    """All comparisons with every effect as JSON text; what is infinite or undefined is null."""
    content = [
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
    return json.dumps(plain(content), indent=1, ensure_ascii=False)
