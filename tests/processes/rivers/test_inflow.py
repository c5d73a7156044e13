"""Inflow: mean, spread, memory and common shares as asked; recorded years enter and the memory goes on from them."""

import math
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.processes.rivers.inflow import climate_factor, draw_year, factor_of, shock_of

Memory = namedtuple("Memory", ["water_inflow_persistence", "water_inflow_common", "water_inflow_basin"])


def simulate(years, persistence=0.3, common=0.35, basin=0.45, variation=(0.22, 0.20, 0.14, 0.15)):
    """(years, groups) factors; groups 0 and 1 in one basin, 2 and 3 in the other."""
    random = np.random.default_rng(7)
    shocks, factors = np.zeros(4), np.ones(4)
    unknown, basins, spread = np.full(4, np.nan), np.array([0, 0, 1, 1]), np.array(variation)
    result = np.empty((years, 4))
    for year in range(years):
        draw_year(shocks, factors, unknown, spread, basins, random.normal(size=7), Memory(persistence, common, basin))
        result[year] = factors
    return result


def test_mean_spread_memory_and_common_variance():
    factors = simulate(40000)
    assert factors.mean(axis=0) == pytest.approx(1.0, abs=0.01)
    assert factors.std(axis=0) == pytest.approx([0.22, 0.20, 0.14, 0.15], rel=0.03)
    logs = np.log(factors)
    assert np.corrcoef(logs[1:, 0], logs[:-1, 0])[0, 1] == pytest.approx(0.3, abs=0.02)
    correlation = np.corrcoef(logs.T)
    assert correlation[0, 1] == pytest.approx(0.80, abs=0.02)
    assert correlation[0, 2] == pytest.approx(0.35, abs=0.02)


def test_without_variation_every_year_is_a_mean_year():
    assert (simulate(20, variation=(0.0, 0.0, 0.0, 0.0)) == 1.0).all()


def test_a_recorded_drought_enters_and_is_remembered():
    shocks, factors = np.zeros(1), np.ones(1)
    spread, basins = np.array([0.2]), np.array([0])
    draw_year(shocks, factors, np.array([0.7]), spread, basins, np.zeros(3), Memory(0.3, 0.35, 0.45))
    assert factors[0] == 0.7
    drought = shocks[0]
    draw_year(shocks, factors, np.array([np.nan]), spread, basins, np.zeros(3), Memory(0.3, 0.35, 0.45))
    assert shocks[0] == pytest.approx(0.3 * drought)
    assert factors[0] < 1.0


@given(shock=st.floats(-4.0, 4.0), variation=st.floats(0.01, 0.6))
def test_factor_and_shock_are_inverse(shock, variation):
    assert shock_of(factor_of(shock, variation), variation) == pytest.approx(shock, abs=1e-9)


@pytest.mark.parametrize(
    ("years", "trend", "peak", "after", "factor"),
    [
        (-5.0, 0.1, math.inf, 0.0, 1.0),
        (10.0, -0.05, math.inf, 0.0, math.exp(-0.05)),
        (20.0, 0.03, 10.0, -0.06, math.exp(0.03 - 0.06)),
        (10.0, 0.03, 10.0, -0.06, math.exp(0.03)),
    ],
)
def test_climate_by_hand(years, trend, peak, after, factor):
    assert climate_factor(years, trend, peak, after) == pytest.approx(factor)
