"""What came of a visit, who was there, and how a case ended, in words people use."""

from collections.abc import Mapping

from analysis.fieldwork.dispositions import Disposition, Outcome
from survey.fieldwork.payloads import LedBy, Presence
from survey.messages import N_

#: In the order of the form. Complete and partial are not chosen: the interview itself says so.
OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.NO_ANSWER: N_("无人应门"),
    Outcome.NO_ENTRY: N_("门禁进不去"),
    Outcome.AWAY: N_("选中的人不在家"),
    Outcome.APPOINTMENT: N_("约好再来"),
    Outcome.REFUSED_HOUSEHOLD: N_("家里其他人拒访"),
    Outcome.REFUSED_PERSON: N_("选中的人拒访"),
    Outcome.BREAK_OFF: N_("中途不愿继续"),
    Outcome.UNABLE: N_("因病或身体原因无法回答"),
    Outcome.LANGUAGE: N_("语言不通"),
    Outcome.OTHER: N_("其他原因没有访成"),
    Outcome.NOBODY_ELIGIBLE: N_("无合格成员"),
    Outcome.VACANT: N_("空置"),
    Outcome.NOT_A_DWELLING: N_("商用，不是住户"),
    Outcome.NO_SUCH_ADDRESS: N_("地址不存在"),
    Outcome.COMPLETE: N_("完成"),
    Outcome.PARTIAL: N_("部分完成"),
}

DISPOSITION_WORDS: Mapping[Disposition, str] = {
    Disposition.COMPLETE: N_("完成"),
    Disposition.PARTIAL: N_("部分完成"),
    Disposition.REFUSED_HOUSEHOLD: N_("家里其他人拒访"),
    Disposition.REFUSED_PERSON: N_("选中的人拒访"),
    Disposition.BREAK_OFF: N_("中途不愿继续"),
    Disposition.NO_ENTRY_OCCUPIED: N_("门禁进不去（有人住）"),
    Disposition.NO_ANSWER_OCCUPIED: N_("无人应门（有人住）"),
    Disposition.AWAY: N_("选中的人不在家"),
    Disposition.UNABLE: N_("因病或身体原因无法回答"),
    Disposition.LANGUAGE: N_("语言不通"),
    Disposition.OTHER: N_("其他原因没有访成"),
    Disposition.NOT_ATTEMPTED: N_("还没有去"),
    Disposition.NO_ENTRY_UNKNOWN: N_("门禁进不去（不知是否有人住）"),
    Disposition.NO_ANSWER_UNKNOWN: N_("无人应门（不知是否有人住）"),
    Disposition.NO_SUCH_ADDRESS: N_("地址不存在"),
    Disposition.NOT_A_DWELLING: N_("商用，不是住户"),
    Disposition.VACANT: N_("空置"),
    Disposition.NOBODY_ELIGIBLE: N_("无合格成员"),
}

LED_BY_WORDS: Mapping[LedBy, str] = {
    LedBy.NOBODY: N_("没有人带路"),
    LedBy.COMMUNITY_STAFF: N_("社区工作人员"),
    LedBy.GRID_WORKER: N_("网格员"),
    LedBy.PROPERTY_STAFF: N_("物业人员"),
    LedBy.OTHER: N_("其他人"),
}

PRESENCE_WORDS: Mapping[Presence, str] = {
    Presence.ALONE: N_("只有受访者一人"),
    Presence.FAMILY: N_("家人"),
    Presence.NEIGHBOURS: N_("邻居"),
    Presence.COMMUNITY_STAFF: N_("社区、网格或物业人员"),
    Presence.OTHERS: N_("其他人"),
}
