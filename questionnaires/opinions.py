"""Which questions ask for an opinion, and how many of their answers are for and against."""

import re
from collections.abc import Iterable

from questionnaires.definition import Item, ItemType, Option, OptionKind, Polarity, Text

_AGAINST = re.compile(
    r"(不|没)\w{0,4}(满意|支持|同意|赞成|认同|好|重要|方便|安全|愿意|信任)$|(反对|差|糟|糟糕|坏)$"
    r"|^(very |fairly |quite |rather |somewhat |strongly |completely )?"
    r"(dissatisfied|unsatisfied|unhappy|disagree|opposed?|against|bad|poor|unimportant|unsafe|worse)\b"
    r"|\bnot\b(?! (know|sure))|\bdisagree\b",
    re.IGNORECASE,
)
#: Without one of these no answer is against: facts are done with after looking for them.
_SIGNS = ("不", "没", "反对", "差", "糟", "坏", "dis", "un", "not", "oppos", "against", "bad", "poor", "worse")
_FOR = re.compile(
    r"(满意|支持|同意|赞成|认同|好|重要|方便|安全|愿意|信任)$"
    r"|\b(satisfied|happy|agree|support|in favour|in favor|good|excellent|important|safe|better)\b",
    re.IGNORECASE,
)
#: Beside its opposite alone this is a consent, no opinion.
_CONSENT = re.compile(r"同意|愿意|\bagree\b", re.IGNORECASE)


def is_opinion(item: Item) -> bool:
    """Whether the answers to ``item`` lie between for and against, good and bad."""
    positive, negative = sides(item)
    return bool(positive or negative)


def sides(item: Item) -> tuple[int, int]:
    """How many answers are for and against: as the file says or, where it says nothing, by their words.

    (0, 0) for a question that asks for no opinion.
    """
    if item.type is not ItemType.SINGLE:
        return 0, 0
    marked = [option.polarity for option in item.options]
    positive, negative = marked.count(Polarity.POS), marked.count(Polarity.NEG)
    return (positive, negative) if positive or negative else _sides_by_words(item.options)


def says_no_polarity(item: Item) -> bool:
    """Whether the words alone show that the answers lie between for and against."""
    return is_opinion(item) and not any(option.polarity for option in item.options)


def _sides_by_words(options: Iterable[Option]) -> tuple[int, int]:
    substantive = [option.text for option in options if option.kind is OptionKind.SUBSTANTIVE]
    plain = "|".join(text.zh_Hans for text in substantive).lower()
    if not any(sign in plain for sign in _SIGNS):
        return 0, 0
    against = [text for text in substantive if _is(text, _AGAINST)]
    positive = [text for text in substantive if text not in against and _is(text, _FOR)]
    if not positive or not against:
        return 0, 0
    if len(substantive) == 2 and _is(positive[0], _CONSENT):
        return 0, 0
    return len(positive), len(against)


def _is(text: Text, words: re.Pattern[str]) -> bool:
    return bool(words.search(text.zh_Hans.strip("。.（）() ")))
