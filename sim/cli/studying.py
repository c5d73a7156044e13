"""The commands of studies made of many runs."""

import typer

from sim.cli import claiming, sensing


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("claims")(claiming.claims)
    app.command("sensitivity")(sensing.sensitivity)
