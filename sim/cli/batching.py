"""The command that runs many scenarios."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

import sim.engine
from sim.cli.failure import complain, guarded
from sim.cli.option_groups import grouped
from sim.cli.options import RunOptions, TableOptions

_STOPPED = "stopped; what is finished is kept, and the batch resumes with the same command"


@dataclass(frozen=True)
class _BatchOptions(RunOptions):
    """The same of many runs."""

    members: Annotated[int | None, typer.Option(min=1, max=10_000_000, help="Histories of each run.")] = None
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the runs' own folders.")] = Path("results")


@guarded(_STOPPED)
@grouped
def batch(
    *,
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files, or names of some that ship.")
    ],
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Local processes; without it, threads on all cores.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler, such as tcp://host:8786.")
    ] = None,
    options: _BatchOptions,
    tables: TableOptions,
    plots: Annotated[bool, typer.Option("--plots", help="Draw the plots of every run as well.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and run nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Run many scenarios, and only what changed.

    All files are checked first.  Runs that are there already are not run again; a batch that was stopped goes on.  A
    file with a [design] gives a run for each of its points.

    Examples:

    casim batch scenarios/*.toml --members 1000

    casim batch baseline my-grid.toml --workers 8

    casim batch my-grid.toml --scheduler tcp://127.0.0.1:8786
    """
    from sim.cli.batch_files import load_all
    from sim.cli.batch_summary import as_plain, print_outcomes
    from sim.cli.memory import share_memory
    from sim.cli.running import draw_plots
    from sim.runs import choose_executor, plan_batch
    from sim.runs.complete import kept_tables

    sim.engine.alone = True
    share_memory()
    loaded = load_all(scenarios, options.all_settings(), options.record)
    plan = plan_batch(loaded, options.out, kept_tables(tables.keep_terms, tables.monthly_members))
    with choose_executor(workers, scheduler) as executor:
        outcomes = _work(plan, executor, dry_run, as_json)
    typer.echo(as_plain(outcomes)) if as_json else print_outcomes(outcomes)
    sys.stdout.flush()
    if plots:  # those of designs come with comparison
        plain = [outcome for outcome in outcomes if outcome.complete and outcome.planned.scenario.design is None]
        draw_plots([outcome.planned.folder for outcome in plain])
    if any(not outcome.complete or outcome.failed_members for outcome in outcomes):
        raise typer.Exit(1)


def _work(plan, executor, dry_run: bool, as_json: bool) -> list:
    """Say what there is to do and do it; ends the command after saying so in a dry run."""
    from sim.cli.batch_progress import BatchBars, announce
    from sim.cli.batch_summary import plan_as_plain, print_plan
    from sim.runs import run_batch
    from sim.runs.batch import estimate_seconds

    seconds = estimate_seconds(plan, executor.workers, lambda: complain("compiling the model (first start only)"))
    if dry_run:
        typer.echo(plan_as_plain(plan, seconds)) if as_json else print_plan(plan, seconds)
        raise typer.Exit
    announce(plan, seconds, executor.where)
    with BatchBars(plan) as bars:
        return run_batch(executor=executor, progress=bars, plan=plan)
