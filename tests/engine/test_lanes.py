"""Eight numbers at a time: to the last bit what each of them is alone."""

import math
import platform

import numpy as np
import pytest

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, all_within, exponential, lanes_of, load, logarithm, store

LIBRARY = platform.libc_ver()  # others may differ in the last bit
same_library = pytest.mark.skipif(
    LIBRARY[0] != "glibc" or tuple(map(int, LIBRARY[1].split("."))) < (2, 28), reason="another mathematical library"
)


@compiled
def exponentials(source, target):
    for start in range(0, source.shape[0], WIDTH):
        store(target, start, exponential(load(source, start, 0.0)))


@compiled
def logarithms(source, target):
    for start in range(0, source.shape[0], WIDTH):
        store(target, start, logarithm(load(source, start, 1.0)))


@compiled
def worked(a, b, target):
    for start in range(0, a.shape[0], WIDTH):
        found = (2.0 - load(a, start, 0.0) / 3.0) * load(b, start, 0.0) + lanes_of(0.25)
        store(target, start, found)


@compiled
def lie_within(source, low, high):
    return all_within(load(source, 0, 0.0), low, high)


@same_library
@pytest.mark.parametrize("spread", [1e-20, 1e-8, 1.0, 30.0, 500.0])
def test_an_exponential_has_the_bits_of_the_library(spread):
    values = np.random.default_rng(1).normal(0.0, spread, 20_003).clip(-740.0, 700.0)
    found = np.empty_like(values)
    exponentials(values, found)
    assert found.tolist() == [math.exp(value) for value in values]


@same_library
@pytest.mark.parametrize("spread", [1e-15, 1e-8, 1e-2, 0.5])
def test_a_logarithm_has_the_bits_of_the_library(spread):
    values = np.abs(1.0 + np.random.default_rng(1).normal(0.0, spread, 20_003))
    found = np.empty_like(values)
    logarithms(values, found)
    assert found.tolist() == [math.log(value) for value in values]


def test_what_has_no_logarithm_and_no_exponential():
    found = np.empty(4)
    logarithms(np.array([0.0, -1.0, np.inf, 1.0]), found)
    assert found[0] == -np.inf and np.isnan(found[1]) and found[2] == np.inf and found[3] == 0.0
    exponentials(np.array([-np.inf, np.nan, 0.0, 1000.0]), found)
    assert found[0] == 0.0 and np.isnan(found[1]) and found[2] == 1.0 and found[3] == np.inf


@pytest.mark.parametrize("length", [1, 7, 8, 9, 20])
def test_lanes_end_where_the_array_does(length):
    a, b = np.random.default_rng(length).normal(size=(2, length))
    target = np.full(length + WIDTH, 9.0)
    worked(a, b, target[:length])
    assert target[:length].tolist() == [(2.0 - x / 3.0) * y + 0.25 for x, y in zip(a, b)]
    assert (target[length:] == 9.0).all()


def test_all_lanes_within_bounds():
    assert lie_within(np.array([-1.0, 1.0]), -1.0, 1.0)
    assert not lie_within(np.array([-1.0, 1.1]), -1.0, 1.0)
    assert not lie_within(np.array([0.5, 0.6]), 0.1, 1.0), "lanes beyond the end are zero here"
    assert not lie_within(np.array([np.nan]), -1.0, 1.0)
