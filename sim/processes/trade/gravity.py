"""Structural gravity: who trades with whom once every economy's access to all others is counted.

Anderson & van Wincoop (2003), with output and expenditure held (the conditional response). Trade costs enter as
`T`, the freeness of trade: cost to the power of minus the trade elasticity. Taking `T = X Y_W / (Y E)` from the flows
of a base year makes every resistance one there, so the base year is exact and no distance needs to be estimated.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.engine.arrays import copy_into
from sim.engine.compiled import compiled
from sim.engine.lanes import (
    WIDTH,
    all_within,
    exponential,
    filled,
    lanes_of,
    larger_size,
    largest,
    load,
    logarithm,
    store,
)
from sim.engine.products import turn, vector_times, vector_times_columns

TOLERANCE = 1e-10
MAXIMUM_ITERATIONS = 20_000
_ROUNDING = 1e-14
_MOST = np.finfo(float).max


class GravityError(ValueError):
    """Raised when resistances cannot be found; `economy` names the one that stands in the way."""

    def __init__(self, message: str, economy: str):
        self.economy = economy
        super().__init__(message)


class Market(NamedTuple):
    """Sizes of the economies and how to search for their resistances; the shared record of trade has these fields."""

    output: np.ndarray  # (economy,) USD
    expenditure: np.ndarray  # (economy,) USD
    correction: np.ndarray  # (economy, economy) as `newton_correction` gives it, or the identity


@compiled
def totals(flows, output, expenditure):
    """Output and expenditure that belong to a table of flows, in place.

    Parameters
    ----------
    flows : (exporter, importer), USD, domestic sales on the diagonal
    output, expenditure : (economy,), USD, filled with the sums of rows and of columns
    """
    n = flows.shape[0]
    output[:] = 0.0
    expenditure[:] = 0.0
    for i in range(n):
        for j in range(n):
            output[i] += flows[i, j]
            expenditure[j] += flows[i, j]


@compiled
def freeness_of_base(flows, output, expenditure, freeness):
    """The freeness of trade that makes all resistances of the base year one, in place: `T = X Y_W / (Y E)`.

    Parameters
    ----------
    flows : (exporter, importer), USD
    output, expenditure : (economy,), USD, as `totals` gives them
    freeness : (exporter, importer), filled; zero where there is no trade
    """
    n = flows.shape[0]
    world = output.sum()
    for i in range(n):
        for j in range(n):
            freeness[i, j] = flows[i, j] * world / (output[i] * expenditure[j])


@compiled
def _unusable(freeness, turned, output, expenditure):
    """Index of the first economy without positive size or without any trade, or -1."""
    n = output.shape[0]
    for i in range(n):
        sells = buys = False
        for start in range(0, n, WIDTH):
            sold, bought = load(freeness[i], start, 0.0), load(turned[i], start, 0.0)
            if not all_within(sold, 0.0, _MOST):
                return i
            sells = sells or not all_within(sold, 0.0, 0.0)
            buys = buys or not all_within(bought, -math.inf, 0.0)
        if not (output[i] > 0.0 and output[i] < math.inf and expenditure[i] > 0.0 and expenditure[i] < math.inf):
            return i
        if not (sells and buys):
            return i
    return -1


@compiled
def _missing(work, spent, turned, world, outward):
    """What ln O lacks to fit the inward resistances, into `work`: `ln sum_j T_ij e_j / I_j - ln O_i`, from `e / I`."""
    n = outward.shape[0]
    for start in range(0, n, WIDTH):
        fits = filled(vector_times_columns(spent, turned, start), n - start, world)
        store(work, start, logarithm(fits / (world * load(outward, start, 1.0))))


@compiled
def _move(missing, correction, plain, market, world, outward, sold):
    """Outward resistances, in place, and what belongs to them in `sold`, `y / O`; gives the largest move of ln O."""
    most = lanes_of(0.0)
    for start in range(0, outward.shape[0], WIDTH):
        move = load(missing, start, 0.0) if plain else vector_times_columns(missing, correction, start)
        moved = load(outward, start, 1.0) * exponential(move)
        store(outward, start, moved)
        store(sold, start, load(market.output, start, 0.0) / (world * moved))
        most = larger_size(most, move)
    return largest(most)


@compiled
def _moved_most(missing, correction, plain):
    """The economy whose ln O still moves most."""
    most, found = 0.0, 0
    for i in range(missing.shape[0]):
        move = missing[i]
        if not plain:
            move = 0.0
            for k in range(missing.shape[0]):
                move += correction[k, i] * missing[k]
        if not (abs(move) <= most):
            most, found = abs(move), i
    return found


@compiled(apart=True)
def solve_resistances(
    freeness, turned, market, outward, inward, step, tolerance=TOLERANCE, maximum_iterations=MAXIMUM_ITERATIONS
):
    """Multilateral resistances as a fixed point, in place, starting from the outward ones handed in.

    `O_i = sum_j T_ij e_j / I_j` and `I_j = sum_i T_ij y_i / O_i`, with y and e shares of the world's output. A round
    moves ln O by what is missing times `correction`: the identity is plain iteration, which always converges; the
    matrix of `newton_correction` gets there in a few rounds near the flows it was made from. Should a corrected round
    make things worse, the rest is plain.

    Parameters
    ----------
    freeness : (exporter, importer), contiguous
    turned : (importer, exporter), its transpose, contiguous
    market : `Market`, or the shared record of trade
    outward, inward : (economy,), outward positive on entry (ones, or a neighbouring solution); replaced by the solution
    step : (economy,), work
    tolerance : accepted relative error of an outward resistance, as estimated from how fast the steps shrink
    maximum_iterations : rounds before giving up

    Returns
    -------
    code : rounds used if positive; `-(i + 1)` if economy i has no positive size or no trade; `-(n + i + 1)` if the
        rounds ran out while economy i moved most. `check_solution` turns codes into errors.
    """
    output, expenditure, correction = market.output, market.expenditure, market.correction
    n = output.shape[0]
    bad = _unusable(freeness, turned, output, expenditure)
    if bad >= 0:
        return -(bad + 1)
    world = output.sum()
    plain, before = False, math.inf
    here, there = step, inward  # in turn `y / O`, `e / I` and what is missing: one is found of the other
    for start in range(0, n, WIDTH):
        store(here, start, load(output, start, 0.0) / (world * load(outward, start, 1.0)))
    for iteration in range(maximum_iterations):
        for start in range(0, n, WIDTH):
            resistance = filled(vector_times_columns(here, freeness, start), n - start, 1.0)
            store(there, start, load(expenditure, start, 0.0) / resistance)
        _missing(here, there, turned, world, outward)
        most = _move(here, correction, plain, market, world, outward, there)
        # The moves still to come add to about most * shrinkage / (1 - shrinkage); rounding limits what can be asked.
        if most <= max(tolerance * (1.0 - most / before), _ROUNDING):
            vector_times(there, freeness, here)
            copy_into(inward, here)
            return iteration + 1
        if iteration == maximum_iterations - 1:
            break
        plain = plain or most > before
        before = most
        here, there = there, here
    return -(n + _moved_most(here, correction, plain) + 1)


@compiled
def gravity_flows(freeness, output, expenditure, outward, inward, flows):
    """Flows that belong to a solution, in place: `X_ij = Y_i E_j / Y_W * T_ij / (O_i I_j)`.

    Parameters
    ----------
    freeness : (exporter, importer); output, expenditure : (economy,), USD; outward, inward : (economy,)
    flows : (exporter, importer), USD, filled
    """
    n = output.shape[0]
    world = output.sum()
    for i in range(n):
        for j in range(n):
            flows[i, j] = output[i] * expenditure[j] / world * freeness[i, j] / (outward[i] * inward[j])


@compiled
def domestic_shares(freeness, output, outward, inward, shares):
    """Share of each economy's expenditure that stays at home, in place: `T_ii y_i / (O_i I_i)`, between 0 and 1."""
    world = output.sum()
    for i in range(output.shape[0]):
        shares[i] = freeness[i, i] * output[i] / world / (outward[i] * inward[i])


