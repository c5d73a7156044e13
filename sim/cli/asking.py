"""The commands that answer one question about a finished run: why something comes, and what one history was like."""

from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded
from sim.cli.option_groups import grouped
from sim.cli.options import Results


@dataclass(frozen=True)
class _Decision:
    """The decision, or the outbreak, that is asked about."""

    state: Annotated[str | None, typer.Option(metavar="STATE", help="The state that signs, with --instrument.")] = None
    instrument: Annotated[str | None, typer.Option(metavar="ID", help="Accord, by its id.")] = None
    dyad: Annotated[str | None, typer.Option(metavar="A-B", help="Pair of states, with --rung.")] = None
    rung: Annotated[str | None, typer.Option(metavar="RUNG", help="friendship, partnership or alliance.")] = None
    dispute: Annotated[str | None, typer.Option(metavar="DOWN-UP", help="Dispute over water, downstream first.")] = None
    clash: Annotated[str | None, typer.Option(metavar="A-B", help="Clash on a border.")] = None


@guarded()
@grouped
def why(
    *,
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder, or a scenario that was run.")],
    decision: _Decision,
    member: Annotated[int | None, typer.Option(min=0, help="One history instead of the ensemble.")] = None,
    year: Annotated[int | None, typer.Option(help="Only the occasions of this year.")] = None,
    against: Annotated[str | None, typer.Option(metavar="RUN", help="Another run to set beside it.")] = None,
    results: Results = Path("results"),
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Why a treaty is signed, or a dispute breaks out: when, how likely each year, and the parts that decide it.

    Parts that the run did not keep are computed again from its own key.

    Examples:

    casim why baseline --state TJK --instrument friendship-2022

    casim why baseline --dyad KGZ-TJK --rung partnership --member 7

    casim why drought-decade --dispute UZB-KGZ --against baseline
    """
    import json

    from sim.comparison import find_run
    from sim.why import explain_decision, parse_target
    from sim.why.tell import as_markdown, as_plain

    found = []
    for name in (run, *([against] if against else [])):
        opened = find_run(name, results)
        target = parse_target(opened.catalogue, *astuple(decision))
        if not target.is_dated and member is None:
            complain(f"{opened.name}: simulating some histories again to read the parts off")
        found.append(explain_decision(opened, target, member, year))
    if as_json:
        typer.echo(json.dumps([as_plain(each) for each in found], indent=1, ensure_ascii=False))
    else:
        typer.echo(as_markdown(*found), nl=False)


@guarded()
def history(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder, or a scenario that was run.")],
    member: Annotated[int | None, typer.Option(min=0, help="Number of the history.")] = None,
    typical: Annotated[bool, typer.Option("--typical", help="The history nearest the ensemble's middle.")] = False,
    like: Annotated[
        str | None, typer.Option(metavar="COND", help="One that meets a condition, the most usual.")
    ] = None,
    since: Annotated[int | None, typer.Option("--from", metavar="YEAR", help="First year; the branch's.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Summits, ratifications and other small events too.")
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write Markdown instead of printing.")] = None,
    results: Results = Path("results"),
) -> None:
    """One history as a chronicle: month, who, what, and why.

    Examples:

    casim history baseline --typical

    casim history baseline --member 7 --from 2016

    casim history baseline --like "tkm signs, kaz_uzb_trade >= 10" --out history.md
    """
    from sim.comparison import find_run
    from sim.runs import OutputError
    from sim.runs.errors import explained
    from sim.why.choose import like as those_like
    from sim.why.choose import typical as nearest
    from sim.why.history import as_markdown, chronicle

    if (member is not None) + typical + (like is not None) != 1:
        raise OutputError("Say which history: --member 7, --typical or --like 'tkm signs'.")
    opened = find_run(run, results)
    numbers, about = opened.members.index.to_numpy(), ""
    if like is not None:
        chosen = those_like(opened, like)
        member = nearest(opened, chosen)
        about = f"{int(chosen.sum())} of {numbers.size} histories meet “{like}”; this is the most usual of them."
    elif typical:
        member, about = nearest(opened), "The history nearest the middle of the ensemble."
    elif member not in numbers:
        raise OutputError(f"member {member} is not in this run.  Its members: 0 to {numbers.max()}.")
    text = as_markdown(opened, member, chronicle(opened, member, since, everything), about)
    if out is None:
        typer.echo(text, nl=False)
        return
    with explained(out):
        out.expanduser().write_text(text, encoding="utf-8")
    typer.echo(str(out))
