"""Hadamard matrices: rows of +1 and -1, any two of them orthogonal.

By doubling (Sylvester 1867) from the orders 1 and q + 1, q a prime with remainder 3 by 4 (Paley 1933).
"""

import numpy as np

from analysis.design import FloatArray


def hadamard(least: int) -> FloatArray:
    """One of the smallest order from ``least`` up that these rules make; its first row is +1.

    >>> hadamard(3).astype(int).tolist()
    [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
    >>> [len(hadamard(least)) for least in (1, 5, 9, 13, 17, 25)]
    [1, 8, 12, 16, 20, 32]
    """
    order = max(least, 1)
    while True:
        found = _of_order(order)
        if found is not None:
            return found
        order += 1


def _of_order(order: int) -> FloatArray | None:
    if order == 1:
        return np.ones((1, 1))
    if order % 2 == 0:
        half = _of_order(order // 2)
        if half is not None:
            return np.kron(np.array([[1.0, 1.0], [1.0, -1.0]]), half)
    prime = order - 1
    if order % 4 or any(prime % divisor == 0 for divisor in range(2, int(prime**0.5) + 1)):
        return None
    squares = np.zeros(prime, dtype=bool)
    squares[np.arange(1, prime) ** 2 % prime] = True
    differences = (np.arange(prime)[:, np.newaxis] - np.arange(prime)) % prime
    core = np.where(squares[differences], 1.0, -1.0)
    matrix = np.ones((order, order))
    matrix[1:, 1:] = core
    return matrix
