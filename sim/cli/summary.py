"""A finished run in 80 columns: five sentences, then the tables an analyst asks for first, and where the rest is."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.cli.printing import Table, say
from sim.outcomes import levels, prospects
from sim.outcomes.headline import brief
from sim.outcomes.posterior_checks import check_sentence, stored_checks
from sim.outcomes.trade import NO_GAIN, PARTS, SPAN, trade_summary
from sim.outcomes.view import View, month_name
from sim.outcomes.water import simulated_years, water_summary
from sim.runs import Run
from sim.words import named, signed

_MOST = 10
_PLOT = {"treaties": "adoption, ladder", "rivers": "disputes, borders", "trade": "trade", "": "calibration page"}
_KEPT = ("scenario", "key", "members", "seed", "failed", "no_effect", "same_as_parent", "numbers_digest")


def print_brief(run: Run) -> None:
    """Print what was run and five sentences, each with the plots and columns that its numbers come from."""
    view = View(run)
    say(run.manifest["title"] or run.name, "bold")
    say(f"{view.n_members:,} histories, simulated from {month_name(view.branch)} to {month_name(view.end - 1 / 12)}")
    for each in brief(view):
        say()
        say(each["texts"][0])
        if each["figure"]:
            _from(_PLOT.get(each["figure"], each["figure"]), each["columns"])


def print_summary(run: Run, plots: Sequence[Path] = (), everything: bool = False) -> None:
    """Print the sentences and the tables of a finished run; all open treaties where ``everything`` is asked for."""
    view = View(run)
    print_brief(run)
    say()
    say(f"{run.manifest['members']} members, seed {run.manifest['seed']}")
    _print_treaties(view, None if everything else _MOST)
    _print_levels(view)
    _print_trade(view)
    _print_water(view)
    _print_checks(view)
    say(f"tables  {run.path}", whole=True)
    if plots:
        say(f"plots   {plots[0].parent}", whole=True)


def _from(plots: str, columns: Sequence[str]) -> None:
    """Where the numbers above come from."""
    shown = ", ".join(columns[:3]) + (", ..." if len(columns) > 3 else "")
    say(f"plots: {plots}; columns: {shown}", "dim", 2)


def _print_treaties(view: View, most: int | None) -> None:
    found = prospects(view.catalogue, view.members)
    if not found:
        say("\nNo treaty that was not signed before the branch comes in any member.\n")
        return
    years = sorted(found[0].by)
    first = years[min(1, len(years) - 1)] if years[0] <= view.branch else years[0]
    shown = sorted({first, years[-1]})
    title = f"\nTreaties not yet signed in {month_name(view.branch)}: probability"
    table = Table(["", *(f"by end of {year}" for year in shown), "half by"], title)
    for each in found[:most]:
        table.row(named(each.title), *(str(each.by[year]) for year in shown), _month(each.when.median))
        if len({chance.value for chance in each.signatories.values()}) > 1:
            states = [f"{state} {100 * chance.value:.0f}" for state, chance in each.signatories.items()]
            table.row(f"  of 100 sign: {', '.join(states)}", style="dim")
    table.print()
    if most is not None and len(found) > most:
        say(f"{len(found) - most} more: casim show RUN --all, and the plot adoption.", "dim")
    say(
        f"Brackets: what {view.n_members:,} histories leave open (95 %).  half by: when half of the histories in "
        "which it comes have it.",
        "dim",
    )
    _from("adoption, ladder", ["rung_month.*", "adopted_month.*", "signed_month.*"])


def _month(year: float) -> str:
    if math.isnan(year):
        return ""
    month, year = month_name(year).split()
    return f"{month[:3]} {year}"


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2f}"


def _print_levels(view: View) -> None:
    found = levels(view.catalogue, view.members)
    if not found:
        return
    title = f"\nAt the end of {view.years[-1]}: median and ranges of the histories"
    table = Table(["", "median", "80 %", "95 %"], title)
    for each in found:
        bands = (f"{_number(low)} to {_number(high)}" for low, high in (each.summary.bands[80], each.summary.bands[95]))
        table.row(each.title, _number(each.summary.median), *bands)
    table.print()
    _from("integration-index, trust", [each.column for each in found])


def _print_trade(view: View) -> None:
    found = trade_summary(view)
    if not found:
        return
    headings = ["", "median", "80 %", f"{found['goal']:.0f} in the year", "by its end"]
    table = Table(headings, f"\nTrade of {named(found['pair'])}, billion dollars of the year")
    for year, row in found["years"].items():
        band = "{:.1f} to {:.1f}".format(*row["band_80"])
        table.row(str(year), f"{row['median']:.1f}", band, str(row["in"]), str(row["by"]))
    table.print()
    dates = [f"{share} {'later' if math.isinf(year) else f'{year:.0f}'}" for share, year in found["reached"].items()]
    say(f"Share of histories that have reached it by: {', '.join(dates)}.", "dim")
    for year, row in found["years"].items():
        shares = ", ".join(f"{name} {round(100 * row['variance'][name])} %" for name in PARTS)
        say(f"Variance of its log in {year}: {shares}.", "dim")
    last = max(found["years"])
    _from("trade", [f"trade.{found['pair']}_{last}", f"goal_month.{found['pair']}"])
    regional = ", ".join(
        f"{found['regional_median'][year]:.1f} ({low:.1f} to {high:.1f}) in {year}"
        for year, (low, high) in found["regional"].items()
    )
    say(f"\nIntra-regional trade, billion dollars of the year: {regional}.")
    shares = {state: value for state, value in found["share"].items() if not math.isnan(value)}
    if shares:
        said = ", ".join(f"{state} {100 * value:.0f} %" for state, value in shares.items())
        say(f"Share of each state's trade that is with the other five, {last}: {said}.")
        said = ", ".join(
            f"{state} {100 * found['over_gdp'][state][0]:.0f} ({100 * found['over_gdp'][state][1]:.0f})"
            for state in shares
        )
        say(f"Trade with the other five, % of GDP, {last}: {said}; in brackets what one history in ten exceeds.")
    else:
        say("Trade with the rest of the world is on record from 2000 on: no shares for a run that begins earlier.")
    if max(map(abs, found["gain"].values())) >= NO_GAIN:
        gains = ", ".join(f"{state} {_gain(value)}" for state, value in found["gain"].items())
        say(f"Mean gain from integration against a world without it, % of income, {last}: {gains}.")
        evenness = "" if math.isnan(found["gain_gini"]) else f"Gini {found['gain_gini']:.2f} of 1, "
        say(f"{evenness}least gain of a state, mean of the histories: {signed(100 * found['gain_minimum'])} %.")
        shares = ", ".join(f"{state} {round(1000 * value)}" for state, value in found["shapley"].items())
        say(f"Shapley shares of what all six gain, million dollars a year: {shares}.")
        say("In brackets: elasticity 7 on gross output to elasticity 4 on GDP, to first order.", "dim")
    shown = (f"trade_regional_{last}", f"trade_share.*_{last}", f"integration_gain.*_{last}", f"shapley.*_{last}")
    _from("trade-shares, trade-gains", list(shown))


def _gain(value: float) -> str:
    low, high = sorted(100 * value * factor for factor in SPAN)
    return f"{signed(100 * value)} ({signed(low)} to {signed(high)})"


def _print_water(view: View) -> None:
    found = water_summary(view)
    if not found:
        return
    say("\nRivers and borders", "bold")
    say(f"Water disputes a year: {_range(found['disputes_a_year'], 2)}.")
    dry = ", ".join(f"{state} {100 * each['dry']:.0f} %" for state, each in found["deficit"].items())
    say(f"Deficit, driest year in ten: {dry}.")
    pairs = sorted(found["clashes_by_pair"].items(), key=lambda pair: -pair[1])[:2]
    most = f"; most on {' and '.join(named(dyad) for dyad, _ in pairs)}" if pairs else ""
    say(f"Border clashes in {simulated_years(view.catalogue):.1f} years: {_range(found['clashes'], 1)}{most}.")
    say(f"Border settlements: {_range(found['settlements'], 1)}.")
    say("Mean, and 80 % of the histories, from the branch to the end.", "dim")
    _from("disputes, water, borders", ["disputes_all", "deficit_year.* (yearly)", "clashes.*"])
    say()


def _print_checks(view: View) -> None:
    sentence = check_sentence(stored_checks(view))
    if sentence:
        say(sentence)
        _from("posterior-checks", ["checks stored with the calibration"])
        say()


def _range(found: dict[str, Any], digits: int) -> str:
    low, high = found["band_80"]
    if low == high == found["mean"]:
        return f"{low:.0f}" if low == round(low) else f"{low:.{digits}f}"
    return f"{found['mean']:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def plain(value: Any) -> Any:
    """What JSON can hold: numbers that are none, or not finite, as null; keys as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return plain({**asdict(value), "text": str(value)})
    if hasattr(value, "item"):
        return plain(value.item())
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def as_plain(run: Run) -> str:
    """The main outcomes as JSON text."""
    view = View(run)
    content = {
        "path": str(run.path),
        **{name: run.manifest.get(name) for name in _KEPT},
        "answers": brief(view),
        "treaties": [asdict(each) for each in prospects(view.catalogue, view.members)],
        "levels": [asdict(each) for each in levels(view.catalogue, view.members)],
        "trade": trade_summary(view),
        "water": water_summary(view),
    }
    return json.dumps(plain(content), indent=1, ensure_ascii=False)
