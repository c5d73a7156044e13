"""Products of matrices and vectors: to the last bit those of a plain loop."""

import numpy as np
import pytest

from sim.engine.products import turn, vector_times


@pytest.mark.parametrize("shape", [(15, 15), (4, 7), (11, 3), (1, 1)])
def test_products_are_added_in_order(shape):
    rng = np.random.default_rng(1)
    matrix, left, found_left = rng.normal(size=shape), rng.normal(size=shape[0]), np.full(shape[1], 9.0)
    vector_times(left, matrix, found_left)
    for j in range(shape[1]):
        total = 0.0
        for k in range(shape[0]):
            total += left[k] * matrix[k, j]
        assert found_left[j] == total


def test_a_matrix_is_turned():
    matrix, turned = np.arange(6.0).reshape(2, 3), np.empty((3, 2))
    turn(matrix, turned)
    assert (turned == matrix.T).all()
