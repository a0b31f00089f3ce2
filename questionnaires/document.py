"""A questionnaire as plain data and back: what the store keeps, complete without today's shared scales.

Only what differs from a field's default is written, so that a field added in a later release leaves the documents
(and the fingerprints) of older instruments as they are.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from questionnaires.definition import (
    Alternate,
    Check,
    Composite,
    Condition,
    Indicator,
    Item,
    Option,
    Part,
    Questionnaire,
    Section,
    Text,
)
from questionnaires.parsing import parse

#: Text of a document -> the questionnaire it is.
_READ: dict[str, Questionnaire] = {}
_MOST_READ = 32
_HEAD = ("slug", "version", "title", "population", "modes", "closing", "target_minutes", "one_page", "languages")


def to_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """``questionnaire`` as JSON-able dictionaries and lists in the form of an instrument file, scales expanded."""
    plain = _plain(questionnaire)
    document = {
        "instrument": {name: plain[name] for name in _HEAD if name in plain},
        "introductions": plain["introductions"],
        "placeholders": plain.get("placeholders", {}),
        "section": plain["sections"],
        "item": plain["items"],
        "check": plain.get("checks", ()),
        "indicator": plain["indicators"],
        "composite": plain.get("composites", ()),
    }
    return {name: part for name, part in document.items() if part}


def from_document(document: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire :func:`to_document` wrote.

    Raises:
        InstrumentError: when it is not such a document.
    """
    # Reading takes longer than all the rest of a page, the stored documents are few, and what is read is frozen.
    text = json.dumps(document, ensure_ascii=False)
    found = _READ.get(text)
    if found is None:
        head = document.get("instrument")
        name = str(head.get("slug", "")) if isinstance(head, dict) else ""
        found = parse(document, name or "document", self_contained=True)
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        _READ[text] = found
    return found


def _plain(value: object) -> Any:
    """Dataclasses to dictionaries without defaults, sets and tuples to lists."""
    if isinstance(value, Text):
        return {"zh_Hans": value.zh_Hans, "en": value.en, **dict(value.others)}
    if isinstance(value, Indicator | Alternate):
        plain = _fields(value)
        if "codes" in plain:
            plain["counted"] = {"codes": plain.pop("codes")}
        if "alternates" in plain:
            plain["alternate"] = plain.pop("alternates")
        return plain
    if isinstance(value, Option | Condition | Item | Check | Section | Composite | Part | Questionnaire):
        return _fields(value)
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.value if hasattr(value, "value") else value


def _fields(record: Any) -> dict[str, Any]:
    return {
        part.name: _plain(getattr(record, part.name))
        for part in fields(record)
        if part.default is MISSING or getattr(record, part.name) != part.default
    }
