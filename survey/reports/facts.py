"""What a report must know about a wave besides the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from analysis.fieldwork.dispositions import Disposition, DispositionClass
from survey.waves import Mode, WaveDetails, WaveState


@dataclass(frozen=True, kw_only=True)
class WaveFacts:
    """The wave as it stands when the report is composed; counts and imports are those the estimate run saw.

    ``dispositions``: (area, final code) -> cases, of a drawn wave that is closed. ``weights``: (area, class) -> sum of
    1 / probability over its cases.
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
