"""Tokens with which a device signs its requests: 256 random bits, of which only the hash is stored."""

import hashlib
import secrets


def new_token() -> str:
    """43 characters that fit into a header and an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of ``token``: its SHA-256 in hex digits. Random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
