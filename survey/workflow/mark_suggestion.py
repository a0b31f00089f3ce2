"""Mark a suggestion as handled, so that two offices do not both call the same person; or open it again."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.messages import N_, BadInput, Conflict, Message, NotThere
from survey.roles import Scope
from survey.store.areas import known_areas
from survey.store.suggestion_marks import LONGEST_NOTE, SuggestionMark, add_mark, drop_mark
from survey.store.suggestions import get_suggestion

SHANGHAI = ZoneInfo("Asia/Shanghai")


def mark_suggestion(session: Session, uuid: UUID, *, note: str, scope: Scope, at: datetime, by: str) -> None:
    """It was dealt with: kept with the day alone, as the suggestion itself.

    Raises :class:`NotThere` out of ``scope``, :class:`BadInput` for a note that says nothing, and :class:`Conflict`
    where somebody marked it before.
    """
    _check_reach(session, uuid, scope)
    told = " ".join(note.split())
    if not 1 <= len(told) <= LONGEST_NOTE or not told.isprintable():
        raise BadInput(Message(N_("请写明怎么处理的，1 到 {most} 个字"), {"most": LONGEST_NOTE}))
    mark = SuggestionMark(uuid=uuid, handled_on=at.astimezone(SHANGHAI).date(), handled_by=by, note=told)
    if not add_mark(session, mark):
        raise Conflict(Message(N_("这条意见刚刚有人处理过了：请看下面写的。")))


def reopen_suggestion(session: Session, uuid: UUID, *, scope: Scope) -> None:
    """It waits again. Raises :class:`NotThere` out of ``scope``; one that waits already does so still."""
    _check_reach(session, uuid, scope)
    drop_mark(session, uuid)


def _check_reach(session: Session, uuid: UUID, scope: Scope) -> None:
    suggestion = get_suggestion(session, uuid)
    parents = {code: area.parent for code, area in known_areas(session).items()}
    if not scope.sees_area(suggestion.area or None, parents):
        raise NotThere(Message(N_("没有这条意见，或者已经过期删除。")))
