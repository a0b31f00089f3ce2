"""How a change between two versions is told: where it is, and the few words that differ in a long wording."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from questionnaires.item_changes import PartChange
from survey.messages import N_, Message
from survey.pages.statisticians.language_names import language_name
from survey.reports.wording import MODE_WORDS

#: Characters kept on each side of what differs, and of a wording that is there on one side alone.
AROUND = 40
MOST_TOLD = 1000
#: Places of a file beside its items; the rest of the place is a name.
PLACE_WORDS: Mapping[str, str] = {
    "instrument": N_("整份问卷"),
    "introductions": N_("开场白"),
    "placeholders": N_("留给轮次填的空白"),
    "section": N_("部分"),
    "check": N_("核对"),
    "indicator": N_("指标"),
    "composite": N_("综合指标"),
}
DETAIL_WORDS: Mapping[str, str] = {
    "title": N_("名称"),
    "population": N_("调查总体"),
    "closing": N_("结束语"),
    "modes": N_("调查方式"),
    "languages": N_("语言"),
    "target_minutes": N_("预计时长"),
    **{mode.value: words for mode, words in MODE_WORDS.items()},
}


@dataclass(frozen=True, kw_only=True)
class Differing:
    """``before`` and ``after``: alike on both sides, shortened; ``changed``: what is not."""

    before: str
    changed: str
    after: str


def place_words(part: str) -> tuple[Message | str, ...]:
    """Where a change is, as readers call it; an item keeps its id.

    >>> place_words("D1"), str(place_words("section main")[0]), place_words("section main")[1]
    (('D1',), '部分', 'main')
    """
    head, _, name = part.partition(" ")
    if head not in PLACE_WORDS:
        return (part,)
    return (Message(PLACE_WORDS[head]), name) if name else (Message(PLACE_WORDS[head]),)


def detail_words(change: PartChange) -> tuple[Message | str, ...]:
    """What of the place has changed, and in which language."""
    detail = Message(DETAIL_WORDS[change.detail]) if change.detail in DETAIL_WORDS else change.detail
    return tuple(word for word in (detail, language_name(change.language) if change.language else "") if word)


def differing(text: str, other: str) -> Differing:
    """What ``text`` has where it is not like ``other``: a change far down a long wording is not cut away.

    >>> differing("您对环境满意吗？", "您对治安满意吗？")
    Differing(before='您对', changed='环境', after='满意吗？')
    """
    start = _alike(text, other)
    end = _alike(text[start:][::-1], other[start:][::-1])
    before, changed, after = text[:start], text[start : len(text) - end], text[len(text) - end :]
    if not other:
        return Differing(before="", changed=_shortened(text, MOST_TOLD), after="")
    return Differing(
        before=before if len(before) <= AROUND else "…" + before[-AROUND:],
        changed=_shortened(changed, MOST_TOLD),
        after=_shortened(after, AROUND),
    )


def _alike(text: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
