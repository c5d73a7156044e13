"""All commands in one place.  Nothing but typer is imported until a command runs, so that help comes at once."""

from typing import Annotated

import typer

from sim.cli import (
    asking,
    batching,
    calibrating,
    comparing,
    exploring,
    hindcasting,
    looking,
    record,
    running,
    scenarios,
    showing,
    starting,
    studying,
    touring,
    verifying,
)
from sim.cli.failure import Commands

app = typer.Typer(
    name="casim",
    cls=Commands,
    help="Simulate Central Asian regional integration: which treaties come, when, and how sure one can be.",
    epilog="Start with: casim tour",
    invoke_without_command=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from sim.cli.version import version_lines

        for line in version_lines():
            typer.echo(line)
        raise typer.Exit


@app.callback()
def _casim(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Code, model, record and calibration; then exit."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(touring.WELCOME, nl=False)


app.command("tour")(touring.tour)
app.command("new")(starting.new)
app.command("doctor")(starting.doctor)
app.command("list")(scenarios.list_shipped)
app.command("validate")(scenarios.validate)
app.command("explain")(scenarios.explain)
app.command("schema")(scenarios.schema)
app.command("run")(running.run)
app.command("batch")(batching.batch)
app.command("show")(showing.show)
app.command("compare")(comparing.compare)
app.command("verify")(verifying.verify)
app.command("export")(showing.export)
app.add_typer(showing.runs, name="runs")
app.add_typer(record.app, name="record")
app.command("why")(asking.why)
app.command("history")(asking.history)
app.command("explore")(exploring.explore)
app.command("report")(looking.report)
app.command("calibrate")(calibrating.calibrate)
app.command("hindcast")(hindcasting.hindcast)
studying.register(app)
