"""How long a questionnaire takes: seconds of each item from the characters to read and the answers to give.

A range, not a figure: the short end is a quick reader who skims a scale met before, the long end a slow one to whom
everything is said each time. Sources of the speeds:

- silent reading: the Chinese curriculum standards for compulsory education (2022) expect at least 300 characters a
  minute in grades 5 and 6 and 500 in grades 7 to 9; English 238 words a minute (Brysbaert 2019, J. Mem. Lang. 109),
  taken a third slower for the long end;
- reading aloud: 255 ± 29 characters a minute for Chinese, 228 ± 30 words for English (Trauzettel-Klosinski and Dietz
  2012, IOVS 53); an interviewer pauses between options: a third slower for the long end;
- deciding and marking, and turning a screen: no source that fits, assumptions of this project (:data:`DECIDING`), to
  be replaced by the durations of fielded waves.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from questionnaires.definition import Item, ItemType, OptionKind, Questionnaire, Text

#: Modes in which somebody reads everything out; in the others people read themselves.
ALOUD = frozenset({"capi", "cati_entry"})
#: Characters (Chinese) and words (English) a minute: quick and slow.
SPEEDS: Mapping[tuple[str, bool], tuple[float, float]] = {
    ("zh_Hans", False): (500, 300),
    ("zh_Hans", True): (255, 170),
    ("en", False): (238, 160),
    ("en", True): (228, 150),
}
#: Seconds to decide and to mark an answer: quick and slow. Of a list of several for each answer, too.
DECIDING: Mapping[ItemType, tuple[float, float]] = {
    ItemType.SINGLE: (2, 5),
    ItemType.MULTI: (4, 10),
    ItemType.NUMBER: (4, 8),
    ItemType.DATE: (8, 15),
    ItemType.TEXT: (10, 40),
    ItemType.NOTE: (1, 2),
}
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z0-9'’-]+")


@dataclass(frozen=True, kw_only=True)
class Span:
    """From … to, in seconds."""

    low: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Span") -> "Span":
        return Span(low=self.low + other.low, high=self.high + other.high)

    @property
    def minutes(self) -> tuple[float, float]:
        """Rounded to half minutes, outwards from none.

        >>> Span(low=100, high=200).minutes
        (1.5, 3.5)
        """
        return max(0.5, round(self.low / 30) / 2), max(0.5, round(self.high / 30) / 2)


class Clock:
    """The seconds of the parts of a questionnaire, its placeholders filled, in one language."""

    def __init__(self, questionnaire: Questionnaire, *, aloud: bool, language: str = "zh_Hans") -> None:
        self._questionnaire = questionnaire
        self._aloud, self._language = aloud, language
        self._speeds = SPEEDS.get((language, aloud), SPEEDS["zh_Hans", aloud])
        first, *rest = self._questionnaire.items or (None,)
        met = {each.id for before, each in pairwise(self._questionnaire.items) if _same_options(before, each)}
        self._seconds = {item.id: self._item(item, met=item.id in met) for item in (first, *rest) if item}

    def item(self, item_id: str) -> Span:
        return self._seconds[item_id]

    def items(self, item_ids: Iterable[str]) -> Span:
        return sum((self._seconds[item_id] for item_id in item_ids), Span())

    def around(self, mode: str) -> Span:
        """The introduction and the closing."""
        texts = [self._questionnaire.introductions.get(mode), self._questionnaire.closing]
        return self._reading(sum(self._length(text) for text in texts if text))

    def _item(self, item: Item, *, met: bool) -> Span:
        """``met``: the options were those of the item before, so nobody quick reads them again."""
        shown = (option for option in item.options if option.read_aloud and option.kind is not OptionKind.REFUSED)
        options = self._reading(sum(self._length(option.text) for option in shown))
        text = self._reading(self._length(item.text))
        quick, slow = DECIDING[item.type]
        return Span(low=text.low + (0 if met else options.low) + quick, high=text.high + options.high + slow)

    def _length(self, text: Text) -> int:
        return length_of(text.in_language(self._language))

    def _reading(self, length: int) -> Span:
        quick, slow = self._speeds
        return Span(low=60 * length / quick, high=60 * length / slow)


@lru_cache(maxsize=4096)  # options come again and again
def length_of(wording: str) -> int:
    """Chinese characters, and words and numbers in other scripts, which take about as long as a character each.

    >>> length_of("您对12345满意吗？"), length_of("How satisfied are you?")
    (6, 4)
    """
    return len(_CHINESE.findall(wording)) + len(_WORD.findall(wording))


def _same_options(before: Item, item: Item) -> bool:
    return bool(item.options) and before.options == item.options
