r"""One spelling for a public value, promised with it: whoever reads the secret could else try "03 11" and "0311".

    digits_ascending N   N digits: numbers of a lottery from the smallest up (those drawn apart come last), zeros kept
    digits_drawn N       N digits: such numbers in the order of their drawing, or digits that come in one order alone
    hex N                N hex digits, in lower case: a digest, the hash of a block
    decimals N           a number with N decimals, a minus before it if there is one, no zeros ahead: an index, a price

(``digits N``, of commitments of before, did not say which order: the same lottery is published in both.)

Before that the value is brought to Unicode form NFKC, which makes full-width characters plain, and blanks go. With
digits and ``hex`` so do the marks that separate groups: , ; | / : . + - and their Chinese and typographic likes;
with ``decimals`` the commas between thousands. What is left has to be exactly what was promised.

>>> rule = SpellingRule(spelling=Spelling.ASCENDING, count=14)
>>> spell("０3 07 11 19 22 30 + 05", rule), spell("03,07,11,19,22,30|05", rule)
('03071119223005', '03071119223005')
>>> spell("3 7 11 19 22 30 5", rule)
Traceback (most recent call last):
...
analysis.sampling.value_spelling.SpellingError: public value: got '3 7 11 19 22 30 5', expected digits_ascending 14
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from analysis.sampling.sampling_error import SamplingError

#: So many digits fit into a value.
MOST = {"digits": 200, "digits_ascending": 200, "digits_drawn": 200, "hex": 200, "decimals": 20}
_MARKS = str.maketrans("", "", ",;|/:.+-、。，；：｜／·‧•—–−")
_NUMBER = re.compile(r"(-?)0*([0-9]+)(?:\.([0-9]+))?")


class Spelling(StrEnum):
    DIGITS = "digits"  # of before, in whichever order
    ASCENDING = "digits_ascending"
    DRAWN = "digits_drawn"
    HEX = "hex"
    DECIMALS = "decimals"


#: What is promised from now on.
OFFERED = tuple(spelling for spelling in Spelling if spelling is not Spelling.DIGITS)


class SpellingError(SamplingError):
    """A value that is not spelled as was promised."""


@dataclass(frozen=True, kw_only=True)
class SpellingRule:
    """``count``: of digits, hex digits or decimals. Raises :class:`SamplingError` for a count that cannot be."""

    spelling: Spelling
    count: int

    def __post_init__(self) -> None:
        least, most = int(self.spelling is not Spelling.DECIMALS), MOST[self.spelling]
        if not least <= self.count <= most:
            raise SamplingError(f"{self.spelling}: got {self.count}, expected {least} to {most}")

    @property
    def text(self) -> str:
        """As it is kept: ``digits_drawn 14``."""
        return f"{self.spelling.value} {self.count}"


def read_rule(text: str) -> SpellingRule:
    """The rule of :attr:`SpellingRule.text`. Raises ``ValueError``, :class:`SamplingError`.

    >>> read_rule("decimals 2").count
    2
    """
    word, _, count = text.partition(" ")
    rule = SpellingRule(spelling=Spelling(word), count=int(count))
    if rule.text != text:
        raise ValueError(f"spelling: got {text!r}, expected {rule.text!r}")
    return rule


def spell(value: str, rule: SpellingRule) -> str:
    """The one spelling of ``value``. Raises :class:`SpellingError`.

    >>> spell("3,245.10", SpellingRule(spelling=Spelling.DECIMALS, count=2))
    '3245.10'
    >>> spell("-0.0", SpellingRule(spelling=Spelling.DECIMALS, count=1))
    '0.0'
    >>> spell("00FF 00Ff", SpellingRule(spelling=Spelling.HEX, count=8))
    '00ff00ff'
    """
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    found = _number(plain, rule.count) if rule.spelling is Spelling.DECIMALS else _digits(plain, rule)
    if found is None:
        raise SpellingError(f"public value: got {value[:60]!r}, expected {rule.text}")
    return found


def _digits(plain: str, rule: SpellingRule) -> str | None:
    kept = plain.translate(_MARKS).lower()
    allowed = "[0-9a-f]" if rule.spelling is Spelling.HEX else "[0-9]"
    return kept if re.fullmatch(f"{allowed}{{{rule.count}}}", kept) else None


def _number(plain: str, decimals: int) -> str | None:
    match = _NUMBER.fullmatch(plain.replace(",", "").replace("−", "-"))
    if match is None or len(match[3] or "") != decimals:
        return None
    number = match[2] + (f".{match[3]}" if decimals else "")
    return match[1] + number if number.strip("0.") else number  # nought has no sign
