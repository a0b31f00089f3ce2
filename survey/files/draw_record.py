"""All there is of one draw, wherever it is kept: in the database, or in a folder that was exported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from survey.areas import Area
from survey.sampling.public_values import PublicValue, PublicValueName
from survey.waves import SeedSource

if TYPE_CHECKING:
    from analysis.sampling.psu_pairs import PsuPair
    from survey.sampling.drawable_units import DrawableUnits


class CaseLine(NamedTuple):
    """A case as it was drawn: a line of ``cases.csv``, or the same of the database."""

    unit_serial: int
    area: str
    grid: str
    inclusion_n: int
    inclusion_total: int
    replicate: int
    stratum: str
    psu: str
    stages: str


class SeenUnits(Protocol):
    """The units of a frame as they are now, read once: those that can be drawn, digest and number of all."""

    @property
    def units(self) -> "DrawableUnits": ...
    @property
    def digest(self) -> str: ...
    @property
    def count(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class FrameRecord:
    """The areas as they are now, and what digests and number of units were when the frame was imported."""

    areas: Sequence[Area]
    unit_count: int
    areas_digest: str
    units_digest: str


@dataclass(frozen=True, kw_only=True)
class CommitmentRecord:
    """``secret``: hex digits, ``None`` while it is kept back. ``public_values``: in the order of their use.

    ``earlier_digest``: SHA-256 of the earlier draws' text, ``""`` where there are none. ``method``: of drawing, as it
    was promised; ``None``: a commitment of before does not name it. ``wave``: that it was made for; ``None``: a folder
    of before does not name it.
    """

    id: int
    frame_digest: str
    design: str
    earlier_digest: str
    secret: str | None
    secret_digest: str
    public_values: tuple[PublicValueName, ...]
    committed_at: datetime
    committed_by: str
    method: str | None = None
    wave: int | None = None


@dataclass(frozen=True, kw_only=True)
class RejectedDraw:
    """A draw of the wave before this one; it was rejected, with its ``reason``."""

    draw: int
    digest: str
    public_value_name: str | None
    drawn_at: datetime
    drawn_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class DrawRecord:
    """``design``: canonical text. ``seed``, ``salt`` (hex) and ``cases`` are ``None`` while they are kept back.

    ``values``: the public values used by the draws of the commitment up to this one, in their order. ``windows``:
    where along the permanent random numbers the draw took its units, knowing of the ``earlier`` draws: both as
    :mod:`analysis.sampling.earlier_draws` writes them.
    """

    draw: int
    wave: int
    wave_name: str
    state: str
    public: bool
    seed_source: SeedSource
    method: str
    design: str
    per_community: int | None
    frame: FrameRecord
    frame_digest: str
    seed: str | None
    salt: str | None
    digest: str
    count: int  # of cases
    cases: Sequence[CaseLine] | None
    pairs: "tuple[PsuPair, ...] | None"  # of an exported draw
    replicates: int
    windows: str | None
    earlier: str
    commitment_id: int | None  # as the draw names it
    commitment: CommitmentRecord | None
    values: tuple[PublicValue, ...]
    drawn_by: str
    drawn_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    rejected: tuple[RejectedDraw, ...]  # of the wave before this one, the oldest first

    @property
    def kept_back(self) -> bool:
        """Nothing of the sample can be worked out."""
        return self.seed is None or self.salt is None or self.cases is None
