"""Show how the site runs to who looks after it: the worker, what failed, what waits; nothing of any answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.casework.worker_life import WorkerLife, read_worker_life
from survey.fieldwork.quarantine import Reason
from survey.store.inbox import count_reason
from survey.store.reports import ReportRecord, failed_reports
from survey.store.sign_in_attempts import FailedSignIns, count_failed

SIGN_INS_OF = timedelta(days=1)
MOST_FAILED = 20


@dataclass(frozen=True, kw_only=True)
class Operation:
    """``failed``: reports that could not be built, the newest first; ``not_placed``: payloads that came in and found no
    place; ``sign_ins``: of the last day.
    """

    worker: WorkerLife
    failed: tuple[ReportRecord, ...]
    not_placed: int
    sign_ins: FailedSignIns

    @property
    def quiet(self) -> bool:
        """Nothing that somebody has to look at."""
        return not (self.worker.silent or self.failed or self.not_placed)


def show_operation(session: Session, *, at: datetime) -> Operation:
    return Operation(
        worker=read_worker_life(session, at=at),
        failed=failed_reports(session, most=MOST_FAILED),
        not_placed=count_reason(session, Reason.NOT_PLACED),
        sign_ins=count_failed(session, since=at - SIGN_INS_OF),
    )
