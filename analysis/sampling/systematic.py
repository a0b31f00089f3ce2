"""n of N along an order: a random start and equal steps, in whole numbers.

With r = ``below(N)``, uniform on 0 … N-1, the positions are (r + k N) // n for k = 0 … n-1. Position j is taken for
exactly those n of the N starts with j n <= r + k N < (j + 1) n for some k, so every unit has probability n/N exactly;
no step is rounded. Where all or none are taken, nothing is taken from the stream.

Reference: Särndal, Swensson, Wretman, Model Assisted Survey Sampling (1992), 3.4.
"""

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sampling_error import SamplingError


def positions(*, n: int, total: int, start: int) -> tuple[int, ...]:
    """The positions (0 … total-1, rising) that start ``start`` takes; all of them where n >= total.

    Raises :class:`SamplingError` for a negative number and a start outside 0 … total-1 (0 where total is 0).

    >>> positions(n=3, total=10, start=4)
    (1, 4, 8)
    >>> positions(n=4, total=2, start=0)
    (0, 1)
    """
    if n < 0 or total < 0:
        raise SamplingError(f"systematic draw: got {n} of {total}, expected numbers from 0 up")
    if not 0 <= start < max(total, 1):
        raise SamplingError(f"systematic draw: got start {start}, expected 0 to {max(total, 1) - 1}")
    if n >= total:
        return tuple(range(total))
    return tuple((start + k * total) // n for k in range(n))


def draw_systematic(stream: CounterStream, *, n: int, total: int) -> tuple[int, ...]:
    """As :func:`positions`, with r = ``stream.below(total)``; where all or nobody is taken, nothing is drawn."""
    if n <= 0 or n >= total:
        return positions(n=n, total=total, start=0)
    return positions(n=n, total=total, start=stream.below(total))
