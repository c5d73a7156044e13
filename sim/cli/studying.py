"""The commands of studies made of many runs."""

import typer

from sim.cli import claiming, discovering, levering, sensing


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("claims")(claiming.claims)
    app.command("sensitivity")(sensing.sensitivity)
    app.command("discover")(discovering.discover)
    app.command("levers")(levering.levers)
