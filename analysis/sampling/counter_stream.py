r"""Random numbers that anyone can compute again: a counter under SHA-256.

A stream has a *seed* (bytes) and a *label* (text without NUL). Its block number i = 0, 1, 2, … is

    SHA-256( seed || 0x00 || label as UTF-8 || 0x00 || i as 8 bytes, big-endian )

Each block of 32 bytes is read as four 64-bit words, big-endian, first bytes first; the words of block 0, then those of
block 1 and so on are the stream. What is drawn from it, in words:

- ``below(n)``, uniform on 0 … n-1: take the next word w; if w >= 2^64 - (2^64 mod n) take the next one instead (so that
  no remainder is favoured), and so on; the result is w mod n. At least one word is used, also for n = 1.
- ``below_large(n)``, for n above 2^64: take as many words at once as n - 1 needs in base 2^64, read them as one number
  w (first word highest), and go on as below(n) does, with 2^(64 times the number of words) in place of 2^64.
- ``shuffle(items)``: for i = last position … 1: swap positions i and below(i + 1).
- ``choose(items, k)``: for i = 0 … k-1: swap positions i and i + below(N - i); the first k positions, in that order.

Test vectors (blocks and words in hex; each line starts a stream anew):

    seed 00010203 04050607 08090a0b 0c0d0e0f, label "test"
        block 0  12fa4537a034fc4833c3c50e57087809f20ed69e0f501a15a327855369dc2f06
        block 1  36c65a4232f3965a6ca24ac2bb8c0d721c5e1566bfd0c134541afe0488cc358a
        below(6)    ten times: 4 3 5 4 2 2 4 2 2 3
        below(1000) ten times: 688 481 325 566 346 82 564 394 994 67
        below(2^63 + 1) three times (words 3 and 4 are passed over):
            1367481542073711688 3730041581773289481 3946941363805984346
        shuffle(0 … 9): 1 3 4 9 6 2 7 5 0 8
        choose(0 … 9, 4): 8 1 7 0
        below_large(10^30) three times:
            32155439951483440925111777289 94413099934312838497274965766 212067137087279962663728975218
    seed ff, label "社区" (UTF-8 e7a4be e58cba)
        block 0  b6fd93dde8bc930addc6699346819628c1ecff31524b0bcbaadfb20dc1e711a3
        first word b6fd93dde8bc930a, below(100) five times: 30 40 79 3 97

>>> stream = CounterStream(seed=bytes(range(16)), label="test")
>>> stream.block(0).hex()[:16]
'12fa4537a034fc48'
>>> [stream.below(6) for _ in range(10)]
[4, 3, 5, 4, 2, 2, 4, 2, 2, 3]
"""

import hashlib
from collections.abc import Sequence
from struct import unpack
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.sampling.sampling_error import SamplingError

_WORDS = 2**64
_PER_BLOCK = 4
T = TypeVar("T")


class SeedError(SamplingError):
    """A seed or label that makes no stream."""


class CounterStream:
    """The stream of one seed and label; it moves on with everything drawn from it.

    Raises :class:`SeedError` for an empty seed or one that is not bytes, and for a label with a NUL.
    """

    def __init__(self, *, seed: bytes, label: str) -> None:
        if not isinstance(seed, bytes):
            raise SeedError(f"seed: got {type(seed).__name__}, expected bytes")
        if not seed:
            raise SeedError("seed: got no bytes, expected at least one")
        if "\0" in label:
            raise SeedError(f"label: got {label!r}, expected text without NUL")
        self._prefix = seed + b"\0" + label.encode() + b"\0"
        self._next_block = 0
        self._words: list[int] = []

    def block(self, i: int) -> bytes:
        """Block number ``i``, 32 bytes; does not move the stream."""
        return hashlib.sha256(self._prefix + i.to_bytes(8, "big")).digest()

    def word(self) -> int:
        """The next 64-bit word, 0 … 2^64 - 1."""
        if not self._words:
            block = self.block(self._next_block)
            self._next_block += 1
            self._words = [*unpack(">4Q", block)][::-1]
        return self._words.pop()

    def words(self, count: int) -> NDArray[np.uint64]:
        """The next ``count`` words at once, (count,): the same as so many calls of :meth:`word`."""
        first = [self._words.pop() for _ in range(min(count, len(self._words)))]
        missing = count - len(first)
        blocks = -(-missing // _PER_BLOCK)
        prefix, sha256, numbers = self._prefix, hashlib.sha256, range(self._next_block, self._next_block + blocks)
        digests = b"".join([sha256(prefix + i.to_bytes(8, "big")).digest() for i in numbers])
        self._next_block += blocks
        read = np.frombuffer(digests, ">u8").astype(np.uint64)
        if blocks:
            self._words = [int(word) for word in read[missing:][::-1]]
        return np.concatenate([np.array(first, np.uint64), read[:missing]])

    def below_many(self, n: int, count: int) -> NDArray[np.int64]:
        """``count`` calls of ``below(n)`` at once, (count,). Raises :class:`SamplingError` unless 1 <= n <= 2^63."""
        if not 1 <= n <= _WORDS // 2:
            raise SamplingError(f"below_many: got {n}, expected 1 to 2^63")
        passed_over = _WORDS % n
        parts = [np.empty(0, np.uint64)]
        missing = count
        while missing > 0:
            words = self.words(missing)
            kept = words[words < np.uint64(_WORDS - passed_over)] if passed_over else words
            parts.append(kept % np.uint64(n))
            missing -= len(kept)
        return np.concatenate(parts).astype(np.int64)

    def below_large(self, n: int) -> int:
        """Uniform on 0 … n-1 for any n; ``below(n)`` up to 2^64. Raises :class:`SamplingError` unless n >= 1."""
        count = -(-(n - 1).bit_length() // 64)
        if count <= 1:
            return self.below(n)
        numbers: int = _WORDS**count
        limit = numbers - numbers % n
        while (value := self._joined(count)) >= limit:
            pass
        return value % n

    def _joined(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = value * _WORDS + self.word()
        return value

    def below(self, n: int) -> int:
        """Uniform on 0 … n-1. Raises :class:`SamplingError` unless 1 <= n <= 2^64."""
        if not 1 <= n <= _WORDS:
            raise SamplingError(f"below: got {n}, expected 1 to 2^64")
        limit = _WORDS - _WORDS % n
        while (word := self._words.pop() if self._words else self.word()) >= limit:
            pass
        return word % n

    def shuffle(self, items: Sequence[T]) -> tuple[T, ...]:
        """The same items in random order, each order equally likely."""
        shuffled = list(items)
        for i in range(len(shuffled) - 1, 0, -1):
            j = self.below(i + 1)
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        return tuple(shuffled)

    def choose(self, items: Sequence[T], k: int) -> tuple[T, ...]:
        """``k`` of the items without replacement, in the order drawn. Raises unless 0 <= k <= their number."""
        pool = list(items)
        if not 0 <= k <= len(pool):
            raise SamplingError(f"choose: got {k}, expected 0 to {len(pool)}, the number of items")
        for i in range(k):
            j = i + self.below(len(pool) - i)
            pool[i], pool[j] = pool[j], pool[i]
        return tuple(pool[:k])
