"""Chance: the bits of numpy's Philox, the quantile of the standard library, and independence of everything else."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.random import channel_key, four_uniforms, normal, normal_quantile, normal_quantiles, philox, uniform

address = st.integers(0, 2**40)


@given(seed=st.integers(0, 2**64 - 1), slot=address, month=address, member=address)
def test_bits_equal_numpy(seed, slot, month, member):
    key = channel_key(seed, "ladder:KAZ-UZB")
    # numpy advances its counter before the first block
    counter = (slot + (month << 64) + (member << 128) - 1) % 2**256
    theirs = np.random.Philox(counter=counter, key=key).random_raw(4)
    ours = philox(key, slot, month, member)
    assert [int(b) for b in ours] == [int(b) for b in theirs]


@given(st.floats(1e-300, 1 - 1e-16))
def test_quantile_equals_standard_library(probability):
    theirs = statistics.NormalDist().inv_cdf(probability)
    assert normal_quantile(probability) == pytest.approx(theirs, rel=1e-14, abs=1e-15)


def test_quantiles_of_a_matrix_have_the_bits_of_each():
    uniforms = np.random.default_rng(1).uniform(1e-6, 1.0 - 1e-6, (501, 3))
    found = np.empty_like(uniforms)
    normal_quantiles(uniforms, found)
    assert found.ravel().tolist() == [normal_quantile(value) for value in uniforms.ravel()]


def test_channels_and_seeds_differ():
    keys = {tuple(channel_key(seed, name)) for seed in (1, 2) for name in ("leader:KAZ", "leader:UZB")}
    assert len(keys) == 4


def test_uniforms_are_uniform_and_independent():
    key = channel_key(7, "wave")
    draws = np.array([four_uniforms(key, 0, month, member) for month in range(100) for member in range(100)])
    assert abs(draws.mean() - 0.5) < 4 / np.sqrt(12 * draws.size)
    assert abs(draws.var() - 1 / 12) < 0.003
    assert np.abs(np.corrcoef(draws.T) - np.eye(4)).max() < 0.04


def test_address_alone_decides():
    key = channel_key(7, "wave")
    first = uniform(key, 0, 24306, 12)
    for month in range(50):
        uniform(key, 0, month, 3)
    assert uniform(key, 0, 24306, 12) == first == four_uniforms(key, 0, 24306, 12)[0]
    assert normal(key, 0, 24306, 12) == normal_quantile(first)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_out_of_range(seed):
    with pytest.raises(OverflowError):
        channel_key(seed, "wave")
