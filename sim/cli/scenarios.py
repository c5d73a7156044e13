"""Commands about scenario files: list, validate, explain, schema."""

import json
import textwrap
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded
from sim.cli.options import AsJson, RecordFolder, Settings

_WIDTH = 80


def _wrapped(text: str, indent: int, hanging: int = 0) -> str:
    pad = " " * indent
    return textwrap.fill(
        text, _WIDTH, initial_indent=pad, subsequent_indent=pad + " " * hanging, break_on_hyphens=False
    )


@guarded()
def list_shipped(as_json: AsJson = False) -> None:
    """Scenarios and instruments that ship.

    Example: casim list
    """
    from sim.facts import load_facts
    from sim.scenario import list_scenarios

    scenarios, accords = list_scenarios(), load_facts().accords
    if as_json:
        plain = {
            "scenarios": [
                {"name": each.name, "title": each.title, "description": each.line, "path": str(each.path)}
                for each in scenarios
            ],
            "instruments": [
                {
                    "id": each.id,
                    "title": each.title,
                    "parties": list(each.parties),
                    "rule": each.rule,
                    "opens": each.opens.isoformat(),
                }
                for each in accords
            ],
        }
        typer.echo(json.dumps(plain, indent=1, ensure_ascii=False))
        return
    typer.echo("Scenarios (casim run NAME)")
    for each in scenarios:
        typer.echo(f"\n  {each.name}")
        typer.echo(_wrapped(f"{each.title}.  {each.line}" if each.line else each.title, 4))
    typer.echo("\nAccords of the record, beside the bilateral ladder of each pair of states")
    for each in accords:
        typer.echo(f"\n  {each.id}  ({each.opens.year}, {each.rule}; {' '.join(each.parties)})")
        typer.echo(_wrapped(each.title, 4))


@guarded()
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files or names.")],
    record: RecordFolder = None,
) -> None:
    """Check scenario files and run nothing.

    Every error of every file is listed.

    Example: casim validate scenarios/*.toml
    """
    from sim.scenario import ScenarioError, load_scenario, same_as_parent
    from sim.scenario.explaining import said_back

    wrong = 0
    for file in files:
        try:
            scenario = load_scenario(file, record=record)
        except ScenarioError as error:
            wrong += 1
            complain(str(error))
            continue
        points = f", a design of {len(scenario.design):,} points" if scenario.design else ""
        if _sets_nothing(file):
            typer.echo(
                f"{file}: sets nothing, so that its run would be that of the defaults.  Begin with extends = "
                '"baseline"; casim new FILE writes a skeleton.'
            )
            continue
        typer.echo(f"{file}: in order{points}")
        for line in said_back(scenario):
            typer.echo(f"{file}: {line}")
        for key in same_as_parent(scenario):
            typer.echo(f"{file}: note: {key} is set to the value it has anyway")
    if wrong:
        raise typer.Exit(2)


def _sets_nothing(file: str) -> bool:
    """Whether a scenario that could be read is a file without any key."""
    import tomllib

    from sim.scenario.load import find_scenario

    return not tomllib.loads(Path(find_scenario(file)).read_text(encoding="utf-8"))


@guarded()
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Scenario file or name.")],
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY|WORDS]", help="One value, those below it, or those with these words."),
    ] = None,
    settings: Settings = [],  # noqa: B006 - typer reads the default, nothing changes it
    record: RecordFolder = None,
    as_json: AsJson = False,
) -> None:
    """Resolved values, and where each was set.

    With meaning, unit, range and source.  A star marks what the file itself changes.

    Example: casim explain scenarios/regional-secretariat.toml "loss aversion"
    """
    from dataclasses import asdict

    from sim.scenario import explain as explain_scenario
    from sim.scenario import load_scenario

    rows = explain_scenario(load_scenario(file, settings, record=record), key)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False, default=str))
        return
    for row in rows:
        about = "; ".join(part for part in (row.unit, f"range {row.range}" if row.range else "") if part)
        star = "*" if row.changed_from_parent else " "
        typer.echo(_wrapped(f"{star} {row.key} = {_plain(row.value)}" + (f"  [{about}]" if about else ""), 0, 6))
        typer.echo(_wrapped(f"set in {row.origin}" if row.line or row.file != "default" else "the default", 6))
        if row.meaning:
            typer.echo(_wrapped(row.meaning, 6))
        if row.source:
            typer.echo(_wrapped(row.source, 6))


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


@guarded()
def schema() -> None:
    """JSON Schema of a scenario file, for editors.

    Example: casim schema > casim.schema.json
    """
    from sim.scenario import schema as scenario_schema

    typer.echo(json.dumps(scenario_schema(), indent=1, ensure_ascii=False))
