"""Serials of paper forms: which batch, which form of it, and a check digit, so that a slip of the keyer is noticed.

A serial is handed out by community, never by dwelling, and says nothing of who got the form. The check digit is
Damm's (2004): it finds every single wrong digit and every two neighbours that changed places.
"""

import re
import unicodedata
from dataclasses import dataclass

from questionnaires.definition import Questionnaire
from survey.messages import N_, BadInput, Message

#: A totally anti-symmetric quasigroup of order 10 with zeros on its diagonal.
_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SERIAL = re.compile(r"[0-9]{9,15}")
_BETWEEN = re.compile(r"[\s\-–—－]+")
#: Digits of the number within the batch.
_NUMBER = 4
_LONGEST_SHOWN = 30


@dataclass(frozen=True, kw_only=True)
class Serial:
    batch: int
    number: int  # 1…

    def __str__(self) -> str:
        """As it is printed.

        >>> str(Serial(batch=7, number=12))
        '0007-0012-4'
        """
        digits = f"{self.batch:04}{self.number:0{_NUMBER}}"
        return f"{digits[:-_NUMBER]}-{digits[-_NUMBER:]}-{check_digit(digits)}"


def check_digit(digits: str) -> str:
    """
    >>> check_digit("572")
    '4'
    """
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return str(interim)


def read_serial(typed: str) -> Serial:
    """The serial somebody typed, in whatever width and grouping. Raises :class:`BadInput` for what is none.

    >>> read_serial(" 0007 0012 4")
    Serial(batch=7, number=12)
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed[:100]))
    shown = typed.strip()[:_LONGEST_SHOWN]
    if not (plain.isascii() and _SERIAL.fullmatch(plain)):
        raise BadInput(Message(N_("“{got}”不是问卷编号：编号像 0007-0012-4，在每页的页脚"), {"got": shown}))
    if check_digit(plain[:-1]) != plain[-1]:
        raise BadInput(Message(N_("“{got}”的最后一位对不上：请照着问卷再输一遍"), {"got": shown}))
    return Serial(batch=int(plain[: -_NUMBER - 1]), number=int(plain[-_NUMBER - 1 : -1]))


def modules_on(questionnaire: Questionnaire, serial: Serial) -> frozenset[str]:
    """The one rotating module on this form: in turn by number, so that a batch has as many of each as can be."""
    modules = sorted({item.module for item in questionnaire.items if item.module})
    return frozenset({modules[(serial.batch + serial.number) % len(modules)]}) if modules else frozenset()
