"""Products of matrices and vectors whose sums are added in order, so that they have the same bits everywhere.

A sum that waits for each addition takes four cycles a term; eight of them side by side take no longer.
"""

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, lanes_of, load, store


@compiled
def vector_times_columns(vector, matrix, start):
    """A vector times the columns of a contiguous matrix from `start` on, as lanes; each sum is added from the top."""
    total = lanes_of(0.0)
    for k in range(vector.shape[0]):
        total = total + load(matrix[k], start, 0.0) * vector[k]
    return total


@compiled
def vector_times(vector, matrix, product):
    """A vector times every column of a contiguous matrix, in place."""
    for start in range(0, product.shape[0], WIDTH):
        store(product, start, vector_times_columns(vector, matrix, start))


@compiled
def copy_numbers(target, source):
    """Every number of a contiguous array into another of its size, eight at a time."""
    for start in range(0, target.size, WIDTH):
        store(target, start, load(source, start, 0.0))


@compiled
def turn(matrix, turned):
    """The transpose of a matrix, in place."""
    for i in range(matrix.shape[0]):
        for j in range(matrix.shape[1]):
            turned[j, i] = matrix[i, j]