@compiled
def shift_freeness(freeness, log_change, shifted, turned):
    """Freeness after a change of costs, and its transpose, in place: `T exp(change)`, log points at fixed access."""
    for i in range(freeness.shape[0]):
        for start in range(0, freeness.shape[1], WIDTH):
            change, after = load(log_change[i], start, 0.0), load(freeness[i], start, 0.0)
            if not all_within(change, 0.0, 0.0):
                after = after * exponential(change)
            store(shifted[i], start, after)
    turn(shifted, turned)


def check_solution(code: int, names, maximum_iterations: int = MAXIMUM_ITERATIONS) -> int:
    """The rounds used, or the error that a code of `solve_resistances` stands for.

    Raises
    ------
    GravityError : naming the economy without figures, or the one that still moved when the rounds ran out
    """
    if code > 0:
        return code
    n = len(names)
    if -code <= n:
        name = names[-code - 1]
        message = f"{name}: output, expenditure and trade must be positive and finite numbers"
        raise GravityError(message, name)
    name = names[-code - n - 1]
    message = f"multilateral resistances still moved after {maximum_iterations} rounds, most of all that of {name}"
    raise GravityError(message, name)


def newton_correction(flows: np.ndarray) -> np.ndarray:
    """The matrix that turns what is missing in ln O, a row, into the step that closes it, to first order around flows.

    Parameters
    ----------
    flows : (exporter, importer), USD; each economy sells and buys something

    Returns
    -------
    (economy, economy), contiguous
    """
    output, expenditure = flows.sum(axis=1), flows.sum(axis=0)
    # One round spreads a change of ln O over competitors in proportion to the markets they share. A common factor of
    # all resistances changes no flow; the second term leaves it where a plain round would.
    spread = (flows / output[:, None]) @ (flows / expenditure).T
    correction = np.linalg.inv(np.eye(len(output)) - spread + output / output.sum())
    return np.ascontiguousarray(correction.T)


def solved(freeness, output, expenditure, names, tolerance=TOLERANCE, maximum_iterations=MAXIMUM_ITERATIONS):
    """Resistances from a cold start by plain rounds, for use outside the engine.

    Returns
    -------
    (outward, inward) : (economy,) each

    Raises
    ------
    GravityError : see `check_solution`
    """
    n = len(output)
    outward, inward = np.ones(n), np.ones(n)
    market = Market(output, expenditure, np.eye(n))
    freeness, turned = np.ascontiguousarray(freeness), np.ascontiguousarray(freeness.T)
    code = solve_resistances(freeness, turned, market, outward, inward, np.empty(n), tolerance, maximum_iterations)
    check_solution(code, names, maximum_iterations)
    return outward, inward
