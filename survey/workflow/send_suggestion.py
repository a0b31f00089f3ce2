"""Send a complaint or suggestion: what somebody wrote of their own accord, apart from any questionnaire."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
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


def check_suggestion(written: Written, communities: Iterable[Area]) -> Written:
    """What is kept of it, before anything is asked of the database. Raises :class:`CheckFailed` with what is to be
    changed: ``column`` is the field.

    A way to be reached is kept only with the consent to it; without, it is refused, not silently thrown away.
    """
    text, contact = _plain(written.text, LONGEST_TEXT), _plain(written.contact, LONGEST_CONTACT)
    problems = _problems(written, text, contact, {"", *(one.code for one in communities)})
    if problems:
        raise CheckFailed(Message(N_("还没有交上，请改一下")), problems)
    return replace(written, text=text, contact=contact)


def send_suggestion(session: Session, uuid: UUID, checked: Written, *, at: datetime) -> bool:
    """Keep what was checked, once for each ``uuid``; ``False``: it is there already.

    Raises :class:`~survey.messages.Conflict` for the uuid of another one.
    """
    suggestion = Suggestion(
        uuid=uuid,
        area=checked.area,
        day=at.astimezone(SHANGHAI).date(),
        kind=SuggestionKind(checked.kind),
        text=checked.text,
        contact=checked.contact,
    )
    return add_suggestion(session, suggestion)


def _problems(written: Written, text: str, contact: str, areas: Collection[str]) -> list[Problem]:
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


def _plain(text: str, most: int) -> str:
    """Without control characters, which no database and no page needs; line breaks stay. Of a text far too long only
    so much that it is still too long: each character costs time."""
    text = text.strip()
    if len(text) > 4 * most:
        return text[: 4 * most]
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs")).strip()
