"""Questionnaire -> the text of an instrument file, for whoever goes on working in TOML."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from questionnaires.definition import Questionnaire
from questionnaires.document import to_document
from questionnaires.indicators import registered_composites, registered_indicators
from questionnaires.scales import shared_scales


def to_toml(questionnaire: Questionnaire) -> str:
    """A file that reads as ``questionnaire``: with today's shared scales and registered wordings where it has them.

    A scale whose options are not the same in every item with it loses its name, which nobody is asked about.
    """
    document = to_document(questionnaire)
    document["scale"] = list(_take_scales(questionnaire, document["item"]))
    for part, registered in (("indicator", registered_indicators()), ("composite", registered_composites())):
        for table in document.get(part, ()):
            if table["code"] in registered:
                table.pop("label", None)
    order = ("scale", "section", "item", "check", "indicator", "composite")
    lines = [*_table("[instrument]", document["instrument"])]
    for name in ("introductions", "placeholders"):
        if name in document:
            lines += _table(f"[{name}]", document[name])
    for name in order:
        for table in document.get(name, ()):
            lines += _table(f"[[{name}]]", table)
    return "\n".join(lines).lstrip() + "\n"


def _take_scales(questionnaire: Questionnaire, items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave each item its scale or its options, and give the scales that the file has to define."""
    shared = shared_scales()
    options = {item.scale: item.options for item in questionnaire.items if item.scale}
    uneven = {item.scale for item in questionnaire.items if item.scale and item.options != options[item.scale]}
    defined = set()
    for item in items:
        scale = item.get("scale")
        if scale is None:
            continue
        if scale in uneven or shared.get(scale, options[scale]) != options[scale]:
            del item["scale"]
            continue
        own = item.pop("options")
        if scale not in shared and scale not in defined:
            defined.add(scale)
            yield {"id": scale, "options": own}


def _table(heading: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield heading
    for key, value in table.items():
        yield f"{_key(key)} = {_value(value, deep=False)}"


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else _value(key)


def _value(value: Any, *, deep: bool = True) -> str:
    """One line; a list of tables outside of any other has a line for each."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list) and not deep and value and isinstance(value[0], dict):
        return "[\n" + "".join(f"  {_value(part)},\n" for part in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(_value(part) for part in value) + "]"
    if isinstance(value, str):  # what JSON escapes TOML does, and one mark more
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
