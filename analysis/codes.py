"""Codes of a million units: made dense and compared without putting them in order, which is what takes the time."""

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

#: What no code is.
NOTHING = np.iinfo(np.int64).min


def dense(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Codes from 0 on that leave out few numbers, (n,), and what each of them stands for.

    >>> dense(np.array([-1, 2, 0]))[0].tolist(), dense(np.array([10**12, 5]))[0].tolist()
    ([0, 3, 1], [1, 0])
    """
    low, high = (int(codes.min()), int(codes.max())) if len(codes) else (0, -1)
    if low >= -1 and high < 2 * len(codes) + 1000:
        shift = min(low, 0)
        return (codes - shift if shift else codes.astype(np.int64, copy=False)), np.arange(shift, high + 1)
    known, found = np.unique(codes, return_inverse=True)
    return found, known.astype(np.int64, copy=False)


def holders(codes: IntArray, count: int, of_units: IntArray) -> IntArray | None:
    """What each code 0…count-1 has in ``of_units`` (n,) beside it, or ``NOTHING``; ``None`` when it differs.

    >>> holders(np.array([0, 0, 2]), 3, np.array([7, 7, 8]))[[0, 2]].tolist()
    [7, 8]
    >>> holders(np.array([0, 0]), 1, np.array([7, 8])) is None
    True
    """
    found = np.full(count, NOTHING, dtype=np.int64)
    found[codes] = of_units
    return found if np.array_equal(found[codes], of_units) else None


def all_differ(codes: IntArray) -> bool:
    """Whether no code comes twice.

    >>> all_differ(np.array([4, 2])), all_differ(np.array([4, 4]))
    (True, False)
    """
    found, known = dense(codes)
    if len(known) < len(codes):
        return False
    seen = np.zeros(len(known), dtype=np.bool_)
    seen[found] = True
    return int(np.count_nonzero(seen)) == len(codes)
