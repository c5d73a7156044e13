"""Trade at the end of `casim run`: the goal of ten billion and when, what blurs it, the region, and who gains."""

from typing import Any

import numpy as np

from sim.outcomes import Probability, probability, probability_by, summarise, variance_shares
from sim.outcomes.trade import AXIS, GOAL, GOAL_YEARS, PARTS, trade_years
from sim.runs import Run

_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
# elasticity 7 and gross output as the basis at one end, elasticity 4 and GDP at the other, against 5 and GDP
#: Share of income below which the gains of a run are not worth a line.
_WORTH_TELLING = 0.001
_LEAST, _MOST = 5 / 7 / 1.8, 5 / 4


def _years(run: Run) -> list[int]:
    """Years of the goal and the last, as far as they are simulated."""
    first, last = run.catalogue.branch // 12, trade_years(run.catalogue)[-1]
    return sorted({year for year in (*GOAL_YEARS, last) if first <= year <= last})


def _dates(members: dict[str, np.ndarray]) -> dict[str, float]:
    """Year at which each share of all histories has reached the goal; inf where that share never does."""
    when = np.where(np.isfinite(members[f"goal_month.{AXIS}"]), members[f"goal_month.{AXIS}"], np.inf)
    found = np.quantile(when, _QUANTILES, method="inverted_cdf")
    return {f"{share:.0%}": float(np.floor(year)) for share, year in zip(_QUANTILES, found)}


def _elasticity(run: Run, members: dict[str, np.ndarray]) -> np.ndarray | float:
    """Size elasticity of each member, or the one that all have."""
    name = "trade.size_elasticity"
    if f"drawn.{name}" in members:
        return members[f"drawn.{name}"]
    from sim.facts import load_facts

    table = {row.name: row.value for row in load_facts().parameters}
    return float(run.manifest.get("resolved", {}).get("parameters", {}).get(name, table[name]))


def trade_of(run: Run) -> dict[str, Any]:
    """The main outcomes of trade as plain values; empty where the run holds none."""
    members = run.columns()
    if f"goal_month.{AXIS}" not in members or not _years(run):
        return {}
    when, found = members[f"goal_month.{AXIS}"], {}
    for year in _years(run):
        level = np.asarray(members[f"trade.{AXIS}_{year}"], float)
        found[year] = {
            "median": summarise(level).median,
            "band_80": summarise(level).bands[80],
            "in": _chance(probability(int((level >= GOAL).sum()), level.size)),
            "by": _chance(probability_by(when, year)),
            "variance": variance_shares(members, year, _elasticity(run, members)),
        }
    states = run.catalogue.states
    last = _years(run)[-1]
    return {
        "pair": AXIS,
        "goal": GOAL,
        "years": found,
        "reached": _dates(members),
        "regional": {year: summarise(members[f"trade_regional_{year}"]).bands[80] for year in _years(run)},
        "regional_median": {year: summarise(members[f"trade_regional_{year}"]).median for year in _years(run)},
        "share": {state: summarise(members[f"trade_share.{state}_{last}"]).median for state in states},
        "gain": {state: float(np.mean(members[f"gain.{state}_{last}"])) for state in states},
        "gain_gini": summarise(members[f"gain_gini_{last}"]).median,
        "gain_minimum": float(np.mean(members[f"gain_minimum_{last}"])),
    }


def _chance(chance: Probability) -> dict[str, float | str]:
    return {"value": chance.value, "low": chance.low, "high": chance.high, "text": str(chance)}


def print_trade(console, run: Run) -> None:
    """Print the tables of trade, if the run holds any."""
    from sim.cli.summary import _table

    found = trade_of(run)
    if not found:
        return
    headings = ["", "median", "80 %", f"{GOAL:.0f} in the year", "by its end"]
    table = _table(f"Trade of {AXIS}, billion current dollars", headings)
    for year, row in found["years"].items():
        band = "{:.1f} to {:.1f}".format(*row["band_80"])
        table.add_row(str(year), f"{row['median']:.1f}", band, row["in"]["text"], row["by"]["text"])
    console.print(table)
    dates = [f"{share} {'later' if np.isinf(year) else f'{year:.0f}'}" for share, year in found["reached"].items()]
    console.print(f"[dim]Share of histories that have reached it by: {', '.join(dates)}.[/dim]")
    for year, row in found["years"].items():
        shares = ", ".join(f"{name} {100 * row['variance'][name]:.0f} %" for name in PARTS)
        console.print(f"[dim]Variance of its log in {year}: {shares}.[/dim]")
    regional = ", ".join(
        f"{found['regional_median'][year]:.1f} ({low:.1f} to {high:.1f}) in {year}"
        for year, (low, high) in found["regional"].items()
    )
    console.print(f"\nIntra-regional trade, billion: {regional}.")
    _print_states(console, found, list(found["years"])[-1])


def _print_states(console, found: dict[str, Any], year: int) -> None:
    shares = ", ".join(f"{state} {100 * value:.0f} %" for state, value in found["share"].items())
    console.print(f"Share of each state's trade that is with the other five, {year}: {shares}.")
    if max(map(abs, found["gain"].values())) >= _WORTH_TELLING:
        gains = ", ".join(
            f"{state} {round(100 * value, 2) + 0.0:.2f} ({_span(value)})" for state, value in found["gain"].items()
        )
        console.print(f"Mean gain from changed trade costs, % of income, {year}: {gains}.")
        evenness = "" if np.isnan(found["gain_gini"]) else f"Gini {found['gain_gini']:.2f}, "
        console.print(f"{evenness}smallest {100 * found['gain_minimum'] + 0.0:.2f} %.")
        console.print("[dim]In brackets: elasticity 7 on gross output to elasticity 4 on GDP, to first order.[/dim]")
    console.print()


def _span(gain: float) -> str:
    low, high = sorted((100 * gain * _LEAST, 100 * gain * _MOST))
    return f"{round(low, 2) + 0.0:.2f} to {round(high, 2) + 0.0:.2f}"
