"""The sketch of monthly values: order and grouping change no bit, quantiles are right to half a bin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.runs.sketch import SeriesSketch
from sim.runs.tables import merge_sketch_tables, read_sketches, sketch_table

MONTHS = 3
values = st.integers(1, 40).flatmap(
    lambda members: arrays(np.float64, (members, MONTHS), elements=st.floats(-2, 2, allow_nan=False))
)


def sketch_of(*groups):
    merged = SeriesSketch(MONTHS)
    for group in groups:
        one = SeriesSketch(MONTHS)
        one.add(group)
        merged.merge(one)
    return merged


def assert_same(one, other):
    for mine, theirs in zip(one.as_sparse().values(), other.as_sparse().values(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(one.mean(), other.mean())


@given(values, st.randoms(use_true_random=False), st.integers(1, 40))
def test_order_and_part_size_change_no_bit(members, random, size):
    whole = sketch_of(members)
    order = list(range(len(members)))
    random.shuffle(order)
    shuffled = members[order]
    assert_same(whole, sketch_of(*(shuffled[start : start + size] for start in range(0, len(members), size))))


@given(values)
def test_quantiles_are_right_to_half_a_bin_and_the_mean_beyond(members):
    sketch = sketch_of(members)
    for share in (0.025, 0.5, 0.9):
        np.testing.assert_allclose(sketch.quantile(share), np.quantile(members, share, axis=0), atol=0.000501)
    np.testing.assert_allclose(sketch.mean(), members.mean(axis=0), atol=1e-9)


@given(values, values)
def test_tables_bring_sketches_back(one, other):
    tables = [sketch_table({"first": each, "second": each + 0.5}, MONTHS) for each in (one, other)]
    read = read_sketches(merge_sketch_tables(tables))
    assert_same(read["first"], sketch_of(one, other))
    assert_same(read["second"], sketch_of(one + 0.5, other + 0.5))


def test_what_is_not_a_number_is_left_out():
    sketch = sketch_of(np.array([[0.5, np.nan, np.nan], [0.7, 0.2, np.nan]]))
    np.testing.assert_array_equal(sketch.numbers, [2, 1, 0])
    np.testing.assert_allclose(sketch.mean(), [0.6, 0.2, np.nan])
    np.testing.assert_allclose(sketch.quantile(0.5), [0.6, 0.2, np.nan], atol=1e-12)


def test_values_beyond_the_range_are_drawn_in():
    sketch = sketch_of(np.array([[1e9, -np.inf, 0.0]]))
    np.testing.assert_array_equal(sketch.quantile(0.5), [16.0, -16.0, 0.0])


def test_ends_of_the_range_stay_exact():
    sketch = sketch_of(np.ones((5, MONTHS)), np.zeros((5, MONTHS)))
    np.testing.assert_array_equal(sketch.quantile(0.975), np.ones(MONTHS))
    np.testing.assert_array_equal(sketch.quantile(0.025), np.zeros(MONTHS))


def test_unlike_sketches_are_not_merged():
    with pytest.raises(ValueError, match="resolution"):
        SeriesSketch(3, 0.001).merge(SeriesSketch(3, 0.01))
