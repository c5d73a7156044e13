"""The command that fits the model to the record."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded, refuse
from sim.cli.option_groups import grouped
from sim.cli.options import Base, RecordFolder, record_of
from sim.cli.progress import Bar
from sim.cli.updating import calibration_to_start_from, update_calibration

_STOPPED = "stopped; the same command goes on from the last checkpoint"


@dataclass(frozen=True)
class _Chain:
    """How long the sampler runs, and what is kept."""

    steps: Annotated[int, typer.Option(min=100, max=1_000_000, help="Steps of each walker.")] = 20_000
    walkers: Annotated[
        int | None,
        typer.Option(min=2, max=1000, help="Walkers, at least twice the fitted parameters; by default a few more."),
    ] = None
    draws: Annotated[int, typer.Option(min=10, max=100_000, help="Joint draws to keep.")] = 2000
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the sampler.")] = 1


@dataclass(frozen=True)
class _Ground:
    """The record that is fitted, and the calibration that is updated or from which the fit sets out."""

    record: RecordFolder = None
    base: Base = "ours"
    update: Annotated[
        bool, typer.Option("--update", help="Weigh the draws of a calibration by your record; no refit.")
    ] = False
    start: Annotated[
        str | None,
        typer.Option(
            metavar="CALIBRATION",
            help="Calibration to update, or from which a refit sets out: a name that ships or a file.",
            show_default="with --update the one that ships",
        ),
    ] = None


@guarded(_STOPPED)
@grouped
def calibrate(
    *,
    prior: Annotated[
        str, typer.Option(metavar="SET", help="literature, symmetric (no sign assumed) or prior-only (no record).")
    ] = "literature",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Calibration file to write; its draws lie beside it.",
            show_default="calibration.json; with --update named by the record's end and digest",
        ),
    ] = None,
    chain: _Chain,
    table: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the at-risk table as CSV, and fit nothing.")
    ] = None,
    ground: _Ground,
    recover: Annotated[
        int, typer.Option(min=0, max=100_000, metavar="WORLDS", help="Refit this many synthetic histories instead.")
    ] = 0,
    engine: Annotated[
        bool,
        typer.Option("--engine", help="With --recover: histories by the engine, not by the likelihood."),
    ] = False,
    plots: Annotated[Path | None, typer.Option(metavar="DIR", help="Draw prior against posterior and traces.")] = None,
) -> None:
    """Fit treaties, frictions, clashes, settlements, disputes over water and the regional process to the record.

    Writes a calibration file: joint draws, their summary, how well the chain converged, and the record it belongs to. A
    scenario names it with [calibration] use = "FILE". A fit that was stopped goes on.

    With --record DIR --update nothing is fitted: the joint draws that ship are weighted by what your rows add, in
    seconds. Where the rows change too much for that the command ends with 3 and names the refit to type.

    Examples:

    casim calibrate --out mine.json

    casim calibrate --prior symmetric --out symmetric.json

    casim calibrate --table at-risk.csv

    casim calibrate --record my-record --update

    casim calibrate --record my-record --start 2025-06-f55aade1 --out mine.json

    casim calibrate --recover 200
    """
    from sim.facts import load_facts

    facts = load_facts(record_of(ground.record, ground.base))
    if table is not None:
        _write_table(facts, table)
        return
    _check(prior, out, engine and not recover, ground.update and ground.record is None)
    older = calibration_to_start_from(ground.start, prior) if ground.update or ground.start is not None else None
    if ground.update:
        update_calibration(facts, older, ground.record, out)
        return
    out = out or Path("calibration.json")
    if recover:
        _recover(facts, recover, chain.seed, prior, engine, plots)
        return
    from sim.inference.fit import Size

    burn_in = min(max(chain.steps // 10, 50), 1000)
    size = Size(chain.steps, chain.walkers, burn_in, chain.draws, chain.seed)
    _calibrate(facts, prior, size, out, plots, older)


def _check(prior: str, out: Path | None, engine_alone: bool, nothing_new: bool) -> None:
    """Ends the command with 2 where an option is none of its values."""
    from sim.inference.priors import PRIOR_SETS

    if prior not in PRIOR_SETS:
        refuse(f"--prior {prior} is not a set of priors.  Known: {', '.join(PRIOR_SETS)}.")
    if engine_alone:
        refuse("--engine needs --recover WORLDS: it says where synthetic worlds come from.")
    if nothing_new:
        refuse("--update needs --record DIR, the tables to learn from.")
    if out is not None and out.suffix != ".json":
        refuse(f"--out {out} must end in .json.")


def _calibrate(facts, prior: str, size, out: Path, plots: Path | None, older) -> None:
    """Fit, write, tell, draw."""
    from sim.inference.fit import calibrate as fit_record
    from sim.inference.fit import write_calibration
    from sim.runs.files import RunLock

    checkpoint = out.with_suffix(".checkpoint")
    checkpoint.mkdir(parents=True, exist_ok=True)
    with RunLock(checkpoint):
        fit = _fit(fit_record, facts, prior, size, checkpoint / "chain.npz", older)
        write_calibration(fit, out)
    shutil.rmtree(checkpoint, ignore_errors=True)
    _tell(fit, out)
    if plots is not None:
        from sim.plots.calibration import write_calibration_plots

        for path in write_calibration_plots(fit, plots):
            typer.echo(str(path))


def _write_table(facts, path: Path) -> None:
    from sim.inference.table import left_out, write_table

    count = write_table(facts, path)
    typer.echo(f"{path}: {count} lines")
    typer.echo("Kept out of the likelihood:")
    for sentence in left_out(facts):
        typer.echo(f"  {sentence}")


def _recover(facts, worlds: int, seed: int, prior: str, engine: bool, plots: Path | None) -> None:
    """Refit synthetic worlds and tell what is found again."""
    from sim.inference.sbc import recover

    with Bar("recover", "synthetic worlds", "worlds") as bar:
        found = recover(facts, worlds, seed, prior, bar, engine=engine)
    for line in found.lines():
        typer.echo(line)
    if facts.river_pairs and not engine:
        from sim.inference.dispute_worlds import recover_disputes

        with Bar("recover", "disputes over water", "worlds") as bar:
            for line in recover_disputes(facts, worlds, seed, bar).lines():
                typer.echo(line)
    if plots is not None:
        from sim.plots.calibration import write_rank_plot

        typer.echo(str(write_rank_plot(found, plots)))


def _fit(fit_record, facts, prior: str, size, checkpoint: Path, older):
    """The fit with its progress; ends the command where the chain is too short."""
    from sim.inference.laplace import FitError
    from sim.inference.sample import ChainTooShortError, CheckpointError

    try:
        with Bar("calibrate", "sampling", "steps") as bar:
            return fit_record(facts, prior, size, checkpoint, bar, older and older.read())
    except FitError as error:
        refuse(str(error))
    except ChainTooShortError as error:
        complain(f"{error}  What was sampled is kept in {checkpoint}.")
        raise typer.Exit(1) from None
    except CheckpointError as error:
        refuse(str(error))


def _tell(fit, out: Path) -> None:
    """The summary: prior and posterior, how far the record moved each, and the chain."""
    typer.echo(f"{'parameter':36}{'prior':>14}{'posterior':>16}{'moved':>7}{'narrowed':>10}")
    for row in fit.about["parameters"]:
        prior = f"{row['prior_mean']:.2f} ± {row['prior_sd']:.2f}"
        found = f"{row['mean']:.2f} ± {row['sd']:.2f}"
        typer.echo(f"{row['name'][:36]:36}{prior:>14}{found:>16}{row['moved']:>7.1f}{row['narrowed']:>10.2f}")
    typer.echo(
        "moved: (posterior mean - prior mean) / prior sd; narrowed: posterior sd / prior sd (a cut prior is\n"
        "narrower than its sd, so below 1 need not mean that the record spoke)"
    )
    chain = fit.about["diagnostics"]
    if "steps" in chain:
        typer.echo(
            f"{chain['steps']} steps of {chain['walkers']} walkers: {chain['times_sampled']:.0f} times the longest "
            f"autocorrelation time ({chain['longest_autocorrelation_time']:.0f} steps)"
        )
    typer.echo(f"{out} and {out.with_suffix('.npz').name}: {len(fit.draws)} joint draws")
