"""The sketch of monthly values: order and grouping change no bit, quantiles are right to half a bin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.runs.sketch import QUANTILES, Sketch

MONTHS = 3
values = st.integers(1, 40).flatmap(
    lambda members: arrays(np.float64, (members, MONTHS), elements=st.floats(-2, 2, allow_nan=False))
)


def sketch_of(*groups, width=0.001):
    """A sketch of one series: of each group by itself, merged."""
    merged = Sketch({"x": width}, MONTHS)
    for group in groups:
        one = Sketch({"x": width}, MONTHS)
        one.add({"x": group})
        merged.merge(one)
    return merged


def assert_same(one, other):
    assert one.as_table().equals(other.as_table())
    np.testing.assert_array_equal(one.mean(), other.mean())
    shares = list(QUANTILES.values())
    np.testing.assert_array_equal(one.quantiles(shares), other.quantiles(shares))


@given(values, st.randoms(use_true_random=False), st.integers(1, 40))
def test_order_and_part_size_change_no_bit(members, random, size):
    whole = sketch_of(members)
    order = list(range(len(members)))
    random.shuffle(order)
    shuffled = members[order]
    pieces = [shuffled[start : start + size] for start in range(0, len(members), size)]
    assert_same(whole, sketch_of(*pieces))
    added = Sketch({"x": 0.001}, MONTHS)
    for piece in pieces:
        added.add({"x": piece})
    assert_same(whole, added)


@given(values)
def test_quantiles_are_right_to_half_a_bin_and_the_mean_beyond(members):
    sketch, shares = sketch_of(members), [0.025, 0.5, 0.9]
    expected = np.quantile(members, shares, axis=0)
    np.testing.assert_allclose(sketch.quantiles(shares)[:, 0], expected, atol=0.000501)
    np.testing.assert_allclose(sketch.mean()[0], members.mean(axis=0), atol=1e-9)


@given(values, values)
def test_tables_bring_sketches_back(one, other):
    def both(values):
        sketch = Sketch({"first": 0.001, "second": 0.01}, MONTHS)
        sketch.add({"first": values, "second": values + 0.5})
        return sketch

    merged, read = both(one), Sketch.from_table(both(one).as_table())
    merged.merge(both(other))
    read.merge(Sketch.from_table(both(other).as_table()))
    assert_same(merged, read)


def test_what_is_not_a_number_is_left_out():
    sketch = sketch_of(np.array([[0.5, np.nan, np.nan], [0.7, 0.2, np.nan]]))
    np.testing.assert_array_equal(sketch.numbers, [[2, 1, 0]])
    np.testing.assert_allclose(sketch.mean(), [[0.6, 0.2, np.nan]])
    np.testing.assert_allclose(sketch.quantiles([0.5])[0], [[0.6, 0.2, np.nan]], atol=1e-12)


def test_values_beyond_the_range_are_drawn_in():
    sketch = sketch_of(np.array([[1e9, -np.inf, 0.0]]))
    np.testing.assert_array_equal(sketch.quantiles([0.5])[0], [[16.0, -16.0, 0.0]])


def test_ends_of_the_range_stay_exact():
    sketch = sketch_of(np.ones((5, MONTHS)), np.zeros((5, MONTHS)))
    found = sketch.quantiles([0.025, 0.975])
    np.testing.assert_array_equal(found[:, 0], [np.zeros(MONTHS), np.ones(MONTHS)])


def test_room_follows_the_range_of_each_month():
    wide, narrow = np.linspace(-1, 1, 2001), np.full(2001, 0.5)
    sketch = sketch_of(np.column_stack([narrow, narrow, wide]))
    assert [len(row) for row in sketch.as_table().column("counts").to_pylist()] == [1, 1, 2001]


def test_unlike_sketches_are_not_merged():
    with pytest.raises(ValueError, match="resolution"):
        sketch_of(width=0.001).merge(sketch_of(width=0.01))
