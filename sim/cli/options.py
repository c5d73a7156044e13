"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Results = Annotated[Path, typer.Option(metavar="DIR", help="Folder in which names of scenarios are looked up.")]
Base = Annotated[
    str,
    typer.Option("--base", metavar="BASE", help="What --record is laid over: ours, or none for a region of its own."),
]
Formats = Annotated[str, typer.Option("--format", metavar="LIST", help="Of the plots: png, svg, pdf; by commas.")]
Size = Annotated[str, typer.Option("--size", metavar="SIZE", help="Of the plots: paper or slide (16 to 9).")]


def record_of(folder: Path | None, base: str):
    """The record in a user's folder, ours where there is none; typer.BadParameter for a base that there is not."""
    from sim.facts.record import BASES, OURS, read_record

    if base not in BASES:
        raise typer.BadParameter(f"--base {base!r}: {' and '.join(BASES)} are known.")
    if folder is None and base != "ours":
        raise typer.BadParameter(f"--base {base} needs a folder with the tables of the region.")
    return OURS if folder is None else read_record(folder, base=base)


def formats_of(given: str, size: str = "paper") -> tuple[str, ...]:
    """The formats that a list names; typer.BadParameter, which ends with 2, for one that there is not."""
    known = ("png", "svg", "pdf")
    found = tuple(dict.fromkeys(part.strip().lower() for part in given.split(",") if part.strip()))
    wrong = [part for part in found if part not in known]
    if wrong or not found:
        raise typer.BadParameter(f"{given!r}: {', '.join(known)} are known, one or several by commas.")
    if size not in ("paper", "slide"):
        raise typer.BadParameter(f"{size!r}: paper and slide are known.")
    return found
