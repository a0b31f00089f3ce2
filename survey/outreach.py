"""Words and shapes of outreach: what can be done, how far it is, and what a visit may be noted as."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analysis.outreach.findings import ActionKind, Finding
from questionnaires.definition import Text
from survey.messages import N_

__all__ = ["ActionKind", "Finding"]

#: Longest free texts of an action, in characters: a name, and evidence, result or comment.
LONGEST_NAME = 60
LONGEST_TEXT = 500
#: What is proposed: the type of action that answers a need.
AWARENESS_ACTION = "HOME_VISIT"
PARTICIPATION_ACTION = "VOLUNTEER_DAY"
FIX_ACTION = "ISSUE_FIX"
INTERVIEW_ACTION = "INTERVIEWS"
CAUSE_ACTION = "COURTYARD_MEETING"
#: Where a frame lists no homes, so many adults are taken for one; a person then enters the right quantity.
ADULTS_PER_HOME = 2
#: Types done at the doors of homes: these have a ledger of visits, and a coverage.
DOOR_TO_DOOR = frozenset({"HOME_VISIT"})
#: Types that measure: canvassers do them, never those who carry the campaign from door to door.
MEASURES = frozenset({INTERVIEW_ACTION})
#: How many events of a type one person can hold on one day at the most; more is asked about.
MOST_A_DAY: Mapping[str, int] = {"VOLUNTEER_DAY": 2, "COURTYARD_MEETING": 2, "RULES_TALK": 2}
#: A grid or an estate of fewer units is no place of an action: it would point at homes.
LEAST_UNITS_OF_A_PLACE = 10


class ActionStatus(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class ShownStatus(StrEnum):
    """As readers see it: what should be over and is not is overdue. Never stored."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    DONE = "done"
    CANCELLED = "cancelled"


class LedgerOutcome(StrEnum):
    """All a visit is noted as. What anybody thought or said has no place here."""

    REACHED = "reached"
    NOBODY = "nobody"
    DO_NOT_DISTURB = "do_not_disturb"


class Per(StrEnum):
    """What a full quantity is counted by."""

    COMMUNITY = "community"
    GRID = "grid"
    HOUSEHOLD = "household"
    NEED = "need"  # the analysis says how many


KIND_NAMES: Mapping[ActionKind, str] = {
    ActionKind.TELL: N_("宣传"),
    ActionKind.FIX: N_("整改"),
    ActionKind.ASK: N_("补充调查"),
}

KIND_MEANINGS: Mapping[ActionKind, str] = {
    ActionKind.TELL: N_("居民不知道或没有参与：让居民知道有什么、怎么参加。"),
    ActionKind.FIX: N_("居民对某个方面不满意：由责任部门把事情办好。"),
    ActionKind.ASK: N_("现有数据说不清，或不知道原因：多访问、多听，不做说服。"),
}

STATUS_NAMES: Mapping[ShownStatus, str] = {
    ShownStatus.NOT_STARTED: N_("未开始"),
    ShownStatus.IN_PROGRESS: N_("进行中"),
    ShownStatus.OVERDUE: N_("逾期"),
    ShownStatus.DONE: N_("已完成"),
    ShownStatus.CANCELLED: N_("取消"),
}

OUTCOME_NAMES: Mapping[LedgerOutcome, str] = {
    LedgerOutcome.REACHED: N_("见到人"),
    LedgerOutcome.NOBODY: N_("无人"),
    LedgerOutcome.DO_NOT_DISTURB: N_("勿扰"),
}

#: Beside every field for free text.
PRIVACY_HINT = N_("只写工作，不写人：不要写居民的姓名、电话、门牌号、看法或态度。")


@dataclass(frozen=True, kw_only=True)
class ActionType:
    """``unit_cost_cny`` is an assumption (``assumed``) until a city enters its own; ``cost_low``-``cost_high`` is the
    range it was assumed from. A full quantity is ``amount`` for each ``per``, rounded up.
    """

    code: str
    name: Text
    unit: Text
    kinds: frozenset[ActionKind]
    unit_cost_cny: float
    cost_low: float
    cost_high: float
    assumed: bool
    evidence: tuple[str, ...]
    per: Per
    amount: float


def by_grid_workers(kind: ActionKind, type_code: str) -> bool:
    """Whether grid workers carry it out: fixes are the departments', measuring is the canvassers'.

    >>> by_grid_workers(ActionKind.TELL, "HOME_VISIT"), by_grid_workers(ActionKind.ASK, "INTERVIEWS")
    (True, False)
    """
    return kind is not ActionKind.FIX and type_code not in MEASURES


def shown_status(status: ActionStatus, end: date | None, today: date) -> ShownStatus:
    """What a reader is told on ``today``.

    >>> str(shown_status(ActionStatus.IN_PROGRESS, date(2026, 5, 1), date(2026, 5, 2)))
    'overdue'
    >>> str(shown_status(ActionStatus.DONE, date(2026, 5, 1), date(2026, 5, 2)))
    'done'
    """
    over = end is not None and end < today and status not in (ActionStatus.DONE, ActionStatus.CANCELLED)
    return ShownStatus.OVERDUE if over else ShownStatus(status.value)
