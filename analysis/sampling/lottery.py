r"""The seed of a public draw: from a secret committed beforehand and a public value nobody could know by then.

    seed = SHA-256( secret || value as UTF-8 )

``secret``: 32 random bytes whose SHA-256 is published before the value exists. So whoever draws cannot choose the
secret to suit the value, and whoever has the frame cannot work out the homes from the value.
``value``: the public value in Unicode form NFC, blanks at both ends removed, every run of blanks inside (any Unicode
white space, line ends too) made one space (U+0020). Nothing else is changed: full-width digits stay full-width. As the
secret has a fixed length, no other pair of secret and value makes the same bytes.

Test vectors (hex; each line break is only for reading):

    secret  00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f
        its SHA-256       630dcd29 66c43366 91125448 bbb25b4f f412a49c 732db2c8 abc1b858 1bd710dd
        value "03 07 11 19 22 30 05"
            seed          52e207cb 369c7b7d ae434b8d c7a29ffa 34880bbd 374dd7b6 3ab3c517 a6b831c3
        value " 03\t07 11  19 22 30\u300005\n" (blanks of all kinds): the same seed
        value "开奖号码 123" (UTF-8 e5bc80 e5a596 e58fb7 e7a081 20 31 32 33)
            seed          9963b40a 3d4806e3 9eca0c6a 38471029 c5ba243c 6ab79833 6a98605c 30975dda
        value "caf\u00e9" and value "cafe\u0301" (NFC makes the second the first; UTF-8 63 61 66 c3a9)
            seed          cefce96a a570b020 ceccd543 92bd23db d76722a9 bdc643d4 998319b9 d20e69b0

>>> secret = bytes(range(32))
>>> secret_digest(secret)[:16]
'630dcd2966c43366'
>>> lottery_seed(secret, " 03\t07 11  19 22 30\u300005\n").hex()[:16]
'52e207cb369c7b7d'
"""

import hashlib
import unicodedata

from analysis.sampling.sampling_error import SamplingError

SECRET_BYTES = 32
#: A value longer than this is no lottery number, index or weather report but a pasted page.
MOST_VALUE_CHARACTERS = 500
#: Characters one does not see: control, format (zero-width, direction), surrogates, private and unassigned ones.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class PublicValueError(SamplingError):
    """A public value no seed is made of. ``unseen``: the code point that cannot be seen, ``""`` for another reason."""

    def __init__(self, message: str, *, unseen: str = "") -> None:
        super().__init__(message)
        self.unseen = unseen


def lottery_seed(secret: bytes, public_value: str) -> bytes:
    """The seed, 32 bytes. Raises :class:`SamplingError` unless ``secret`` has 32 bytes, and what
    :func:`normal_value` raises.

    >>> lottery_seed(bytes(range(32)), "cafe\\u0301") == lottery_seed(bytes(range(32)), "caf\\u00e9")
    True
    """
    _check_secret(secret)
    return hashlib.sha256(secret + normal_value(public_value).encode()).digest()


def secret_digest(secret: bytes) -> str:
    """What is published of the secret beforehand, 64 hex digits. Raises :class:`SamplingError` unless 32 bytes."""
    _check_secret(secret)
    return hashlib.sha256(secret).hexdigest()


def normal_value(public_value: str) -> str:
    r"""The public value as it goes into the seed.

    Raises :class:`PublicValueError` for an empty value, one of more than 500 characters, and one with a character that
    cannot be seen: whoever types the value from the newspaper would get another seed and not know why.

    >>> normal_value("  第 2026135 期\u3000 03  07 ")
    '第 2026135 期 03 07'
    """
    value = " ".join(unicodedata.normalize("NFC", public_value).split())
    if not value:
        raise PublicValueError("public value: got an empty text, expected the value as it was published")
    if len(value) > MOST_VALUE_CHARACTERS:
        raise PublicValueError(f"public value: got {len(value)} characters, expected {MOST_VALUE_CHARACTERS} at most")
    for character in value:
        if unicodedata.category(character) in _UNSEEN:
            code = f"U+{ord(character):04X}"
            raise PublicValueError(f"public value: got {code}, expected characters that can be seen", unseen=code)
    return value


def _check_secret(secret: bytes) -> None:
    if len(secret) != SECRET_BYTES:
        raise SamplingError(f"secret: got {len(secret)} bytes, expected {SECRET_BYTES}")
