r"""Homes at rest: every draw has a window of permanent random numbers of its own, and draws step over earlier windows.

The *key* of the window that a draw takes in one place is the first 16 bytes, in hex, of

    SHA-256( seed of the draw || 0x00 || "window:" label )

with the label of the place's stream. In a window with that key (as bytes) the number of a dwelling is the first 8
bytes, big-endian, of

    SHA-256( key of the window || 0x00 || key of the dwelling )

(the next 8 bytes where two are alike), the same in every frame that lists the dwelling. The draw leaves alone whoever
lies in a resting window and takes the n lowest numbers of the others; its own window is then all numbers from 0 up to
the highest one taken. Kept are key and highest number: a later draw works out who lies in the window, dwellings that
were in no list then among them. Nobody is deleted from the frame.

**Exact.** Given the earlier draws, the sample is a simple random one of the F dwellings in no resting window. Over the
seeds of all draws every one of the N dwellings of the place has n/N, whatever windows rest, whatever windows they
stepped over themselves, and whichever dwellings have come, gone or come back between the draws, visited before or not.
For: let R be the dwellings, of the past, present and future, that no window read so far has reached. A window reads R
in random order and stops by what it has read. Consider one dwelling u of the present place, and m, the number of
present dwellings in R. Whenever one of these m is read, u stays with chance (m - 1)/m, and 1/m becomes 1/(m - 1): the
mean of [u in R]/m does not move (a martingale), and from first to last it is 1/N. The draw takes u with n [u in R]/m.
What a window passes over because it lies in windows that do not rest any more, or did not rest then, changes nothing
in R; who lies in those hangs on other numbers.

Exact means: over independent seeds (a seed given by hand twice has the same window twice), and in a series that cannot
come to fewer than n free dwellings. Where it can, such a draw is refused, and those that are made from then on are off
by about the chance of a refusal, whether there was one or not: by all orders of the numbers of five to seven dwellings
.09 % of n/N where that chance is .09 %, a quarter where it is two thirds. Among 40 dwellings and more, below the limits
named next, no refusal was seen in 2,000 series of eight draws; among 20 at the limit 3 %, and newcomers were drawn 2 %
too often.

A window leaves alone more than those who were visited: whoever came since and by chance lies in it, and whoever was
passed over as resting then. That is the price of exactness, and small where few are drawn: of N dwellings of which n
are drawn each time, with the last r windows at rest, about N (1 - f)^r are free, f (1 - f)^r = n/N; in the long run n
can be up to a quarter of N for one window, 14 % for two, 10 % for three. So a dwelling's chance does not hang on
whether it was visited before, and over draws that rest from each other its visits exclude each other.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from analysis.design import BoolArray, IntArray
from analysis.sampling.earlier_draws import Window
from analysis.sampling.permanent_numbers import Numbers, digest_words, in_order
from analysis.sampling.sample_design import Method

_KEY_BYTES = 16


def window_key(seed: bytes, label: str) -> str:
    """Of the draw with this seed in the place with this label.

    >>> window_key(bytes(range(16)), "stratum:A")
    'e587cea9f6c697c6a812efe73509947c'
    """
    return hashlib.sha256(seed + f"\0window:{label}".encode()).digest()[:_KEY_BYTES].hex()


def numbers_in(key: str, keys: Sequence[bytes]) -> Numbers:
    """The numbers of the dwellings in the window with this key, and the next 8 bytes, (N, 2)."""
    return digest_words(bytes.fromhex(key) + b"\0", keys)


def inside(window: Window, words: Numbers) -> BoolArray:
    """Who lies in the window, (N,); ``words``: :func:`numbers_in` it.

    >>> window = Window(method=Method.PERMANENT, taken=1, arcs=((0, 20),), key="00" * 16)
    >>> inside(window, np.array([[10, 0], [20, 0], [30, 0]], np.uint64)).tolist()
    [True, True, False]
    """
    found = np.zeros(len(words), np.bool_)
    for first, last in window.arcs:
        found |= (words[:, 0] >= np.uint64(first)) & (words[:, 0] <= np.uint64(last))
    return found


def take(
    words: Numbers, resting: BoolArray, keys: Sequence[bytes], *, n: int, key: str, code: str
) -> tuple[IntArray, Window]:
    """The ``n`` lowest of those that do not rest: positions (n,), rising, and the window. At least n do not.

    Raises :class:`analysis.sampling.stage_errors.PermanentKeysError` where two dwellings of ``code`` have one key.

    >>> words = np.array([[40, 0], [10, 0], [30, 0], [20, 0]], np.uint64)
    >>> resting = np.array([False, True, False, False])
    >>> places, window = take(words, resting, [b"a", b"b", b"c", b"d"], n=2, key="00" * 16, code="A")
    >>> places.tolist(), window.arcs
    ([2, 3], ((0, 30),))
    """
    order = in_order(words, keys, code=code)
    places = order[~resting[order]][:n]
    arcs = ((0, int(words[places[-1], 0])),) if n else ()
    return np.sort(places), Window(method=Method.PERMANENT, taken=n, arcs=arcs, key=key)
