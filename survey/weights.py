"""A version of a wave's weights: what was asked for, what came of it, and how it is known again."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

#: The variable of a margin that is no item of the instrument.
COMMUNITY = "community"
#: Respondents that a group of a margin, and a class of non-response, must have.
LEAST_CELL = 20
#: A weight is at most so many times the mean of its community.
DEFAULT_TRIM = 4.0
LEAST_TRIM, GREATEST_TRIM = 1.5, 100.0


class ResponseMethod(StrEnum):
    """How those who did not answer are stood for."""

    CLASSES = "classes"  # communities of 20 respondents or more, smaller ones put together
    SHRUNK = "shrunk"  # the response rate of each community, shrunk towards that of all
    NONE = "none"


class Source(StrEnum):
    """Where the totals of a margin come from."""

    FILE = "file"
    FRAME = "frame"  # eligible adults of the communities


class NoFrameTotals(StrEnum):
    """Why the frame's adults of the communities are no totals, though they were asked for."""

    POPULATION = "population"  # not known of every community with cases, or less than its answers
    DRAWN = "drawn"  # communities were drawn themselves: one stands for others, too
    FEW = "few"  # too few answers for any group


@dataclass(frozen=True, kw_only=True)
class WeightOptions:
    """``frame_totals``: calibrate to the frame's adults of each community where the file does not name communities."""

    response: ResponseMethod = ResponseMethod.CLASSES
    trim: float = DEFAULT_TRIM
    frame_totals: bool = True


@dataclass(frozen=True, kw_only=True)
class MarginGroup:
    """``codes``: of options, or of communities; ``total``: people the group stands for, of all the margin speaks of.
    ``given``: as the file or frame has it, a share 0-1 where ``share``.
    """

    codes: tuple[str, ...]
    total: float
    given: float
    share: bool


@dataclass(frozen=True, kw_only=True)
class WeightMargin:
    """``unknown``: the total of those who did not say which group they are in; ``None``: all did."""

    variable: str  # id of an item, or :data:`COMMUNITY`
    source: Source
    groups: tuple[MarginGroup, ...]
    unknown: float | None = None


@dataclass(frozen=True, kw_only=True)
class WeightPlan:
    """What determines the weights beside the answers and the draw. ``bounded``: calibration was held within 0.3-3.
    ``eligibility``: the share e of cases of unknown eligibility taken to be eligible; ``None``: there were none.
    """

    options: WeightOptions
    margins: tuple[WeightMargin, ...]
    bounded: bool
    eligibility: float | None

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> "WeightPlan":
        """Of what :meth:`document` gave.

        >>> plan = WeightPlan(options=WeightOptions(), margins=(), bounded=False, eligibility=0.5)
        >>> WeightPlan.of_document(json.loads(json.dumps(plan.document()))) == plan
        True
        """
        options = document["options"]
        return cls(
            options=WeightOptions(**{**options, "response": ResponseMethod(options["response"])}),
            margins=tuple(
                WeightMargin(
                    variable=margin["variable"],
                    source=Source(margin["source"]),
                    groups=tuple(
                        MarginGroup(**{**group, "codes": tuple(group["codes"])}) for group in margin["groups"]
                    ),
                    unknown=margin["unknown"],
                )
                for margin in document["margins"]
            ),
            bounded=document["bounded"],
            eligibility=document["eligibility"],
        )


class WeightFactors(NamedTuple):
    """The factors of one answer; its weight is their product. A large wave has tens of thousands."""

    uuid: UUID
    inclusion: float
    adults: float
    response: float
    calibration: float
    trimming: float

    @property
    def weight(self) -> float:
        return self.inclusion * self.adults * self.response * self.calibration * self.trimming


@dataclass(frozen=True, kw_only=True)
class MovedRate:
    """A headline rate of the whole with its interval, by the base weights and by this version; ``None``: none."""

    indicator: str
    before: tuple[float, float | None, float | None] | None
    after: tuple[float, float | None, float | None] | None


@dataclass(frozen=True, kw_only=True)
class LargeWeight:
    """One of the largest weights; ``times``: of the mean of all."""

    area: str
    weight: float
    times: float
    inclusion: float
    adults: float
    response: float
    calibration: float
    trimming: float


@dataclass(frozen=True, kw_only=True)
class MetMargin:
    """A group of a margin: how many respondents, what they weigh before calibration and in the end, what they should.
    ``codes`` empty: those who did not say."""

    variable: str
    codes: tuple[str, ...]
    respondents: int
    before: float
    after: float
    total: float


@dataclass(frozen=True, kw_only=True)
class ResponseClass:
    """``factor``: of all answers in the class; where the method shrinks, the class is one community."""

    areas: tuple[str, ...]
    respondents: int
    factor: float


@dataclass(frozen=True, kw_only=True)
class FactorSpread:
    """One factor over all answers, and Kish's effect of the weights once it is in."""

    factor: str
    least: float
    median: float
    greatest: float
    kish: float


@dataclass(frozen=True, kw_only=True)
class WeightLook:
    """What a statistician looks at before freezing, as it was when the version was built.

    ``before`` and ``total``: what the weights add up to before calibration and in the end.
    ``silent``: communities with cases where nobody answered; others stand for them. ``no_frame``: why the frame's
    totals were not met (``None``: they were, or nobody asked for them); ``lacking``: the communities it is for.
    ``histogram``: answers by weight ÷ mean weight, in ``(from, to, answers)``; ``trimmed``: weights that were cut.
    """

    respondents: int
    before: float
    total: float
    kish: float
    effective: float
    trimmed: int
    spreads: tuple[FactorSpread, ...] = ()
    histogram: tuple[tuple[float, float, int], ...] = ()
    largest: tuple[LargeWeight, ...] = ()
    margins: tuple[MetMargin, ...] = ()
    classes: tuple[ResponseClass, ...] = ()
    moved: tuple[MovedRate, ...] = field(default=())
    silent: tuple[str, ...] = ()
    no_frame: NoFrameTotals | None = None
    lacking: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> "WeightLook":
        """Of what :meth:`document` gave, through JSON."""
        parts = {
            "spreads": tuple(FactorSpread(**one) for one in document["spreads"]),
            "histogram": tuple((low, high, count) for low, high, count in document["histogram"]),
            "largest": tuple(LargeWeight(**one) for one in document["largest"]),
            "margins": tuple(MetMargin(**{**one, "codes": tuple(one["codes"])}) for one in document["margins"]),
            "classes": tuple(ResponseClass(**{**one, "areas": tuple(one["areas"])}) for one in document["classes"]),
            "silent": tuple(document.get("silent", ())),
            "no_frame": NoFrameTotals(document["no_frame"]) if document.get("no_frame") else None,
            "lacking": tuple(document.get("lacking", ())),
            "moved": tuple(_moved(one) for one in document["moved"]),
        }
        return cls(**{**document, **parts})


def _moved(document: Mapping[str, Any]) -> MovedRate:
    sides = {name: tuple(document[name]) if document[name] else None for name in ("before", "after")}
    return MovedRate(indicator=document["indicator"], **sides)


def version_digest(plan: WeightPlan, factors: Iterable[WeightFactors], *, draw_digest: str, answers_digest: str) -> str:
    """SHA-256 (hex) over what was asked for, the draw, the answers, and every factor of every answer."""
    told = {"plan": plan.document(), "draw": draw_digest, "answers": answers_digest}
    hashed = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())
    for one in sorted(factors):
        hashed.update((" ".join([str(one.uuid), *(repr(factor) for factor in one[1:])]) + "\n").encode())
    return hashed.hexdigest()
