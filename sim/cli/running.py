"""The command that runs one scenario."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

import sim.engine
from sim.cli.completing import complete_scenarios
from sim.cli.failure import complain, guarded, refuse
from sim.cli.goals import read_goals, tell_goals
from sim.cli.option_groups import grouped
from sim.cli.options import MainAsJson, PlotOptions, RunOptions, TableOptions

_STOPPED = "stopped; what is finished is kept, and the run resumes with the same command"


@dataclass(frozen=True)
class _RunOptions(RunOptions):
    """What is simulated, where it is written, and on how many threads."""

    threads: Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; all cores unless given.")] = None


@guarded(_STOPPED)
@grouped
def run(
    *,
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO",
            help="Scenario file, the name of one that ships, or the folder of a run, to repeat it.",
            autocompletion=complete_scenarios,
        ),
    ],
    options: _RunOptions,
    tables: TableOptions,
    until: Annotated[
        list[str], typer.Option(metavar="GOAL", help="Add members until this is sure; --members is then the most.")
    ] = [],  # noqa: B006 - typer reads the default, nothing changes it
    no_plots: Annotated[bool, typer.Option("--no-plots", help="Write tables only.")] = False,
    drawn: PlotOptions,
    brief: Annotated[bool, typer.Option("--brief", help="Print five sentences only.")] = False,
    as_json: MainAsJson = False,
) -> None:
    """Run a scenario, with tables and plots.

    The answer is printed as soon as the tables are written; plots follow.  A run that was stopped goes on; one that is
    done is shown again.

    Examples:

    casim run baseline

    casim run my.toml --members 2000 --set trust.loss_aversion=2.5

    casim run results/baseline-1a2b3c4d --out elsewhere

    casim run baseline --until "P(signed_month.friendship-2022.TJK by 2030) +- 0.02"
    """
    from sim.cli.answer import print_answer
    from sim.cli.progress import RunProgress
    from sim.plots.pool import Pool
    from sim.plots.stamp import drawn_before

    goals, formats = read_goals(until), drawn.checked_formats()
    loaded = _loaded(scenario, options.all_settings(), options.record)
    with Pool(alone=no_plots) as crew:
        with RunProgress(loaded.name) as progress:
            done = _perform(loaded, goals, options, tables, progress, crew)
        if not no_plots and not drawn_before(done.path, formats, drawn.size):
            crew.begin(done.path, tuple(formats), drawn.size)
        _warn(done)
        if as_json:
            from sim.cli import summary

            typer.echo(summary.as_plain(done))
        else:
            print_answer(done, brief)
        sys.stdout.flush()
        plots = [] if no_plots else draw_plots([done.path], formats, drawn.size, crew)
    if plots and not as_json:
        typer.echo(f"plots   {plots[0].parent}")


def _loaded(name: str, settings: list[str], record: Path | None):
    """The scenario of a file or name, or that of a run's folder with the tables and calibration kept there."""
    from sim.runs.manifest import MANIFEST
    from sim.scenario import load_scenario

    if not (Path(name) / MANIFEST).is_file():
        return load_scenario(name, settings, record=record)
    if settings or record is not None:
        refuse(f"{name} is a run, which is repeated as it was.  To change it, run its scenario with your settings.")
    from sim.runs import open_run
    from sim.why.again import scenario_of

    return scenario_of(open_run(name))


def _perform(loaded, goals: list, options: _RunOptions, tables: TableOptions, progress, crew):
    """The run, of as many members as the scenario says or as the goals take."""
    from sim.cli.memory import share_memory
    from sim.runs.complete import find_complete, kept_tables
    from sim.runs.read import open_run

    kept = {"keep_terms": tables.keep_terms, "keep_monthly": tables.monthly_members}
    done = None if goals else find_complete(loaded, options.out, kept_tables(**kept))
    if done is not None:
        return open_run(done)
    crew.get_ready()  # to draw, while this process simulates
    sim.engine.alone = True
    share_memory()
    how = {"threads": options.threads, "progress": progress, **kept}
    if not goals:
        from sim.runs import run_scenario

        return run_scenario(loaded, options.out, **how)
    from sim.outcomes.goal import GoalError
    from sim.runs.until import DEFAULT_CAP, run_until

    try:
        found = run_until(loaded, goals, options.out, options.members or DEFAULT_CAP, **how)
    except GoalError as error:
        refuse(f"--until, {error}")
    tell_goals(goals, found)
    return found.run


def draw_plots(
    folders: Sequence[Path], formats: Sequence[str] = ("svg", "png"), size: str = "paper", crew=None
) -> list[Path]:
    """Write the plots of some runs; a plot that fails is said so and loses nothing else."""
    from sim.plots import write_plots
    from sim.plots.pool import Pool

    written = []
    with crew or Pool() as crew:
        for folder in folders:
            try:
                written += write_plots(folder, crew, formats, size)
            except Exception as error:
                complain(f"the plots could not be drawn ({type(error).__name__}: {error}); the tables are complete")
    return written


def _warn(done) -> None:
    manifest = done.manifest
    if manifest.get("no_effect"):
        complain(
            f"note: {done.name} moved nothing: its first {manifest['compared_members']} members equal its "
            "parent's in every number"
        )
    for key in manifest.get("same_as_parent", ()):
        complain(f"note: {key} is set to the value it has anyway")
    if manifest["failed"]:
        first = manifest["failed"][0]
        complain(
            f"warning: {len(manifest['failed'])} of {manifest['members']} members failed and are left out; "
            f"member {first['member']}: {first['cause']}"
        )
