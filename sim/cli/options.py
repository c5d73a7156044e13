"""Options that several commands share, alone or in groups."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.completing import complete_runs
from sim.errors import suggestion

SIZES = ("paper", "slide")

Finished = Annotated[
    str,
    typer.Argument(metavar="RUN", help="Run folder, or a scenario that was run.", autocompletion=complete_runs),
]
Results = Annotated[Path, typer.Option(metavar="DIR", help="Folder in which names of scenarios are looked up.")]
Settings = Annotated[
    list[str], typer.Option("--set", metavar="KEY=VALUE", help="Set a value; may be repeated.  See casim explain.")
]
RecordFolder = Annotated[
    Path | None, typer.Option("--record", metavar="DIR", help="Folder of your own tables that carry the record on.")
]
Base = Annotated[
    str,
    typer.Option("--base", metavar="BASE", help="What --record is laid over: ours, or none for a region of its own."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MainAsJson = Annotated[bool, typer.Option("--json", help="Print the main outcomes as JSON.")]


@dataclass(frozen=True)
class RunOptions:
    """What is simulated, and where it is written."""

    members: Annotated[int | None, typer.Option(min=1, max=10_000_000, help="Histories to simulate.")] = None
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of all chance.")] = None
    settings: Settings = field(default_factory=list)
    record: RecordFolder = None
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the run's own folder.")] = Path("results")

    def all_settings(self) -> list[str]:
        """Members and seed as settings of a scenario, after those that are given as such."""
        given = {"members": self.members, "seed": self.seed}
        return [*self.settings, *(f"run.{name}={value}" for name, value in given.items() if value is not None)]


@dataclass(frozen=True)
class TableOptions:
    """Tables of a run that are written only when they are asked for."""

    keep_terms: Annotated[bool, typer.Option("--keep-terms", help="Keep the terms of every decision.")] = False
    monthly_members: Annotated[
        bool, typer.Option("--monthly-members", help="Keep every member's months, not only quantiles.")
    ] = False


@dataclass(frozen=True)
class PlotOptions:
    """How plots are drawn."""

    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help="Of the plots: png, svg, pdf; by commas.")
    ] = "svg,png"
    size: Annotated[str, typer.Option("--size", metavar="SIZE", help="Of the plots: paper or slide (16 to 9).")] = (
        "paper"
    )

    def checked_formats(self) -> tuple[str, ...]:
        """The formats that are named; typer.BadParameter, which ends with 2, for one or a size that there is not."""
        known = ("png", "svg", "pdf")
        found = tuple(dict.fromkeys(part.strip().lower() for part in self.formats.split(",") if part.strip()))
        wrong = [part for part in found if part not in known]
        if wrong or not found:
            first = wrong[0] if wrong else self.formats
            raise typer.BadParameter(f"--format {first!r} is not a format of plots.{suggestion(first, known)}")
        if self.size not in SIZES:
            raise typer.BadParameter(f"--size {self.size!r} is not a size of plots.{suggestion(self.size, SIZES)}")
        return found


def record_of(folder: Path | None, base: str):
    """The record in a user's folder, ours where there is none; typer.BadParameter for a base that there is not."""
    from sim.facts.record import BASES, OURS, read_record

    if base not in BASES:
        raise typer.BadParameter(f"--base {base!r} is not a base.{suggestion(base, BASES)}")
    if folder is None and base != "ours":
        raise typer.BadParameter(f"--base {base} needs a folder with the tables of the region.")
    return OURS if folder is None else read_record(folder, base=base)
