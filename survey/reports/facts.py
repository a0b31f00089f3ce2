"""What a report must know about a wave and an estimate run besides the numbers."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from survey.areas import Level
from survey.waves import Mode, WaveDetails, WaveState


@dataclass(frozen=True, kw_only=True)
class WaveFacts:
    """The wave as it stands when the report is composed."""

    wave_id: int
    name: str
    state: WaveState
    details: WaveDetails
    responses: int
    mode_counts: Mapping[Mode, int] = field(default_factory=dict)
    imported_at: tuple[datetime, ...] = ()  # aware


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """One estimate run: enough to repeat it. ``design`` is ``None`` for a non-probability sample."""

    run_id: int
    at: datetime  # aware
    by_level: Level
    level: float  # confidence level, 0-1
    design: str | None
    seed: str
    code_version: str
    instrument_fingerprint: str
    frame_digest: str
    answers_digest: str

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over everything that determines the numbers; printed at the foot of every page."""
        parts = [
            self.run_id,
            self.by_level,
            self.level,
            self.design,
            self.seed,
            self.code_version,
            self.instrument_fingerprint,
            self.frame_digest,
            self.answers_digest,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
