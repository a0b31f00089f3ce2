"""What a report must know about a wave besides the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from analysis.fieldwork.dispositions import Disposition, DispositionClass
from survey.waves import Mode, WaveDetails, WaveState

#: Told in tens alone: whoever looks again would see a single one being taken back.
TAKEN_BACK_STEP = 10


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """How many answers of a wave the persons themselves took back. ``at_least``: whole tens; ``None``: fewer than ten,
    or none.
    """

    at_least: int | None


def taken_back(answers: int) -> TakenBack:
    """
    >>> taken_back(0) == taken_back(9), taken_back(10) == taken_back(19), taken_back(20).at_least
    (True, True, 20)
    """
    return TakenBack(at_least=answers // TAKEN_BACK_STEP * TAKEN_BACK_STEP or None)


@dataclass(frozen=True, kw_only=True)
class WaveFacts:
    """The wave as it stands when the report is composed; counts and imports are those the estimate run saw.

    ``dispositions``: (area, final code) -> cases, of a drawn wave that is closed. ``weights``: (area, class) -> sum of
    1 / probability over its cases. ``taken_back``: ``None`` where nobody had a code for it.
    """

    wave_id: int
    name: str
    state: WaveState
    details: WaveDetails
    responses: int
    mode_counts: Mapping[Mode, int] = field(default_factory=dict)
    imported_at: tuple[datetime, ...] = ()  # aware
    dispositions: Mapping[tuple[str, Disposition], int] = field(default_factory=dict)
    weights: Mapping[tuple[str, DispositionClass], float] = field(default_factory=dict)
    taken_back: TakenBack | None = None
