"""The command that writes the page of one run or several."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import guarded
from sim.cli.options import Results


@guarded()
def report(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders, or scenarios that were run.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write; in the first run's folder.")] = None,
    results: Results = Path("results"),
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """One page that opens anywhere: answers, map, treaties, trust, trade, rivers and how the run was made.

    The file holds everything and loads nothing from the network. With several runs the others are compared with the
    first, history by history.

    Examples:

    casim report baseline

    casim report baseline regional-secretariat drought-decade --out page.html
    """
    from sim.comparison import find_runs
    from sim.page.report import write_report

    found = {run.path.resolve(): run for name in runs for run in find_runs(name, results)}
    opened = list(found.values())
    path = write_report(opened, (out or opened[0].path / "report.html").expanduser())
    if open_page:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())
    typer.echo(f"{path}  {path.stat().st_size / 1e6:.1f} MB")
