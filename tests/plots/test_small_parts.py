"""The small parts the plots are put together from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.plots.data import month_name
from sim.plots.style import spread
from sim.plots.trust_matrix import chosen_years


@given(st.lists(st.floats(0, 100), max_size=7))
def test_spread_labels_keep_order_and_distance(values):
    placed = np.array(spread(values, 9, 0, 100))
    assert placed.size == len(values)
    if values:
        assert placed.min() >= -1e-6 and placed.max() <= 100 + 1e-6
        assert (np.diff(np.sort(placed)) >= 9 - 0.01).all()
        order = np.argsort(values, kind="stable")
        assert (np.diff(placed[order]) > 0).all()


def test_labels_far_apart_stay_where_they_are():
    assert spread([10, 50, 90], 5, 0, 100) == [10, 50, 90]


@pytest.mark.parametrize(
    ("branch", "years"),
    [
        (2025.5, [1995, 2005, 2016, 2024, 2030, 2040]),
        (1992.0, [1995, 2005, 2016, 2030, 2040]),
        (2016 + 8 / 12, [1995, 2005, 2015, 2030, 2040]),
    ],
)
def test_years_of_the_trust_matrix(branch, years):
    assert chosen_years(1992, 2040, branch) == years


def test_a_short_span_still_shows_its_last_year():
    assert chosen_years(2010, 2012, 2010.0) == [2012]


def test_months_by_name():
    assert month_name(2025.5) == "July 2025"
    assert month_name(1992.0) == "January 1992"
    assert month_name(2024 + 11 / 12) == "December 2024"
