"""Cases dealt to canvassers at random, so that whom a household meets has nothing to do with who lives there.

At least two canvassers work in every community: what one of them does to the answers could not be told from the
community's own rate otherwise.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sampling_error import SamplingError

LEAST = 2
Case = TypeVar("Case", bound=Hashable)


class TooFewCanvassersError(SamplingError):
    """Communities with cases and fewer than two eligible canvassers: ``communities``, sorted."""

    def __init__(self, communities: Sequence[str]) -> None:
        super().__init__(f"canvassers: got fewer than {LEAST} for {', '.join(communities)}, expected at least {LEAST}")
        self.communities = tuple(communities)


def deal(
    cases_by_community: Mapping[str, Sequence[Case]],
    eligible_by_community: Mapping[str, Collection[int]],
    seed: bytes,
) -> dict[Case, int]:
    """Each case's canvasser: within a community every eligible one gets as many cases as any other, or one more.

    Community C uses the stream labelled ``"deal:C"``: first its canvassers (ascending ids) are shuffled, then its cases
    (in the order given); the shuffled cases go round the shuffled canvassers. Who gets the one more is so random too.
    A community without cases needs nobody.

    Raises :class:`TooFewCanvassersError` naming every community that has fewer than two, and :class:`SamplingError` for
    a case that stands twice.

    >>> deal({"A": ["a", "b", "c"]}, {"A": [7, 8]}, bytes(range(16)))
    {'a': 7, 'b': 8, 'c': 7}
    """
    short = [
        community
        for community, cases in cases_by_community.items()
        if cases and len(set(eligible_by_community.get(community, ()))) < LEAST
    ]
    if short:
        raise TooFewCanvassersError(sorted(short))
    dealt: dict[Case, int] = {}
    for community, cases in cases_by_community.items():
        if not cases:
            continue
        stream = CounterStream(seed=seed, label=f"deal:{community}")
        canvassers = stream.shuffle(sorted(set(eligible_by_community[community])))
        for position, case in enumerate(stream.shuffle(cases)):
            if case in dealt:
                raise SamplingError(f"cases: got {case!r} twice, expected each once")
            dealt[case] = canvassers[position % len(canvassers)]
    return dealt
