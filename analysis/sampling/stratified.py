"""The same number in every stratum, each drawn systematically from a stream of its own."""

from collections.abc import Mapping

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.systematic import draw_systematic

METHOD = "stratified-systematic/1"


def draw_stratified(sizes: Mapping[str, int], *, per_stratum: int, seed: bytes) -> Mapping[str, tuple[int, ...]]:
    """Positions drawn in each stratum, rising, 0 … size-1 along the stratum's own order.

    ``sizes``: stratum → number of units. A stratum of ``per_stratum`` units or fewer is taken whole. The stream of
    stratum S has the label ``"stratum:S"``, so neither the other strata nor their order change what is drawn in it.

    Raises :class:`analysis.sampling.counter_stream.SamplingError` for negative numbers, an empty seed, and a stratum
    whose name has a NUL.

    >>> draw_stratified({"A": 10, "B": 2}, per_stratum=3, seed=bytes(range(16)))
    {'A': (2, 5, 8), 'B': (0, 1)}
    """
    return {
        stratum: draw_systematic(CounterStream(seed=seed, label=f"stratum:{stratum}"), n=per_stratum, total=size)
        for stratum, size in sizes.items()
    }
