"""The end of `casim run`: the few outcomes an analyst asks for first, in 80 columns, and where the rest is."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.outcomes import Level, Prospect, levels, prospects
from sim.runs import Run

_MOST = 10


def _month(absolute: int) -> str:
    return f"{absolute // 12}-{absolute % 12 + 1:02d}"


def _date(year: float) -> str:
    return "" if math.isnan(year) else f"{year:.1f}"


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2f}"


def _table(title: str, headings: list[str]):
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(headings[0], ratio=1)
    for heading in headings[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _treaties(found: list[Prospect], branch: int):
    years = sorted(found[0].by)
    shown = sorted({years[min(1, len(years) - 1)] if years[0] <= branch // 12 else years[0], years[-1]})
    headings = ["", *(f"by end of {year}" for year in shown), "half by"]
    table = _table(f"Treaties not yet signed in {_month(branch)}: probability (95 % interval)", headings)
    for each in found:
        table.add_row(each.title, *(str(each.by[year]) for year in shown), _date(each.when.median))
        if len({chance.value for chance in each.signatories.values()}) > 1:
            states = [f"{state} {100 * chance.value:.0f}" for state, chance in each.signatories.items()]
            table.add_row(f"[dim]  of 100 sign: {', '.join(states)}[/dim]")
    return table


def _levels(found: list[Level], end: int):
    table = _table(f"At the end of {end // 12}: median and ranges of the members", ["", "median", "80 %", "95 %"])
    for each in found:
        bands = (f"{_number(low)} to {_number(high)}" for low, high in (each.summary.bands[80], each.summary.bands[95]))
        table.add_row(each.title, _number(each.summary.median), *bands)
    return table


def print_summary(run: Run, plots: list[Path]) -> None:
    """Print the tables of a finished run to standard output."""
    from rich.console import Console

    console = Console(width=80, highlight=False)
    catalogue, members = run.catalogue, run.columns()
    manifest = run.manifest
    console.print(f"[bold]{manifest['title']}[/bold]", markup=True)
    span = f"{_month(catalogue.start)} to {_month(catalogue.end)}, simulated from {_month(catalogue.branch)}"
    console.print(f"{manifest['members']} members, {span}, seed {manifest['seed']}\n")
    found = prospects(catalogue, members, _MOST)
    if found:
        console.print(_treaties(found, catalogue.branch))
        console.print("[dim]half by: the date by which half of the members that ever sign have signed.[/dim]\n")
    else:
        console.print("No treaty that was not signed before the branch comes in any member.\n")
    levels_found = levels(catalogue, members)
    if levels_found:
        console.print(_levels(levels_found, catalogue.end))
        console.print()
    from sim.cli.trade_summary import print_trade
    from sim.cli.water_summary import print_water

    print_trade(console, run)
    print_water(console, run)
    print(f"tables  {run.path}")
    if plots:
        print(f"plots   {plots[0].parent}")


def _plain(value: Any) -> Any:
    """NaN as null, keys as text: what JSON can hold."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def as_plain(run: Run) -> str:
    """The main outcomes as JSON text."""
    from sim.cli.trade_summary import trade_of
    from sim.cli.water_summary import water_of

    members, manifest = run.columns(), run.manifest
    content = {
        "path": str(run.path),
        **{
            name: manifest.get(name)
            for name in (
                "scenario",
                "key",
                "members",
                "seed",
                "failed",
                "no_effect",
                "same_as_parent",
                "numbers_digest",
            )
        },
        "treaties": [asdict(each) for each in prospects(run.catalogue, members)],
        "levels": [asdict(each) for each in levels(run.catalogue, members)],
        "trade": trade_of(run),
        "water": water_of(run),
    }
    return json.dumps(_plain(content), indent=1, ensure_ascii=False)
