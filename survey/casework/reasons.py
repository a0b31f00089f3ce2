"""A reason that stays on record says something: one letter is none."""

import unicodedata

from survey.messages import N_, BadInput, Message

LONGEST_REASON = 500
FEWEST_CHINESE, FEWEST_LETTERS = 4, 10
#: Different characters: "哈哈哈哈" is no reason.
_FEWEST_DIFFERENT = 3


def read_reason(text: str, missing: Message) -> str:
    """On one line. Raises :class:`BadInput`: ``missing``, which says what is wanted, where there is nothing, too much
    or something unseen; and for too few words.
    """
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise BadInput(missing)
    if not says_something(reason):
        message = N_("理由“{got}”太短：至少 {chinese} 个汉字或 {letters} 个字母，写明出了什么事；它一直留在记录里")
        raise BadInput(Message(message, {"got": reason[:40], "chinese": FEWEST_CHINESE, "letters": FEWEST_LETTERS}))
    return reason


def says_something(reason: str) -> bool:
    """Four Chinese characters or ten letters; mixed, they count in proportion, and the numbers in it as one character.

    >>> [says_something(text) for text in ("漏了一栋", "漏了 3 栋", "block 7 missing", "x", "不好", "哈哈哈哈")]
    [True, True, True, False, False, False]
    """
    wide = sum(one.isalpha() and unicodedata.east_asian_width(one) in "WF" for one in reason)
    narrow = sum(one.isalpha() for one in reason) - wide
    numbers = bool(wide + narrow) and any(one.isdigit() for one in reason)
    different = {one for one in reason.casefold() if one.isalnum()}
    enough = (wide + numbers) / FEWEST_CHINESE + narrow / FEWEST_LETTERS >= 1
    return enough and len(different) >= _FEWEST_DIFFERENT
