"""What `casim hindcast --leads` does: questions and counts of the next months and years, from many origins."""

import json
import re
from pathlib import Path

import typer

from sim.cli.failure import refuse


def read_half_years(text: str) -> tuple[int, ...]:
    """Absolute months from "2012" (January and July), "2012-07" or "2010-2015"; ends the command with 2 otherwise."""
    from sim.errors import printable
    from sim.hindcast.leads.study import FIRST, LAST, ORIGINS

    if not text:
        return ORIGINS
    months: set[int] = set()
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d{4})(?:-(\d{4})|-(0[17]))?\s*", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, -1)
        if not FIRST <= first <= last <= LAST:
            refuse(
                f"--origins {printable(text)} is not allowed with --leads.  Years from {FIRST} to {LAST}, which mean "
                f"1 January and 1 July, or one of these days, as in 2012,2015-07 or 2010-2014." + _nearest(part)
            )
        halves = (int(found[3]) - 1,) if found[3] else (0, 6)
        months |= {12 * year + half for year in range(first, last + 1) for half in halves}
    return tuple(sorted(months))


def _nearest(part: str) -> str:
    """The nearest origin to a year and month, or to a year, that is none."""
    from sim.hindcast.leads.study import ORIGINS
    from sim.inference.table import month_text

    found = re.fullmatch(r"\s*(\d{4})(?:-(\d{1,2}))?\s*", part)
    if not found:
        return ""
    meant = 12 * int(found[1]) + max(int(found[2] or 1) - 1, 0)
    return f"  The nearest is {month_text(min(ORIGINS, key=lambda month: abs(month - meant)))}."


def tell_leads(facts, prior: str, members: int, origins: str, as_json: bool, plots: Path | None) -> None:
    """Fit, simulate, ask, print, and with a folder keep origins there and write picture and tables."""
    months = read_half_years(origins)
    from sim.cli.progress import Bar
    from sim.hindcast.leads import tables
    from sim.hindcast.leads.study import forecast_leads

    with Bar("leads", "fitting and simulating", "origins") as bar:
        found = forecast_leads(facts, months, members, prior, plots and plots / "origins", bar)
    if as_json:
        typer.echo(json.dumps(tables.plain_leads(found), indent=1))
    else:
        for line in tables.lead_lines(found):
            typer.echo(line)
    if plots is not None:
        from sim.plots.leads import write_lead_plots

        for path in (*write_lead_plots(found, plots), *tables.write_tables(found, plots)):
            typer.echo(str(path), err=as_json)
