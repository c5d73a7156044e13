"""Kernels as ordinary Python on a region of three states: state and random numbers are set by hand.

Compiled kernels take no such region, so these tests are collected in a process without compilation alone;
`tests/test_by_hand.py` starts one.
"""

import numba
import pytest

from by_hand.three_states import Draws, three_states

collect_ignore_glob = [] if numba.config.DISABLE_JIT else ["test_*.py"]


@pytest.fixture
def region():
    return three_states()[0]


@pytest.fixture
def inputs():
    return three_states()[1]


@pytest.fixture
def params():
    return three_states()[2]


@pytest.fixture
def log():
    return three_states()[3]


@pytest.fixture
def draws(monkeypatch):
    """A function that puts given random numbers in the place of a module's: `draws(module, {(key, slot): numbers})`."""

    def put(module, numbers, otherwise=0.999):
        given = Draws(numbers, otherwise)
        for name in ("four_uniforms", "uniform", "normal"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, getattr(given, name))
        return given

    return put
