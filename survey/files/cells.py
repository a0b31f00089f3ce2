"""What a cell of a spreadsheet says, as text: the digits people saw, dates as ISO, errors as they are called."""

import re
from datetime import date, datetime, time

#: From here on a floating-point number no longer holds every digit that was typed.
FIRST_DAMAGED = 10**15
#: A formula whose result was never saved with the file.
UNCOMPUTED = "#FORMULA!"
ERRORS = frozenset(
    {"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
    | {UNCOMPUTED}
)
#: Text that a spreadsheet would take for a formula when it opens the file.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")


def number_text(number: str | float, least_digits: int = 0) -> str:
    """The digits of a stored number; ``least_digits`` is the width of a format such as ``000``.

    A number of 16 digits or more has lost its last ones: it comes out in scientific notation, so that
    whoever wants a code can refuse it.

    >>> number_text("3"), number_text(3.0), number_text("4.40983102001E+11"), number_text("0.30000000000000004")
    ('3', '3', '440983102001', '0.3')
    >>> number_text("3", 3), number_text("440983199001011234")
    ('003', '4.40983199001011E+17')
    """
    if isinstance(number, str) and _PLAIN_INTEGER.fullmatch(number):
        return number.zfill(least_digits)
    value = float(number)
    if abs(value) >= FIRST_DAMAGED:
        return f"{value:.14E}"
    return str(int(value)).zfill(least_digits) if value.is_integer() else f"{value:.15g}"


def date_text(value: datetime | date | time) -> str:
    """ISO 8601; the time of day only where there is one.

    >>> date_text(datetime(2024, 3, 5)), date_text(datetime(2024, 3, 5, 9, 30))
    ('2024-03-05', '2024-03-05 09:30:00')
    """
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat()


def is_error(text: str) -> bool:
    """Whether a cell holds an error instead of a value.

    >>> is_error("#N/A"), is_error("#1")
    (True, False)
    """
    return text in ERRORS


def protect(text: str) -> str:
    """``text`` for a cell of an export: what would run as a formula gets an apostrophe in front.

    >>> protect("=1+1"), protect("3-2")
    ("'=1+1", '3-2')
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def unprotect(text: str) -> str:
    """The reverse of :func:`protect`.

    >>> unprotect("'=1+1"), unprotect("'s"), unprotect("3-2")
    ('=1+1', "'s", '3-2')
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text
