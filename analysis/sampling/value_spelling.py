r"""One spelling for a public value, promised with it: whoever reads the secret could else try "03 11" and "0311".

    digits_ascending N   N digits: numbers of a lottery, two digits each, from the smallest up; N+M: those drawn apart
                         come after, M digits, from the smallest up as well. The order is looked at
    digits_drawn N       N digits: such numbers in the order of their drawing, or digits that come in one order alone
    hex N                N hex digits, in lower case: a digest, the hash of a block
    decimals N           a number with N decimals, a minus before it if there is one, no zeros ahead: an index, a price

(``digits N``, of commitments of before, did not say which order: the same lottery is published in both.)

Before that the value is brought to Unicode form NFKC, which makes full-width characters plain, and blanks go. With
digits and ``hex`` so do the marks that separate groups: , ; | / : . + - and their Chinese and typographic likes;
with ``decimals`` the commas between thousands. What is left has to be exactly what was promised.

>>> rule = read_rule("digits_ascending 12+2")
>>> spell("０3 07 11 19 22 30 + 05", rule), spell("03,07,11,19,22,30|05", rule)
('03071119223005', '03071119223005')
>>> spell("07 03 11 19 22 30 5", rule)
Traceback (most recent call last):
...
analysis.sampling.value_spelling.SpellingError: public value: got '07 03 11 19 22 30 5', expected digits_ascending 12+2
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

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
    """``count``: of digits, hex digits or decimals; ``apart``: of them, of the numbers that were drawn apart, with
    ``ASCENDING`` alone. Raises :class:`SamplingError` for counts that cannot be.
    """

    spelling: Spelling
    count: int
    apart: int = 0

    def __post_init__(self) -> None:
        least, most = int(self.spelling is not Spelling.DECIMALS), MOST[self.spelling]
        if not least <= self.count <= most:
            raise SamplingError(f"{self.spelling}: got {self.count}, expected {least} to {most}")
        ascending = self.spelling is Spelling.ASCENDING
        uneven = ascending and (self.count % 2 or self.apart % 2)
        if uneven or not 0 <= self.apart <= max(0, self.count - 1) * ascending:
            raise SamplingError(f"{self.spelling}: got {self.count_text}, expected an even number of digits, or two")

    @property
    def text(self) -> str:
        """As it is kept: ``digits_drawn 14``, ``digits_ascending 12+2``."""
        return f"{self.spelling.value} {self.count_text}"

    @property
    def count_text(self) -> str:
        return f"{self.count - self.apart}+{self.apart}" if self.apart else str(self.count)


def read_rule(text: str) -> SpellingRule:
    """The rule of :attr:`SpellingRule.text`. Raises ``ValueError``, :class:`SamplingError`.

    >>> read_rule("decimals 2").count
    2
    """
    word, _, counts = text.partition(" ")
    rule = rule_of(Spelling(word), counts)
    if rule.text != text:
        raise ValueError(f"spelling: got {text!r}, expected {rule.text!r}")
    return rule


def rule_of(spelling: Spelling, counts: str) -> SpellingRule:
    """With ``counts`` as they are written: ``14``, ``12+2``. Raises ``ValueError``, :class:`SamplingError`."""
    first, plus, apart = counts.partition("+")
    return SpellingRule(spelling=spelling, count=int(first) + (int(apart) if plus else 0), apart=int(apart or 0))


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
    if not re.fullmatch(f"{allowed}{{{rule.count}}}", kept):
        return None
    if rule.spelling is not Spelling.ASCENDING:
        return kept
    split = rule.count - rule.apart
    return kept if _rises(kept[:split]) and _rises(kept[split:]) else None


def _rises(digits: str) -> bool:
    """Whether the numbers of two digits come from the smallest up, each once: of one lottery a single order does."""
    numbers = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    return all(one < two for one, two in pairwise(numbers))


def _number(plain: str, decimals: int) -> str | None:
    match = _NUMBER.fullmatch(plain.replace(",", "").replace("−", "-"))
    if match is None or len(match[3] or "") != decimals:
        return None
    number = match[2] + (f".{match[3]}" if decimals else "")
    return match[1] + number if number.strip("0.") else number  # nought has no sign
