"""Trade of the states: levels, the date of a goal, shares, gains and how evenly they fall, what blurs a forecast."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.facts import load_trade_facts
from sim.facts.trade_panel import TradePanel, trade_panel
from sim.facts.trade_rows import READINGS
from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Histories
from sim.outcomes.metric import YEARLY
from sim.outcomes.series import report_years
from sim.outcomes.summary import probability, probability_by, spread, summarise

if TYPE_CHECKING:
    from sim.outcomes.view import View

GOAL_YEARS = (2030, 2034)
#: Share of income below which gains are not worth a line.
NO_GAIN = 0.0005
#: Gains over those at elasticity 5 on GDP: elasticity 7 on gross output, elasticity 4 on GDP, to first order.
SPAN = (5 / 7 / 1.8, 5 / 4)
PARTS = ("growth", "elasticity", "inflation", "residual")
_SERIES = tuple(metric for metric in YEARLY if metric.also_at == "year")


def trade_years(catalogue: Catalogue) -> tuple[int, ...]:
    """Years at which trade is read: report years and those of the goal."""
    years = catalogue.years
    return tuple(sorted({*report_years(catalogue), *(year for year in GOAL_YEARS if year in years)}))


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Outcome columns of trade, each (m,) float; none where the run holds no trade."""
    catalogue, yearly = histories.catalogue, histories.yearly
    axis = catalogue.region.axis
    if f"trade.{axis}" not in yearly:
        return {}
    goal = catalogue.region.goal
    found = {f"goal_month.{axis}": _first_year(np.asarray(yearly[f"trade.{axis}"]), catalogue.years, goal)}
    place = {year: position for position, year in enumerate(catalogue.years)}
    names = [name for name in yearly if any(metric.places(name) is not None for metric in _SERIES)]
    anchor = place.get(catalogue.branch // 12 - 1, 0)
    sizes = sum(np.log(np.asarray(yearly[f"gdp_volume.{state}"], float)) for state in axis.split("-"))
    for year in trade_years(catalogue):
        at = place[year]
        found |= {f"{name}_{year}": np.asarray(yearly[name][:, at], float) for name in names}
        found[f"trade_sizes.{axis}_{year}"] = sizes[:, at] - sizes[:, anchor]
        gains = np.stack([found[f"integration_gain.{state}_{year}"] for state in catalogue.states], axis=1)
        found[f"gain_gini_{year}"] = gini(gains)
        found[f"gain_minimum_{year}"] = gains.min(axis=1)
    last = trade_years(catalogue)[-1]
    for state in catalogue.states:
        found[f"shapley.{state}_{last}"] = np.asarray(yearly[f"shapley.{state}"][:, place[last]], float)
    return found


def _first_year(trade: np.ndarray, years: tuple[int, ...], goal: float) -> np.ndarray:
    """December of the first year at or above the goal, as a year fraction; nan where never."""
    reached = trade >= goal
    first = np.asarray(years)[np.argmax(reached, axis=1)] + 11 / 12
    return np.where(reached.any(axis=1), first, np.nan)


def gini(gains: np.ndarray) -> np.ndarray:
    """Gini coefficient of each row, (m, states), in [0, 1]; nan where nobody gains or loses.

    Mean absolute difference over twice the mean of absolute gains (Raffinetti, Siletti & Vernizzi 2015): the usual
    coefficient where nobody loses, and bounded where somebody does.
    """
    total = np.abs(gains).sum(axis=1)
    apart = np.abs(gains[:, :, None] - gains[:, None, :]).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, apart / (2 * gains.shape[1] * total), np.nan)


def variance_shares(members: Mapping[str, np.ndarray], year: int, elasticity: np.ndarray | float) -> dict[str, float]:
    """Share of the variance over members of the log of the axis's trade that each of PARTS accounts for; they sum to 1.

    Log trade since the record is size elasticity times growth, plus the price level, plus the rest (residual and
    borders). A part's share is its covariance with the whole over the variance of the whole.

    Parameters
    ----------
    members : outcome columns
    elasticity : (m,) size elasticity of each member, or one number
    """
    of_sizes = next(name for name in members if name.startswith("trade_sizes.") and name.endswith(f"_{year}"))
    whole = np.log(np.asarray(members[of_sizes.replace("trade_sizes.", "trade.")], float))
    sizes = np.asarray(members[of_sizes], float)
    theta = np.broadcast_to(np.asarray(elasticity, float), whole.shape)
    mean = theta.mean()
    parts = {
        "growth": mean * sizes,
        "elasticity": (theta - mean) * sizes,
        "inflation": np.log(np.asarray(members[f"deflator_{year}"], float)),
    }
    parts["residual"] = whole - sum(parts.values())
    away = whole - whole.mean()
    variance = float((away**2).mean())
    if not variance > 0:
        return dict.fromkeys(PARTS, float("nan"))
    return {name: float(((part - part.mean()) * away).mean()) / variance for name, part in parts.items()}


