"""The command that compares runs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded
from sim.cli.option_groups import grouped
from sim.cli.options import PlotOptions, Results

_ONE_BY_ONE = 6  # runs that are shown each with a table of its own


@dataclass(frozen=True)
class _Effects:
    """What the runs are compared with, which effects are shown and written, and how sure they should be."""

    against: Annotated[str, typer.Option(metavar="RUN", help="The run to compare with.")]
    outcomes: Annotated[
        list[str], typer.Option(metavar="PATTERN", help="Only these, e.g. 'index*'; may be repeated.")
    ] = field(default_factory=list)
    precision: Annotated[
        float | None, typer.Option(min=1e-12, help="Half-width wanted; tells the members it takes.")
    ] = None
    most: Annotated[int, typer.Option(min=1, max=1000, help="Rows a comparison, at most.")] = 18
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every effect as CSV.")] = None
    parquet: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every effect as Parquet.")] = None


@guarded()
@grouped
def compare(
    *,
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders, or scenarios that were run.")],
    effects: _Effects,
    results: Results = Path("results"),
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the plots.")] = None,
    drawn: PlotOptions,
    pairing: Annotated[bool, typer.Option("--pairing", help="Show what pairing bought instead.")] = False,
    no_plots: Annotated[bool, typer.Option("--no-plots", help="Draw nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print every effect as JSON.")] = False,
) -> None:
    """Paired differences between runs, with plots.

    The members of runs with one seed share their random numbers, so each is compared with itself.  A name means the
    newest finished run of that scenario in the results folder.

    Examples:

    casim compare regional-secretariat --against baseline

    casim compare results/mine-1a2b3c4d --against baseline --outcomes 'index*'
    """
    from sim.cli import comparison_tables
    from sim.comparison import Comparison, find_one, find_runs

    formats = drawn.checked_formats()
    base = find_one(effects.against, results, complain)
    found = {run.path.resolve(): run for name in runs for run in find_runs(name, results, complain)}
    compared = [Comparison(run, base, effects.outcomes, effects.precision) for run in found.values()]
    for path, ending in ((effects.csv, ".csv"), (effects.parquet, ".parquet")):
        if path is not None:
            _write(compared, path.expanduser(), ending)
    plots = [] if no_plots or pairing else _plots(compared, out, results, formats, drawn.size)
    for each in compared:
        for warning in each.warnings:
            complain(f"warning: {warning}")
    if as_json:
        typer.echo(comparison_tables.as_json(compared))
    elif pairing:
        comparison_tables.print_pairing(compared)
    elif len(compared) > _ONE_BY_ONE:
        comparison_tables.print_many(compared)
    else:
        for each in compared:
            comparison_tables.print_comparison(each, effects.most)
        comparison_tables.print_reading(compared)
    if plots and not as_json:
        typer.echo(f"\nplots   {plots[0].parent}")


def _write(compared: list, path: Path, ending: str) -> None:
    from sim.comparison.tables import write_effects
    from sim.runs import OutputError

    if path.suffix != ending:
        raise OutputError(f"{path}: the name of the file must end in {ending}.")
    for written in write_effects(compared, path):
        complain(f"wrote {written}")


def _plots(compared: list, out: Path | None, results: Path, formats: tuple[str, ...], size: str) -> list[Path]:
    """Draw the plots; one that fails is said so and loses nothing else."""
    from sim.plots.comparison import comparison_folder, write_comparison_plots

    try:
        folder = out.expanduser() if out else comparison_folder(compared, results)
        return write_comparison_plots(compared, folder, formats, size)
    except Exception as error:
        complain(f"the plots could not be drawn ({type(error).__name__}: {error}); the figures are complete")
        return []
