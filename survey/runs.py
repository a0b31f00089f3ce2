"""An estimate run: what determines its numbers, enough to repeat it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.areas import Level
from survey.waves import Mode


@dataclass(frozen=True, kw_only=True)
class EstimateRun:
    """``design`` ``None``: a non-probability sample. ``responses`` and ``mode_counts`` are of the answers it saw."""

    id: int
    wave_id: int
    by_level: Level
    instrument_fingerprint: str
    frame_digest: str
    answers_digest: str
    responses: int
    mode_counts: Mapping[Mode, int]
    design: str | None
    level: float  # confidence level, 0-1
    seed: str
    code_version: str
    at: datetime  # aware
    by: str

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over everything that determines the numbers; printed at the foot of every page."""
        parts = [
            self.id,
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
