"""What an introduction promises that its mode does not keep.

Only a drawn home may be told that it was drawn. Whoever opens an open link or takes a paper form from a batch chose to
answer, and the forms of a batch come back by many hands.
"""

import re
from collections.abc import Iterator

from questionnaires.definition import Questionnaire, Text
from questionnaires.hint_kinds import Hint, HintKind
from questionnaires.problems import N_

_PAPER = "paper_entry"
#: Modes whose people come by themselves.
_SELF_CHOSEN = ("web_open", _PAPER)
_DENIED = re.compile(r"(不是|并非|没有|未)[^，。；！？]*?抽[^，。；！？]*")
_DENIED_IN_ENGLISH = re.compile(r"\b(not|no|nobody|no one|never|none)\b[^.;!?]*", re.IGNORECASE)
_DRAWN = re.compile(r"随机抽|抽签|抽到|抽中|抽取|被抽|用于抽样")
_DRAWN_IN_ENGLISH = re.compile(
    r"\b(drawn|sampled|randomly|at random|for sampling)\b|\b(was|were|been)\s+(\w+\s+)?(selected|chosen)\b",
    re.IGNORECASE,
)
_SEALED = re.compile(r"封|\b(seal|sealed|envelope)\b", re.IGNORECASE)


def claims_draw(text: Text) -> bool:
    """Whether it tells people that they were drawn.

    >>> claims_draw(Text(zh_Hans="您家是随机抽到的。", en="Hello"))
    True
    >>> claims_draw(Text(zh_Hans="填写的人不是抽签抽中的。", en="Nobody was drawn. You may skip any question."))
    False
    """
    wordings = (text.zh_Hans, *(wording for _, wording in text.others))
    return any(_DRAWN.search(_DENIED.sub("", wording)) for wording in wordings) or bool(
        _DRAWN_IN_ENGLISH.search(_DENIED_IN_ENGLISH.sub("", text.en))
    )


def untrue_introductions(questionnaire: Questionnaire) -> Iterator[Hint]:
    for mode in _SELF_CHOSEN:
        text = questionnaire.introductions.get(mode)
        if text is None:
            continue
        if claims_draw(text):
            yield _hint(mode, _NOT_PRINTED if mode == _PAPER else _NOT_DRAWN)
        elif mode == _PAPER and not (_SEALED.search(text.zh_Hans) and _SEALED.search(text.en)):
            yield _hint(mode, _NOT_SEALED)


_NOT_DRAWN = N_("说抽到了这一户，可是公开链接谁都能填：请说明人人可以填写，结果单独列出")
_NOT_PRINTED = N_("说抽到了这一户，可是纸质问卷按社区发放，不给抽中的户：不会印在问卷上，印的是通用的开场白")
_NOT_SEALED = N_("没有请人把问卷封好再交回：收的人可能就是社区的人，不封好他就看得到")


def _hint(mode: str, msgid: str) -> Hint:
    return Hint(item="introductions", kind=HintKind.INTRODUCTION, msgid=msgid, field=mode)