def has_trade(view: "View") -> bool:
    """Whether a run holds trade."""
    return f"goal_month.{view.catalogue.region.axis}" in view.members


def goal_years(catalogue: Catalogue) -> list[int]:
    """Years of the goal and the last, as far as they are simulated."""
    first, last = catalogue.branch // 12, trade_years(catalogue)[-1]
    return sorted({year for year in (*GOAL_YEARS, last) if first <= year <= last})


def goal_chances(view: "View", year: int) -> dict[str, Any]:
    """Trade of the axis in a year: median, middle 80 %, chance of the goal in that year and by its end."""
    axis, goal = view.catalogue.region.axis, view.catalogue.region.goal
    level = np.asarray(view.members[f"trade.{axis}_{year}"], float)
    return {
        **spread(level),
        "in": probability(int((level >= goal).sum()), level.size),
        "by": probability_by(view.members[f"goal_month.{axis}"], year),
    }


def reached(view: "View", shares: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9)) -> dict[str, float]:
    """Year by which each share of all histories has reached the goal; inf where that share never does."""
    when = view.members[f"goal_month.{view.catalogue.region.axis}"]
    found = np.quantile(np.where(np.isfinite(when), when, np.inf), shares, method="inverted_cdf")
    return {f"{share:.0%}": float(np.floor(year)) for share, year in zip(shares, found)}


def trade_summary(view: "View") -> dict[str, Any]:
    """The main outcomes of trade as plain values; empty where the run holds none."""
    if not has_trade(view) or not goal_years(view.catalogue):
        return {}
    members, years, states = view.members, goal_years(view.catalogue), view.catalogue.states
    last, elasticity = years[-1], _elasticity(view)
    regional = {year: summarise(members[f"trade_regional_{year}"]) for year in years}
    shares = {state: summarise(members[f"trade_share.{state}_{last}"]) for state in states}
    over_gdp = {state: members[f"trade_gdp.{state}_{last}"] for state in states}
    return {
        "pair": view.catalogue.region.axis,
        "goal": view.catalogue.region.goal,
        "years": {
            year: {**goal_chances(view, year), "variance": variance_shares(members, year, elasticity)} for year in years
        },
        "reached": reached(view),
        "regional": {year: found.bands[80] for year, found in regional.items()},
        "regional_median": {year: found.median for year, found in regional.items()},
        "share": {state: found.median for state, found in shares.items()},
        "over_gdp": {state: np.quantile(found, (0.5, 0.9)).tolist() for state, found in over_gdp.items()},
        "gain": {state: float(np.mean(members[f"integration_gain.{state}_{last}"])) for state in states},
        "shapley": {state: float(np.mean(members[f"shapley.{state}_{last}"])) for state in states},
        "gain_gini": summarise(members[f"gain_gini_{last}"]).median,
        "gain_minimum": float(np.mean(members[f"gain_minimum_{last}"])),
    }


def _elasticity(view: "View") -> np.ndarray | float:
    """Size elasticity of each member, or the one that all have."""
    name = "trade.size_elasticity"
    if f"drawn.{name}" in view.members:
        return view.members[f"drawn.{name}"]
    given = view.run.manifest.get("resolved", {}).get("parameters", {})
    return float(given.get(name, {row.name: row.value for row in view.facts.parameters}[name]))


def documented_panel(view: "View") -> TradePanel:
    """Documented trade under the reading that the run uses."""
    parameters: Mapping = view.run.manifest.get("resolved", {}).get("parameters", {})
    return trade_panel(load_trade_facts(view.facts.record), str(parameters.get("trade.reading", READINGS[0])))


def documented_trade(panel: TradePanel, pairs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Middle of the year and trade in billion current USD, summed over the pairs that have a figure that year."""
    rows = [panel.pair(name) for name in pairs]
    usd = np.nansum(panel.trade_usd[rows], axis=0) * panel.deflator / 1e9
    some = np.isfinite(panel.trade_usd[rows]).any(axis=0)
    return panel.years[some] + 0.5, usd[some]


def partners(view: "View", year: int) -> np.ndarray:
    """Median trade of a year, billion 2021 USD, (state, state and all others); nan where unknown."""
    states, at = view.catalogue.states, view.catalogue.years.index(year)
    prices = view.yearly("deflator")[:, at]
    found = np.full((len(states), len(states) + 1), np.nan)
    for dyad in view.catalogue.dyads:
        a, b = (states.index(name) for name in dyad.split("-"))
        found[a, b] = found[b, a] = np.median(view.yearly(f"trade.{dyad}")[:, at] / prices)
    for k, state in enumerate(states):
        share = np.median(view.yearly(f"trade_share.{state}")[:, at])
        found[k, -1] = np.nansum(found[k, :-1]) * (1 / share - 1) if share > 0 else np.nan
    return found
