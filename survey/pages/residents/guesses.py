"""Wrong codes counted by where they come from, so that guessing them is slow.

In the memory of the process: a GET stores nothing, and 80 random bits are not guessed anyway. Addresses are kept as
digests under a key that goes with the process. Many phones share one address of a mobile network: what is right passes
whatever was wrong before, so nobody there can shut out the others.

Each process of the server counts for itself, so w processes let through up to w times the limit: at 64 of them 3,840
tries in a quarter of an hour, of 2^80 codes. To count them together would make of every wrong code a row that says when
somebody at some address typed one.
"""

import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

WINDOW_SECONDS = 15 * 60
LIMIT = 60
#: Addresses remembered at most; the oldest give way.
MOST_ADDRESSES = 10_000


class Guesses:
    """``clock`` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._key, self._lock = clock, secrets.token_bytes(32), Lock()
        self._wrong: dict[bytes, deque[float]] = {}

    def minutes_to_wait(self, address: str) -> int:
        """Whole minutes until this address may try again; 0: now."""
        with self._lock:
            times = self._recent(self._digest(address))
            if len(times) < LIMIT:
                return 0
            return int((times[-LIMIT] + WINDOW_SECONDS - self._clock()) // 60) + 1

    def count(self, address: str) -> None:
        """A wrong code came from this address."""
        with self._lock:
            digest = self._digest(address)
            times = self._recent(digest)
            times.append(self._clock())
            self._wrong.pop(digest, None)
            self._wrong[digest] = times  # the last to go
            while len(self._wrong) > MOST_ADDRESSES:
                del self._wrong[next(iter(self._wrong))]

    def _recent(self, digest: bytes) -> deque[float]:
        times = self._wrong.get(digest, deque(maxlen=LIMIT))
        while times and times[0] <= self._clock() - WINDOW_SECONDS:
            times.popleft()
        return times

    def _digest(self, address: str) -> bytes:
        return hmac.digest(self._key, address.encode("utf-8", "replace"), "sha256")
