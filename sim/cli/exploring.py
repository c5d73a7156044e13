"""The command that opens the explorer."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded


@guarded()
def explore(
    scenario: Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help="Scenario to start from.")] = None,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port; the next free one if it is in use.")] = 8765,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; this machine only.")
    ] = "127.0.0.1",
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where tuned scenarios are saved.")] = Path(),
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """A page on this machine: move parameters, switch events, see the bands move, play one history on the map.

    What was tuned is saved as a scenario file that extends its origin. Nothing leaves this machine.

    Examples:

    casim explore

    casim explore my.toml --port 9000 --no-open
    """
    from sim.explore.serve import serve
    from sim.explore.server import Explorer
    from sim.scenario import load_scenario
    from sim.scenario.load import shipped

    own, first = None, scenario or "baseline"
    loaded = load_scenario(first)
    if first not in shipped():
        own = Path(loaded.path)
    explorer = Explorer(own, folder.expanduser())
    explorer.first = own.stem if own else first
    serve(explorer, host, port, open_page, complain)
