"""The command that checks finished runs against what they bear witness to."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.completing import complete_runs
from sim.cli.failure import complain, guarded
from sim.cli.options import Results


@guarded()
def verify(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN...]", help="Run or design folders, or names; all finished runs.", autocompletion=complete_runs
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Simulate again too, and compare every number.")] = False,
    results: Results = Path("results"),
) -> None:
    """Check run folders against their digests; nothing is changed.

    Looks at the manifest, its key, the size and sha-256 of every table, the count of members and a record of your own.
    Ends with 1 if anything is not as it was written.  Digests tell damage and edits; only --again, which takes as long
    as the run did, tells whether the numbers are what this casim computes.

    Examples:

    casim verify baseline

    casim verify --again
    """
    damaged = 0
    for folder in dict.fromkeys(_folder(name, results) for name in runs) if runs else _finished(results):
        faults = _check(folder, again)
        for fault in faults:
            complain(f"{folder}: {fault}")
        damaged += bool(faults)
        if not faults:
            typer.echo(f"{folder}: {'as it was written, and the same again' if again else 'as it was written'}")
    if damaged:
        complain("What is damaged: delete the folder and run the scenario again, or fetch the folder anew.")
        raise typer.Exit(1)


def _check(folder: Path, again: bool) -> list[str]:
    from sim.runs.design import INDEX
    from sim.runs.verify import faults_of

    faults = faults_of(folder)
    if faults or not again:
        return faults
    if not (folder / INDEX).exists():
        return _again(folder)
    return [f"{inside.name}: {fault}" for inside in sorted((folder / "points").iterdir()) for fault in _again(inside)]


def _finished(results: Path) -> list[Path]:
    from sim.comparison.find import list_runs

    found = [each.path for each in list_runs(results) if each.is_complete]
    if not found:
        complain(f"{results}: no finished runs.")
    return found


def _folder(name: str, results: Path) -> Path:
    """The folder that a name means; a damaged one must be found too, so it is not opened."""
    from sim.comparison import find_run
    from sim.runs.design import INDEX, design_folder
    from sim.runs.manifest import MANIFEST

    given = Path(name).expanduser()
    design = next(
        (each for each in (given, design_folder(results.expanduser(), name)) if (each / INDEX).exists()), None
    )
    if design is not None:
        return design
    if (given / MANIFEST).exists() or len(given.parts) > 1:
        return given
    return find_run(name, results, complain).path


def _again(folder: Path) -> list[str]:
    """Whether this casim computes the numbers of a run, simulated into a folder that is thrown away."""
    from sim.runs import open_run, run_scenario
    from sim.why.again import scenario_of

    kept = open_run(folder)
    scenario = scenario_of(kept)
    with tempfile.TemporaryDirectory(prefix="casim-verify-") as place:
        anew = run_scenario(scenario, place)
    if anew.manifest["numbers_digest"] == kept.manifest["numbers_digest"]:
        return []
    return [
        f"simulated again its numbers differ (digest {anew.manifest['numbers_digest'][:16]}, "
        f"kept {str(kept.manifest['numbers_digest'])[:16]})"
    ]
