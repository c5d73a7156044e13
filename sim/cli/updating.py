"""What `casim calibrate --update` does: a calibration brought up to a user's record without a refit."""

import shlex
from pathlib import Path

import typer

from sim.cli.failure import complain, refuse

COLLAPSED = 3  # exit status: only a refit will do
_SHOWN = 12


def calibration_to_start_from(name: str | None, prior: str):
    """The calibration that --start names, or the one that ships with these priors; ends the command with 2 without."""
    from sim.scenario.calibration_file import CalibrationError, name_calibration, shipped_calibrations

    try:
        if name is not None:
            return name_calibration(name, Path())
        found = [name_calibration(each, Path()) for each in shipped_calibrations()]
    except CalibrationError as error:
        refuse(f"--start {error}")
    for each in found:
        if each.read().about["prior_set"] == prior:
            return each
    refuse(f"no calibration with {prior} priors ships.  Name one of your own with --start FILE.")


def update_calibration(facts, start, folder: Path, out: Path | None) -> None:
    """Weigh, write and tell; ends the command with 3 and the command to type where only a refit will do."""
    from sim.inference.fit import write_calibration
    from sim.inference.update import CollapsedError, UpdateError, update

    try:
        fit = update(start.name, start.read(), facts)
    except UpdateError as error:
        refuse(str(error))
    except CollapsedError as error:
        complain(f"{start.name} cannot be updated: {error}")
        from_there = start.name if start.ships else start.path
        again = shlex.join(["casim", "calibrate", "--record", str(folder), "--start", from_there, "--out", "mine.json"])
        complain(f"Fit again; the fit can be stopped and goes on:  {again}")
        raise typer.Exit(COLLAPSED) from None
    out = out or Path(f"{fit.about['record_ends']}-{fit.about['record_digest'][:8]}.json")
    write_calibration(fit, out)
    _tell(fit, out)


def _tell(fit, out: Path) -> None:
    """What the rows moved, most first, and how far the weights can be trusted."""
    rows = [row for row in fit.about["parameters"] if "before" in row]
    rows.sort(key=lambda row: -abs(_moved(row)))
    typer.echo(f"{'parameter':36}{'before':>16}{'after':>16}{'moved':>7}")
    for row in rows[:_SHOWN]:
        before, after = (
            f"{row['before']['mean']:.2f} ± {row['before']['sd']:.2f}",
            f"{row['mean']:.2f} ± {row['sd']:.2f}",
        )
        typer.echo(f"{row['name'][:36]:36}{before:>16}{after:>16}{_moved(row):>+7.2f}")
    typer.echo(f"moved: in standard deviations of before; the other {max(len(rows) - _SHOWN, 0)} moved less")
    found = fit.about["diagnostics"]
    if found["from_their_prior"]:
        older = fit.about["updated_from"]["name"]
        typer.echo(f"not in {older}, drawn from their prior: {', '.join(found['from_their_prior'])}")
    typer.echo(
        f"Pareto k-hat {found['khat']:.2f} (trusted below 0.7); {len(fit.draws)} draws worth "
        f"{found['effective_draws']}, {found['distinct_draws']} of them distinct"
    )
    typer.echo(f'{out} and {out.with_suffix(".npz").name}: name it in a scenario with [calibration] use = "{out.name}"')


def _moved(row: dict) -> float:
    """How far the new rows moved a parameter, in standard deviations that it had before."""
    return (row["mean"] - row["before"]["mean"]) / max(row["before"]["sd"], 1e-12)
