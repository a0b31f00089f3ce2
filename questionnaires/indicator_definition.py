"""What is counted: rates, other readings of them, and composites."""

from dataclasses import dataclass
from enum import StrEnum

from questionnaires.item_definition import Text


class Base(StrEnum):
    """Of whom a rate is a share."""

    ASKED = "asked"  # everyone asked but who the item does not apply to
    VALID = "valid"  # of these, who gave a substantive answer


class AlternateName(StrEnum):
    """Other ways to read an indicator, always beside its rate and never in its place."""

    BROAD = "broad"  # also those who lean that way count
    VALID = "valid"  # without "don't know" and refusals
    TOP_BOX = "top_box"  # only the strongest answer counts
    SCORE = "score"  # the mean of the options' scores, 0 to 100


class IndicatorSet(StrEnum):
    """Where an indicator stands in a report."""

    HEADLINE = "headline"
    DOMAIN = "domain"
    HONESTY = "honesty"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Alternate:
    """Another reading of an indicator: its own ``codes`` on its own base; of a score the codes are empty."""

    name: AlternateName
    codes: frozenset[int] = frozenset()
    base: Base = Base.ASKED


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One rate: who counts (``codes``) among those asked ``item``.

    ``codes`` is already resolved from the file's polarity or explicit codes. A multi item counts when any of the
    codes was chosen.
    """

    code: str
    label: Text
    item: str
    codes: frozenset[int]
    set: IndicatorSet
    base: Base = Base.ASKED
    alternates: tuple[Alternate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """An indicator's share in a composite; ``weight`` > 0, relative to the others', printed wherever the figure is."""

    indicator: str
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Composite:
    """A weighted mean of its parts' mean scores (0 to 100), each over those with a valid answer to its item: whoever
    has the parts' figures and the weights can work it out.
    """

    code: str
    label: Text
    parts: tuple[Part, ...]
    set: IndicatorSet = IndicatorSet.OTHER
