"""Products of matrices and vectors whose sums are added in order, so that they have the same bits everywhere.

A sum that waits for each addition takes four cycles a term. Five sums side by side hide that without changing the order
of any of them.
"""

from sim.engine.compiled import compiled

AT_ONCE = 5


@compiled
def matrix_times(matrix, vector, product):
    """Every row of a matrix times a vector, in place; each sum is added from the left."""
    rows = matrix.shape[0]
    for i in range(0, rows - rows % AT_ONCE, AT_ONCE):
        a = b = c = d = e = 0.0
        for k in range(vector.shape[0]):
            weight = vector[k]
            a += matrix[i, k] * weight
            b += matrix[i + 1, k] * weight
            c += matrix[i + 2, k] * weight
            d += matrix[i + 3, k] * weight
            e += matrix[i + 4, k] * weight
        product[i], product[i + 1], product[i + 2], product[i + 3], product[i + 4] = a, b, c, d, e
    for i in range(rows - rows % AT_ONCE, rows):
        product[i] = 0.0
        for k in range(vector.shape[0]):
            product[i] += matrix[i, k] * vector[k]


@compiled
def vector_times(vector, matrix, product):
    """A vector times every column of a matrix, in place; each sum is added from the top."""
    rows = vector.shape[0]
    product[:] = 0.0
    for k in range(0, rows - rows % AT_ONCE, AT_ONCE):
        a, b, c, d, e = vector[k], vector[k + 1], vector[k + 2], vector[k + 3], vector[k + 4]
        for j in range(product.shape[0]):
            upper = product[j] + matrix[k, j] * a + matrix[k + 1, j] * b
            product[j] = upper + matrix[k + 2, j] * c + matrix[k + 3, j] * d + matrix[k + 4, j] * e
    for k in range(rows - rows % AT_ONCE, rows):
        for j in range(product.shape[0]):
            product[j] += matrix[k, j] * vector[k]
