"""One adult of a dwelling, each with the same chance.

The choice is fixed by seed and case before anybody is asked who lives there, so nobody at the door can steer it:
neither by the order of naming (oldest first is a rule) nor by trying again.
"""

from analysis.sampling.counter_stream import CounterStream, SamplingError


def select_adult(seed: bytes, case: str, adults: int) -> int:
    """Position 1 … ``adults`` in the list of eligible adults from oldest to youngest.

    The stream's label is ``"adult:"`` followed by the case. Raises :class:`SamplingError` for fewer than one adult.

    >>> [select_adult(bytes(range(16)), "case-1", adults) for adults in (1, 2, 3, 4)]
    [1, 1, 2, 1]
    """
    if adults < 1:
        raise SamplingError(f"adults: got {adults}, expected at least 1")
    return 1 + CounterStream(seed=seed, label=f"adult:{case}").below(adults)
