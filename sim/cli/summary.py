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
from sim.outcomes.summary import few
from sim.outcomes.trade import NO_GAIN, PARTS, SPAN, trade_summary
from sim.outcomes.view import View, month_name
from sim.outcomes.water import simulated_years, water_summary
from sim.runs import Run
from sim.words import counted, histories, named, sentence, signed

_MOST = 10
_PLOT = {"treaties": "adoption, ladder", "rivers": "disputes, borders", "trade": "trade", "": "calibration page"}
_KEPT = ("scenario", "key", "members", "seed", "failed", "no_effect", "same_as_parent", "numbers_digest")


def print_brief(run: Run, view: View | None = None) -> None:
    """Print what was run and five sentences, each with the plots and columns that its numbers come from."""
    view = view or View(run)
    say(run.manifest["title"] or run.name, "bold")
    say(
        f"{sentence(histories(view.n_members))}, simulated from {month_name(view.branch)} to "
        f"{month_name(view.end - 1 / 12)}"
    )
    for each in brief(view):
        say()
        say(each["texts"][0])
        if each["figure"]:
            _from(_PLOT.get(each["figure"], each["figure"]), each["columns"])


def print_summary(run: Run, plots: Sequence[Path] = (), everything: bool = False) -> None:
    """Print the sentences and the tables of a finished run; all open treaties where ``everything`` is asked for."""
    view = View(run)
    print_brief(run, view)
    say()
    say(f"{sentence(counted(run.manifest['members'], 'member'))}, seed {run.manifest['seed']}")
    if few(view.n_members):
        say(few(view.n_members), "dim")
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
    one = view.n_members == 1
    table = Table(["", *(f"by end of {year}" for year in shown), "comes in" if one else "half by"], title)
    for each in found[:most]:
        table.row(named(each.title), *(str(each.by[year]) for year in shown), _month(each.when.median))
        if len({chance.value for chance in each.signatories.values()}) > 1:
            states = [f"{state} {100 * chance.value:.0f}" for state, chance in each.signatories.items()]
            table.row(f"  of 100 sign: {', '.join(states)}", style="dim")
    table.print()
    if most is not None and len(found) > most:
        say(f"{len(found) - most} more: casim show RUN --all, and the plot adoption.", "dim")
    half = "half by: when half of the histories in which it comes have it."
    left = "one history leaves" if one else f"{histories(view.n_members)} leave"
    say(f"Brackets: what {left} open (95 %).{'' if one else f'  {half}'}", "dim")
    _from("adoption, ladder", ["rung_month.*", "adopted_month.*", "signed_month.*"])


def _month(year: float) -> str:
    if math.isnan(year):
        return ""
    month, year = month_name(year).split()
    return f"{month[:3]} {year}"


def _band(low: float, high: float) -> str:
    return "" if math.isnan(low) else f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2f}"


def _print_levels(view: View) -> None:
    found = levels(view.catalogue, view.members)
    if not found:
        return
    title = f"\nAt the end of {view.years[-1]}"
    if view.n_members == 1:
        table = Table(["", "value"], f"{title}, in the one history")
    else:
        table = Table(["", "median", "80 %", "95 %"], f"{title}: median and ranges of the histories")
    for each in found:
        bands = [_band(*each.summary.bands[band]) for band in (80, 95) if view.n_members > 1]
        table.row(each.title, _number(each.summary.median), *bands)
    table.print()
    _from("integration-index, trust", [each.column for each in found])


def _print_trade(view: View) -> None:
    found = trade_summary(view)
    if not found:
        return
    one = view.n_members == 1
    headings = ["", "value" if one else "median", *([] if one else ["80 %"])]
    headings += [f"{found['goal']:.0f} in the year", "by its end"]
    table = Table(headings, f"\nTrade of {named(found['pair'])}, billion dollars of the year")
    for year, row in found["years"].items():
        band = [] if one else [_tenths(*row["band_80"])]
        table.row(str(year), _tenth(row["median"]), *band, str(row["in"]), str(row["by"]))
    table.print()
    _print_goal(found, one)
    last = max(found["years"])
    _from("trade", [f"trade.{found['pair']}_{last}", f"goal_month.{found['pair']}"])
    regional = ", ".join(
        f"{_tenth(found['regional_median'][year])}{'' if one else f' ({_tenths(low, high)})'} in {year}"
        for year, (low, high) in found["regional"].items()
    )
    say(f"\nIntra-regional trade, billion dollars of the year: {regional}.")
    _print_shares(found, last, one)
    _print_gains(found, last, one)
    shown = (f"trade_regional_{last}", f"trade_share.*_{last}", f"integration_gain.*_{last}", f"shapley.*_{last}")
    _from("trade-shares, trade-gains", list(shown))


