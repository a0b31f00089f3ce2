"""What residents of the example wrote of their own accord: something to read, and one of them dealt with."""

from uuid import UUID

import numpy as np

from survey.demo.context import Making, StoredFrame
from survey.demo.people import OFFICIAL
from survey.roles import Scope
from survey.store.suggestions import SuggestionKind
from survey.workflow.mark_suggestion import mark_suggestion
from survey.workflow.send_suggestion import Written, check_suggestion, list_communities, send_suggestion

#: Community of the frame by number (none: it was not said), days ago, kind, words, way to be reached.
_WRITTEN = (
    (0, 3, SuggestionKind.COMPLAINT, "三号楼楼道灯坏了两个星期，晚上老人下楼不方便。（虚构）", ""),
    (
        0,
        20,
        SuggestionKind.SUGGESTION,
        "小区门口的垃圾桶能不能早上多清一次？（虚构）",
        "工作日晚上，示例电话 0000-7654321",
    ),
    (2, 9, SuggestionKind.SUGGESTION, "希望周末也开放社区图书角。（虚构）", ""),
    (None, 30, SuggestionKind.COMPLAINT, "问卷里有一题没看懂，能不能写得简单些？（虚构）", ""),
)
#: Which of them was dealt with, how many days ago, and how.
_DEALT, _AGO, _NOTE = 1, 12, "已转物业：每天七点加清一次（演示）"


def write_suggestions(making: Making, frame: StoredFrame) -> None:
    """By the form residents use; the official marks one as handled."""
    session, rng = making.session, np.random.default_rng((making.seed, len(_WRITTEN)))
    communities = list_communities(session)
    for number, (place, ago, kind, text, contact) in enumerate(_WRITTEN):
        written = Written(
            area="" if place is None else frame.places[place].code,
            kind=kind,
            text=text,
            contact=contact,
            consents=True,
            consents_to_contact=bool(contact),
        )
        uuid = UUID(bytes=rng.bytes(16), version=4)
        send_suggestion(session, uuid, check_suggestion(written, communities), at=making.day(ago))
        if number == _DEALT:
            mark_suggestion(session, uuid, note=_NOTE, scope=Scope(), at=making.day(_AGO), by=OFFICIAL)
