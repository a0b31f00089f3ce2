"""Passwords are kept only as argon2 hashes, made and compared here."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

#: How new hashes are made; each hash says how it was made itself.
PARAMETERS = RFC_9106_LOW_MEMORY


def hash_password(password: str) -> str:
    """A tenth of a second of arithmetic: hold no database meanwhile where it can be helped."""
    return PasswordHasher.from_parameters(PARAMETERS).hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether ``password_hash`` is of ``password``. Of no hash nothing is; to find out takes as long."""
    try:
        PasswordHasher().verify(_hash_of_nothing() if password_hash is None else password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@lru_cache(maxsize=1)
def _hash_of_nothing() -> str:
    return hash_password("")
