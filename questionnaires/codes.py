"""Codes as files and forms write them: numbers, digits as text (full-width too), several in one cell."""

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}(\.0{1,9})?")
_BETWEEN = re.compile(r"[,;、|/\s]+")
_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
#: Longer than any list of codes.
_LONGEST = 1000


def is_blank(value: object) -> bool:
    """Nothing there: ``None``, white space (ideographic too), an empty list, a spreadsheet's not-a-number.

    >>> is_blank("　"), is_blank([]), is_blank(0)
    (True, True, False)
    """
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, (list, tuple)) and not value)


def whole_number(value: object) -> int | None:
    """The integer ``value`` stands for, or ``None``.

    >>> whole_number("４"), whole_number(" 98 "), whole_number(4.0), whole_number("4.0"), whole_number("4a")
    (4, 98, 4, 4, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)  # by far the most frequent
    if isinstance(value, int):
        return value if abs(value) < 10**9 else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**9 else None
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    return int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else None


def parts_of(value: object) -> Iterable[object]:
    """The several codes of one cell or list.

    >>> list(parts_of("1、3")), list(parts_of("１，3; 4")), list(parts_of([1, 3])), list(parts_of(2))
    (['1', '3'], ['1', '3', '4'], [1, 3], [2])
    """
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, str) and len(value) <= _LONGEST:
        return _BETWEEN.split(unicodedata.normalize("NFKC", value).strip(" ,;、|/"))
    return (value,)


def calendar_day(value: object) -> str | None:
    """The day ``value`` means, as it is stored: year, month and day in this order, as people and machines write them.

    >>> calendar_day("2026-03-01"), calendar_day("2026/3/1"), calendar_day("２０２６年３月１日")
    ('2026-03-01', '2026-03-01', '2026-03-01')
    >>> calendar_day("2026-02-30") or calendar_day("3/1/2026") or calendar_day(20260301)
    """
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", value).strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None
