"""What the respondents of a wave can be divided by, apart from their areas."""

from collections.abc import Mapping
from enum import StrEnum

from survey.messages import N_
from survey.roles import CanvasserType


class Grouping(StrEnum):
    """In the order in which they are decided: what an earlier one prints, a later one must not undo."""

    SEX = "sex"
    AGE = "age"
    MODE = "mode"
    CANVASSER_TYPE = "canvasser_type"
    GUIDED = "guided"


#: What only the sealed log of an open wave tells. Closing keeps the estimates, never what each answer had.
OF_THE_LOG = (Grouping.CANVASSER_TYPE, Grouping.GUIDED)

#: The group of those of whom it is not known.
UNKNOWN = "unknown"
#: After the code of a group that a few of them stand with.
AND_UNKNOWN = "+unknown"
NOBODY = "nobody"
GUIDED, ALONE = "guided", "alone"

GROUPING_NAMES: Mapping[Grouping, str] = {
    Grouping.SEX: N_("性别"),
    Grouping.AGE: N_("年龄组"),
    Grouping.MODE: N_("调查方式"),
    Grouping.CANVASSER_TYPE: N_("访员类别"),
    Grouping.GUIDED: N_("有没有人带路"),
}
#: Groups that no instrument names; those of :class:`survey.waves.Mode` have their own words.
GROUP_NAMES: Mapping[str, str] = {
    UNKNOWN: N_("不详"),
    NOBODY: N_("没有访员（网上填答）"),
    GUIDED: N_("有人带路"),
    ALONE: N_("没有人带路"),
    CanvasserType.STUDENT.value: N_("学生"),
    CanvasserType.COMMUNITY_STAFF.value: N_("社区工作人员"),
    CanvasserType.AGENCY.value: N_("调查公司"),
}
