"""Digests of a wave's responses: whether answers are still those that were estimated, frozen or kept."""

import hashlib
from uuid import UUID

from sqlalchemy.orm import Session

from survey.store.responses import TABLE, in_portions, undecoded


def answers_digest(session: Session, wave_id: int) -> str:
    """SHA-256 hex over the lines ``uuid area digest``, sorted: the same for the same answers in any database."""
    digest = hashlib.sha256()
    names = TABLE.columns
    for rows in in_portions(session, wave_id, (undecoded(names.uuid), names.area, names.digest)):
        digest.update("".join([f"{_hyphens(row[0])} {row[1]} {row[2]}\n" for row in rows]).encode())
    return digest.hexdigest()


def contents_digest(session: Session, wave_id: int) -> str:
    """SHA-256 hex over all columns but the answers, whose digest is among them: it tells any two contents of one
    database apart.
    """
    digest = hashlib.sha256()
    columns = [undecoded(column) for column in TABLE.columns if column.name != "answers"]
    for rows in in_portions(session, wave_id, columns):
        digest.update(repr([tuple(row) for row in rows]).encode())  # a row itself leaves out what is long
    return digest.hexdigest()


def _hyphens(key: str | UUID) -> str:
    """A key as the database's driver gives it, in the usual writing.

    >>> _hyphens("6f1c5b0e8a5b4b0f9a3d2c1b0a998877")
    '6f1c5b0e-8a5b-4b0f-9a3d-2c1b0a998877'
    """
    if isinstance(key, UUID):
        return str(key)
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
