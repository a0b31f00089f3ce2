"""Whether anybody works on what was asked for: the worker's last sign, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.store.reports import waiting_reports
from survey.store.worker_signs import last_sign

#: It signs every minute; a long report takes a few.
SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class WorkerLife:
    """``seen``: its last sign, ``None``: it never ran. ``waiting``: reports, the longest ``since``. ``at``: now."""

    seen: datetime | None
    waiting: int
    since: datetime | None
    at: datetime

    @property
    def silent(self) -> bool:
        return self.seen is None or self.at - self.seen > SILENT_AFTER


def read_worker_life(session: Session, *, at: datetime) -> WorkerLife:
    waiting, since = waiting_reports(session)
    return WorkerLife(seen=last_sign(session), waiting=waiting, since=since, at=at)
