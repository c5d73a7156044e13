"""Trade of the states: levels, the date of a goal, shares, gains and how evenly they fall, what blurs a forecast."""

from collections.abc import Mapping

import numpy as np

from sim.outcomes.catalogue import Catalogue
from sim.outcomes.histories import Histories
from sim.outcomes.metric import YEARLY
from sim.outcomes.series import report_years

AXIS = "KAZ-UZB"
GOAL = 10.0  # billion current USD a year, named by both presidents
GOAL_YEARS = (2030, 2034)
PARTS = ("growth", "elasticity", "inflation", "residual")
_SERIES = tuple(metric for metric in YEARLY if metric.also_at == "year")


def trade_years(catalogue: Catalogue) -> tuple[int, ...]:
    """Years at which trade is read: report years and those of the goal."""
    years = catalogue.years
    return tuple(sorted({*report_years(catalogue), *(year for year in GOAL_YEARS if year in years)}))


def columns(histories: Histories) -> dict[str, np.ndarray]:
    """Outcome columns of trade, each (m,) float; none where the run holds no trade."""
    catalogue, yearly = histories.catalogue, histories.yearly
    if f"trade.{AXIS}" not in yearly:
        return {}
    found = {f"goal_month.{AXIS}": _first_year(np.asarray(yearly[f"trade.{AXIS}"]), catalogue.years)}
    place = {year: position for position, year in enumerate(catalogue.years)}
    names = [name for name in yearly if any(metric.places(name) is not None for metric in _SERIES)]
    anchor = place.get(catalogue.branch // 12 - 1, 0)
    sizes = sum(np.log(np.asarray(yearly[f"gdp_volume.{state}"], float)) for state in AXIS.split("-"))
    for year in trade_years(catalogue):
        at = place[year]
        found |= {f"{name}_{year}": np.asarray(yearly[name][:, at], float) for name in names}
        found[f"trade_sizes.{AXIS}_{year}"] = sizes[:, at] - sizes[:, anchor]
        gains = np.stack([found[f"gain.{state}_{year}"] for state in catalogue.states], axis=1)
        found[f"gain_gini_{year}"] = gini(gains)
        found[f"gain_minimum_{year}"] = gains.min(axis=1)
    return found


def _first_year(trade: np.ndarray, years: tuple[int, ...]) -> np.ndarray:
    """December of the first year at or above the goal, as a year fraction; nan where never."""
    reached = trade >= GOAL
    first = np.asarray(years)[np.argmax(reached, axis=1)] + 11 / 12
    return np.where(reached.any(axis=1), first, np.nan)


def gini(gains: np.ndarray) -> np.ndarray:
    """Gini coefficient of each row, (m, states): mean absolute difference over twice the mean, or nan."""
    total = gains.sum(axis=1)
    spread = np.abs(gains[:, :, None] - gains[:, None, :]).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, spread / (2 * gains.shape[1] * total), np.nan)


def variance_shares(members: Mapping[str, np.ndarray], year: int, elasticity: np.ndarray | float) -> dict[str, float]:
    """Share of the variance over members of the log of the axis's trade that each of PARTS accounts for; they sum to 1.

    Log trade since the record is size elasticity times growth, plus the price level, plus the rest (residual and
    borders). A part's share is its covariance with the whole over the variance of the whole.

    Parameters
    ----------
    members : outcome columns
    elasticity : (m,) size elasticity of each member, or one number
    """
    whole = np.log(np.asarray(members[f"trade.{AXIS}_{year}"], float))
    sizes = np.asarray(members[f"trade_sizes.{AXIS}_{year}"], float)
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
