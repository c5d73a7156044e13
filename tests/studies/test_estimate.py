"""Effects over rows of parameters, against what is known of them."""

import numpy as np
import pytest

from sim.studies.estimate import estimate


def _members(rows, each, between, within, mean, seed=1):
    rng = np.random.default_rng(seed)
    row = np.repeat(np.arange(rows), each)
    return mean + between * rng.standard_normal(rows)[row] + within * rng.standard_normal(row.size), row


def test_variances_are_those_of_one_way_analysis():
    # three rows of two: means 1, 2, 6 around 3; within each row one above and one below by 1
    found = estimate([0, 2, 1, 3, 5, 7], [0, 0, 1, 1, 2, 2])
    assert found.value == 3
    assert found.within == pytest.approx(np.sqrt(6 / 3))
    outside = 2 * (4 + 1 + 9) / 2
    assert found.between == pytest.approx(np.sqrt((outside - 2) / 2))


def test_chance_alone_is_not_taken_for_parameters():
    """Where rows do not matter the interval is that of the mean, not of single members."""
    found = estimate(*_members(100, 5, 0.0, 1.0, 0.2))
    assert found.between < 0.35
    assert found.high - found.low < 0.6 and found.probability(0) > 0.95


def test_parameters_are_not_averaged_out():
    """Where rows matter, more members do not make a sign sure that differs between them."""
    found = estimate(*_members(200, 50, 1.0, 1.0, 0.5))
    assert found.between == pytest.approx(1.0, rel=0.15)
    assert found.probability(0) == pytest.approx(0.69, abs=0.08)  # P(N(0.5, 1) > 0)


def test_effects_of_one_sign_keep_it():
    rng = np.random.default_rng(3)
    differences = rng.exponential(size=500) * (rng.random(500) < 0.3)
    found = estimate(differences, rng.integers(100, size=500))
    assert found.probability(0) == 1.0


def test_what_cannot_be_estimated_is_refused():
    with pytest.raises(ValueError):
        estimate([1.0, 2.0], [0, 0])
    with pytest.raises(ValueError):
        estimate([1.0, np.nan], [0, 1])
