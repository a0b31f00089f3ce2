"""Joint inclusion probabilities of methods that have a closed form; the diagonal has the units' own.

Certain units are in every sample: their joint probability with a unit is that unit's own. For the others, with
p = x / X, π = n p and X, n what is left without certain units:

- simple random (and by permanent random numbers, in a single draw): n (n - 1) / (N (N - 1));
- PPS systematic in the given order, and systematic as PPS systematic with equal sizes: the starts that take unit i are
  an arc of length n x on a circle of length X; joint is the overlap of two arcs, divided by X;
- Brewer, n = 2: 2 p_i p_j (1 / (1 - 2 p_i) + 1 / (1 - 2 p_j)) / (1 + Σ p / (1 - 2 p)) (Brewer 1963, Australian Journal
  of Statistics 5);
- Rao-Sampford (Sampford 1967, Biometrika 54, written otherwise): with f_k the probability that k units are taken where
  each is taken by itself with its π, and f_k without i and j in the numerator,
  π_i π_j Σ_{k <= n-2} (n - π_i - π_j - k) f_k / Σ_{k <= n-1} (n - k) f_k. No term is negative, so nothing is lost.
"""

from itertools import accumulate

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.sampling.pps_inclusion import Inclusion, inclusion
from analysis.sampling.sample_design import PROPORTIONAL_TO_SIZE, Method
from analysis.sampling.selection_errors import JointUnknownError, SizesError, TooFewUnitsError

_BEYOND = 2**63


def joint_inclusion(
    method: Method,
    *,
    n: int,
    sizes: IntArray | None = None,
    total: int | None = None,
    among: IntArray | None = None,
) -> FloatArray:
    """The matrix of the units at the positions ``among`` (k,), (k, k), or of all of them, (N, N).

    ``sizes`` (N,): must be given for methods proportional to size; else ``total``, N, is enough.

    Raises :class:`JointUnknownError` for Brewer's method where more than two of the units that are not certain are
    drawn, and what :func:`analysis.sampling.selection.select` raises for sizes and n.

    >>> joint_inclusion(Method.SIMPLE, n=2, total=4)[0].round(4).tolist()
    [0.5, 0.1667, 0.1667, 0.1667]
    >>> joint_inclusion(Method.PPS_SYSTEMATIC, n=2, sizes=np.array([2, 1, 1, 2])).round(4).tolist()[0]
    [0.6667, 0.0, 0.3333, 0.3333]
    """
    if sizes is None and (total is None or method in PROPORTIONAL_TO_SIZE):
        raise SizesError(f"sizes: got none, expected one per unit for {method}")
    count = total if sizes is None else len(sizes)
    if count is None or not 0 <= n <= count:
        raise TooFewUnitsError(n, count or 0)
    chosen = np.arange(count) if among is None else among
    if method in (Method.SIMPLE, Method.PERMANENT):
        return _simple(n, count, len(chosen))
    of_size = sizes if sizes is not None and method in PROPORTIONAL_TO_SIZE else np.ones(count, np.int64)
    chances = inclusion(of_size, n=n)
    joint = _with_certain(chances, chosen)
    free = np.flatnonzero(~np.isin(chosen, chances.certain))
    if chances.take == 1:
        joint[np.ix_(free, free)] = 0
    elif chances.take and len(free):
        joint[np.ix_(free, free)] = _uncertain(method, chances, chosen[free])
    numerators, denominators = chances.fractions(chosen)
    np.fill_diagonal(joint, numerators / denominators)
    return joint


def _simple(n: int, count: int, k: int) -> FloatArray:
    joint = np.full((k, k), n * (n - 1) / (count * (count - 1)) if count > 1 else 0.0)
    np.fill_diagonal(joint, n / count if count else 0.0)
    return joint


def _with_certain(chances: Inclusion, chosen: IntArray) -> FloatArray:
    """The smaller of the two units' probabilities: right where one of them is certain."""
    numerators, denominators = chances.fractions(chosen)
    probabilities = numerators / denominators
    return np.minimum(probabilities[:, None], probabilities[None, :])


