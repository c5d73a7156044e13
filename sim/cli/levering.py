"""The command that compares what could be done."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded


@guarded("stopped; what is finished is kept, and the same command goes on")
def levers(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Levers and outcomes, such as scenarios/levers/*.toml.")],
    members: Annotated[int, typer.Option(min=20, max=1_000_000, help="Histories of each policy.")] = 500,
    rows: Annotated[int, typer.Option(min=2, max=10_000, help="Rows of parameters that they share.")] = 100,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of all chance.")] = 2026,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for runs, table and plot.")] = Path("results/levers"),
) -> None:
    """Which lever to pull: share of histories satisfied, regret, Pareto front, who gains and who loses.

    Every lever alone and, with `together` in the file, every set of so many, on common random numbers and parameters
    from the posterior.

    Example:

    casim levers scenarios/levers/closer-region.toml
    """
    from sim.cli.claiming import Lines
    from sim.facts import load_facts
    from sim.studies.experiment import Laboratory, Size
    from sim.studies.lever_file import read_levers
    from sim.studies.levers import shapley_of_levers, try_levers

    found = read_levers(file, out / "arms")
    standings = try_levers(found, Laboratory(out, load_facts(), Size(members, rows, seed)), Lines("levers"))
    _tell(found, standings)
    shares = shapley_of_levers(standings)
    if shares is not None:
        said = ", ".join(f"{name} {100 * value:+.1f}" for name, value in shares.items())
        typer.echo(f"Part of each lever in the share satisfied (Shapley value), points: {said}")
    typer.echo(str(_write(found, standings, out / f"{file.stem}.csv")))
    try:
        from sim.plots.levers import draw_levers

        typer.echo(str(draw_levers(standings, found.title, out / f"{file.stem}.png")))
    except Exception as error:
        complain(f"the plot could not be drawn ({type(error).__name__}: {error}); the figures are complete")


def _tell(file, standings: list) -> None:
    typer.echo(file.title)
    for k, wish in enumerate(file.wishes, start=1):
        bound = f"{'at least' if wish.upwards else 'at most'} {wish.level:g} {wish.unit}".rstrip()
        typer.echo(f"  {k}  {wish.what}: {bound}")
    heads = "".join(f"{k:>8}" for k in range(1, len(file.wishes) + 1))
    typer.echo(f"\n{'policy':34}{'all met':>18}{'regret':>8}{heads}   {'least gain':>11}{'Gini':>6}")
    for each in standings:
        share = f"{100 * each.satisfied:.0f} % [{100 * each.low:.0f}, {100 * each.high:.0f}]"
        met = "".join(f"{100 * value:6.0f} %" for value in each.meets)
        mark = "*" if each.efficient else " "
        gain = f"{each.smallest_gain:+.2f} %"
        typer.echo(f"{mark}{each.policy.name:33}{share:>18}{each.regret:8.2f}{met}   {gain:>11}{each.gini:6.2f}")
    typer.echo(
        "* Pareto-efficient in the means.  Regret: 90th percentile of the largest shortfall from the best policy in "
        "the same history, in standard deviations.  Gains from trade over no lever, of the five states."
    )


def _write(file, standings: list, path: Path) -> Path:
    from sim.studies.levers import STATES

    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        wishes = [wish.what for wish in file.wishes]
        heads = ["policy", "satisfied", "low90", "high90", "regret", "efficient", "smallest_gain", "gini"]
        heads += [f"gain_{state}" for state in STATES]
        writer.writerow([*heads, *(f"mean: {what}" for what in wishes), *(f"met: {what}" for what in wishes)])
        for each in standings:
            row = [each.policy.name, each.satisfied, each.low, each.high, each.regret, each.efficient]
            row += [each.smallest_gain, each.gini, *(each.gains[state] for state in STATES)]
            writer.writerow([*row, *each.levels, *each.meets])
    return path
