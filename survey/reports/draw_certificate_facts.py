"""What the certificate of a draw says, before it is put in words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from analysis.sampling.sample_design import SampleDesign
from analysis.sampling.value_spelling import SpellingRule
from survey.messages import Message
from survey.waves import SeedSource


class Standing(StrEnum):
    """What became of the draw; as its record calls it."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class CommunityCount:
    """``units``: those that could be drawn. ``main`` and ``reserve``: cases. ``low`` … ``high``: the probabilities of
    all its cases, reserves included; both ``None`` where nothing was drawn, and where they are kept back since they
    tell the sizes of the drawn grids. ``varies``: not the same for all.
    """

    code: str
    name: str
    units: int
    main: int
    reserve: int = 0
    released: int = 0  # of the reserve
    low: Fraction | None = None
    high: Fraction | None = None
    varies: bool = False


@dataclass(frozen=True, kw_only=True)
class NamedValue:
    name: str
    not_before: datetime
    spelling: SpellingRule | None = None


@dataclass(frozen=True, kw_only=True)
class UsedValue:
    name: str
    value: str
    published_at: datetime | None
    source: str


@dataclass(frozen=True, kw_only=True)
class CommitmentFacts:
    """``secret``: hex digits, ``None`` until the wave is closed.

    ``earlier_digest``: of the earlier draws that a draw by permanent random numbers knows of, ``""``: none.
    ``method``: promised, ``None``: not named.
    """

    id: int
    at: datetime
    by: str
    secret_digest: str
    values: tuple[NamedValue, ...]
    secret: str | None = None
    earlier_digest: str = ""
    method: str | None = None


@dataclass(frozen=True, kw_only=True)
class RejectedDraw:
    """``value``: the public value it was drawn with, by name; "" without one. ``next_known``: the value of the draw
    that the certificate is of was published before this one was rejected, so who rejected it could know what follows.
    """

    id: int
    drawn_at: datetime
    drawn_by: str
    decided_at: datetime
    decided_by: str
    reason: str
    value: str
    digest: str
    next_known: bool = False


@dataclass(frozen=True, kw_only=True)
class WithdrawnFacts:
    """``late``: the next public value could be known by then."""

    at: datetime
    by: str
    reason: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class TeamFacts:
    """Teams and dates drawn from the draw's seed; ``rules``: when their sizes and days were chosen."""

    number: int
    at: datetime
    by: str
    reason: str
    digest: str
    rules: Message


@dataclass(frozen=True, kw_only=True)
class OtherCommitment:
    """Another promise: for the same places, or on a value of this one. ``draws``: made of it, number and standing.

    ``shared``: the values that this one names, too; ``same_day``: none, but one that comes on the same day.
    ``same_places``: it is for a community or village of this one. ``asked``: the homes it drew are asked, or were.
    """

    id: int
    wave_name: str
    at: datetime
    by: str
    values: tuple[str, ...]  # names, in the order of use
    draws: tuple[tuple[int, Standing], ...]
    withdrawn: WithdrawnFacts | None = None
    shared: tuple[str, ...] = ()
    same_day: bool = False
    same_places: bool = True
    asked: bool = False


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """``seed`` and ``salt``: ``None`` while they are kept back. ``communities``: of the frame, in its order; ``None``
    where even which communities were drawn is kept back. ``released``: cases of the reserves in the field.
    """

    wave_id: int
    wave_name: str
    fictitious: bool
    draw_id: int
    standing: Standing
    public: bool
    seed_source: SeedSource
    design: SampleDesign
    design_digest: str
    frame_digest: str
    areas_digest: str
    units_digest: str
    units: int  # in the frame
    drawable: int
    digest: str
    method: str  # drawn by
    main: int
    reserve: int
    released: int
    communities: tuple[CommunityCount, ...] | None
    drawn_by: str
    drawn_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str  # of a rejection; of an approval that nobody reviewed before, "" otherwise
    rejected: tuple[RejectedDraw, ...]  # of the wave, before this one, the oldest first
    others: tuple[OtherCommitment, ...]  # to be read beside this one, the oldest first
    commitment: CommitmentFacts | None
    value: UsedValue | None
    seed: str | None
    salt: str | None
    made_at: datetime
    teams: tuple[TeamFacts, ...] = ()  # every time they were drawn, the oldest first
