"""The commands of studies made of many runs."""

import typer

from sim.cli import claiming


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("claims")(claiming.claims)
