"""What a wave's fieldwork is expected to bring: complete interviews, from a plan or from what the wave before brought.

Nobody types an expectation here. A plan of the sample size says how many completes its cases are to give; where none
was saved for the frame before the draw, the wave before does, in the same communities.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Disposition
from survey.store.disposition_counts import read_counts
from survey.store.draws import Draw
from survey.store.sample_plans import list_sample_plans
from survey.store.waves import WaveRecord, list_waves


class ExpectedBy(StrEnum):
    """Where the expectation is from."""

    PLAN = "plan"
    WAVE_BEFORE = "wave_before"


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """``share`` of the cases that become complete, 0-1; ``name`` of the plan or the wave that says so."""

    share: float
    by: ExpectedBy
    name: str


@dataclass(frozen=True, kw_only=True)
class FieldPlan:
    """``drawn``: cases of the draw, with its reserves; ``released``: those in the field. ``completes``: done so far.

    ``expected``: completes when all is done, ``None`` where nothing tells. ``start`` and ``end`` as the wave's details
    have them; the plan goes evenly from nothing on the day before ``start`` to ``expected`` on ``end``.
    """

    drawn: int
    released: int
    completes: int
    expectation: Expectation | None
    start: date | None
    end: date | None

    @property
    def expected(self) -> int | None:
        return round(self.released * self.expectation.share) if self.expectation else None

    def due(self, day: date) -> float | None:
        """Completes that were to be there at the end of ``day``.

        >>> plan = FieldPlan(drawn=100, released=100, completes=7, start=date(2026, 5, 1), end=date(2026, 5, 10),
        ...     expectation=Expectation(share=0.4, by=ExpectedBy.PLAN, name=""))
        >>> plan.due(date(2026, 4, 30)), plan.due(date(2026, 5, 1)), plan.due(date(2026, 6, 1))
        (0.0, 4.0, 40.0)
        >>> plan.needed_each_day(date(2026, 5, 4))  # 33 in the six days from the 5th to the 10th
        5.5
        """
        if self.expected is None or self.start is None or self.end is None:
            return None
        days = (self.end - self.start).days + 1
        gone = min(max((day - self.start).days + 1, 0), days)
        return self.expected * gone / days

    def needed_each_day(self, today: date) -> float | None:
        """Completes on each of the days after ``today`` that are left; ``None`` where none is, or nothing is to do."""
        if self.expected is None or self.start is None or self.end is None:
            return None
        left = (self.end - max(today, self.start - timedelta(days=1))).days
        missing = self.expected - self.completes
        return missing / left if left > 0 and missing > 0 else None


def find_expectation(session: Session, wave: WaveRecord, draw: Draw) -> Expectation | None:
    """The newest plan for the frame that was saved before the draw; else the newest wave before it of the same frame or
    the same questionnaire; ``None`` where there is neither.
    """
    for plan in list_sample_plans(session):
        if plan.frame_id == draw.frame_id and plan.saved_at <= draw.drawn_at:
            return Expectation(share=plan.completes / plan.cases, by=ExpectedBy.PLAN, name=plan.name)
    earlier = [one for one in list_waves(session) if _opened(one) < _opened(wave)]
    for before in sorted(earlier, key=_opened, reverse=True):
        if before.frame_id != wave.frame_id and before.instrument_slug != wave.instrument_slug:
            continue
        counts = read_counts(session, before.id)
        cases = sum(counts.values())
        if cases:
            completes = sum(number for (_, code), number in counts.items() if code is Disposition.COMPLETE)
            return Expectation(share=completes / cases, by=ExpectedBy.WAVE_BEFORE, name=before.name)
    return None


def _opened(wave: WaveRecord) -> tuple[datetime, int]:
    return wave.opened_at, wave.id