def _uncertain(method: Method, chances: Inclusion, chosen: IntArray) -> FloatArray:
    match method:
        case Method.SYSTEMATIC | Method.PPS_SYSTEMATIC:
            return _systematic(chances, chosen)
        case Method.SAMPFORD:
            return _sampford(chances, chosen)
        case Method.BREWER if chances.take == 2:
            return _brewer_of_two(chances, chosen)
    raise JointUnknownError(method, chances.take)


def _systematic(chances: Inclusion, chosen: IntArray) -> FloatArray:
    """Arcs begin at n C modulo X, C the total of the sizes before."""
    n, total, left = chances.take, chances.total, chances.left()
    before = accumulate(left.tolist(), initial=0) if n * total >= _BEYOND else None
    if before is None:
        begins = (np.cumsum(left) - left) * n % total
    else:
        begins = np.array([at * n % total for _, at in zip(left, before, strict=False)], np.int64)
    starts, lengths = begins[chosen], left[chosen] * n
    gaps = (starts[None, :] - starts[:, None]) % total  # from the row's beginning on to the column's
    ahead = np.minimum(lengths[:, None] - gaps, lengths[None, :])
    around = np.minimum(lengths[:, None], lengths[None, :] - (total - gaps))
    overlaps: IntArray = np.maximum(ahead, 0) + np.maximum(around, 0)
    return overlaps / float(total)


def _brewer_of_two(chances: Inclusion, chosen: IntArray) -> FloatArray:
    total = chances.total
    everyone = chances.left()
    shares, share = everyone / total, everyone[chosen] / total
    rest, of_all = (total - 2 * everyone[chosen]) / total, (total - 2 * everyone) / total
    pairs: FloatArray = 2 * share[:, None] * share[None, :] * (1 / rest[:, None] + 1 / rest[None, :])
    return pairs / (1 + float((shares / of_all).sum()))


def _sampford(chances: Inclusion, chosen: IntArray) -> FloatArray:
    n, left = chances.take, chances.left()
    everyone = left[left > 0] * n / chances.total
    found = left[chosen] * n / chances.total
    counts = _count_distribution(everyone)
    below = np.arange(n)
    whole = float(((n - below) * counts[:n]).sum())
    without = _leave_out(np.broadcast_to(counts[:, None], (len(counts), len(found))), found, len(counts) - 1)
    joint = np.zeros((len(found), len(found)))
    for i, chance in enumerate(found[:-1]):
        others = found[i + 1 :]
        both = _leave_out(np.broadcast_to(without[:, i, None], (len(without), len(others))), others, n - 1)
        factor = n - chance - others[None, :] - below[: n - 1, None]
        joint[i, i + 1 :] = chance * others * (factor * both).sum(axis=0) / whole
    return joint + joint.T


def _count_distribution(chances: FloatArray) -> FloatArray:
    """Probability of 0 … N taken when each is by itself, (N+1,)."""
    counts = np.zeros(len(chances) + 1)
    counts[0] = 1
    for known, chance in enumerate(chances):
        counts[1 : known + 2] = counts[1 : known + 2] * (1 - chance) + counts[: known + 1] * chance
        counts[0] *= 1 - chance
    return counts


def _leave_out(counts: FloatArray, chances: FloatArray, first: int) -> FloatArray:
    """The ``first`` probabilities of distributions (K, c) without a unit of these chances (c,), each: (first, c).

    From the lower end for chances below a half and from the upper end for the others, so that errors shrink.
    """
    without = np.empty((first, counts.shape[1]))
    low, high = np.flatnonzero(chances < 0.5), np.flatnonzero(chances >= 0.5)
    if len(low):
        chance, carried = chances[low], np.zeros(len(low))
        for k in range(first):
            carried = (counts[k, low] - chance * carried) / (1 - chance)
            without[k, low] = carried
    if len(high):
        chance, carried = chances[high], np.zeros(len(high))
        for k in range(len(counts) - 1, 0, -1):
            carried = (counts[k, high] - (1 - chance) * carried) / chance
            if k <= first:
                without[k - 1, high] = carried
    return without
