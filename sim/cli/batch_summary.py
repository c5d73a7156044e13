"""The beginning and the end of `casim batch` in 80 columns: what would be run, how each scenario fared, and where."""

import json
from collections.abc import Sequence
from typing import Any

from sim.cli.batch_progress import duration

_WIDTH = 80
_MOST_CAUSES = 3


def _table(headings: Sequence[str]):
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(headings[0], ratio=1, overflow="fold")
    for heading in headings[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _console():
    from rich.console import Console

    return Console(width=_WIDTH, highlight=False)


def print_plan(plan: Sequence, seconds: float) -> None:
    """Print what would be run."""
    table = _table(["scenario", "runs", "of them there", "members each", "to simulate"])
    for planned in plan:
        there = sum(run.complete for run in planned.runs)
        table.add_row(
            planned.name,
            f"{len(planned.runs):,}",
            f"{there:,}",
            f"{planned.scenario.run.members:,}",
            f"{planned.members - planned.found:,}",
        )
    _console().print(table)
    runs, missing = _runs_and_missing(plan)
    print(f"\n{runs:,} runs, {missing:,} members to simulate: {duration(seconds) if missing else 'nothing to do'}")


def plan_as_plain(plan: Sequence, seconds: float) -> str:
    """What would be run, as JSON text."""
    runs, missing = _runs_and_missing(plan)
    scenarios = [
        {
            "scenario": planned.name,
            "folder": str(planned.folder),
            "runs": len(planned.runs),
            "complete": sum(run.complete for run in planned.runs),
            "members": planned.scenario.run.members,
            "to_simulate": planned.members - planned.found,
        }
        for planned in plan
    ]
    content = {
        "runs": runs,
        "members_to_simulate": missing,
        "estimated_seconds": round(seconds, 1),
        "scenarios": scenarios,
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


def _runs_and_missing(plan: Sequence) -> tuple[int, int]:
    return sum(len(planned.runs) for planned in plan), sum(planned.members - planned.found for planned in plan)


def _state(outcome) -> str:
    if outcome.causes:
        return "failed"
    if outcome.failed_members:
        return f"{outcome.failed_members:,} members failed"
    return "done" if outcome.done else "was there"


def print_outcomes(outcomes: Sequence) -> None:
    """Print how each scenario fared, causes of failures, and where results are."""
    table = _table(["scenario", "members", "runs", "new", "seconds", ""])
    for outcome in outcomes:
        members, runs = outcome.planned.scenario.run.members, len(outcome.planned.runs)
        seconds = f"{outcome.seconds:.1f}" if outcome.done else ""
        table.add_row(outcome.name, f"{members:,}", f"{runs:,}", f"{outcome.done:,}", seconds, _state(outcome))
    _console().print(table)
    for outcome in outcomes:
        for cause in outcome.causes[:_MOST_CAUSES]:
            print(f"\n{outcome.name}: {cause}")
        if len(outcome.causes) > _MOST_CAUSES:
            print(f"{outcome.name}: and {len(outcome.causes) - _MOST_CAUSES} more runs")
        if outcome.member_cause:
            print(f"\n{outcome.name}: {outcome.failed_members} members failed and are left out; {outcome.member_cause}")
    print()
    for outcome in outcomes:
        if outcome.complete:
            print(f"{'design' if outcome.planned.scenario.design else 'tables'}  {outcome.planned.folder}")


def as_plain(outcomes: Sequence) -> str:
    """How each scenario fared, as JSON text."""
    content = [_plain(outcome) for outcome in outcomes]
    return json.dumps(content, indent=1, ensure_ascii=False)


def _plain(outcome) -> dict[str, Any]:
    return {
        "scenario": outcome.name,
        "path": str(outcome.planned.folder),
        "complete": outcome.complete,
        "runs": [str(run.folder) for run in outcome.planned.runs],
        "new": outcome.done,
        "found": outcome.found,
        "causes": outcome.causes,
        "failed_members": outcome.failed_members,
        "member_cause": outcome.member_cause,
        "seconds": round(outcome.seconds, 3),
    }
