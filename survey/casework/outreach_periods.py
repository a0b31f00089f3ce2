"""Which work a wave may say was done before it, so that what it was published with never changes afterwards.

Work counts that was dated before the wave's fieldwork began and was on record when the wave was published. What is
entered later, whatever day it is dated, changes no published wave.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from survey.reports.wording import BEIJING
from survey.store.outreach_comparisons import list_published_comparisons
from survey.store.outreach_work import Work
from survey.store.waves import WaveRecord, get_wave, list_events
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class WorkPeriod:
    """``before``: the first day of fieldwork. ``recorded_by``: when the wave was published; ``None``: it is not yet."""

    before: date
    recorded_by: datetime | None

    def counts(self, work: Work) -> bool:
        """Void work too, for who asks whether it may still be made void."""
        return work.day < self.before and (self.recorded_by is None or work.at <= self.recorded_by)


def work_period(session: Session, wave: WaveRecord) -> WorkPeriod | None:
    """``None``: nobody knows when its fieldwork began, so nothing can be said to have come before."""
    reached: dict[WaveState, datetime] = {}
    for event in list_events(session, wave.id):
        reached.setdefault(event.to_state, event.at)
    fielding = reached.get(WaveState.FIELDING)
    before = wave.details.start or (fielding.astimezone(BEIJING).date() if fielding else None)
    return None if before is None else WorkPeriod(before=before, recorded_by=reached.get(WaveState.PUBLISHED))


def wave_that_counts(session: Session, wave_id: int, work: Work) -> WaveRecord | None:
    """The published wave that says this work for the plan of ``wave_id`` was done before it, if there is one."""
    for number in list_published_comparisons(session, wave_id):
        later = get_wave(session, number)
        period = work_period(session, later)
        if period is not None and period.counts(work):
            return later
    return None


def first_day(wave: WaveRecord) -> date:
    """From when on work can be work of the wave's plan: its estimates did not exist before its fieldwork was over."""
    if wave.details.end is not None:
        return wave.details.end + timedelta(days=1)
    return wave.opened_at.astimezone(BEIJING).date()
