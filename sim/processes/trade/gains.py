"""Gains from trade: what a change of trade costs is worth, against the same year without it.

Arkolakis, Costinot & Rodríguez-Clare (2012): in a wide class of models real income moves with the share of expenditure
that stays at home, to the power of minus one over the trade elasticity. The share comes from structural gravity.
"""

from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, exponential, load, logarithm, store
from sim.processes.trade.gravity import (
    Market,
    check_solution,
    domestic_shares,
    freeness_of_base,
    shift_freeness,
    solve_resistances,
    totals,
)


@compiled
def welfare_gains(shares_with, shares_without, trade_elasticity, gains):
    """Relative changes of real income, in place, `(share_with / share_without) ** (-1 / elasticity) - 1`.

    Parameters
    ----------
    shares_with, shares_without : (economy,), share of expenditure on domestic goods, in (0, 1], with and without the
        policy
    trade_elasticity : positive; 4-7, 5 central
    gains : (economy,), filled
    """
    for start in range(0, gains.shape[0], WIDTH):
        ratio = load(shares_with, start, 1.0) / load(shares_without, start, 1.0)
        store(gains, start, exponential((0.0 - logarithm(ratio)) / trade_elasticity) - 1.0)


class Workspace(NamedTuple):
    """Working space of `policy_gains`; the record `commerce` has the same fields."""

    shifted: np.ndarray  # (exporter, importer)
    turned: np.ndarray  # (importer, exporter)
    inward: np.ndarray  # (economy,)
    step: np.ndarray  # (economy,)
    share: np.ndarray  # (economy,) domestic shares under the policy


@compiled
def policy_gains(freeness, log_change, market, trade_elasticity, without, work, outward, gains):
    """Relative gain of every economy from a change of trade costs in one year, output and expenditure held, in place.

    Parameters
    ----------
    freeness : (exporter, importer), without the policy
    log_change : (exporter, importer), log points of trade at fixed access; 0 where nothing changes
    market : as `solve_resistances`
    trade_elasticity : positive
    without : (economy,), domestic shares without the policy
    work : `Workspace` or `commerce`
    outward : (economy,), positive on entry, where the search starts
    gains : (economy,), filled, share of real income

    Returns
    -------
    code : as `solve_resistances`
    """
    shift_freeness(freeness, log_change, work.shifted, work.turned)
    return gains_of_shift(market, trade_elasticity, without, work, outward, gains)


@compiled(apart=True)
def gains_of_shift(market, trade_elasticity, without, work, outward, gains):
    """The same, where the freeness under the policy is known: `work.shifted`, and `work.turned`."""
    code = solve_resistances(work.shifted, work.turned, market, outward, work.inward, work.step)
    if code > 0:
        domestic_shares(work.shifted, market.output, outward, work.inward, work.share)
        welfare_gains(work.share, without, trade_elasticity, gains)
    return code


@compiled
def gain_in_all(trade, water_usd, energy_usd, gdp_usd):
    """Trade, water and energy together.

    Parameters
    ----------
    trade : relative gain from trade, share of GDP
    water_usd, energy_usd : gain from water and from energy, USD a year; zero until rivers are in the run
    gdp_usd : GDP of the year, positive

    Returns
    -------
    (share of GDP, USD)
    """
    dollars = trade * gdp_usd + water_usd + energy_usd
    return dollars / gdp_usd, dollars


def gains_from(flows, log_change, names, trade_elasticity=5.0) -> np.ndarray:
    """Relative gain of every economy when the costs of a base-year table of flows change, for use outside the engine.

    Parameters
    ----------
    flows : (exporter, importer), USD, domestic sales on the diagonal
    log_change : (exporter, importer), log points of trade at fixed access
    names : (economy,), for messages
    trade_elasticity : positive

    Raises
    ------
    GravityError : an economy without figures, or no solution within the stated rounds
    """
    n = len(names)
    output, expenditure = np.empty(n), np.empty(n)
    totals(flows, output, expenditure)
    freeness = np.empty((n, n))
    freeness_of_base(flows, output, expenditure, freeness)
    without = np.diag(flows) / expenditure
    gains = np.empty(n)
    code = policy_gains(
        freeness,
        log_change,
        Market(output, expenditure, np.eye(n)),
        trade_elasticity,
        without,
        Workspace(np.empty((n, n)), np.empty((n, n)), np.ones(n), np.empty(n), np.empty(n)),
        np.ones(n),
        gains,
    )
    check_solution(code, names)
    return gains


def gains_over_bases(flows_of_basis, log_change, names, elasticities=(4.0, 5.0, 7.0)) -> np.ndarray:
    """Gains for every pairing of a domestic-sales basis with a trade elasticity: the range to quote.

    Parameters
    ----------
    flows_of_basis : (basis, exporter, importer), USD; the same trade with other domestic sales
    log_change : (exporter, importer); names : (economy,); elasticities : (elasticity,)

    Returns
    -------
    (basis, elasticity, economy), relative gains
    """
    return np.array([[gains_from(flows, log_change, names, e) for e in elasticities] for flows in flows_of_basis])
