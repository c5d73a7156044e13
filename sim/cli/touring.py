"""The first minute: what casim says to somebody who typed its name, and a tour that runs and compares two scenarios."""

import time
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded

WELCOME = """\
casim simulates Central Asian regional integration: if this happened, which
treaties would come and when, and how sure can one be?

First       casim tour                    two scenarios, their comparison, and a
                                          page: under a minute
Then        casim run baseline            what comes if nothing special happens
            casim new mine.toml           a scenario of your own, to fill in
            casim explain mine.toml       what every value is, and who set it
            casim run mine.toml
            casim compare mine --against baseline
            casim report baseline mine    one page that opens anywhere
Look up     casim list                    scenarios that ship
            casim --help                  every command
            casim compare --help          one of them, with examples
In trouble  casim doctor                  what of this machine is wanting
"""
#: What the tour supposes beside the baseline.
SUPPOSED = "leadership-reversal-uzb"
_ROWS = 8


@guarded("stopped; casim tour goes on from what is finished")
def tour(
    members: Annotated[int, typer.Option(min=2, max=10_000, help="Histories of each scenario.")] = 100,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the runs and the page.")] = Path("casim-tour"),
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """A first look: the baseline, one state turning inward in 2030, their comparison, and a page of both.

    Takes under a minute once the model is compiled, which the very first start does.

    Example: casim tour
    """
    from sim.cli import comparison_tables, summary
    from sim.cli.printing import say
    from sim.comparison import Comparison
    from sim.page.report import write_report

    began, out = time.perf_counter(), out.expanduser()
    say(f"1. The record to the branch, then {members} histories in which nothing special is supposed.", "bold")
    baseline = _run("baseline", members, out)
    summary.print_brief(baseline)
    say(f"\n2. The same {members} histories again, and in each one state turns inward in 2030.", "bold")
    supposed = _run(SUPPOSED, members, out)
    comparison = Comparison(supposed, baseline)
    comparison_tables.print_comparison(comparison, _ROWS)
    comparison_tables.print_reading([comparison])
    say("\n3. All of it on one page: answers, a map by year, charts.", "bold")
    page = write_report([baseline, supposed], out / "tour.html")
    say(f"{page.resolve()}", whole=True)
    if open_page:
        _open(page)
    say(f"\n{time.perf_counter() - began:.0f} seconds.  Next: casim new mine.toml, or casim list.")


def _run(name: str, members: int, out: Path):
    from sim.cli.progress import RunProgress
    from sim.runs import run_scenario
    from sim.scenario import load_scenario

    with RunProgress(name) as progress:
        return run_scenario(load_scenario(name, [f"run.members={members}"]), out, progress=progress)


def _open(page: Path) -> None:
    import webbrowser

    try:
        if webbrowser.open(page.resolve().as_uri()):
            return
    except webbrowser.Error:
        pass
    complain("note: no browser was found; open the page by hand")
