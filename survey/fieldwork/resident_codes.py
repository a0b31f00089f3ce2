"""The two codes somebody gets at the end: a receipt for everybody, and what takes back answers given online.

Both follow from a random seed that only the person's own browser keeps, signed, for a day after the end: asking again
after a lost reply shows the same codes, and here only their hashes are ever stored. Neither follows from the number of
the answers, so nobody who has that number, and every key of the site, can tell whose receipt is whose.

A receipt has 12 characters and the other code 16, so they are told apart at sight. A receipt may be shown to anybody:
blank and declined forms get one too.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from survey.one_time_codes import LENGTH, code_hash, code_of, read_code

RECEIPT_LENGTH = 12
SEED_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class ResidentCodes:
    receipt: str  # 12 characters of the alphabet of one-time codes: 60 bits
    withdrawal: str  # 16 characters: 80 bits


def new_seed() -> str:
    """32 hex digits; whoever has them has both codes."""
    return secrets.token_hex(SEED_BYTES)


def codes_of(seed: str) -> ResidentCodes:
    """The codes that follow from ``seed``, the same each time.

    >>> codes_of("00" * 16) == codes_of("00" * 16), codes_of("00" * 16) == codes_of("01" * 16)
    (True, False)
    """
    return ResidentCodes(receipt=_code(seed, "receipt", RECEIPT_LENGTH), withdrawal=_code(seed, "withdrawal", LENGTH))


def read_receipt(typed: str) -> str | None:
    """As :func:`~survey.one_time_codes.read_code`.

    >>> read_receipt("o123-4567 89ab"), read_receipt("0123-4567-89AB-CDEF")
    ('0123456789AB', None)
    """
    return read_code(typed, length=RECEIPT_LENGTH)


def receipt_hash(receipt: str) -> str:
    """What is stored and listed: the SHA-256 of the 12 characters, as anybody can work it out with any tool.

    >>> receipt_hash("0123456789AB")[:16]
    '4e3f5a1d81582cf9'
    """
    return code_hash(receipt)


def withdrawal_hash(code: str) -> str:
    """What is looked for, see :mod:`survey.store.withdrawals`; apart from the hashes of letters' codes."""
    return hashlib.sha256(f"withdrawal:{code}".encode("ascii")).hexdigest()


def _code(seed: str, purpose: str, length: int) -> str:
    digest = hmac.digest(bytes.fromhex(seed), purpose.encode(), "sha256")
    return code_of(int.from_bytes(digest, "big"), length)
