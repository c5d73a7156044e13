"""Commands about the record: what is documented and what is missing, a user's folder checked, begun and compared."""

import csv
import dataclasses
import io
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import Commands, guarded, refuse
from sim.cli.options import Base, record_of

app = typer.Typer(cls=Commands, help="The documented record: carry it on, check it, compare it.", no_args_is_help=True)
Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Folder of your own tables.")]
_COUNTED = ("events", "leaders", "dependence", "group_share", "shocks", "capacity")
_FIGURES = {  # figures of years: how a run fills the years between the last one and its branch
    "dependence": "the last figure is held",
    "capacity": "carried on by the growth that the model draws",
    "trade_flows": "simulated from the year after the last figure",
    "trade_sizes": "carried on by the growth that the model draws",
    "trade_deflator": "carried on by the inflation that the model draws",
    "river_inflow_years": "mean flow in the reconstruction",
}


@app.command()
@guarded()
def show(folder: Folder = None, base: Base = "ours") -> None:
    """Rows of every dated table by year, how far each reaches, and how a run fills what is missing.

    Example: casim record show my-record
    """
    facts, found = _loaded(folder, base)
    ends = facts.record_ends
    first_missing = 12 * ends.year + ends.month
    typer.echo(f"The record ends on {ends}.  Latest branch: {first_missing // 12}-{first_missing % 12 + 1:02d}-01.")
    years = range(ends.year - 4, ends.year + 1)
    typer.echo(f"\n{'rows of':22}{'in all':>8}" + "".join(f"{year:>7}" for year in years) + "   reaches to")
    for name, days in found.items():
        counts = "".join(f"{sum(day.year == year for day in days):>7}" for year in years)
        typer.echo(f"{name:22}{len(days):>8}{counts}   {max(days) if days else 'no row'}")
    gaps = [(name, max(day.year for day in found[name]), how) for name, how in _FIGURES.items() if found[name]]
    typer.echo("\nA run that branches in the month after fills the years without figures so:")
    for name, last, how in gaps:
        if last < ends.year:
            missing = str(last + 1) if last + 1 == ends.year else f"{last + 1}-{ends.year}"
            typer.echo(f"  {name}, {missing}: {how}")


@app.command()
@guarded()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of your own tables.")], base: Base = "ours"
) -> None:
    """Check a folder as a run would; every error of every table is listed.

    Example: casim record check my-record
    """
    facts, _ = _loaded(folder, base)
    record = facts.record
    typer.echo(f"{folder}: in order, {len(record.files)} tables; the record ends on {facts.record_ends}")
    typer.echo(f"{folder}: digest {record.digest[:16]}")
    if record.base == "ours":
        command = shlex.join(["casim", "calibrate", "--record", str(folder), "--update"])
        typer.echo(f"To let the calibration learn from it: {command}")


@app.command()
@guarded()
def diff(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of your own tables.")]) -> None:
    """What a folder adds (+), replaces (~) and withdraws (-), row by row.

    A row is known by its key columns, so another date in the key of a leader's term is a withdrawal and an addition.

    Example: casim record diff my-record
    """
    from sim.facts.layers import shown
    from sim.facts.load import changes

    facts, _ = _loaded(folder)
    for table, key, mark, columns in changes(facts.record):
        typer.echo(f"{mark} {table} {shown(key)}" + (f": {', '.join(columns)}" if columns else ""))


@app.command()
@guarded()
def template(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write, new or empty.")]) -> None:
    """Write every table with its columns and no row, and what each column may hold in COLUMNS.txt.

    Example: casim record template my-record
    """
    from sim.facts.reading import COLUMN_OF_ATTRIBUTE
    from sim.facts.record import RECORD_FILES
    from sim.facts.tables import TABLES

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        refuse(f"{folder}: is there already and not empty.  Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    said = ["Tables without a row change nothing; delete those that you do not need.", ""]
    for file in RECORD_FILES:
        table = TABLES[file.removesuffix(".csv")]
        columns = [(COLUMN_OF_ATTRIBUTE.get(f.name, f.name), f) for f in dataclasses.fields(table.row)]
        names = [name for name, _ in columns]
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(names if "used" in names else [*names, "used"])
        (folder / file).write_text(line.getvalue(), encoding="utf-8")
        said.append(f"{file}  (key: {', '.join(table.key)}; used = 0 withdraws the row with that key)")
        said += [f"  {name}: {_may_hold(field)}" for name, field in columns]
        said.append("")
    (folder / "COLUMNS.txt").write_text("\n".join(said), encoding="utf-8")
    typer.echo(f"{folder}: {len(RECORD_FILES)} empty tables; what each column may hold is in COLUMNS.txt")


def _may_hold(field: dataclasses.Field) -> str:
    """Type, range and vocabulary of a column in words."""
    kinds = {"date": "a date, YYYY-MM-DD", "bool": "0 or 1", "int": "a whole number", "float": "a number"}
    name = getattr(field.type, "__name__", str(field.type))
    text = kinds.get(name, "names joined by semicolons" if "tuple" in str(field.type) else "text")
    if "None" in str(field.type):
        text = "a number, or empty" if "float" in str(field.type) else "a date, or empty"
    low, high, allowed = (field.metadata.get(key) for key in ("minimum", "maximum", "allowed"))
    if allowed:
        text = "one of " + ", ".join(allowed)
    if low is not None or high is not None:
        text += f", from {low:g} to {high:g}" if high is not None and low is not None else f", {low:g} or more"
    return text + ("; may be empty" if field.default == "" else "")


def _loaded(folder: Path | None, base: str = "ours"):
    """Facts with a user's record, and the days on which the rows of each dated table are known."""
    from sim.facts.load import load_all
    from sim.facts.tables import TABLES
    from sim.facts.vintage import known_on

    facts, rivers, trade = load_all(record_of(folder, base))
    rows = {name: getattr(facts, name) for name in _COUNTED}
    rows |= {f"river_{name}": getattr(rivers, name) for name in ("disputes", "inflow_years")}
    rows |= {f"trade_{name}": getattr(trade, name) for name in ("flows", "sizes", "deflator", "agreements")}
    return facts, {name: [known_on(row, TABLES[name]) for row in each] for name, each in rows.items()}
