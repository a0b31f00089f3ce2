"""An estimate run: what determines its numbers, enough to repeat it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.areas import Level
from survey.waves import Mode, SeedSource

#: The values of :attr:`EstimateRun.design`: imported answers taken for a simple random sample of each area (every
#: output says so), and the wave's own draw.
ASSUMED_SRS = "assumed-srs"
DRAWN = "drawn"


@dataclass(frozen=True, kw_only=True)
class SampleFacts:
    """The draw behind a run of a drawn sample, and what its weights came from. Counts are of the whole wave.

    ``weights_digest``: SHA-256 (hex) over what every answer's weight is made of. ``communities`` have cases;
    ``unanswered`` of them, with the codes ``unanswered_areas`` (runs of earlier versions keep the number alone), have
    no answer and are missing from the whole. ``to_total``: communities weighted to their number of eligible adults;
    the other answering ones by what their cases weigh ÷ what their completes weigh (of one stage: cases ÷ completes).
    ``adults_unknown``: answers that do not tell how many adults the dwelling has; ``adults_at_limit``: with as many as
    are counted, or more.
    ``weight_effect``: Kish's; ``largest_weight``: ÷ the mean weight. ``weights_version``: whose weights they are; what
    is said of adjustments to totals is of base weights then.
    """

    draw_id: int
    draw_digest: str
    frame_digest: str  # what was drawn from: areas and units
    method: str
    public: bool  # False: nobody outside could see where the seed came from
    per_community: int | None  # None: ``sample_design`` says how many
    cases: int
    communities: int
    unanswered: int
    to_total: int
    adults_unknown: int
    adults_at_limit: int
    weight_effect: float
    largest_weight: float
    weights_digest: str
    unanswered_areas: tuple[str, ...] = ()
    seed_source: SeedSource = SeedSource.GIVEN  # of a draw that is not public
    sample_design: str = ""  # canonical text; "": so many in every community
    weights_version: int | None = None  # the frozen version of weights; None: base weights
    weights_version_digest: str = ""


@dataclass(frozen=True, kw_only=True)
class EstimateRun:
    """``design`` ``None``: a non-probability sample. ``responses`` and ``mode_counts`` are of the sample it saw.

    ``sample`` belongs to the design :data:`DRAWN`. ``open_responses`` came through the open link: they are in no
    number but those of :attr:`analysis.publication.Subset.OPEN_LINK`.
    """

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
    sample: SampleFacts | None = None
    open_responses: int = 0

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
        if self.sample is not None:
            parts += [self.sample.draw_digest, self.sample.weights_digest]
            if self.sample.weights_version is not None:
                parts.append(self.sample.weights_version_digest)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
