"""Commands about finished runs: show one again, export its tables, list, label and clear run folders."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import Commands, complain, guarded
from sim.cli.option_groups import grouped
from sim.cli.options import AsJson, Finished, MainAsJson, PlotOptions, Results

runs = typer.Typer(
    cls=Commands, help="List, label and clear run folders.\n\nExample: casim runs", rich_markup_mode=None
)


@guarded()
@grouped
def show(
    *,
    run: Finished,
    results: Results = Path("results"),
    brief: Annotated[bool, typer.Option("--brief", help="Only the five sentences.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Every treaty that is still open.")] = False,
    plots: Annotated[bool, typer.Option("--plots", help="Draw the plots that are not up to date.")] = False,
    drawn: PlotOptions,
    as_json: MainAsJson = False,
) -> None:
    """Print the summary of a finished run again; nothing is simulated.

    Examples:

    casim show baseline --brief

    casim show baseline --plots --format pdf --size slide
    """
    from sim.cli import summary
    from sim.comparison import find_one

    formats = drawn.checked_formats()
    found = find_one(run, results, complain)
    written: list[Path] = []
    if plots:
        from sim.plots import write_plots

        written = list(write_plots(found.path, None, formats, drawn.size))
    if as_json:
        typer.echo(summary.as_plain(found))
    elif brief:
        summary.print_brief(found)
    else:
        summary.print_summary(found, written, everything)


@guarded()
def export(
    run: Finished,
    to: Annotated[str, typer.Option(metavar="KIND", help="xlsx, csv or dta (Stata).")] = "csv",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where to; in the run's folder.")] = None,
    long: Annotated[bool, typer.Option("--long", help="Long, tidy tables beside the wide ones.")] = False,
    results: Results = Path("results"),
) -> None:
    """Write the tables of a run for other programs, with a data dictionary.

    Example: casim export baseline --to xlsx
    """
    from sim.comparison import find_one
    from sim.comparison.export import KINDS
    from sim.comparison.export import export as write
    from sim.errors import suggestion

    if to not in KINDS:
        raise typer.BadParameter(f"--to {to!r} is not a kind of file that is written.{suggestion(to, KINDS)}")
    found = find_one(run, results, complain)
    for path in write(found, to, out.expanduser() if out else found.path / "export", long):
        typer.echo(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


@runs.callback(invoke_without_command=True)
@guarded()
def list_runs(
    context: typer.Context,
    results: Results = Path("results"),
    as_json: AsJson = False,
) -> None:
    """Run folders: what each holds, when it was made, what it is called.

    Examples:

    casim runs

    casim runs label results/baseline-1a2b3c4d "before the summit"

    casim runs clear --unfinished
    """
    if context.invoked_subcommand is not None:
        return
    import json

    from sim.cli.printing import Table, say, wide
    from sim.comparison.find import list_runs as find

    found = find(results)
    if as_json:
        typer.echo(json.dumps([_plain(each) for each in found], indent=1, ensure_ascii=False))
        return
    if not found:
        say(f"{results}: no runs.")
        return
    table = Table(["folder", "members", "state", "finished", "MB"], width=wide())
    for each in found:
        when = each.finished.strftime("%Y-%m-%d %H:%M") if each.finished.year > 1 else ""
        size = sum(path.stat().st_size for path in each.path.rglob("*") if path.is_file()) / 1e6
        table.row(each.path.name, f"{each.manifest.get('members', '')}", _state(each), when, f"{size:.1f}")
        for said in (each.label and f"“{each.label}”", ", ".join(each.settings)):
            if said:
                table.row(f"  {said}", style="dim")
    table.print()


def _state(found) -> str:
    return "done" if found.is_complete else "unfinished"


def _plain(found) -> dict:
    manifest = found.manifest
    return {
        "path": str(found.path),
        "scenario": found.name,
        "label": found.label,
        "settings": found.settings,
        "state": manifest.get("state"),
        **{name: manifest.get(name) for name in ("key", "members", "seed", "finished", "model_version")},
    }


@runs.command("label")
@guarded()
def label(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A run folder.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to call it; nothing takes the label away.")] = "",
) -> None:
    """Call a run something; the label is a name for compare and show too.

    Example: casim runs label results/baseline-1a2b3c4d "before the summit"
    """
    from sim.comparison.find import LABEL
    from sim.runs.errors import explained

    folder = _run_folder(folder)
    with explained(folder):
        if text.strip():
            (folder / LABEL).write_text(text.strip() + "\n", encoding="utf-8")
        else:
            (folder / LABEL).unlink(missing_ok=True)


@runs.command("clear")
@guarded()
def clear(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER...]", help="Run folders to delete, if any are named.")
    ] = None,
    unfinished: Annotated[bool, typer.Option("--unfinished", help="Those that were never finished.")] = False,
    results: Results = Path("results"),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete run folders: those named, or those that were never finished.

    Example: casim runs clear results/baseline-1a2b3c4d
    """
    import shutil

    from sim.comparison.find import list_runs as find
    from sim.runs.errors import explained
    from sim.runs.files import RunLock

    chosen = [_run_folder(folder) for folder in folders or ()]
    if unfinished:
        chosen += [each.path for each in find(results) if not each.is_complete]
    if not chosen:
        typer.echo("Nothing to clear: name folders, or give --unfinished.")
        return
    for folder in dict.fromkeys(chosen):
        if not yes and not typer.confirm(f"Delete {folder}?", err=True):
            continue
        with explained(folder):
            with RunLock(folder):  # not while it runs
                pass
            shutil.rmtree(folder)
        typer.echo(f"deleted {folder}")


def _run_folder(folder: Path) -> Path:
    """A folder that holds a run and is no link; OutputError otherwise."""
    from sim.runs import OutputError
    from sim.runs.manifest import read_manifest

    folder = folder.expanduser()
    if folder.is_symlink() or not folder.is_dir() or read_manifest(folder) is None:
        raise OutputError(f"{folder}: no run folder.  casim runs lists them.")
    return folder
