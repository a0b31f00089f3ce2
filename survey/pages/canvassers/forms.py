"""What a canvasser's forms send, made into values or said no to."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.messages import N_, BadInput, Message

SHANGHAI = ZoneInfo("Asia/Shanghai")
C = TypeVar("C", bound=StrEnum)


def uuid_of(form: Mapping[str, str], name: str) -> UUID:
    """The number a form was given when it was shown: sent twice, it is still one."""
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        raise BadInput(Message(N_("表单不完整：请返回上一页，刷新后再提交一次。"))) from None


def choice_of(choices: type[C], value: str | None, what: Message) -> C:
    """Raises :class:`BadInput` naming ``what`` when nothing, or nothing known, was chosen."""
    try:
        return choices(value or "")
    except ValueError:
        raise BadInput(Message(N_("请选择：{what}。"), {"what": what})) from None


def local_time(value: str) -> datetime | None:
    """``2026-05-04T18:30`` of a form, as Shanghai time; ``None`` when empty.

    >>> local_time("2026-05-04T18:30").isoformat()
    '2026-05-04T18:30:00+08:00'
    """
    if not value.strip():
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        message = N_("得到的时间是“{got}”，应为日期和时间，如 2026-05-04 18:30。")
        raise BadInput(Message(message, {"got": value[:30]})) from None
    return found.replace(tzinfo=SHANGHAI) if found.tzinfo is None else found


def whole_number(value: str) -> int:
    """Digits as typed, full-width ones too; raises :class:`BadInput`."""
    try:
        return int(value.strip())
    except ValueError:
        raise BadInput(Message(N_("得到“{got}”，应为整数。"), {"got": value[:20]})) from None
