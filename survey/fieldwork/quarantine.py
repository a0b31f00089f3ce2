"""Why a payload is not (yet) among the answers or in the visit log, and what a supervisor said to it.

Reasons are codes: they stand in the clear beside the payload's id and hold nothing of its content. What a supervisor
writes is free text, so it is sealed like the payload itself.
"""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from survey.keys import Sealer
from survey.messages import N_, Message


class Reason(StrEnum):
    UNREADABLE = "unreadable"
    UNKNOWN_CASE = "unknown_case"
    NOT_STARTED = "not_started"
    CLOSED = "closed"
    NOT_ASSIGNED = "not_assigned"
    RECUSED = "recused"
    CLOCK = "clock"
    NOT_SELECTED = "not_selected"
    SECOND_INTERVIEW = "second_interview"
    OTHER_WORDING = "other_wording"
    OTHER_VERSION = "other_version"
    LITTLE_IN_COMMON = "little_in_common"
    NOT_UNDERSTOOD = "not_understood"
    SCREENED_OUT = "screened_out"
    COUNTED_BEFORE = "counted_before"
    NOT_PLACED = "not_placed"
    WITHDRAWN = "withdrawn"  # void: the canvasser took it back right away
    TAKEN_BACK = "taken_back"  # void: whoever had answered online withdrew it
    DISCARDED = "discarded"  # void: nobody decided before the wave was closed


REASONS: Mapping[Reason, Message] = {
    Reason.UNREADABLE: Message(N_("内容缺项或格式不对，读不出来")),
    Reason.UNKNOWN_CASE: Message(N_("没有这个样本户")),
    Reason.NOT_STARTED: Message(N_("这一轮调查还没有开始")),
    Reason.CLOSED: Message(N_("这一轮调查已经结束")),
    Reason.NOT_ASSIGNED: Message(N_("交来的人现在不负责这个样本户")),
    Reason.RECUSED: Message(N_("访员与该社区有关联，应当回避")),
    Reason.CLOCK: Message(N_("设备时间不对：早于本轮开始或晚于现在")),
    Reason.NOT_SELECTED: Message(N_("访问的不是抽中的那一位，或合格成年人数与先前交的不同")),
    Reason.SECOND_INTERVIEW: Message(N_("这个样本户已经有一份访问")),
    Reason.OTHER_WORDING: Message(N_("访问所用的问卷这里没有：如果是本问卷的另一个版本，先请统计人员添加那个版本")),
    Reason.OTHER_VERSION: Message(N_("访问用的是本问卷的另一个版本，有些题目与本轮的不同")),
    Reason.LITTLE_IN_COMMON: Message(N_("访问用的是本问卷的另一个版本，与本轮相同的题目太少，或者甄别条件不同")),
    Reason.NOT_UNDERSTOOD: Message(N_("有些答案不是问卷里的题目或选项，或者问卷不接受")),
    Reason.SCREENED_OUT: Message(N_("门口数出了合格成年人，抽中的那一位却不合格：名单可能数错了")),
    Reason.COUNTED_BEFORE: Message(N_("这一户数出过合格成年人，这次却记为不是住户、空置或无合格成员")),
    Reason.NOT_PLACED: Message(N_("已经收到，但没能归档；管理员可以查看日志")),
    Reason.WITHDRAWN: Message(N_("访员当场撤销")),
    Reason.TAKEN_BACK: Message(N_("填答的本人用撤回码撤回，答案已删除")),
    Reason.DISCARDED: Message(N_("轮次结束时仍未裁定，已作废")),
}
_SEALED = "sealed:"


def seal_note(sealer: Sealer, uuid: UUID, note: str) -> str:
    """What a supervisor wrote, as it may stand beside the payload's id."""
    return _SEALED + sealer.seal(note.encode("utf-8", "replace"), context=_context(uuid)).hex()


def read_reason(sealer: Sealer, uuid: UUID, stored: str) -> Message | str | None:
    """What stands beside a payload: a reason, the text of a supervisor, or ``None`` where there is nothing to say."""
    if stored.startswith(_SEALED):
        return sealer.unseal(bytes.fromhex(stored.removeprefix(_SEALED)), context=_context(uuid)).decode()
    return reason_message(stored)


def reason_message(stored: str) -> Message | None:
    """As :func:`read_reason` without a key: what a supervisor wrote stays closed.

    >>> str(reason_message("unknown_case")), reason_message("")
    ('没有这个样本户', None)
    """
    if stored.startswith(_SEALED):
        return Message(N_("督导已作裁定"))
    return REASONS[Reason(stored)] if stored else None


def _context(uuid: UUID) -> str:
    return f"settled:{uuid}"
