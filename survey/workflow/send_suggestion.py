"""Send a complaint or suggestion: what somebody wrote of their own accord, apart from any questionnaire."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.areas import RANK, Area, Level
from survey.messages import N_, CheckFailed, Message, Problem
from survey.store.areas import known_areas
from survey.store.suggestions import (
    LONGEST_CONTACT,
    LONGEST_TEXT,
    Suggestion,
    SuggestionKind,
    add_suggestion,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Written:
    """The form as it came. ``area``: code of a community, or "" for none."""

    area: str
    kind: str
    text: str
    contact: str
    consents: bool
    consents_to_contact: bool


def list_communities(session: Session) -> tuple[Area, ...]:
    """What the form offers, by code."""
    found = known_areas(session).values()
    return tuple(sorted((one for one in found if RANK[one.level] == RANK[Level.COMMUNITY]), key=lambda one: one.code))


def send_suggestion(session: Session, uuid: UUID, written: Written, *, at: datetime) -> None:
    """Keep it, once for each ``uuid``. Raises :class:`CheckFailed` with what is to be changed: ``column`` is the field.

    A way to be reached is kept only with the consent to it; without, it is refused, not silently thrown away.
    """
    text, contact = _plain(written.text), _plain(written.contact)
    problems = _problems(session, written, text, contact)
    if problems:
        raise CheckFailed(Message(N_("还没有交上，请改一下")), problems)
    suggestion = Suggestion(
        uuid=uuid,
        area=written.area,
        day=at.astimezone(SHANGHAI).date(),
        kind=SuggestionKind(written.kind),
        text=text,
        contact=contact,
    )
    add_suggestion(session, suggestion)


def _problems(session: Session, written: Written, text: str, contact: str) -> list[Problem]:
    areas = {"", *(one.code for one in list_communities(session))}
    wrong = {
        "kind": Message(N_("请选投诉还是建议")) if written.kind not in {*SuggestionKind} else None,
        "area": Message(N_("请从列表里选社区，或选“不想说”")) if written.area not in areas else None,
        "text": _length(text, LONGEST_TEXT, N_("请写下您的意见，最多{most}个字")),
        "contact": _length(contact, LONGEST_CONTACT, N_("联系方式最多{most}个字"), least=0)
        or (
            Message(N_("要留联系方式，请同时勾选同意留下；不想留，请把它删掉"))
            if contact and not written.consents_to_contact
            else None
        ),
        "consents": None if written.consents else Message(N_("请勾选同意，否则我们不能保存您写的内容")),
    }
    return [Problem(where="", column=name, got="", expected=message) for name, message in wrong.items() if message]


def _length(text: str, most: int, words: str, *, least: int = 1) -> Message | None:
    return None if least <= len(text) <= most else Message(words, {"most": most})


def _plain(text: str) -> str:
    """Without control characters, which no database and no page needs; line breaks stay."""
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs")).strip()
