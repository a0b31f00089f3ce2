"""What a statistician looks at before a draw is approved: the frame it was made from, and how the sample lies in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: Bars of the drawing of all redraws.
BARS = 24


@dataclass(frozen=True, kw_only=True)
class CommunityQuality:
    """``doubles``: doors that read like another one. ``gap_doors``: door numbers that are missing.

    ``persons``: adults (as the list of areas says) to a drawable unit, where that is unlikely; else ``None``.
    ``without_grid``, ``without_residents``: units that do not say it.
    """

    code: str
    name: str
    units: int
    doubles: int
    gap_doors: int
    persons: float | None
    without_grid: int
    without_residents: int


@dataclass(frozen=True, kw_only=True)
class FrameQuality:
    """``doubles``: groups of addresses that read alike; ``gaps``: entrance and the doors it lacks; the first of each.

    ``double_count``: doors in all groups; ``gap_count``: entrances with gaps.
    """

    communities: tuple[CommunityQuality, ...]
    doubles: tuple[tuple[str, ...], ...]
    double_count: int
    gaps: tuple[tuple[str, tuple[str, ...]], ...]
    gap_count: int


@dataclass(frozen=True, kw_only=True)
class CovariateBalance:
    """See :class:`analysis.sampling.balance.Difference`; ``code`` as in :data:`survey.casework.draw_balance.NAMES`."""

    code: str
    sample: float
    frame: float
    difference: float
    usual_low: float
    usual_high: float
    larger: float


@dataclass(frozen=True, kw_only=True)
class SampleBalance:
    """``bars``: how many redraws have their largest difference in each of :data:`BARS` equal parts of 0 … ``top``."""

    cases: int
    redraws: int
    covariates: tuple[CovariateBalance, ...]
    constant: tuple[str, ...]
    largest: float
    larger: float
    top: float
    bars: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Review:
    quality: FrameQuality
    balance: SampleBalance


def review_document(review: Review) -> dict[str, Any]:
    """As it is kept, in JSON's kinds of values."""
    return asdict(review)


def review_from_document(document: Mapping[str, Any]) -> Review:
    """
    >>> quality = FrameQuality(communities=(), doubles=(("a", "b"),), double_count=2, gaps=(("c", ("101",)),),
    ...     gap_count=1)
    >>> balance = SampleBalance(cases=1, redraws=2, covariates=(), constant=("floor",), largest=0.1, larger=0.5,
    ...     top=1.0, bars=(2,))
    >>> review = Review(quality=quality, balance=balance)
    >>> import json
    >>> review_from_document(json.loads(json.dumps(review_document(review)))) == review
    True
    """
    quality, balance = document["quality"], document["balance"]
    return Review(
        quality=FrameQuality(
            communities=tuple(CommunityQuality(**one) for one in quality["communities"]),
            doubles=tuple(map(tuple, quality["doubles"])),
            double_count=quality["double_count"],
            gaps=tuple((place, tuple(doors)) for place, doors in quality["gaps"]),
            gap_count=quality["gap_count"],
        ),
        balance=SampleBalance(
            **{
                **balance,
                "covariates": tuple(CovariateBalance(**one) for one in balance["covariates"]),
                "constant": tuple(balance["constant"]),
                "bars": tuple(balance["bars"]),
            }
        ),
    )


def count_bars(values: Sequence[float], top: float) -> tuple[int, ...]:
    """How many values lie in each of :data:`BARS` equal parts of 0 … ``top`` (the last one closed).

    >>> count_bars([0.0, 0.5, 1.0], 1.0)[::12], sum(count_bars([0.0, 0.5, 1.0], 1.0))
    ((1, 1), 3)
    """
    counts = [0] * BARS
    for value in values:
        counts[min(BARS - 1, int(BARS * value / top))] += 1
    return tuple(counts)