def _print_goal(found: dict[str, Any], one: bool) -> None:
    """When the goal is reached, and what makes the histories differ."""
    if one:
        year = found["reached"]["50%"]
        say("The goal is not reached." if math.isinf(year) else f"The goal is reached in {year:.0f}.", "dim")
        say("Variance of trade: one history has none.", "dim")
        return
    dates = [f"{share} {'later' if math.isinf(year) else f'{year:.0f}'}" for share, year in found["reached"].items()]
    say(f"Share of histories that have reached it by: {', '.join(dates)}.", "dim")
    for year, row in found["years"].items():
        known = not any(math.isnan(row["variance"][name]) for name in PARTS)
        shares = ", ".join(f"{name} {round(100 * row['variance'][name])} %" for name in PARTS) if known else "none"
        say(f"Variance of its log in {year}: {shares}.", "dim")


def _print_shares(found: dict[str, Any], last: int, one: bool) -> None:
    """Trade of each state with the other five, of its trade and of its GDP."""
    shares = {state: value for state, value in found["share"].items() if not math.isnan(value)}
    if not shares:
        say("Trade with the rest of the world is on record from 2000 on: no shares for a run that begins earlier.")
        return
    said = ", ".join(f"{state} {100 * value:.0f} %" for state, value in shares.items())
    say(f"Share of each state's trade that is with the other five, {last}: {said}.")
    over_gdp = {state: found["over_gdp"][state] for state in shares if not math.isnan(found["over_gdp"][state][0])}
    said = ", ".join(
        f"{state} {100 * middle:.0f}{'' if one else f' ({100 * high:.0f})'}"
        for state, (middle, high) in over_gdp.items()
    )
    if over_gdp:
        brackets = "" if one else "; in brackets what one history in ten exceeds"
        say(f"Trade with the other five, % of GDP, {last}: {said}{brackets}.")


def _print_gains(found: dict[str, Any], last: int, one: bool) -> None:
    """Gains from integration and how evenly they fall; nothing where nobody gains."""
    known = {state: value for state, value in found["gain"].items() if math.isfinite(value)}
    if max(map(abs, known.values()), default=0.0) < NO_GAIN:
        return
    gains = ", ".join(f"{state} {_gain(value)}" for state, value in known.items())
    say(f"{'Gain' if one else 'Mean gain'} from integration against a world without it, % of income, {last}: {gains}.")
    evenness = "" if math.isnan(found["gain_gini"]) else f"Gini {found['gain_gini']:.2f} of 1, "
    mean = "" if one else ", mean of the histories"
    if math.isfinite(found["gain_minimum"]):
        say(f"{evenness}least gain of a state{mean}: {signed(100 * found['gain_minimum'])} %.")
    fair = {state: value for state, value in found["shapley"].items() if math.isfinite(value)}
    if fair:
        said = ", ".join(f"{state} {round(1000 * value)}" for state, value in fair.items())
        say(f"Shapley shares of what all six gain, million dollars a year: {said}.")
    say("In brackets: elasticity 7 on gross output to elasticity 4 on GDP, to first order.", "dim")


def _tenth(value: float) -> str:
    return "unknown" if math.isnan(value) else f"{value:.1f}"


def _tenths(low: float, high: float) -> str:
    return "" if math.isnan(low) else f"{low:.1f} to {high:.1f}"


def _gain(value: float) -> str:
    low, high = sorted(100 * value * factor for factor in SPAN)
    return f"{signed(100 * value)} ({signed(low)} to {signed(high)})"


def _print_water(view: View) -> None:
    found = water_summary(view)
    if not found:
        return
    say("\nRivers and borders", "bold")
    say(f"Water disputes a year: {_range(found['disputes_a_year'], 2)}.")
    dry = [f"{state} {100 * each['dry']:.0f} %" for state, each in found["deficit"].items() if each["dry"] >= 0]
    if dry:
        say(f"Deficit, driest year in ten: {', '.join(dry)}.")
    pairs = sorted(found["clashes_by_pair"].items(), key=lambda pair: -pair[1])[:2]
    most = f"; most on {' and '.join(named(dyad) for dyad, _ in pairs)}" if pairs else ""
    say(f"Border clashes in {simulated_years(view.catalogue):.1f} years: {_range(found['clashes'], 1)}{most}.")
    say(f"Border settlements: {_range(found['settlements'], 1)}.")
    one = view.n_members == 1
    say(f"{'The one history' if one else 'Mean, and 80 % of the histories'}, from the branch to the end.", "dim")
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
    if math.isnan(found["mean"]):
        return "unknown"
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
