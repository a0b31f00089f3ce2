"""A row in every table of paper forms."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.store.paper_batches import COUNTS, NewBatch, add_batch, add_check
from survey.store.paper_forms import FormRecord, FormState, add_form

AREA = "330106001001"


def batch(wave: int, *, area: str = AREA, printed: int = 20) -> NewBatch:
    return NewBatch(wave_id=wave, area=area, language="zh_Hans", large=False, seed="5" * 64, printed=printed)


def fill_paper(session: Session, wave: int, *, at: datetime) -> int:
    number = add_batch(session, batch(wave), at=at, by="王")
    add_form(session, FormRecord(tag="e" * 64, batch_id=number, state=FormState.KEYED, body=b"sealed"))
    add_check(session, number, {"A1": True, "A2": False})
    session.execute(COUNTS.insert(), {"batch_id": number, "reason": "", "forms": 3})
    return number
