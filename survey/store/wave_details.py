"""A wave's details to and from the JSON document its row keeps."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any

from survey.waves import Approval, Mode, WaveDetails

DATES = ("start", "end", "valid_until")


def to_document(details: WaveDetails) -> dict[str, Any]:
    """What :func:`from_document` reads back to the same details.

    >>> to_document(WaveDetails(start=date(2026, 3, 1)))["start"]
    '2026-03-01'
    """
    document = {field.name: getattr(details, field.name) for field in fields(details)}
    for name in DATES:
        document[name] = document[name].isoformat() if document[name] else None
    document["modes"] = [mode.value for mode in details.modes]
    document["approval"] = details.approval.value if details.approval else None
    document["placeholders"] = dict(details.placeholders)
    document["targets"] = dict(details.targets)
    return document


def details_digest(details: WaveDetails) -> str:
    """What tells two versions of the facts apart: SHA-256 of their document."""
    return hashlib.sha256(json.dumps(to_document(details), sort_keys=True).encode()).hexdigest()


#: Kept in memory: every visit and every screen asks for the details of its wave, and few waves are asked about.
_MOST = 32


@lru_cache(maxsize=_MOST)
def read_details(text: str) -> WaveDetails:
    """The details as the row holds them, read once."""
    read: dict[str, Any] = json.loads(text)
    return from_document(read)


def from_document(document: Mapping[str, Any]) -> WaveDetails:
    """The details; a field the document was written without has its default."""
    values = dict(document)
    for name in DATES:
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    values["modes"] = tuple(Mode(mode) for mode in values.get("modes", ()))
    if values.get("approval"):
        values["approval"] = Approval(values["approval"])
    return WaveDetails(**values)
