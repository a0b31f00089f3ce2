"""A row in every table of what residents may do afterwards."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from survey.keys import KeyRing
from survey.store.open_link_signs import count_answer
from survey.store.receipts import add_receipt
from survey.store.recordings import Recording, Sound, put_recording
from survey.store.suggestion_marks import SuggestionMark, add_mark
from survey.store.suggestions import Suggestion, SuggestionKind, add_suggestion
from survey.store.wave_keys import open_sealer
from survey.store.withdrawals import COUNTS, add_withdrawal
from survey.waves import Mode

AREA = "330106001001"


def suggestion(number: int, *, area: str = AREA, day: date = date(2026, 5, 4), contact: str = "") -> Suggestion:
    return Suggestion(
        uuid=UUID(int=number, version=4),
        area=area,
        day=day,
        kind=SuggestionKind.COMPLAINT,
        text=f"路灯不亮（{number}）",
        contact=contact,
    )


def mark(number: int, *, day: date = date(2026, 5, 6), by: str = "zhuren", note: str = "已转路灯所") -> SuggestionMark:
    return SuggestionMark(uuid=UUID(int=number, version=4), handled_on=day, handled_by=by, note=note)


def fill_rights(session: Session, keys: KeyRing, wave: int, *, response: UUID, at: datetime) -> None:
    add_receipt(session, wave, "a" * 64)
    count_answer(session, ["e" * 64])
    add_withdrawal(session, open_sealer(session, keys, wave, at=at), wave, "b" * 64, response)
    session.execute(COUNTS.insert(), {"wave_id": wave, "area": AREA, "mode": Mode.WEB_OPEN, "answers": 1})
    sound = Sound(type="audio/mpeg", body=b"ID3")
    put_recording(session, wave, Recording(item="A1", dialect="客家话", sha256="c" * 64), sound)
    add_suggestion(session, suggestion(1, contact="“张” 01-02"))
    add_mark(session, mark(1))
