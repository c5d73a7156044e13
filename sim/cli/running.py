"""The command that runs one scenario."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded
from sim.cli.scenarios import Settings

_STOPPED = "stopped; what is finished is kept, and the run resumes with the same command"


@guarded(_STOPPED)
def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file, or the name of one that ships.")],
    members: Annotated[int | None, typer.Option(min=1, max=10_000_000, help="Histories to simulate.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of all chance.")] = None,
    settings: Settings = [],  # noqa: B006 - typer reads the default, nothing changes it
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the run's own folder.")] = Path("results"),
    threads: Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; all cores unless given.")] = None,
    keep_terms: Annotated[bool, typer.Option("--keep-terms", help="Keep the terms of every decision.")] = False,
    monthly_members: Annotated[
        bool, typer.Option("--monthly-members", help="Keep every member's months, not only quantiles.")
    ] = False,
    no_plots: Annotated[bool, typer.Option("--no-plots", help="Write tables only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the main outcomes as JSON.")] = False,
) -> None:
    """Run a scenario, with plots and tables.

    A run that was stopped goes on; one that is done is shown again.

    Examples:

    casim run baseline

    casim run my.toml --members 2000 --set trust.loss_aversion=2.5
    """
    from sim.cli.progress import RunProgress
    from sim.runs import run_scenario
    from sim.scenario import load_scenario

    chosen = [*settings]
    chosen += [f"run.{name}={value}" for name, value in (("members", members), ("seed", seed)) if value is not None]
    loaded = load_scenario(scenario, chosen)
    with RunProgress(loaded.name) as progress:
        done = run_scenario(loaded, out, threads, None, progress, keep_terms, monthly_members)
    plots = [] if no_plots else _plots(done.path)
    _warn(done)
    if as_json:
        from sim.cli.summary import as_plain

        typer.echo(as_plain(done))
        return
    from sim.cli.summary import print_summary

    print_summary(done, plots)


def _plots(folder: Path) -> list[Path]:
    """Write the plots of a run; a plot that fails is said so and loses nothing else."""
    from importlib.util import find_spec

    if find_spec("sim.report") is None:
        return []
    try:
        from sim.report import write_plots

        return list(write_plots(folder))
    except Exception as error:
        complain(f"the plots could not be drawn ({type(error).__name__}: {error}); the tables are complete")
        return []


def _warn(done) -> None:
    manifest = done.manifest
    if manifest.get("no_effect"):
        complain(f"note: {done.name} moved nothing: its first {manifest['compared_members']} members equal its "
                 "parent's in every number")
    for key in manifest.get("same_as_parent", ()):
        complain(f"note: {key} is set to the value it has anyway")
    if manifest["failed"]:
        first = manifest["failed"][0]
        complain(f"warning: {len(manifest['failed'])} of {manifest['members']} members failed and are left out; "
                 f"member {first['member']}: {first['cause']}")
