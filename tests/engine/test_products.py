"""Products of matrices and vectors: to the last bit those of a plain loop."""

import numpy as np
import pytest

from sim.engine.products import matrix_times, vector_times


@pytest.mark.parametrize("shape", [(15, 15), (4, 7), (11, 3), (1, 1)])
def test_products_are_added_in_order(shape):
    rng = np.random.default_rng(1)
    matrix, right, left = rng.normal(size=shape), rng.normal(size=shape[1]), rng.normal(size=shape[0])
    found_right, found_left = np.full(shape[0], 9.0), np.full(shape[1], 9.0)
    matrix_times(matrix, right, found_right)
    vector_times(left, matrix, found_left)
    for i in range(shape[0]):
        total = 0.0
        for k in range(shape[1]):
            total += matrix[i, k] * right[k]
        assert found_right[i] == total
    for j in range(shape[1]):
        total = 0.0
        for k in range(shape[0]):
            total += left[k] * matrix[k, j]
        assert found_left[j] == total
