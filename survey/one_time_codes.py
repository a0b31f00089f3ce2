"""One-time codes as they are printed, typed and kept: 80 random bits, 16 characters without look-alikes.

The alphabet is Crockford's base 32: no I, L, O, U; what people type for 1 and 0 is read as 1 and 0. Only the hash of a
code is stored, so neither the database nor a backup lets anybody in.
"""

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
#: Of a character: the alphabet has 32.
_BITS, _LAST = 5, 31
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, "–": None, "—": None})


def new_code() -> str:
    """16 characters of the alphabet; show them with :func:`grouped`."""
    return code_of(secrets.randbits(_BITS * LENGTH), LENGTH)


def code_of(number: int, length: int) -> str:
    """The lowest bits of ``number`` as ``length`` characters, five bits each.

    >>> code_of(33, 4)
    '1100'
    """
    return "".join(ALPHABET[number >> place & _LAST] for place in range(0, _BITS * length, _BITS))


def grouped(code: str) -> str:
    """The code as it is printed.

    >>> grouped("0123456789ABCDEF")
    '0123-4567-89AB-CDEF'
    """
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(typed: str, *, length: int = LENGTH) -> str | None:
    """The code of ``length`` characters that somebody typed, in whatever width, case and grouping; ``None`` when it
    cannot be one.

    >>> read_code(" o123 4567-89ab–cdef")
    '0123456789ABCDEF'
    >>> read_code("0123-4567-89AB-CDE"), read_code("0123-4567-89AB-CDEU")
    (None, None)
    """
    if len(typed) > 10 * LENGTH:
        return None
    plain = "".join(unicodedata.normalize("NFKC", typed).upper().translate(_ALIKE).split())
    return plain if len(plain) == length and set(plain) <= set(ALPHABET) else None


def code_hash(code: str) -> str:
    """What is stored of a code that :func:`new_code` or :func:`read_code` gave: its SHA-256 in hex digits.

    80 random bits need no salt and no slow hash: nobody can try them all.
    """
    return hashlib.sha256(code.encode("ascii")).hexdigest()
