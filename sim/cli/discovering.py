"""The command that says what would have to be true for something to happen."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded


@guarded()
def discover(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or a scenario that was run.")],
    where: Annotated[str, typer.Option(metavar="CONDITION", help="What is to be explained.")],
    until: Annotated[int | None, typer.Option(metavar="YEAR", help="Last year of events that may explain it.")] = None,
    most: Annotated[int, typer.Option(min=1, max=8, help="Conditions of a box, at most.")] = 4,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the box as a scenario.")] = None,
    results: Annotated[Path, typer.Option(metavar="DIR", help="Folder in which names are looked up.")] = Path(
        "results"
    ),
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the box as PNG.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="Of folds and shuffles.")] = 0,
) -> None:
    """What would have to be true: a box of parameters and events (PRIM) and a tree, cross-validated.

    Events count up to the first year that the condition names, or --until.  With a few hundred histories only strong
    conditions are found; thousands are better.

    Examples:

    casim discover baseline --where "signed_month.friendship-2022.TJK > 2030 or missing"

    casim discover baseline --where "index_2035 > 0.6" --save high-index.toml
    """
    from sim.comparison import find_run
    from sim.facts import load_facts
    from sim.studies.discovery import discover as find_box
    from sim.studies.expression import RunColumns
    from sim.studies.history_columns import inputs_of, save_box, until_year
    from sim.studies.tree import tree_of

    found = find_run(run, results)
    columns = RunColumns(found)
    condition, wanted = _asked(where, columns)
    year = until or until_year(where, found.catalogue.branch // 12, columns.end)
    inputs = inputs_of(found, columns, condition, year)
    complain(f"discover: {len(wanted):,} histories, {len(inputs.names)} inputs, events to {year}")
    box = _box(find_box, inputs, wanted, most, seed)
    _tell(box, *tree_of(inputs, wanted, seed=seed))
    if save is not None:
        _save(save, found, columns, inputs, box, where, load_facts(), save_box)
    if plot is not None:
        from sim.plots.discovery import draw_box

        typer.echo(str(draw_box(inputs, wanted, box, where, plot)))


def _asked(where: str, columns):
    """The condition and in which histories it holds."""
    from sim.errors import Problem, ScenarioError
    from sim.studies.expression import ExpressionError, parse

    try:
        condition = parse(where)
        wanted = condition.evaluate(columns)
    except ExpressionError as error:
        raise ScenarioError([Problem("--where", 0, str(error))]) from None
    if wanted.dtype != bool:
        raise ScenarioError([Problem("--where", 0, f"{where!r} is a number, not a condition: compare it with one.")])
    return condition, wanted


def _box(find_box, inputs, wanted, most: int, seed: int):
    from sim.errors import Problem, ScenarioError

    try:
        return find_box(inputs, wanted, most, seed)
    except ValueError as error:
        raise ScenarioError([Problem("--where", 0, f"{error}.")]) from None


def _tell(box, tree, explained: float) -> None:
    typer.echo(f"It happens in {box.base:.1%} of the histories.")
    if box.found:
        typer.echo(f"It happens in {box.density:.1%} of those in which")
        for limit in box.limits:
            typer.echo(f"    {limit}")
        typer.echo(
            f"which hold {box.coverage:.0%} of all in which it happens (density and coverage where it was found;"
        )
        typer.echo(f"density on held-out histories {box.held_out:.1%}; shuffled answers reach {box.chance:.1%}).")
    else:
        typer.echo(
            f"No box is denser than chance makes one: {box.held_out:.1%} on held-out histories, where shuffled answers "
            f"reach {box.chance:.1%}."
        )
    if tree.no is None:
        typer.echo("No tree does better than the share itself.")
        return
    typer.echo(f"As a tree, which explains {explained:.1%} of the variance out of sample:")
    for line in tree.lines(1):
        typer.echo(line)


def _save(path: Path, run, columns, inputs, box, where: str, facts, save_box) -> None:
    from sim.errors import Problem, ScenarioError

    if path.suffix != ".toml":
        raise ScenarioError([Problem("--save", 0, f"{path} must end in .toml.")])
    if not box.found:
        complain("nothing is saved, since nothing was found")
        return
    loose = save_box(run, columns, inputs, box, where, path, facts)
    typer.echo(f"{path} and {path.with_suffix('.json').name}")
    for each in loose:
        complain(f"not held by the scenario, since it is an event or an outcome: {each}")
