"""The command that scores the model on steps that its fit has not seen."""

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import guarded, refuse
from sim.cli.forecasting import refuse_mixed, tell_forecasts
from sim.cli.leading import tell_leads
from sim.cli.option_groups import grouped
from sim.cli.options import AsJson, RecordFolder

_AFTER = "2026-06"  # a year after the record's end


@dataclass(frozen=True)
class _OneStep:
    """What is scored one step ahead: on which months, from which priors, averaged over how many draws."""

    scheme: Annotated[
        str, typer.Option(metavar="SCHEME", help="rolling (a fit each year, 2010-2025), split (2017), dyads, whole.")
    ] = "rolling"
    contest: Annotated[bool, typer.Option("--contest", help="Score variants of the mechanisms, not rivals.")] = False
    milestones: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of later steps: date,kind,parties,subject.")
    ] = None
    until: Annotated[
        str,
        typer.Option(
            metavar="YYYY-MM",
            help="Last month that is known: the record as if its tables ended there; of milestones the last they "
            "cover.",
            show_default="the whole record; 2026-06 for milestones",
        ),
    ] = ""
    prior: Annotated[str, typer.Option(metavar="SET", help="literature or symmetric.")] = "literature"
    draws: Annotated[int, typer.Option(min=0, max=5000, help="Draws to average over; 0: at the mode.")] = 1000
    null: Annotated[
        int, typer.Option(min=0, max=10_000, help="Synthetic worlds for the gain that chance alone brings.")
    ] = 0
    years: Annotated[bool, typer.Option("--years", help="Show every year or dyad.")] = False


@dataclass(frozen=True)
class _Ahead:
    """Years ahead instead, simulated from documented origins."""

    forecasts: Annotated[
        bool, typer.Option("--forecasts", help="Simulate years ahead from documented origins instead.")
    ] = False
    leads: Annotated[
        bool, typer.Option("--leads", help="Yes/no questions and counts of half a year to five years ahead instead.")
    ] = False
    members: Annotated[
        int, typer.Option(min=10, max=2000, help="Members from each origin, with --forecasts or --leads.")
    ] = 200
    origins: Annotated[
        str,
        typer.Option(
            metavar="YEARS",
            help="Januaries to forecast from, as in 2010,2013-2015; with --leads also one half-year: 2012-07.",
            show_default="2010-2024, some five minutes",
        ),
    ] = ""


