"""What `casim hindcast --forecasts` does: the engine initialised at documented origins, scored and drawn."""

import json
import re
from dataclasses import Field
from pathlib import Path

import typer

from sim.cli.failure import refuse

_OF_BOTH = ("prior",)


def refuse_mixed(context: typer.Context, ahead: list[str], foreign: tuple[Field, ...]) -> None:
    """Ends the command with 2 where an option of one kind of score, here the foreign ones, meets another kind.

    Parameters
    ----------
    ahead : which of --forecasts and --leads are given; one-step scores where none is
    """
    given = [f"--{each.name}" for each in foreign if each.name not in _OF_BOTH and _was_given(context, each.name)]
    if len(ahead) > 1:
        refuse(f"{' and '.join(ahead)} are two kinds of score.  Give one of them.")
    if given and ahead:
        refuse(f"{given[0]} belongs to one-step scores, {ahead[0]} simulates years ahead.  Give one of them.")
    if given:
        refuse(f"{given[0]} needs --forecasts or --leads.")


def _was_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def read_origins(text: str) -> tuple[int, ...]:
    """Years from "2010,2013" or "2010-2015"; ends the command with 2 where they are none that can be forecast from."""
    from sim.errors import printable
    from sim.hindcast.forecasts import DEFAULT, FIRST, LAST

    if not text:
        return DEFAULT
    years: set[int] = set()
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d{4})(?:-(\d{4}))?\s*", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, -1)
        if not FIRST <= first <= last <= LAST:
            refuse(
                f"--origins {printable(text)} is not allowed.  Years from {FIRST} to {LAST}, as in 2010,2013 or "
                "2010-2015."
            )
        years |= set(range(first, last + 1))
    return tuple(sorted(years))


def tell_forecasts(facts, prior: str, members: int, origins: str, as_json: bool, plots: Path | None) -> None:
    """Forecast, score, print, draw."""
    years = read_origins(origins)
    from sim.cli.progress import Bar
    from sim.hindcast import tables
    from sim.hindcast.forecasts import forecast

    with Bar("forecasts", "fitting and simulating", "origins") as bar:
        found = forecast(facts, years, members, prior, bar)
    if as_json:
        typer.echo(json.dumps(tables.plain_forecasts(found), indent=1))
    else:
        for line in tables.forecast_lines(found):
            typer.echo(line)
    if plots is not None:
        from sim.plots.forecasts import write_forecast_plots

        for path in write_forecast_plots(found, plots):
            typer.echo(str(path), err=as_json)
