"""Every outcome of a draw with its exact probability: the stream's numbers are counted through instead of drawn."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeVar

from analysis.sampling.counter_stream import CounterStream

T = TypeVar("T")


class _Counting:
    """All sequences of answers to ``below``, one after the other, like the digits of a counter."""

    def __init__(self) -> None:
        self.digits: list[int] = []
        self.bases: list[int] = []
        self.at = 0

    def below(self, n: int) -> int:
        if self.at == len(self.digits):
            self.digits.append(0)
            self.bases.append(n)
        assert self.bases[self.at] == n
        self.at += 1
        return self.digits[self.at - 1]

    def next(self) -> bool:
        self.at = 0
        while self.digits and self.digits[-1] == self.bases[-1] - 1:
            self.digits.pop()
            self.bases.pop()
        if self.digits:
            self.digits[-1] += 1
        return bool(self.digits)

    def probability(self) -> Fraction:
        found = Fraction(1)
        for base in self.bases:
            found /= base
        return found


class CountedStream(CounterStream):
    """``shuffle`` and ``choose`` rest on ``below``."""

    counting = _Counting()

    def below(self, n: int) -> int:
        return self.counting.below(n)


def every_draw(draw: Callable[[], T]) -> Iterator[tuple[Fraction, T]]:
    """(probability, outcome) of ``draw``, which takes its numbers from :class:`CountedStream` alone."""
    counting = CountedStream.counting = _Counting()
    while True:
        found = draw()
        yield counting.probability(), found
        CountedStream.counting = counting
        if not counting.next():
            return