@guarded()
@grouped
def hindcast(
    *,
    context: typer.Context,
    one_step: _OneStep,
    ahead: _Ahead,
    record: RecordFolder = None,
    plots: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Draw scores, or forecasts and record; of --leads keep tables and origins too."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score the model on steps that its fit has not seen.

    Log scores in nats over all months at risk, beside simple rivals; gains carry an interval from resampling years (or
    dyads).  The scheme whole is rolling too, with all that scenarios draw from fitted anew each year: three minutes.

    With --forecasts the whole engine is fitted to the record before each January and simulated from there: time to
    each dyad's next step, clashes of the next year, trade one to five years ahead.

    With --leads it is asked on every 1 January and 1 July, by a fixed rule, what will have come in 6, 12 and 24 months
    and five years, and scored beside the last ten years and a coin. With --plots it can be interrupted and goes on
    where it was.

    Examples:

    casim hindcast

    casim hindcast --scheme whole

    casim hindcast --contest --scheme dyads

    casim hindcast --milestones my.csv --until 2026-06

    casim hindcast --record my-record

    casim hindcast --record my-record --until 2023-12

    casim hindcast --forecasts --origins 2012,2016,2020 --plots forecasts

    casim hindcast --leads --origins 2012,2017-07 --members 100

    casim hindcast --leads --plots leads
    """
    chosen = [f"--{name}" for name in ("forecasts", "leads") if getattr(ahead, name)]
    refuse_mixed(context, chosen, fields(_OneStep if chosen else _Ahead))
    _check(one_step)
    if chosen:
        tell = tell_forecasts if ahead.forecasts else tell_leads
        tell(_facts(record, ""), one_step.prior, ahead.members, ahead.origins, as_json, plots)
        return
    from sim.hindcast import study

    prior, draws, milestones, until = one_step.prior, one_step.draws, one_step.milestones, one_step.until
    facts = _facts(record, "" if milestones is not None else until)
    if milestones is not None:
        scores, lines = study.on_milestones(facts, milestones, until or _AFTER, prior, draws)
        _print(scores, scores[1], "years", as_json, lines)
        return
    ground = study.basis_of(facts, prior)
    scores = _score(ground, one_step, as_json)
    if one_step.null:
        _tell_null(ground, one_step.null, draws)
    if plots is not None:
        from sim.plots.hindcast import write_hindcast_plots

        for path in write_hindcast_plots(scores, plots):
            typer.echo(str(path))


def _facts(record: Path | None, until: str):
    """The record with a user's tables, up to a month where one is given; ends the command with 2 where it is none."""
    from sim.facts import load_facts
    from sim.facts.record import OURS, read_record
    from sim.hindcast.rolling import FIRST
    from sim.hindcast.vintage import known_until

    facts = load_facts(OURS if record is None else read_record(record))
    if not until:
        return facts
    last = f"{facts.record_ends:%Y-%m}"
    if not f"{FIRST + 1}-01" <= until <= last:
        refuse(f"--until {until} must be a month from {FIRST + 1}-01 to {last}, where the record ends.")
    return known_until(facts, int(until[:4]), int(until[5:]))


def _score(ground, one_step: _OneStep, as_json: bool) -> list:
    """Score and print; the rival to compare with is the dangerous one, in a contest the model as it ships."""
    from sim.cli.progress import Bar
    from sim.hindcast import study, tables

    scheme, contest, draws = one_step.scheme, one_step.contest, one_step.draws
    score_all = study.against_variants if contest else study.against_rivals
    if scheme == "whole":
        score_all = study.with_whole_calibration
    with Bar("hindcast", "scoring", "models") as bar:
        scores = score_all(ground, scheme, draws, bar)
    rival = scores[0] if contest else next(s for s in scores if s.name == study.DANGEROUS)
    lines = [tables.averaging_line(draws)]
    lines += [] if scheme == "dyads" else [tables.coverage_line(scores[0]), tables.pit_line(scores[0])]
    lines += tables.year_lines(scores[0], scores[1] if contest else rival) if one_step.years else []
    _print(scores, rival, "dyads" if scheme == "dyads" else "years", as_json, lines)
    return scores


def _tell_null(ground, worlds: int, draws: int) -> None:
    """The gain that chance alone brings."""
    import numpy as np

    from sim.cli.progress import Bar
    from sim.hindcast import study

    with Bar("null", "synthetic worlds", "worlds") as bar:
        gains = study.null_threshold(ground, worlds, draws, bar)
    typer.echo(
        f"gain over {study.CONSTANT} by chance, {worlds} worlds in which that is true: median "
        f"{np.median(gains):.1f}, 95th percentile {np.quantile(gains, 0.95):.1f} nats"
    )


def _check(one_step: _OneStep) -> None:
    """Ends the command with 2 where an option is none of its values."""
    scheme, prior, until = one_step.scheme, one_step.prior, one_step.until
    for name, value, known in (
        ("--scheme", scheme, ("rolling", "split", "dyads", "whole")),
        ("--prior", prior, ("literature", "symmetric")),
    ):
        if value not in known:
            refuse(f"{name} {value} is not known.  Known: {', '.join(known)}.")
    if one_step.contest and scheme == "whole":
        refuse("--contest compares hazards fitted alone: --scheme rolling, split or dyads.")
    if until and not re.fullmatch(r"20[0-5]\d-(0[1-9]|1[0-2])", until):
        refuse(f"--until {until} must be a month such as {_AFTER}.")
    if until and one_step.milestones is not None and until < "2025-07":
        refuse(f"--until {until} must be a month such as {_AFTER}, after the record's end in 2025-06.")


def _print(scores, rival, unit: str, as_json: bool, lines: list[str]) -> None:
    from sim.hindcast import tables

    if as_json:
        typer.echo(json.dumps({"scores": tables.plain_scores(scores), "notes": lines}, indent=1))
        return
    for line in [*tables.score_lines(scores, rival, unit), *lines]:
        typer.echo(line)
