"""Commands for the first minutes: a skeleton of a scenario, a look at the machine."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import guarded, refuse

_SKELETON = '''# {path}: what differs from {parent}.  Lines that begin with # do nothing until the # is taken away.
#   casim validate {path}     every error, with its line
#   casim explain {path}      every value, who set it, its unit, range and source
#   casim run {path}          simulate, tabulate, plot
#   casim compare {stem} --against {parent}

extends = "{parent}"
title = "{title}"
description = """
What is supposed, in a sentence or two, and why.
"""

# [run]
# members = 500          # histories; more make intervals narrower
# branch = 2025-07-01    # first simulated month; before it the record is replayed

# [parameters]           # names, units and ranges: casim explain {parent}
# trust.loss_aversion = 2.5

# [states.{last}]           # {states}
# openness = 0.4         # of the state from the branch on; standard scale, 0 neutral

# [[instruments]]        # a text that the states may sign
# id = "secretariat"
# parties = {core}
# opens = 2027-01-01
# rule = "opt-in"        # or "unanimity"
# depth = 0.6            # authority pooled, 0.2 to 1
# institution_weight = 0.3
# issues = {{ trade = 0.3, water = 0.3, security = 0.2, voice = 0.2 }}    # {issues}; they sum to 1

# [[events]]             # something that happens on a date; all kinds: docs/reference/scenario.md
# date = 2031-01-01
# kind = "leader-change"
# state = "{last}"
# openness = -1.2
'''


@guarded()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file to write, such as my.toml.")],
    parent: Annotated[str, typer.Option("--extends", metavar="SCENARIO", help="What it differs from.")] = "baseline",
    title: Annotated[str, typer.Option(help="Title for tables and plots.")] = "My scenario",
) -> None:
    """Write a commented skeleton of a scenario.

    Example: casim new my.toml --title "A regional secretariat"
    """
    import json

    from sim.facts import ISSUES, load_facts
    from sim.scenario import load_scenario

    if not file.suffix:
        file = file.with_suffix(".toml")
    if file.suffix != ".toml":
        refuse(f"{file}: the name of a scenario file ends in .toml.  Did you mean {file.with_suffix('.toml')}?")
    if file.exists():
        refuse(f"{file} exists; a skeleton never overwrites a file")
    loaded, facts = load_scenario(parent), load_facts()
    text = _SKELETON.format(
        path=file,
        stem=file.stem,
        parent=parent,
        title=json.dumps(title, ensure_ascii=False)[1:-1],
        states=", ".join(row.id for row in facts.states),
        last=facts.core_states[-1],
        core=json.dumps(facts.core_states),
        issues=", ".join(ISSUES),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{file} extends {loaded.name}.  Edit it, then: casim run {file}")


@guarded()
def doctor() -> None:
    """Say what of this machine casim would want otherwise.

    Ends with 1 if something keeps casim from running.

    Example: casim doctor
    """
    from sim.cli.machine import examine

    findings = examine()
    width = max(len(each.what) for each in findings)
    for each in findings:
        typer.echo(f"{each.grade:<5} {each.what:<{width}}  {each.said}")
    if any(each.grade == "bad" for each in findings):
        raise typer.Exit(1)
